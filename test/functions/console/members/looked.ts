// Harness of the tests of *why*: what was read of a hub, as plain values.

import type { WhyAnswer } from "../../../../shared/members/answers.ts";
import type { Looked } from "../../../../shared/members/who-answers.ts";
import { answersTo } from "../../../../shared/members/who-answers.ts";
import { hub } from "../../sync-members/facts-harness.ts";
import { head } from "../day.ts";

/** A hub of which nothing is known but its state, unless a test says more. */
export const lookedAt = (more: Partial<Looked>): Looked => ({
  hubName: "prod",
  hub,
  mode: "apply",
  state: undefined,
  held: new Map(),
  fullHomes: new Map(),
  outage: undefined,
  stuck: undefined,
  ...more,
});

/** The only answer there is. */
export function answerTo(who: string, more: Partial<Looked>): WhyAnswer {
  const [answer, ...others] = answersTo(who, lookedAt(more));
  if (answer === undefined || others.length > 0) throw new Error(`${1 + others.length} answers, and not one`);
  return answer;
}

const [first] = head.people;
if (first === undefined) throw new Error("the day has nobody");
/** Somebody of the day whom nothing keeps out. */
export const ada = first;
/** Rows of these people, each in a cell of their own. */
export const people = (...names: string[]) =>
  names.map((name, index) => ({
    ...ada,
    name,
    login: `p-${index}`,
    email: `p-${index}@example.org`,
    cell: `C${index + 2}`,
  }));
