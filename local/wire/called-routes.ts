// Record of the far ends of this process: what they offer, what was asked of them, and what they found against their vendors'
// descriptions. Tests read it: a violation that nobody expects fails the test in which it happens.

const lists: string[][] = [];
const offered = new Set<string>();
const called = new Set<string>();

/** A far end's list of what broke its vendor's description, in sentences; every list is looked at after each test. */
export function violationList(): string[] {
  const list: string[] = [];
  lists.push(list);
  return list;
}

/** All that was found and not yet taken; it is gone from the lists then. A test that breaks a rule on purpose takes it. */
export const takeViolations = (): string[] => lists.flatMap((list) => list.splice(0));

/** A far end says which routes it has. */
export function offer(farEnd: string, routes: Iterable<string>): void {
  for (const route of routes) offered.add(`${farEnd} ${route}`);
}

/** A far end says that one of its routes was called. */
export function noteCall(farEnd: string, route: string): void {
  called.add(`${farEnd} ${route}`);
}

/** Every route that a far end of this process has had, and those that were called. */
export const routes = (): { offered: ReadonlySet<string>; called: ReadonlySet<string> } => ({
  offered,
  called,
});
