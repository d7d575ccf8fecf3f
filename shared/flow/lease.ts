// One worker at a time for a flow and a hub. Whoever comes while the lease is held marks it dirty and goes; the holder looks
// again before it lets go. Each holder has a number one higher than the last: work of an old number is refused.

import type { Clock } from "../clock.ts";
import { transient } from "../errors.ts";
import type { FunctionName } from "../functions.ts";
import type { Ledger } from "../ledger.ts";
import { Lease } from "../records.ts";
import { untilSwapped } from "./swap.ts";

export type HeldLease = {
  /**
   * Throws when somebody else has taken over, or the time is up: call it right before each write to the world. It also
   * prolongs the lease before half of it is over, so that a lease can be short and a dead holder soon forgotten.
   */
  check: () => Promise<void>;
  /** "again" when somebody came meanwhile: look again, then let go again. */
  letGo: () => Promise<"free" | "again">;
  /** Frees it after a failure, whoever came meanwhile: the event is delivered again. */
  abandon: () => Promise<void>;
};

const contended = "the lease is contended: too many deliveries at once";

export async function takeLease(
  options: { ledger: Ledger; now: Clock },
  request: { function: FunctionName; hub: string; holder: string; seconds: number },
): Promise<HeldLease | "busy"> {
  const { ledger, now } = options;
  const name = `head/lease/${request.function}/${request.hub}.json`;
  const inSeconds = (seconds: number) => new Date(now().getTime() + seconds * 1000).toISOString();
  const read = async () => (await ledger.read(name, Lease)) ?? { value: undefined, generation: "0" };

  return untilSwapped(async () => {
    const { value: current, generation } = await read();
    // The same message come again means that its first delivery has failed or died: it takes over at once.
    const held =
      current !== undefined && new Date(current.until) > now() && current.holder !== request.holder;
    if (held && current.dirty) return "busy";
    const next: Lease = held
      ? { ...current, dirty: true }
      : {
          v: 1,
          epoch: (current?.epoch ?? 0) + 1,
          holder: request.holder,
          until: inSeconds(request.seconds),
          dirty: false,
        };
    if ((await ledger.swap(name, next, generation)) === "changed") return "overtaken";
    return held ? "busy" : holding(next.epoch);
  }, contended);

  function holding(epoch: number): HeldLease {
    const mine = async () => {
      const { value, generation } = await read();
      if (value === undefined || value.epoch !== epoch || new Date(value.until) <= now())
        throw transient("the lease was lost to another delivery, which goes on with the work");
      return { value, generation };
    };
    return {
      async check() {
        const { value, generation } = await mine();
        if (Date.parse(value.until) - now().getTime() > request.seconds * 500) return;
        // Another delivery that changed it meanwhile only left a mark, or took over: the next check tells.
        await ledger.swap(name, { ...value, until: inSeconds(request.seconds) }, generation);
      },
      async abandon() {
        await untilSwapped(async () => {
          const { value, generation } = await mine();
          const next: Lease = { ...value, dirty: false, until: now().toISOString() };
          return (await ledger.swap(name, next, generation)) === "changed" ? "overtaken" : "freed";
        }, contended);
      },
      async letGo() {
        return untilSwapped(async () => {
          const { value, generation } = await mine();
          const next: Lease = value.dirty
            ? { ...value, dirty: false }
            : { ...value, until: now().toISOString() };
          if ((await ledger.swap(name, next, generation)) === "changed") return "overtaken";
          return value.dirty ? "again" : "free";
        }, contended);
      },
    };
  }
}
