// Takes back what a run did, at a person's word: the same stages as a sync, on the run's record in place of the sheet. Nothing of it is held:
// it is bounded by what that run did, which was bounded or approved, and a person has asked for it by name.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import type { BudgetStore } from "../../shared/flow/budget-store.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import type { Look } from "../../shared/flow/one-at-a-time.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { noticeOf } from "../../shared/members/mails.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { MembersSettings } from "../../shared/members/settings.ts";
import { Run } from "../../shared/records.ts";
import type { Hub } from "../../shared/settings.ts";
import { type ActInput, act } from "./act.ts";
import { settle, waitOf, withinBudget } from "./afford.ts";
import type { Acted, MemberAction } from "./facts.ts";
import type { GatherDeps } from "./gather.ts";
import { lower } from "./names.ts";
import { lookAgain } from "./quiet.ts";
import { membersState } from "./state.ts";
import { titleOf } from "./text.ts";
import { loginsToAsk, planUndo, type UndoFacts } from "./undo-plan.ts";
import { afterUndo, beforeUndo } from "./undo-state.ts";
import type { Undone } from "./undone.ts";

type UndoWork = {
  event: EventOf<"sheet-changed">;
  /** Id of the run that is to be undone. */
  id: string;
  hub: Hub;
  members: MembersSettings;
  planning: boolean;
  run: Recorder;
  delivery: { messageId: string };
  carrying: Omit<ActInput, "seen" | "announce" | "check" | "settled">;
  deps: Pick<GatherDeps, "readTeams" | "resolveLogins"> & {
    ledger: Ledger;
    budgets: BudgetStore;
    publish: Publish;
    now: Clock;
  };
};

/** Seconds until an undo that finds another run at work, or that has to stop, goes on. */
const againSeconds = 60;

/** Takes back what the run did. `inTurn` lets one delivery at a time work on the hub, a sync or an undo. */
export async function undo(work: UndoWork, inTurn: (look: Look) => Promise<Result>): Promise<Result> {
  const result = await inTurn(({ check }) => once(work, check));
  // A sync that is at work looks at the sheet again, and knows nothing of this.
  if (result.outcome === "idle" && result.busy === true) await goOn(work, againSeconds);
  return result;
}

async function once(work: UndoWork, check: () => Promise<void>): Promise<Result> {
  const { event, planning, run, delivery, deps } = work;
  const state = await membersState(event.hub, deps.ledger);
  const seen = await gatherUndo(work, state.value());
  if ("reason" in seen) return seen;
  const { plan, steps } = planUndo(seen);
  const aside = { outcome: "done", aside: true } as const;
  if (planning) {
    run.step("only planned: nothing was changed");
    const words = titleOf({ ...plan, refused: [] }, "planned");
    return { ...aside, title: `plan: undo: ${words}${leftWords(plan.refused.length)}`, plan };
  }
  // An undo reads no sheet.
  const looked = { ...seen, rows: [] };
  const { go, denied } = await withinBudget(work, plan.actions, looked);
  await state.keep(beforeUndo(seen, steps));

  const tell = correcting(work);
  const acted = await act(go, {
    ...work.carrying,
    seen: looked,
    announce: {},
    check,
    settled: async (action) => {
      for (const step of steps) if (step.action === action) await tell(step.undone);
    },
  });
  await settle(work, { go, denied }, acted);

  await state.keep(afterUndo({ ...seen, state: state.value() }, { steps, acted, run: delivery.messageId }));
  if (acted.left > 0) {
    await goOn(work, waitOf(acted));
    run.step("the rest goes on later");
  }
  // Looks at once at what the sheet says now: where it asks for the same again, that waits for a word.
  await continueAt(deps.ledger, { ...lookAgain(event.hub), at: deps.now() });
  const refused = [...plan.refused, ...notTaken(go, acted)];
  const words = titleOf({ ...plan, actions: acted.done, refused: [] }, "done");
  return { ...aside, title: `undo: ${words}${leftWords(refused.length)}`, plan: { ...plan, refused } };
}

/** Names what GitHub did not let happen, and which nobody tries again. */
const notTaken = (go: readonly MemberAction[], { settled, left }: Acted) =>
  left > 0
    ? []
    : go
        .filter((action) => !settled.includes(action))
        .map(({ about, team }) => ({
          about,
          why: `${team}: GitHub did not take the change; undo it again later`,
        }));

const leftWords = (count: number): string => (count === 0 ? "" : `, ${count} left as they are`);

/** Reads the run's record and the teams; asks for accounts to which something is given back. */
async function gatherUndo(
  { event, id, members, deps, run }: UndoWork,
  state: MembersState | undefined,
): Promise<UndoFacts | ReturnType<typeof cannot>> {
  const ran = (await deps.ledger.read(`runs/${id}.json`, Run))?.value;
  if (ran === undefined) return cannot("no record has this id; a run is kept for 90 days");
  if (ran.hub !== event.hub || ran.event !== "sheet-changed")
    return cannot("it is no run of this hub's members");
  const github = await deps.readTeams([...new Set(Object.values(members.tiers))]);
  const logins = loginsToAsk({ ran, github });
  const accounts = logins.length === 0 ? new Map() : await deps.resolveLogins(logins);
  run.step("run and teams read");
  return {
    ran,
    github,
    accounts: new Map([...accounts].map(([login, account]) => [lower(login), account])),
    state,
    settings: members,
    now: deps.now(),
  };
}

const cannot = (why: string) =>
  ({
    outcome: "blocked",
    title: "nothing was undone",
    cause: "undo-impossible",
    aside: true,
    reason: { what: "nothing was undone", why, next: "name a run as `groundcrew runs ls` prints it" },
  }) as const;

/** Tells those whom the run had told, at most once, right after their part is taken back. */
const correcting =
  ({ event, hub, deps }: UndoWork) =>
  async (undone: readonly Undone[]): Promise<void> => {
    for (const { login, mail } of undone)
      if (mail !== undefined)
        await deps.publish(
          "notice",
          noticeOf({ occasion: "corrected", ...mail, login }, { hub, hubName: event.hub }),
        );
  };

/** Asks for this very event again: it waits beside what the hub's syncs wait for. */
async function goOn({ event, delivery, deps }: UndoWork, seconds: number): Promise<void> {
  const at = new Date(deps.now().getTime() + seconds * 1000);
  await continueAt(deps.ledger, { ...lookAgain(event.hub), event, at, key: delivery.messageId });
}
