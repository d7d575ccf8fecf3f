// Asking to undo a run of the members' flow. What there is to take back the flow finds out itself; what cannot be undone is refused here,
// where it is asked.
import type { Run } from "../../../shared/records.ts";
import type { Settings } from "../../../shared/settings.ts";
import { type Publish, send } from "../events/send.ts";
import { isOff, isRefusal, type Refusal, refuse } from "../http/refusal.ts";
import { type RunReading, readRun } from "./runs.ts";

const nothing = "nothing was undone";

/** Says whether a run has changed who is in a team or invited: only that can be taken back. */
export const isUndoable = ({ flow, effects }: Pick<Run, "flow" | "effects">): boolean =>
  flow === "sync-members" && effects.length > 0;

/** Publishes the request; gives the message's id. */
export async function undoRun(
  context: RunReading & { settings: Settings; publish: Publish },
  id: string,
  { dryRun }: { dryRun?: boolean | undefined },
): Promise<{ messageId: string } | Refusal> {
  const run = await readRun(context, id);
  if (isRefusal(run)) return run;
  if (run.flow !== "sync-members")
    return refuse(
      409,
      nothing,
      "only runs of sync-members can be undone",
      "look at the run for what it did, and put it right where it shows",
    );
  if (!isUndoable(run))
    return refuse(
      409,
      nothing,
      "this run has changed nothing",
      "look for the run that did: its page lists its changes",
    );
  const mode = context.settings.flows["sync-members"];
  if (mode === "off") return isOff({ what: nothing, flow: "sync-members" });
  if (mode === "plan" && dryRun !== true)
    return refuse(
      409,
      nothing,
      "sync-members only plans, and may change nothing",
      "set flows.sync-members to apply and undo it then: what is undone waits for a word before it is done again",
    );
  const payload = { v: 1, hub: run.hub, why: "person", undo: run.id, ...(dryRun === true ? { dryRun } : {}) };
  return send(run.event, payload, context);
}
