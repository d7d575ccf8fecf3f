// A class as people see it: a light for each person, how many there are of each, and what is to be said of it as a whole. Pure.

import { type ClassPerson, type ClassView, Light } from "../../../shared/members/class-answers.ts";
import { lightsOf } from "../../../shared/members/class-lights.ts";
import {
  type ClassRecord,
  classTitle,
  dayAfter,
  daysBetween,
  daysLookedAfter,
} from "../../../shared/members/classes.ts";
import { findingLooks } from "../../../shared/members/findings.ts";
import type { Looked } from "../../../shared/members/who-answers.ts";

/** Lights a class up. `others` are the hub's other classes, `today` is the day at the hub. */
export function classView(
  record: ClassRecord,
  { looked, others, today }: { looked: Looked; others: readonly ClassRecord[]; today: string },
): ClassView {
  const state = looked.state === undefined || "unreadable" in looked.state ? undefined : looked.state;
  const lines = lightsOf(record, looked);
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

/** Somebody who may still need an invitation before the day. */
const mayNeedOne = ({ light, word }: ClassPerson): boolean =>
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
