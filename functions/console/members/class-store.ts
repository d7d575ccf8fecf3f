// Classes as people see them: giving a list, correcting it, calling a class off, and a light for each person. The console writes down
// what a person asks for, and wakes the members' flow.
import { dayIn } from "../../../shared/clock.ts";
import type { ClassLine, ClassRequest, ClassView } from "../../../shared/members/class-answers.ts";
import { absentOf } from "../../../shared/members/class-lights.ts";
import { linesOfClass } from "../../../shared/members/class-people.ts";
import {
  type ClassRecord,
  classesOf,
  classTitle,
  dayAfter,
  daysListedAfter,
  keepClass,
  mostDaysAhead,
  mostInClass,
  mostInLine,
} from "../../../shared/members/classes.ts";
import type { Looked } from "../../../shared/members/who-answers.ts";
import type { Hub } from "../../../shared/settings.ts";
import type { ConsoleContext } from "../context.ts";
import { isOff, type Refusal, refuse } from "../http/refusal.ts";
import { classView } from "./class-view.ts";
import { lookFor, type WhyDeps } from "./why.ts";

type Deps = WhyDeps & Pick<ConsoleContext, "ledger" | "publish" | "now">;
type Named = { hub: string; on: string; name: string };

/** Lists the classes of each hub that stand, or are over since a month at most; nearest first, the next ones before those. */
export async function allClasses(deps: Deps): Promise<ClassLine[]> {
  const hubs = Object.entries(deps.settings.hubs).filter(([, hub]) => hub.members !== undefined);
  const found = await Promise.all(hubs.map(([name, hub]) => viewsOf(name, hub, deps)));
  const lines = found.flat().map(({ lines: _, remarks: __, asOf: ___, ...line }) => line);
  const isOver = ({ hub, on }: ClassLine): boolean => on < todayAt(deps.settings.hubs[hub], deps);
  const sorted = lines.sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
  return [...sorted.filter((line) => !isOver(line)), ...sorted.filter(isOver).reverse()];
}

/** Gives a class with a light for each person. */
export async function oneClass({ hub: name, ...of }: Named, deps: Deps): Promise<ClassView | Refusal> {
  const hub = Object.hasOwn(deps.settings.hubs, name) ? deps.settings.hubs[name] : undefined;
  if (hub === undefined) return noClass;
  const views = await viewsOf(name, hub, deps, of);
  return views[0] ?? noClass;
}

async function viewsOf(
  hubName: string,
  hub: Hub,
  deps: Deps,
  only?: Omit<Named, "hub">,
): Promise<ClassView[]> {
  const today = todayAt(hub, deps);
  const span = { from: dayAfter(today, -daysListedAfter), to: dayAfter(today, mostDaysAhead) };
  const others = await classesOf(deps.ledger, hubName, span);
  const meant = others.filter(({ on, name }) => only === undefined || (on === only.on && name === only.name));
  if (meant.length === 0) return [];
  const lines = (at: Looked): string[] => meant.flatMap((record) => absentOf(record, at));
  const looked = await lookFor(lines, { name: hubName, hub }, deps);
  return meant.map((record) => classView(record, { looked, others, today }));
}

const todayAt = (hub: Hub | undefined, { now }: Pick<Deps, "now">): string =>
  dayIn(hub?.timeZone ?? "UTC", now());

/** Keeps a class, or a corrected list of one. The same list again changes nothing. */
export async function giveClass(
  hubName: string,
  { on, name, list }: ClassRequest,
  by: string,
  deps: Deps,
): Promise<{ said: string; view: ClassView } | Refusal> {
  const hub = Object.hasOwn(deps.settings.hubs, hubName) ? deps.settings.hubs[hubName] : undefined;
  if (hub?.members === undefined)
    return refuse(404, what, "the settings know no such hub with members", "name a hub that has them");
  if (deps.settings.flows["sync-members"] === "off") return isOff({ what, flow: "sync-members" });
  const people = linesOfClass(list);
  const wrong = wrongDay(on, todayAt(hub, deps)) ?? wrongList(list, people);
  if (wrong !== undefined) return wrong;
  const before = await keptAs({ hub: hubName, on, name }, deps);
  const record: ClassRecord = { v: 1, hub: hubName, on, name, people, by, at: deps.now().toISOString() };
  const isSame = before !== undefined && JSON.stringify(before.people) === JSON.stringify(people);
  if (!isSame) {
    if ((await keepClass(deps.ledger, record)) === "exists") return atOnce;
    await deps.publish("sheet-changed", { v: 1, hub: hubName, why: "person" });
  }
  const view = await oneClass({ hub: hubName, on, name }, deps);
  if ("refused" in view) return view;
  const did = isSame ? "is as it was" : before === undefined ? "is kept" : "has the new list now";
  return { said: `The class ${classTitle(record)} ${did}`, view };
}

/** Calls a class off: nothing is kept for it, and nobody is told of it any more. */
export async function cancelClass(
  { hub, on, name }: Named,
  by: string,
  deps: Deps,
): Promise<{ said: string } | Refusal> {
  if (!Object.hasOwn(deps.settings.hubs, hub)) return noClass;
  const before = await keptAs({ hub, on, name }, deps);
  if (before === undefined) return noClass;
  const at = deps.now().toISOString();
  if ((await keepClass(deps.ledger, { ...before, people: [], by, at, cancelled: true })) === "exists")
    return atOnce;
  await deps.publish("sheet-changed", { v: 1, hub, why: "person" });
  return { said: `The class ${classTitle(before)} is called off: nothing is kept for it any more` };
}

async function keptAs(
  { hub, on, name }: Named,
  { ledger }: Pick<Deps, "ledger">,
): Promise<ClassRecord | undefined> {
  const ofDay = await classesOf(ledger, hub, { from: on, to: on });
  return ofDay.find((one) => one.name === name);
}

const what = "the class was not kept";

function wrongDay(on: string, today: string): Refusal | undefined {
  if (on < today) return refuse(422, what, `${on} is over: today is ${today}`, "give a day to come");
  const last = dayAfter(today, mostDaysAhead);
  if (on > last)
    return refuse(
      422,
      what,
      `${on} is more than ${mostDaysAhead} days ahead`,
      `look whether the year is right; the last day is ${last}`,
    );
  return undefined;
}

function wrongList(list: string, people: readonly string[]): Refusal | undefined {
  // A spreadsheet's own file is a ZIP archive, whatever it is read as.
  if (list.includes("\0") || list.startsWith("PK\u0003\u0004"))
    return refuse(
      422,
      what,
      "the list is a spreadsheet or another program's file",
      "save it as CSV, or as text",
    );
  if (people.length === 0) return refuse(422, what, "the list names nobody", "write one person a line");
  if (people.length > mostInClass)
    return refuse(
      422,
      what,
      `the list has ${people.length} people; a class has ${mostInClass} at most`,
      "look whether it is the right list, or make two classes of it",
    );
  const long = people.findIndex((line) => line.length > mostInLine);
  if (long >= 0)
    return refuse(
      422,
      what,
      `person ${long + 1} of the list has a line of more than ${mostInLine} letters`,
      "write one person a line: a login, an address or a name",
    );
  return undefined;
}

const noClass = refuse(
  404,
  "there is no such class",
  "no class of that day and name stands: it was never given, or is called off",
  "list them: groundcrew members class",
);
const atOnce = refuse(
  409,
  "the class was left as it is",
  "somebody has changed it at the same moment",
  "look at it, and try again",
);
