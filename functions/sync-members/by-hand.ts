// Asks the team about access that somebody gave on GitHub's own page. Nothing of it is ever taken back.
import type { Publish } from "../../shared/bus/publish.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { Decision } from "./facts.ts";
import { digestOf } from "./gather.ts";
import { byHandNotice } from "./text.ts";

/** Asks once about each: before the state is kept that knows of it, so that a run that dies in between leaves it to the next. */
export async function askAboutByHand(
  { hub, before, decision }: { hub: string; before: MembersState | undefined; decision: Decision },
  publish: Publish,
): Promise<void> {
  const nameOf = ({ login, team }: { login: string; team: string }): string => `${login} ${team}`;
  const known = new Set(before?.unmanaged.map(nameOf));
  const found = decision.unmanaged.filter((one) => one.how === "by-hand" && !known.has(nameOf(one)));
  if (found.length === 0) return;
  // Of somebody who was gone meanwhile it is asked anew: what was known before says that this is another time.
  const key = `by-hand/${digestOf([...found.map(nameOf).sort(), before?.at]).slice(0, 12)}`;
  await publish("notice", byHandNotice({ hub, key, count: found.length }));
}
