// Keeps invitations for classes: from a week before a class's day, as many of a day's as its people still need, the nearest class
// first. What decides is pure.
import { loginForm } from "../../shared/github/login-form.ts";
import { whoOf } from "../../shared/members/class-people.ts";
import {
  type ClassRecord,
  classesOf,
  classTitle,
  dayAfter,
  daysLookedAfter,
} from "../../shared/members/classes.ts";
import { peopleIndex } from "../../shared/members/people-index.ts";
import type { Facts } from "./facts.ts";
import { invited, lower } from "./names.ts";

/** Need of a class: whom of its people an invitation waits for, and how many more have no good row yet and may get one today. */
export type Need = { title: string; logins: ReadonlySet<string>; absent: number };

/** Reads the classes of a hub that are looked after on a day. */
export const classesNear = (ledger: Parameters<typeof classesOf>[0], hub: string, today: string) =>
  classesOf(ledger, hub, { from: today, to: dayAfter(today, daysLookedAfter) });

/** Says whether a class is looked after on a day at the hub. */
export const isLookedAfter = ({ on }: Pick<ClassRecord, "on">, today: string): boolean =>
  today <= on && on <= dayAfter(today, daysLookedAfter);

/**
 * Gives what each class needs, the nearest first. `waiting` are the lower-case logins that an invitation could go to now; whoever
 * is in, is invited, or may not be asked, needs none.
 */
export function needsOf(
  {
    classes = [],
    rows,
    github,
    accounts,
    today,
  }: Pick<Facts, "classes" | "rows" | "github" | "accounts" | "today">,
  waiting: ReadonlySet<string>,
): Need[] {
  const near = classes.filter((one) => isLookedAfter(one, today)).sort((a, b) => (key(a) < key(b) ? -1 : 1));
  if (near.length === 0) return [];
  const meant = whoOf(peopleIndex(rows));
  const inside = new Set(
    [...Object.values(github.teams).flatMap(({ members }) => members), ...invited(github)].map(({ login }) =>
      lower(login),
    ),
  );
  const counted = new Set<string>();
  const isNew = (name: string): boolean => !counted.has(name) && counted.add(name) !== undefined;
  return near.map((one) => {
    const logins = new Set<string>();
    let absent = 0;
    for (const line of one.people) {
      const who = meant(line);
      if (who.is === "several") continue;
      const name = lower(who.is === "one" ? who.person.login : who.ask);
      if (!isNew(name)) continue;
      if (waiting.has(name)) logins.add(name);
      else if (who.is === "nobody" ? !inside.has(name) : needsCorrection(name, accounts)) absent += 1;
    }
    return { title: classTitle(one), logins, absent };
  });
}

const key = ({ on, name }: ClassRecord): string => `${on} ${name}`;

/** A row whose login is no person's: once it is corrected it needs an invitation. */
function needsCorrection(name: string, accounts: Facts["accounts"]): boolean {
  const account = loginForm.test(name) ? accounts.get(name) : undefined;
  return account === "not-found" || (account !== undefined && account.type !== "User");
}

/**
 * Gives out the invitations that the day has left. Whoever is of a class comes first, the nearest first; what a class needs beyond
 * them is kept; all others share the rest in their order. `keptBack` are those who would have had one, with the class that has it.
 */
export function inTurn<C extends { name: string }>(
  candidates: readonly C[],
  needs: readonly Need[],
  budget: number,
): { go: C[]; wait: C[]; keptBack: Map<string, string> } {
  const go: C[] = [];
  let left = Math.max(0, budget);
  let latest = "";
  const take = (from: readonly C[]): void => {
    const taken = from.slice(0, left);
    go.push(...taken);
    left -= taken.length;
  };
  for (const { title, logins, absent } of needs) {
    if (left > 0 && logins.size + absent > 0) latest = title;
    take(candidates.filter(({ name }) => logins.has(name)));
    left -= Math.min(left, absent);
  }
  const ofClass = new Set(needs.flatMap(({ logins }) => [...logins]));
  take(candidates.filter(({ name }) => !ofClass.has(name)));
  const going = new Set(go.map(({ name }) => name));
  const wait = candidates.filter(({ name }) => !going.has(name));
  const unasked = candidates.slice(0, Math.max(0, budget)).filter(({ name }) => !going.has(name));
  return { go, wait, keptBack: new Map(unasked.map(({ name }) => [name, latest])) };
}
