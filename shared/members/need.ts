// Sums up what the people need who were asked about, and puts those first who need something: the console and the command line alike.
import { Need, type WhyPerson } from "./answers.ts";

/** Words for each need, in the order in which they are summed up; `always` are said even of nobody. */
const needs: readonly { need: Need; word: string; always: boolean }[] = [
  { need: "fine", word: "fine", always: true },
  { need: "to-accept", word: "to accept", always: true },
  { need: "to-correct", word: "to correct", always: true },
  { need: "to-wait", word: "to wait", always: false },
  { need: "unknown", word: "unknown", always: true },
];

/** Needs of which one answer goes before another: that a hub does not know somebody says the least. */
const telling: readonly Need[] = ["to-correct", "to-accept", "to-wait", "fine", "unknown"];

/** Gives what a person needs by all answers: a hub that does not know them says nothing where another one does. */
export function needOf({ answers }: Pick<WhyPerson, "answers">): Need {
  const found = new Set(answers.map(({ need }) => need));
  return telling.find((need) => found.has(need)) ?? "unknown";
}

/** Gives "2 fine, 1 to accept, 0 to correct, 0 unknown". */
export const summaryOf = (people: readonly WhyPerson[]): string => summaryOfNeeds(people.map(needOf));

/** Gives the same of needs that are known. */
export function summaryOfNeeds(all: readonly Need[]): string {
  return needs
    .map(({ need, word, always }) => ({ count: all.filter((one) => one === need).length, word, always }))
    .filter(({ count, always }) => always || count > 0)
    .map(({ count, word }) => `${count} ${word}`)
    .join(", ");
}

/** Puts those first who need something; who needs the same stays in the order in which they were asked about. */
export const byNeed = (people: readonly WhyPerson[]): WhyPerson[] =>
  [...people].sort((a, b) => Need.options.indexOf(needOf(a)) - Need.options.indexOf(needOf(b)));
