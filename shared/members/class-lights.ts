// A light for each person of a class, by the answer that *Who can't log in?* gives about them: the page of a class and what the team is told
// of it say the same, but that whoever has only applied is known to the page alone: it may read the applications. Pure.
import type { WhyAnswer } from "./answers.ts";
import type { ClassPerson, Light } from "./class-answers.ts";
import { calledOf, type Meant, peopleOfList, whoOf } from "./class-people.ts";
import type { ClassRecord } from "./classes.ts";
import { peopleOf } from "./find.ts";
import { findingLooks } from "./findings.ts";
import { peopleIndex } from "./people-index.ts";
import type { Person } from "./standing.ts";
import { answersTo, type Looked } from "./who-answers.ts";

/** Gives the lights of a class, in the order of its list. */
export function lightsOf(record: Pick<ClassRecord, "people">, looked: Looked): ClassPerson[] {
  return peopleIn(record, looked).map(({ who, line, meant }) => {
    const lit = personOf(meant, looked);
    return { who, line, called: calledOf(who, line, lit.login), ...lit };
  });
}

/** Gives by what those of a class are asked for whom the sheet does not have: they may have applied. */
export const absentOf = (record: Pick<ClassRecord, "people">, looked: Looked): string[] =>
  peopleIn(record, looked).flatMap(({ meant }) => (meant.is === "nobody" ? [meant.ask] : []));

function peopleIn({ people }: Pick<ClassRecord, "people">, { state }: Looked) {
  const index = state === undefined || "unreadable" in state ? peopleIndex<Person>([]) : peopleOf(state);
  return peopleOfList(people, whoOf(index));
}

/** Findings that say nothing of the person. */
const unknownNow: ReadonlySet<string> = new Set(["no-run-yet", "unreadable", "outage"]);
const lightOf = ({ finding, need }: WhyAnswer): Light => {
  if (unknownNow.has(finding)) return "grey";
  if (need === "fine") return "green";
  return need === "to-accept" || need === "to-wait" ? "amber" : "red";
};

function personOf(meant: Meant<Person>, looked: Looked): Omit<ClassPerson, "who" | "line" | "called"> {
  if (meant.is === "several") {
    const cells = meant.people.slice(0, 10).map(({ cell }) => cell);
    return {
      light: "grey",
      word: "not clear who",
      sentence: `${sentences[meant.because]}: cells ${cells.join(", ")}${meant.people.length > 10 ? " and more" : ""}.`,
      next: "Name one person in that line, best by their GitHub username.",
    };
  }
  const asked = meant.is === "one" ? meant.person.login : meant.ask;
  const [answer] = answersTo(asked, looked);
  const { finding, sentence, next, login, cell } = answer ?? nothing;
  const found = {
    ...(login === undefined ? {} : { login }),
    ...(cell === undefined ? {} : { cell }),
  };
  if (meant.is === "one" && meant.misfits !== undefined)
    return {
      ...found,
      light: "grey",
      word: "name does not fit",
      sentence: `The list says ${meant.misfits}, and cell ${meant.person.cell} has ${meant.person.name}. ${sentence}`,
      next: "Ask whether they are the same person, and correct the list or the row.",
    };
  return { ...found, light: lightOf(answer ?? nothing), word: findingLooks[finding].word, sentence, next };
}

const nothing: WhyAnswer = {
  hub: "",
  finding: "no-run-yet",
  letter: "E",
  need: "unknown",
  sentence: "Nothing is known of them.",
  next: "Ask again after the next run.",
};

const sentences = {
  name: "Several people of the sheet have that name",
  address: "Several people of the sheet have that address",
  line: "The line names several people",
};
