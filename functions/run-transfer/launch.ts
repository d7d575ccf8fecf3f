// Asks for the machines of shards, all at once.
import type { Made } from "../../shared/compute/machines.ts";
import type { Placement } from "../../shared/compute/placement.ts";
import type { State } from "../../shared/flow/state.ts";
import type { Shard, TransferState } from "../../shared/transfers/records.ts";
import { lastingReason } from "./failures.ts";
import { orderOf } from "./order.ts";
import { nextRound, noRoom, placementsFor, shortOf, unplaced } from "./room.ts";
import { withShard } from "./state.ts";
import { hasMachine, type Step } from "./steps.ts";
import type { Copying } from "./work.ts";

/**
 * Asks for a machine for each shard. That they are asked for, and in which round, is kept first: whoever dies here leaves shards
 * that are asked for again, by the same names and request ids. A round is over when it is known that no machine comes of it. Throws
 * what time may mend.
 */
export async function launch(
  work: Copying,
  transfer: TransferState,
  steps: readonly Extract<Step, { do: "launch" }>[],
  state: State<TransferState>,
): Promise<TransferState> {
  const { request, settings, check, deps } = work;
  const { project } = deps.settings;
  const at = deps.now();
  let now = transfer;
  for (const { shard: n, place } of steps)
    now = withShard(now, n, (shard) =>
      hasMachine(shard) ? shard : { ...anewOf(shard), ...place, since: at.toISOString() },
    );
  await state.keep(now);
  await check();
  const orders = steps.flatMap(({ shard: n, place }) =>
    now.shards
      .filter((shard) => shard.n === n)
      .map((shard) => {
        const of = { transfer: now, shard, place, request, settings, project, wires: deps.wires, now: at };
        return { shard, place, order: orderOf(of) };
      }),
  );
  const answers = await Promise.all(
    orders.map((one) =>
      deps.machines.make(one.order, settings).then(
        (made) => ({ one, made, answered: true }) as const,
        (failed: unknown) => ({ one, made: { failed }, answered: false }) as const,
      ),
    ),
  );
  let lasting: string | undefined;
  const failures: unknown[] = [];
  for (const { one, made, answered } of answers) {
    if (answered) now = afterAsking(work, now, one, made);
    if (typeof made === "string") continue;
    failures.push(made.failed);
    const reason = lastingReason(made.failed, one.shard, at);
    if (reason === undefined) continue;
    lasting ??= reason;
    now = withShard(now, one.shard.n, (shard) => ({ ...unplaced(shard), state: "waiting" }));
  }
  if (lasting !== undefined && now.stopping === undefined) {
    now = { ...now, stopping: lasting, said: `being stopped: ${lasting}` };
    work.run.step(`it is being stopped: ${lasting}`);
  }
  await state.keep(now);
  // Leaves what failed at "starting": it is asked for again when the delivery comes back.
  if (failures.length > 0 && lasting === undefined) throw failures[0];
  return now;
}

/** A shard whose machine had nothing to take gets another one, which is another attempt. */
export const anewOf = (shard: Shard): Shard =>
  shard.state === "done"
    ? { ...shard, state: "starting", attempt: shard.attempt + 1 }
    : { ...shard, state: "starting" };

function afterAsking(
  { settings, run, deps }: Copying,
  transfer: TransferState,
  { shard, place, order }: { shard: Shard; place: Placement; order: { name: string } },
  made: Made,
): TransferState {
  const { n, attempt } = shard;
  const now = deps.now();
  const anew = (one: Shard): Shard => ({ ...one, round: one.round + 1 });
  // Its operation has failed, and would say so for ever.
  if (typeof made === "object") return withShard(transfer, n, anew);
  switch (made) {
    case "made": {
      run.effect({ do: "make-machine", name: order.name, attempt });
      const { short: _, ...rest } = transfer;
      return withShard({ ...rest, machines: transfer.machines + 1 }, n, (one) => ({
        ...one,
        state: "running",
        made: now.toISOString(),
      }));
    }
    case "pending":
      run.step(`the machine of shard ${n} is still being made`);
      return transfer;
    case "already-there":
      // Ours of this attempt is adopted by the next look; another one's keeps the name until it is gone.
      run.step(`a machine of shard ${n}'s name is there already`);
      return withShard(transfer, n, anew);
    case "no-capacity": {
      run.step(`no room for shard ${n} in ${place.zone} (${place.type})`);
      const tried = noRoom(shard, place, placementsFor(shard, transfer, settings.machine, now), now);
      const isOver = tried.round > shard.round;
      return withShard(isOver ? withShort(transfer, "room", now) : transfer, n, () => tried);
    }
    case "quota":
      run.step(`the project's quota of such machines is used up: shard ${n} waits`);
      return withShard(withShort(transfer, "quota", now), n, (one) => nextRound(one, now));
    default:
      return made satisfies never;
  }
}

const withShort = (
  transfer: TransferState,
  of: NonNullable<TransferState["short"]>["of"],
  now: Date,
): TransferState => ({ ...transfer, short: shortOf(transfer.short, of, now) });
