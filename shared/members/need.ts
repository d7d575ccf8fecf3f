// Sums up what the people need who were asked about, and puts those first who need something: the console and the command line alike.
import { keysOf } from "../closed.ts";
import { Need, type WhyPerson } from "./answers.ts";

/**
 * Words for each need, in the order in which they are summed up; `always` are said even of nobody. Of two answers the one goes first that
 * has the smaller `rank`: that a hub does not know somebody says the least.
 */
const needs: Record<Need, { word: string; always: boolean; rank: number }> = {
  fine: { word: "fine", always: true, rank: 4 },
  "to-accept": { word: "to accept", always: true, rank: 2 },
  "to-correct": { word: "to correct", always: true, rank: 1 },
  "to-wait": { word: "to wait", always: false, rank: 3 },
  unknown: { word: "unknown", always: true, rank: 5 },
};

/** Gives what a person needs by all answers: a hub that does not know them says nothing where another one does. */
export function needOf({ answers }: Pick<WhyPerson, "answers">): Need {
  const found = answers.map(({ need }) => need).sort((a, b) => needs[a].rank - needs[b].rank);
  return found[0] ?? "unknown";
}

/** Gives "2 fine, 1 to accept, 0 to correct, 0 unknown". */
export const summaryOf = (people: readonly WhyPerson[]): string => summaryOfNeeds(people.map(needOf));

/** Gives the same of needs that are known. */
export function summaryOfNeeds(all: readonly Need[]): string {
  return keysOf(needs)
    .map((need) => ({ count: all.filter((one) => one === need).length, ...needs[need] }))
    .filter(({ count, always }) => always || count > 0)
    .map(({ count, word }) => `${count} ${word}`)
    .join(", ");
}

/** Puts those first who need something; who needs the same stays in the order in which they were asked about. */
export const byNeed = (people: readonly WhyPerson[]): WhyPerson[] =>
  [...people].sort((a, b) => Need.options.indexOf(needOf(a)) - Need.options.indexOf(needOf(b)));
