// Ends of a delivery in which nothing of a transfer begins: it is only planned, refused, cancelled before, or has waited for too long.
// The team is told once.
import type { Result } from "../../shared/delivery/recorder.ts";
import { onlyPlanned } from "../../shared/flow/one-at-a-time.ts";
import { hashOf, type Plan } from "../../shared/flow/plan.ts";
import type { State } from "../../shared/flow/state.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import { leaveLine } from "./queue.ts";
import { over } from "./state.ts";
import { refusedNotice } from "./text.ts";
import type { Work } from "./work.ts";

/** Ends one that a person has cancelled before anything of it began. */
export async function cancelled(
  { hub, id, planning, deps }: Work,
  state: State<TransferState>,
): Promise<Result> {
  const before = state.value();
  if (before?.state === "waiting" && !planning)
    await state.keep(over(before, { state: "cancelled", said: "cancelled before it began" }, deps.now()));
  if (!planning) await leaveLine({ hub, id, deps });
  return { outcome: "done", title: `transfer ${id} was cancelled before it began` };
}

/** Ends a run in which nothing is to be done: it has ended, or is refused, which the team is told. */
export async function nothingBegun(work: Work, plan: Plan, state: State<TransferState>): Promise<Result> {
  const [reason] = plan.refused;
  return reason === undefined ? { outcome: "idle" } : { ...(await notBegun(work, state, reason.why)), plan };
}

/** Ends a request that will not begin: the team is told first, for a state that has ended is not looked at again. */
export async function notBegun(
  work: Work,
  state: State<TransferState>,
  why: string,
): Promise<Exclude<Result, { outcome: "idle" }>> {
  const result = await refused(work, why);
  const before = state.value();
  if (before?.state === "waiting" && !work.planning)
    await state.keep(over(before, { state: "not-begun", said: `not begun: ${why}` }, work.deps.now()));
  if (!work.planning) await leaveLine(work);
  return result;
}

/** Ends a run whose request nobody can carry out: the team is told once, and asks anew. */
export async function refused(
  {
    hub,
    id,
    asked,
    planning,
    deps,
  }: Pick<Work, "hub" | "id" | "planning" | "deps"> & Partial<Pick<Work, "asked">>,
  why: string,
): Promise<Exclude<Result, { outcome: "idle" }>> {
  const end = {
    outcome: "blocked",
    title: `transfer ${id} was not begun: ${why}`,
    cause: "not-begun",
  } as const;
  if (planning) return end;
  await deps.publish(
    "notice",
    refusedNotice({ hub, id, by: asked?.by }, hashOf({ do: "refuse", about: id, why }), why),
  );
  return { ...end, told: true };
}

/** Ends a run that only planned. */
export function planned({ id, run }: Work, plan: Plan, transfer: TransferState | undefined): Result {
  const { actions, held, refused } = plan;
  const [reason] = refused;
  if (actions.length + held.length > 0 && transfer !== undefined) {
    const waits = held.map(({ because }) => `; it would wait for approval, because ${because}`);
    return onlyPlanned(run, `${transfer.said}${waits.join("")}`, plan);
  }
  if (reason === undefined) return onlyPlanned(run, `transfer ${id} has ended already`, plan);
  return { outcome: "blocked", title: `plan: transfer ${id}: ${reason.why}`, plan };
}
