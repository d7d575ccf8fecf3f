// Answers who can't log in, and why: reads once what all answers are made of, however many people are asked about.

import type { WhyPerson } from "../../../shared/members/answers.ts";
import { type Applications, isMissing } from "../../../shared/members/applicants.ts";
import { find } from "../../../shared/members/find.ts";
import { byNeed } from "../../../shared/members/need.ts";
import { answersTo, type Looked } from "../../../shared/members/who-answers.ts";
import type { Hub } from "../../../shared/settings.ts";
import type { ConsoleContext } from "../context.ts";
import { type LookDeps, look } from "./look.ts";

export type WhyDeps = LookDeps & Pick<ConsoleContext, "applications">;

/** Answers for everybody who was asked about, on each hub named; those first who need something. */
export async function why(
  question: { hubs: readonly string[]; who: readonly string[] },
  deps: WhyDeps,
): Promise<WhyPerson[]> {
  const looked = await Promise.all(
    question.hubs.flatMap((name) => {
      const hub = Object.hasOwn(deps.settings.hubs, name) ? deps.settings.hubs[name] : undefined;
      if (hub === undefined) return [];
      return [lookFor(() => question.who, { name, hub }, deps)];
    }),
  );
  return byNeed(
    [...new Set(question.who)].map((who) => ({ who, answers: looked.flatMap((one) => answersTo(who, one)) })),
  );
}

/** Looks at a hub for people who are asked about, in the applications too where that may help. */
export async function lookFor(
  who: (looked: Looked) => readonly string[],
  { name, hub }: { name: string; hub: Hub },
  deps: WhyDeps,
): Promise<Looked> {
  const looked = await look(name, hub, deps);
  return { ...looked, applications: await applicationsFor(who(looked), looked, deps) };
}

/** Reads the applications where somebody is in neither the sheet nor a team. */
async function applicationsFor(
  who: readonly string[],
  { hub, state }: Looked,
  deps: WhyDeps,
): Promise<Applications | undefined> {
  const settings = hub.members?.applications;
  if (settings === undefined || state === undefined || "unreadable" in state) return undefined;
  return who.some((one) => isMissing(find(state, one))) ? deps.applications(settings) : undefined;
}
