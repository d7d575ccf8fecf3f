// A light for each person of a class, by the answer that *Who can't log in?* gives about them. Pure.

import type { WhyAnswer } from "../../../shared/members/answers.ts";
import { type ClassPerson, type ClassView, Light } from "../../../shared/members/class-answers.ts";
import { calledOf, type Meant, peopleOfList, whoOf } from "../../../shared/members/class-people.ts";
import {
  type ClassRecord,
  classTitle,
  dayAfter,
  daysBetween,
  daysLookedAfter,
} from "../../../shared/members/classes.ts";
import { findingLooks } from "../../../shared/members/findings.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { Person } from "../../../shared/members/standing.ts";
import type { Looked } from "./look.ts";
import { answersTo } from "./why.ts";

/** Lights a class up. `others` are the hub's other classes, `today` is the day at the hub. */
export function classView(
  record: ClassRecord,
  { looked, others, today }: { looked: Looked; others: readonly ClassRecord[]; today: string },
): ClassView {
  const state = looked.state === undefined || "unreadable" in looked.state ? undefined : looked.state;
  const meant = state === undefined ? whoOf<Person>([]) : matcherOf(state);
  const lines = peopleOfList(record.people, meant).map(({ who, line, meant: one }) => {
    const lit = personOf(one, looked);
    return { who, line, called: calledOf(who, line, lit.login), ...lit };
  });
  const order = Light.options;
  lines.sort((a, b) => order.indexOf(a.light) - order.indexOf(b.light) || a.line - b.line);
  const count = (light: Light): number => lines.filter((one) => one.light === light).length;
  const { hub, on, name, by, at } = record;
  return {
    hub,
    on,
    name,
    by,
    at,
    people: lines.length,
    counts: { red: count("red"), grey: count("grey"), amber: count("amber"), green: count("green") },
    ...(state === undefined ? {} : { asOf: state.at }),
    remarks: remarksOf(record, { looked, others, today, left: lines.filter(mayNeedOne).length }),
    lines,
  };
}

/** A state stays the same object while its record does (states.ts): a page that refreshes itself reads its names once. */
const matchers = new WeakMap<MembersState, ReturnType<typeof whoOf<Person>>>();
function matcherOf(state: MembersState) {
  const known = matchers.get(state) ?? whoOf(state.people);
  matchers.set(state, known);
  return known;
}

/** Findings that say nothing of the person. */
const unknownNow: ReadonlySet<string> = new Set(["no-run-yet", "unreadable", "outage"]);
const lightOf = ({ finding, need }: WhyAnswer): Light => {
  if (unknownNow.has(finding)) return "grey";
  if (need === "fine") return "green";
  return need === "to-accept" || need === "to-wait" ? "amber" : "red";
};

type Lit = Omit<ClassPerson, "who" | "line" | "called">;

function personOf(meant: Meant<Person>, looked: Looked): Lit {
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
  const { finding, sentence, next, login } = answer ?? nothing;
  const found = login === undefined ? {} : { login };
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

/** Somebody who may still need an invitation before the day. */
const mayNeedOne = ({ light, word }: Lit): boolean =>
  light === "red" || (light === "amber" && word !== findingLooks.invited.word);

function remarksOf(
  record: ClassRecord,
  {
    looked,
    others,
    today,
    left,
  }: { looked: Looked; others: readonly ClassRecord[]; today: string; left: number },
): string[] {
  const { on, name, people } = record;
  const remarks: string[] = [];
  const begins = dayAfter(on, -daysLookedAfter);
  if (on < today) remarks.push("The class is over: nothing is kept for it.");
  else if (begins > today) remarks.push(`Invitations are kept for it from ${begins} on.`);
  if (looked.mode !== "apply")
    remarks.push(`The members flow ${looked.mode === "off" ? "is off" : "only plans"}: nobody is invited.`);
  const perDay = looked.hub.members?.invitationsPerDay ?? 0;
  const days = Math.min(daysLookedAfter, daysBetween(today, on)) + 1;
  if (on >= today && left > perDay * days)
    remarks.push(
      `${left} people may still need an invitation, and ${perDay} a day go out: not all of them are invited by the day.`,
    );
  const here = new Set(people.map((line) => line.toLowerCase()));
  for (const other of others) {
    if (other.on === on && other.name === name) continue;
    const both = other.people.filter((line) => here.has(line.toLowerCase())).length;
    if (other.on === on && both > 0)
      remarks.push(
        `${both} of its people are in the class ${classTitle(other)}, too: call that one off if this one takes its place.`,
      );
    else if (other.name === name && other.on >= today)
      remarks.push(`There is a class ${classTitle(other)}, too: call off the one that is wrong.`);
  }
  return remarks;
}
