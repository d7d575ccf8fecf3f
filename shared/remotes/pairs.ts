// Joins two listings, page by page, by the names of their objects: of a million objects at each end only some pages are held.
import { Permanent } from "../errors.ts";
import type { RemoteObject } from "../transfers/records.ts";
import type { ListedObject } from "./list.ts";
import { byBytes, inBytesOrder } from "./names.ts";

/** An object that is to be at the target, and what is there under its name. */
export type Pair<T = ListedObject> = { wanted: T; there: RemoteObject | undefined };

/** Onlookers of a join: `besides` is shown what the target alone has, and `union` every name of both, in their order. */
export type Onlookers = {
  besides?: (object: RemoteObject) => void;
  union?: (name: string) => void;
};

/**
 * Gives each object of the source with what the target has under its name. Throws Unordered where a listing has another order.
 */
export async function* pairsOf<T extends { name: string } = ListedObject>(
  source: AsyncIterable<readonly T[]>,
  target: AsyncIterable<readonly RemoteObject[]>,
  onlookers: Onlookers = {},
): AsyncGenerator<Pair<T>[]> {
  const { besides, union } = onlookers;
  const pass = (one: RemoteObject): void => {
    besides?.(one);
    union?.(one.name);
  };
  const pages = readAhead(ordered(target));
  let page: readonly RemoteObject[] | undefined = [];
  let at = 0;
  try {
    for await (const objects of readAhead(ordered(source))) {
      const pairs: Pair<T>[] = [];
      for (const wanted of objects) {
        while (page !== undefined) {
          for (let one = page[at]; one !== undefined && isBefore(one.name, wanted.name); one = page[at]) {
            pass(one);
            at += 1;
          }
          if (at < page.length) break;
          const next = await pages.next();
          page = next.done === true ? undefined : next.value;
          at = 0;
        }
        const found = page?.[at];
        const there = found?.name === wanted.name ? found : undefined;
        if (there !== undefined) at += 1;
        union?.(wanted.name);
        pairs.push({ wanted, there });
      }
      yield pairs;
    }
    // Leaves what comes after the source's last name unasked, where nobody looks on.
    if (besides === undefined && union === undefined) return;
    for (const one of page?.slice(at) ?? []) pass(one);
    for await (const rest of pages) for (const one of rest) pass(one);
  } finally {
    await pages.return(undefined);
  }
}

/** Most names are at both ends, and equal ones are told sooner than the order of others. */
const isBefore = (a: string, b: string): boolean => a !== b && byBytes(a, b) < 0;

/** Asks for the next page while the last one is worked on. */
async function* readAhead<T>(pages: AsyncGenerator<T>): AsyncGenerator<T, undefined> {
  const ask = (): Promise<IteratorResult<T>> => {
    const next = pages.next();
    // Thrown when it is waited for, and not before.
    next.catch(() => undefined);
    return next;
  };
  let next = ask();
  try {
    for (let { done, value } = await next; done !== true; { done, value } = await next) {
      next = ask();
      yield value;
    }
  } finally {
    await pages.return(undefined);
  }
  return undefined;
}

async function* ordered<T extends { name: string }>(
  pages: AsyncIterable<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  const see = inBytesOrder();
  for await (const page of pages) {
    for (const { name } of page) see(name);
    yield page;
  }
}

/** Gives what is in memory as a listing of one page. */
export async function* inOnePage<T>(objects: readonly T[]): AsyncGenerator<readonly T[]> {
  yield objects;
}

/** More than this cannot be held and put into order. */
const mostHeld = 3_000_000;
const pageObjects = 1000;

/** Puts a whole listing into the order of names. Throws where it is more than can be held. */
export async function* inOrder<T extends { name: string }>(
  pages: AsyncIterable<readonly T[]>,
): AsyncGenerator<readonly T[]> {
  const byName = new Map<string, T>();
  for await (const page of pages) {
    for (const object of page) byName.set(object.name, object);
    if (byName.size > mostHeld) throw tooMany();
  }
  const all = [...byName.values()].sort((a, b) => byBytes(a.name, b.name));
  for (let from = 0; from < all.length; from += pageObjects) yield all.slice(from, from + pageObjects);
}

const tooMany = (): Permanent =>
  new Permanent({
    what: "the objects of a bucket cannot be compared",
    why: `a store lists its objects in no order, and there are more than ${mostHeld.toLocaleString("en")}`,
    next: "ask for its folders one by one",
  });
