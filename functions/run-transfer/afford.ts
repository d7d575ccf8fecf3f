// Takes what the next machines of a transfer need from its hub's budgets, before they are asked for. What is not granted is left
// out: the transfer waits, and goes on by itself.
import { endTransfer, takeMachines } from "../../shared/flow/machine-budgets.ts";
import type { Shard, TransferState } from "../../shared/transfers/records.ts";
import type { InFlight } from "../../shared/transfers/spent.ts";
import { costToEnd, machineOf } from "./cost.ts";
import { anewOf } from "./launch.ts";
import { type Facts, hasMachine, nextSteps, type Step } from "./steps.ts";
import { budgetNext, dollarsUsedUpNotice, shortText } from "./text.ts";
import type { Copying } from "./work.ts";

/** A machine that does not go is swept away after so many times a transfer's hours; until then it counts, seen or not. */
const sweptAfter = 1.5;

type Waits = TransferState["waits"];

/**
 * Gives the steps that the hub's budgets allow, and what the transfer waits for where it has no machine and gets none.
 * @param wanted `steps` are the next ones, `seen` the hub's machines that the vendor lists.
 */
export async function afford(
  work: Copying,
  facts: Facts,
  { steps, seen, inFlight }: { steps: Step[]; seen: readonly string[]; inFlight: InFlight },
): Promise<{ steps: Step[]; waits: Waits }> {
  const { hub, id, settings, limits, check, run, deps } = work;
  const { transfer, machines, now } = facts;
  const active = transfer.shards.filter(hasMachine);
  const asked = new Set(steps.flatMap((step) => (step.do === "launch" ? [step.shard] : [])));
  const idle = transfer.shards.filter((shard) => !hasMachine(shard));
  const wanted = idle.filter(({ n }) => asked.has(n));
  const wantedBy = (shard: Shard): string => machineOf(anewOf(shard));
  const needs = {
    transfer: id,
    has: [...active, ...machines.map(({ shard: n, attempt }) => ({ n, attempt }))].map(machineOf),
    wants: wanted.map(wantedBy),
    hours: sweptAfter * settings.limits.hours,
    seen,
    spent: facts.dollars,
    dollars: costToEnd(transfer, { settings, inFlight, now }),
  };
  await check();
  const { granted, short } = await deps.budgets.change(hub, (before, at) => {
    const { budgets, ...taken } = takeMachines(before, needs, limits, at);
    return [budgets, taken];
  });
  if (short === undefined) return { steps, waits: undefined };
  // Those too that had no room beside the ones that were asked for: nothing was taken for them.
  const denied = new Set(idle.filter((shard) => !granted.includes(wantedBy(shard))).map(({ n }) => n));
  const left = nextSteps({ ...facts, denied }, settings);
  const [only] = left;
  if (active.length + machines.length > 0 || only?.do !== "wait") return { steps: left, waits: undefined };
  const until = short.of === "machines" ? only.until : short.until;
  const what = shortText(short, limits);
  run.step(`no machine is asked for: it waits for ${what}`);
  if (short.of !== "machines" && transfer.waits?.for !== what)
    await deps.publish("notice", dollarsUsedUpNotice(hub, { short, limits, now }));
  return {
    steps: [{ do: "wait", until }],
    waits: {
      for: what,
      next: budgetNext(hub),
      ...(short.of === "machines" ? {} : { told: true }),
      since: transfer.waits?.since ?? now.toISOString(),
      until: until.toISOString(),
    },
  };
}

/** Gives back what a transfer has taken and not used, when its machines are gone. */
export const giveBack = ({ hub, id, deps }: Copying, dollars: number): Promise<void> =>
  deps.budgets.change(hub, (before, now) => [endTransfer(before, id, dollars, now), undefined]);

/** Keeps what a transfer waits for; the time of a wait that is over is none of its hours. */
export function waiting(transfer: TransferState, waits: Waits, now: Date): TransferState {
  const { waits: before, waitedSeconds = 0, ...rest } = transfer;
  if (waits !== undefined) return { ...transfer, waits };
  if (before === undefined) return transfer;
  return { ...rest, waitedSeconds: waitedSeconds + (now.getTime() - Date.parse(before.since)) / 1000 };
}
