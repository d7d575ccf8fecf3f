// Carries a transfer on as far as it goes now: round after round its machines are looked at, the next steps done, and its state
// kept, before each machine is asked for and after it.
import type { State } from "../../shared/flow/state.ts";
import { totalOf } from "../../shared/transfers/figures.ts";
import { machineName } from "../../shared/transfers/names.ts";
import { noted } from "../../shared/transfers/rate.ts";
import type { Shard, TransferState } from "../../shared/transfers/records.ts";
import { type InFlight, inFlightOf, type Said, spentOn } from "../../shared/transfers/spent.ts";
import { afford, giveBack, waiting } from "./afford.ts";
import { postBoard } from "./board.ts";
import { complete } from "./complete.ts";
import { withoutGone } from "./cost.ts";
import type { Draft } from "./decide.ts";
import { progressOf } from "./gather.ts";
import { launch } from "./launch.ts";
import { recounted, released } from "./recount.ts";
import { withShard } from "./state.ts";
import { type Facts, nextSteps, type Step } from "./steps.ts";
import { tellTeam } from "./told.ts";
import { roomWait } from "./waits.ts";
import type { Copying } from "./work.ts";

/** Rounds of one delivery; what is left goes on by the next look. */
const maximumRounds = 45;
/** Between two looks at machines that are about to leave. */
const pauseMs = 1000;

/** Transfer as it stands now, and time of the next look; undefined where it has ended. */
export type Acted = { transfer: TransferState; again: Date | undefined };

/** Begins a transfer, or goes on with one that has begun. Throws what another delivery may mend. */
export async function act(
  work: Copying,
  start: Draft | TransferState,
  state: State<TransferState>,
): Promise<Acted> {
  const { settings, deps } = work;
  let transfer = "transfer" in start ? await begin(work, start, state) : start;
  for (let round = 0; round < maximumRounds; round += 1) {
    const { seen, said, ...progress } = await progressOf(work, transfer);
    const now = deps.now();
    transfer = withoutGone(transfer, progress.machines, now);
    transfer = seenNow(transfer, said, now);
    const inFlight = inFlightOf(transfer, said);
    const dollars = spentOn(transfer, { machine: settings.machine, inFlight, now });
    const facts: Facts = { ...progress, transfer, dollars: totalOf(dollars), now };
    const wanted = nextSteps(facts, settings);
    const [first] = wanted;
    if (first?.do === "complete") {
      await giveBack(work, facts.dollars);
      // Keeps since when: what anybody uploads from now on is not the transfer's.
      transfer = { ...transfer, quietSince: transfer.quietSince ?? now.toISOString() };
      await state.keep(transfer);
      const over = noted(transfer, [], { now, isLast: true });
      const ended = await complete(work, over, { as: first.as, dollars });
      return ended === "not-yet" ? { transfer, again: deps.now() } : { transfer: ended, again: undefined };
    }
    // Machines that ended meanwhile were refused as well.
    const refused = transfer.waits?.refused === true;
    const { steps, waits } = await afford(work, facts, { steps: wanted, seen, inFlight });
    transfer = waiting(transfer, waits ?? roomWait(transfer, settings.machine, now), now);
    transfer = await carryOut(work, transfer, { steps, said, inFlight, refused }, state);
    transfer = await tellTeam(work, transfer, { said: wordsOf(said), dollars: facts.dollars });
    // Waits for what was deleted and may still be listed, and for what is being made.
    const isLeaving = steps.some((step) => step.do === "pause" || step.do === "delete");
    if (isLeaving || transfer.shards.some((shard) => shard.state === "starting")) await deps.pause(pauseMs);
    const wait = steps.find((step) => step.do === "wait");
    if (wait !== undefined) return { transfer, again: wait.until };
  }
  return { transfer, again: deps.now() };
}

/** Notes how far it is, and how its machines do: people look at it after they are gone. */
function seenNow(transfer: TransferState, said: readonly Said[], now: Date): TransferState {
  const shards = transfer.shards.map((shard) => {
    const ops = said.find((one) => one.shard === shard.n)?.ops;
    return ops === undefined ? shard : { ...shard, ops };
  });
  return noted({ ...transfer, shards }, wordsOf(said), { now });
}

/** Words of machines that copy now. */
const wordsOf = (said: readonly Said[]) =>
  said.flatMap(({ shard, ...word }) => (shard === undefined ? [] : [{ ...word, shard }]));

/** Begins: the plan's files are stored by now, and machines find its lists before any is made. */
async function begin(
  { id, check, run, deps }: Copying,
  { transfer }: Draft,
  state: State<TransferState>,
): Promise<TransferState> {
  for (const note of transfer.figures?.notes ?? []) run.step(note);
  const begun: TransferState = { ...transfer, state: "running" };
  await check();
  await postBoard({ deps, check }, begun);
  await state.keep(begun);
  const { objects, bytes, shards } = begun;
  run.effect({ do: "plan-transfer", id, objects, bytes, shards: shards.length });
  run.step(begun.said);
  return begun;
}

async function carryOut(
  work: Copying,
  transfer: TransferState,
  {
    steps,
    said,
    ...of
  }: { steps: readonly Step[]; said: readonly Said[]; inFlight: InFlight; refused: boolean },
  state: State<TransferState>,
): Promise<TransferState> {
  const { hub, id, check, run, deps } = work;
  const recounts = steps.filter((step) => step.do === "recount");
  let now = transfer;
  if (recounts.length > 0) {
    now = await recounted(work, transfer, { steps: recounts, ...of });
    await postBoard(work, now);
    await state.keep(now);
  }
  for (const step of steps) {
    switch (step.do) {
      case "adopt":
        run.effect({ do: "make-machine", name: machineName(hub, id, step.shard) });
        now = withShard({ ...now, machines: now.machines + 1 }, step.shard, (shard) => ({
          ...seenAgain(shard),
          state: "running",
          zone: step.zone,
          made: deps.now().toISOString(),
        }));
        await state.keep(now);
        break;
      case "see":
        now = withShard(now, step.shard, seenAgain);
        await state.keep(now);
        break;
      case "miss":
        now = withShard(now, step.shard, (shard) => ({ ...shard, missed: deps.now().toISOString() }));
        await state.keep(now);
        break;
      case "release":
        now = await released(work, now, step, said);
        await state.keep(now);
        break;
      case "delete":
        await check();
        now = await deleted(work, now, step);
        break;
      case "stop":
        now = { ...now, stopping: step.because, said: `being stopped: ${step.because}` };
        await state.keep(now);
        run.step(`it is being stopped: ${step.because}`);
        break;
      case "launch":
      case "recount":
      case "pause":
      case "complete":
      case "wait":
        break;
      default:
        step satisfies never;
    }
  }
  const launches = steps.filter((step) => step.do === "launch");
  return launches.length === 0 ? now : launch(work, now, launches, state);
}

const seenAgain = ({ missed: _, ...shard }: Shard): Shard => shard;

/** Deletes a machine. While the transfer is being stopped, its shard has none from then on. */
async function deleted(
  { run, deps }: Copying,
  transfer: TransferState,
  { machine, why }: Extract<Step, { do: "delete" }>,
): Promise<TransferState> {
  // One that has gone already is only still listed.
  if ((await deps.machines.remove(machine)) === "asked")
    run.effect({ do: "delete-machine", name: machine.name, why });
  if (transfer.stopping === undefined) return transfer;
  return withShard(transfer, machine.shard, (shard) => {
    const isIts = shard.attempt === machine.attempt && shard.state !== "done" && shard.state !== "failed";
    return isIts ? { ...shard, state: "waiting" } : shard;
  });
}
