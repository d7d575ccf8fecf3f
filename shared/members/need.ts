// Sums up what the people need who were asked about, and puts those first who need something: the console and the command line alike.
import type { Need, WhyPerson } from "../control.ts";

/** Words for each need, the most pressing first; `always` are said even of nobody. */
const needs: readonly { need: Need; word: string; always: boolean }[] = [
  { need: "fine", word: "fine", always: true },
  { need: "to-accept", word: "to accept", always: true },
  { need: "to-correct", word: "to correct", always: true },
  { need: "to-wait", word: "to wait", always: false },
  { need: "unknown", word: "unknown", always: true },
];

const pressing: readonly Need[] = ["to-correct", "to-accept", "to-wait", "fine", "unknown"];
const order: readonly Need[] = ["to-correct", "to-accept", "unknown", "to-wait", "fine"];

/** Gives what a person needs by all answers: a hub that does not know them says nothing where another one does. */
export function needOf({ answers }: Pick<WhyPerson, "answers">): Need {
  const found = new Set(answers.map(({ need }) => need));
  return pressing.find((need) => found.has(need)) ?? "unknown";
}

/** Gives "2 fine, 1 to accept, 0 to correct, 0 unknown". */
export function summaryOf(people: readonly WhyPerson[]): string {
  const all = people.map(needOf);
  return needs
    .map(({ need, word, always }) => ({ count: all.filter((one) => one === need).length, word, always }))
    .filter(({ count, always }) => always || count > 0)
    .map(({ count, word }) => `${count} ${word}`)
    .join(", ");
}

/** Puts those first who need something; who needs the same stays in the order in which they were asked about. */
export const byNeed = (people: readonly WhyPerson[]): WhyPerson[] =>
  [...people].sort((a, b) => order.indexOf(needOf(a)) - order.indexOf(needOf(b)));
