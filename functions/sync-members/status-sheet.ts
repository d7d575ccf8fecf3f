// Writes how it stands with each row of the member sheet into a spreadsheet of its own, where a hub has one: once at the end of a run, and
// only what has changed. Whatever goes wrong here stops no sync: it is an incident beside it.
import { dayIn } from "../../shared/clock.ts";
import { explain } from "../../shared/delivery/explain.ts";
import type { Beside, Recorder } from "../../shared/delivery/recorder.ts";
import { failureIn } from "../../shared/failure.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import type { Hold } from "../../shared/flow/hold.ts";
import { hashOf } from "../../shared/flow/plan.ts";
import { remember, type State } from "../../shared/flow/state.ts";
import type { Ledger } from "../../shared/ledger.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { MembersSettings } from "../../shared/members/settings.ts";
import { type HeldChange, heldChangesOf } from "../../shared/members/standing.ts";
import { StatusSheet, statusSheetName } from "../../shared/members/status-sheet.ts";
import type { Hub } from "../../shared/settings.ts";
import type { SheetWriter } from "../../shared/sheets/write.ts";
import type { Acted, MemberAction } from "./facts.ts";
import { digestOf } from "./gather.ts";
import { lookAgain } from "./quiet.ts";
import { statusWords } from "./status-table.ts";

type StatusTab = NonNullable<MembersSettings["status"]>;
type Work = {
  event: { hub: string };
  hub: Hub;
  members: MembersSettings;
  planning: boolean;
  run: Pick<Recorder, "step">;
  deps: { ledger: Ledger; now: () => Date; writeStatus: SheetWriter["write"] };
};

/** Seconds after which a write that failed in passing is tried again. */
const againSeconds = 60;
/** A run that acts for longer tells what it has found before it acts: who typed something is not to wait for an answer. */
const longSeconds = 60;

const recordOf = ({ event, deps }: Work): Promise<State<StatusSheet>> =>
  remember(deps.ledger, statusSheetName(event.hub), StatusSheet);

const isToWait = (told: StatusSheet | undefined, now: Date): boolean =>
  told?.notBefore !== undefined && now < new Date(told.notBefore);

/** Tells whether the status sheet does not have yet what a state says. Only a whole look at the member sheet can tell it. */
export async function statusIsLate(work: Work, state: MembersState | undefined): Promise<boolean> {
  if (work.members.status === undefined || work.planning || state === undefined) return false;
  const told = (await recordOf(work)).value();
  return told?.of !== state.at && !isToWait(told, work.deps.now());
}

/** Tells whether acting takes so long that people are to be answered before. */
export const actsForLong = ({ members }: Pick<Work, "members">, go: readonly MemberAction[]): boolean =>
  go.length * members.writeSpacingSeconds > longSeconds;

export type Told = {
  /** State that the run leaves, or why the member sheet cannot be read. */
  found: MembersState | { problem: string } | undefined;
  held: ReadonlyMap<string, HeldChange>;
  /** More of this run comes, and is told in the end. */
  isUnfinished?: true;
  /** Throws when another delivery has taken over. */
  check: () => Promise<void>;
};

/**
 * Writes the status sheet, unless it has not changed: once a day in any case, for somebody may have typed into it. Gives what is wrong
 * with it, for the run's result; never throws.
 */
export async function tellInSheet(work: Work, told: Told): Promise<Beside[]> {
  const { status } = work.members;
  const { found } = told;
  if (status === undefined || work.planning || found === undefined) return [];
  try {
    await tell(work, { ...told, found, status });
    return [];
  } catch (error) {
    const failure = failureIn(error);
    const reason = explain(error, "sync-members");
    work.run.step(`${reason.what}: ${reason.why}`);
    const lasting = failure !== undefined && failure.lasts !== "transient";
    // A heartbeat looks at what only a person mends.
    if (!lasting)
      await later(work, failure?.waitSeconds).catch(() => work.run.step("the next look writes it"));
    return [{ cause: `status-sheet-${failure?.cause ?? "failed"}`, reason, lasting }];
  }
}

async function tell(
  work: Work,
  {
    found,
    held,
    isUnfinished,
    check,
    status,
  }: Told & { found: NonNullable<Told["found"]>; status: StatusTab },
): Promise<void> {
  const { hub, run, deps } = work;
  const record = await recordOf(work);
  const before = record.value();
  const now = deps.now();
  const { matter, tableAt } = statusWords({ hub, found, held });
  const digest = digestOf([matter, status, dayIn(hub.timeZone, now)]);
  if (before?.digest !== digest) {
    if (isToWait(before, now)) return;
    await check();
    await deps.writeStatus(status, tableAt(now));
    run.step("status sheet written");
  }
  const isWhole = isUnfinished !== true && "at" in found;
  await record.keep({ v: 1, digest, ...(isWhole ? { of: found.at } : {}) });
}

/** Leaves the sheet alone for as long as was asked, and looks again then. */
async function later(work: Work, waitSeconds: number | undefined): Promise<void> {
  const { event, deps } = work;
  const at = new Date(deps.now().getTime() + (waitSeconds ?? againSeconds) * 1000);
  if (waitSeconds !== undefined) {
    const record = await recordOf(work);
    await record.keep({ ...(record.value() ?? { v: 1 }), notBefore: at.toISOString() });
  }
  await continueAt(deps.ledger, { ...lookAgain(event.hub), at });
}

/** Gives what waits for a word or is still to be done after it, as the console sees it. */
export function changesOnHold(
  { shown, held }: Hold<MemberAction>,
  { settled }: Pick<Acted, "settled"> = { settled: [] },
): ReadonlyMap<string, HeldChange> {
  const said = new Map(held.map(({ hash, verdict }) => [hash, verdict]));
  const done = new Set(settled.map(hashOf));
  return heldChangesOf(shown, (hash) =>
    done.has(hash) ? "gone" : said.has(hash) ? said.get(hash) : "approved",
  );
}
