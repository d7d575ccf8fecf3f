// Answers to a row of the sheet that can be used and to a cell that cannot: what people are told who ask about it, and what the status
// sheet says beside it. Pure.
import type { Hub } from "../settings.ts";
import type { Finding } from "./answers.ts";
import { paragraphs } from "./paragraphs.ts";
import type { MembersState, Rejected } from "./records.ts";
import { correcting, rowAnswers, type Said } from "./row-answers.ts";
import {
  findingOf,
  type Person,
  type RowFinding,
  type Standing,
  type Surroundings,
  standingOf,
} from "./standing.ts";

export type Answered = Said & { finding: Finding; login?: string; cell?: string };

/** Answers where somebody who has a row stands, as if its cells could be used as they were. */
export const answerOfStanding = (person: Person, state: MembersState, looked: Surroundings): Answered =>
  answerOf(standingOf(person, state, looked), { state, looked });

function answerOf(
  standing: Standing,
  { state, looked }: { state: MembersState; looked: Surroundings },
): Answered {
  const { person } = standing;
  const finding: RowFinding = findingOf(standing, state, looked);
  const said = rowAnswers[finding]({ ...standing, state, looked });
  return { finding, login: person.login, cell: person.cell, ...said };
}

/** Findings that are about a cell themselves. */
export const aboutCells: ReadonlySet<Finding> = new Set(["rejected", "no-such-user"]);

/** Answers for somebody who has a row: of one that cannot be used any more also that, whatever they have by it. */
export function answerToRow(person: Person, state: MembersState, looked: Surroundings): Answered {
  const standing = standingOf(person, state, looked);
  const answer = answerOf(standing, { state, looked });
  const { cell } = standing;
  // Somebody with another row, which counts, needs none of it.
  if (cell === undefined || cell.twice === "gives-way" || aboutCells.has(answer.finding)) return answer;
  return { ...answer, sentence: `${answer.sentence} Cell ${cell.cell} cannot be used now: ${cell.why}.` };
}

/** Answers for a cell that cannot be used. */
export const answerToCell = (
  rejected: Rejected,
  state: MembersState,
  { hub }: Pick<Surroundings, "hub">,
): Answered => ({
  finding: "rejected",
  sentence: `Cell ${rejected.cell} of the sheet has this, and it cannot be used: ${rejected.why}.`,
  ...cureOf(rejected, state, hub),
  cell: rejected.cell,
});

function cureOf(rejected: Rejected, state: MembersState, hub: Hub): Pick<Said, "next" | "paste"> {
  const { cell, value, twice } = rejected;
  switch (twice) {
    case "gives-way":
      return { next: `Delete the row of cell ${cell}: their other row counts, and they need not be asked.` };
    case "ask":
      return {
        next: "Ask which account is theirs, and delete the other row.",
        paste: paragraphs(hub).whichOfTwo(value),
      };
    case undefined:
      return correcting(rejected, { state, hub });
    default:
      return twice satisfies never;
  }
}
