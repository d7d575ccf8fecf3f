// Answers to a row of the sheet that can be used and to a cell that cannot: what people are told who ask about it, and what the status
// sheet says beside it. Pure.
import type { Finding } from "./answers.ts";
import { paragraphs } from "./paragraphs.ts";
import type { MembersState, Rejected } from "./records.ts";
import { rowAnswers, type Said } from "./row-answers.ts";
import { findingOf, type Person, type RowFinding, type Surroundings, standingOf } from "./standing.ts";

export type Answered = Said & { finding: Finding; login?: string; cell?: string };

/** Answers for somebody who has a row. */
export function answerToRow(person: Person, state: MembersState, looked: Surroundings): Answered {
  const standing = standingOf(person, state, looked);
  const finding: RowFinding = findingOf(standing, state, looked);
  const said = rowAnswers[finding]({ ...standing, state, looked });
  return { finding, login: person.login, cell: person.cell, ...said };
}

/** Answers for a cell that cannot be used. */
export const answerToCell = (
  { cell, why: reason, suggestion, value }: Rejected,
  { hub }: Pick<Surroundings, "hub">,
): Answered => ({
  finding: "rejected",
  sentence: `Cell ${cell} of the sheet has this, and it cannot be used: ${reason}.`,
  next: `Correct cell ${cell}${suggestion === undefined ? "" : ` (perhaps to ${suggestion})`}.`,
  paste: paragraphs(hub).whichAccount(value),
  cell,
});
