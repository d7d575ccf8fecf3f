// Hands over the mails that are due, and lists those that are not yet: for whoever wants to see them before they go out. Asks the team
// about what is on hold.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Recorder } from "../../shared/delivery/recorder.ts";
import { type Hold, storePlan } from "../../shared/flow/hold.ts";
import { planName } from "../../shared/flow/plan.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { noticeOf, type WaitingMail } from "../../shared/members/mails.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { HeldPlan } from "../../shared/records.ts";
import type { Hub } from "../../shared/settings.ts";
import { type Announce, announcements, mailOnEntry } from "./announce.ts";
import { takesAway } from "./bounds.ts";
import { type Acted, type Decision, type MemberAction, nothingDone, type Seen } from "./facts.ts";
import { mailsDue, mostMailsALook } from "./mails.ts";
import { farewells, partingsOf, withTold } from "./partings.ts";
import { becauseOf, heldNotice, onlyGrows } from "./text.ts";

/** Most mails that are listed for a look at them. */
const mostListed = 1000;

type Of = { hub: Hub; hubName: string; seen: Seen; decision: Decision };

/** Publishes what may go, each as the same message under the same key whoever does it, and gives the state with what is left. */
export async function tellMembers(
  { hub, hubName, seen, decision, acted, next }: Of & { acted: Acted; next: MembersState },
  { publish, check }: { publish: Publish; check: () => Promise<void> },
): Promise<MembersState> {
  const due = mailsDue({ seen, decision, acted, next, timeZone: hub.timeZone });
  const before = new Set(next.told);
  const untold = due.filter(({ key }) => !before.has(key));
  const ready = untold.filter(({ from }) => Date.parse(from) <= seen.now.getTime()).slice(0, mostMailsALook);
  if (ready.length > 0) await check();
  for (const { from: _, ...mail } of ready) await publish("notice", noticeOf(mail, { hub, hubName }));
  const told = new Set([...before, ...ready.map(({ key }) => key)]);
  const left = [...entries(next.announce, { hub, seen }), ...due.filter(({ key }) => !told.has(key))];
  return {
    ...next,
    // Keeps no mark of a mail that is not due any more: its key is attempted once all the same.
    told: due.flatMap(({ key }) => (told.has(key) ? [key] : [])),
    outgoing: left.slice(0, mostListed),
    partings: withTold(next.partings ?? {}, told, seen.now.toISOString()),
  };
}

/** Gives the state with the mails that would go out if the plan were carried out now. */
export function withMailsPlanned(
  { hub, seen, decision, next }: Omit<Of, "hubName"> & { next: MembersState },
  go: readonly MemberAction[],
): MembersState {
  const acted = nothingDone({});
  const told = new Set(next.told);
  const gone = partingsOf(seen, decision, go.filter(takesAway), acted);
  const planned = [
    ...entries(announcements(go, seen), { hub, seen }),
    ...mailsDue({ seen, decision, acted, next: { ...next, partings: {} }, timeZone: hub.timeZone }),
    ...farewells(gone, () => false),
  ].filter(({ key }) => !told.has(key));
  return { ...next, outgoing: planned.slice(0, mostListed) };
}

function entries(announce: Announce, { hub, seen }: Pick<Of, "hub" | "seen">): WaitingMail[] {
  const named = Object.entries(announce).filter(([, { disputed }]) => disputed === undefined);
  return named.map(([login, due]) => {
    const became = due.key.startsWith("invited/") ? "invited" : "added";
    const mail = mailOnEntry({ login, became, due }, { rows: seen.rows, hub, now: seen.now });
    return { ...mail, from: due.from ?? seen.now.toISOString() };
  });
}

/** Asks the team once for what is new of what waits: the state that is kept afterwards says that it waits. */
export async function askTeam(
  { held, isNew, key, shown }: Hold<MemberAction>,
  { hub, before, run }: { hub: string; before: MembersState["waiting"]; run: Recorder },
  deps: { ledger: Ledger; publish: Publish; now: Clock },
): Promise<void> {
  if (held.length === 0) return;
  run.step(`${held.length} changes are on hold: ${becauseOf(held)}`);
  if (!isNew) return;
  const last = before && (await deps.ledger.read(planName(hub, before.plan), HeldPlan));
  await storePlan({ hub, flow: "sync-members", plan: shown }, deps);
  if (onlyGrows(held, { held: last?.value.plan.held ?? [], since: before?.since ?? {} }, deps.now()))
    return run.step("the team knows of it: it grows, save by save");
  await deps.publish("notice", heldNotice({ hub, plan: shown.hash, key, held }));
}
