// Plans of transfers, held to what is then begun. Each is of a transfer that nobody has asked for yet.
import type { Harness, Hint } from "../flow.ts";
import { hub } from "./settings.ts";
import { type Ends, ids, overlap } from "./transfer-ends.ts";

export const due = (event: object): Hint => ["transfer-request", { v: 1, hub, ...event }];

export function foretoldTransfers(ends: Ends): NonNullable<Harness["foretold"]> {
  let count = 0;
  const current = (): string => `foretold-${count}`;

  /** Of two into one place the second one waits for the first, whatever its plan has said: it goes elsewhere. */
  function endsOf(number: number): object {
    const id = ids[(number - 1) % ids.length] ?? ids[0];
    const one = ends.wanted.get(id);
    const before = ids.slice(0, ids.indexOf(id)).flatMap((other) => ends.wanted.get(other) ?? []);
    const isFree = number <= ids.length && one !== undefined && !before.some((other) => overlap(other, one));
    return isFree ? ends.asked(id) : { ...ends.asked(id), to: `${one?.place.bucket}:foretold-${number}` };
  }

  return {
    ask(dryRun) {
      if (dryRun) count += 1;
      const event = { id: current(), ...endsOf(count), why: "person" };
      return due(dryRun ? { ...event, dryRun } : event);
    },
    wake: () => due({ id: current(), why: "continue" }),
    ofPlan: ({ about, machines }) => `${about} with ${machines} machines`,
    ofEffect: (effect) =>
      effect.do === "plan-transfer" ? `${effect["id"]} with ${effect["shards"]} machines` : [],
  };
}
