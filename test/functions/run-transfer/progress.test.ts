// Surveys that take several deliveries: wherever one of them ends, or dies, the plan is that of a survey in one go, and what has been
// marked is not listed again.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { forgetProgress, openProgress } from "../../../functions/run-transfer/progress.ts";
import { type Survey, survey, type Unfinished } from "../../../functions/run-transfer/survey.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { cutTo, type ListedObject } from "../../../shared/remotes/list.ts";
import { byBytes, isWithin, type Range } from "../../../shared/remotes/names.ts";
import { rangesBetween } from "../../../shared/remotes/ranges.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { asked, objectsOf, transferHarness } from "./harness.ts";
import { request } from "./samples.ts";

let served: Awaited<ReturnType<typeof ledgerHarness>>;
let books: Ledger;
beforeAll(async () => {
  served = await ledgerHarness();
  books = await served.ledgerOf("run-transfer");
});
afterAll(() => served.close());

const settings = sampleTransfers();
const begins = new Date("2026-11-21T10:00:00Z");
const minute = 60_000;

class Death extends Error {}

type Ends = { source: readonly ListedObject[]; target: readonly RemoteObject[] };
type World = Ends & { ranges: readonly Range[]; each: number; most: { objects: number; left: number } };
/** End of a delivery: it is killed when it asks for one more page, or before or after it keeps a mark; or its time is over by then. */
type Blow = { at: number; on: "page" | "before" | "after" | "time" };

/** One delivery of a survey, which may meet a blow; `listed` is shown each name of the source that it is told. */
function delivery(
  world: World,
  { id, kept, blow, listed }: { id: string; kept: Map<string, string>; blow?: Blow; listed?: Set<string> },
) {
  let [pages, marks] = [0, 0];
  async function* pagesOf<T extends { name: string }>(
    all: readonly T[],
    { after }: Range,
  ): AsyncGenerator<T[]> {
    const found = all
      .filter(({ name }) => isWithin(name, { after }))
      .toSorted((a, b) => byBytes(a.name, b.name));
    for (let from = 0; from < found.length; from += world.each) {
      pages += 1;
      if (blow?.on === "page" && pages > blow.at) throw new Death();
      yield found.slice(from, from + world.each);
    }
  }
  const deps = {
    async *list(name: string, _remote: unknown, range: Range) {
      const isSource = name === request.from.remote;
      for await (const page of cutTo<ListedObject>(
        pagesOf(isSource ? world.source : world.target, range),
        range,
      )) {
        if (isSource) for (const one of page) listed?.add(one.name);
        yield page;
      }
    },
    ranges: async () => [...world.ranges],
    askSums: async (_: string, __: unknown, { names }: { names: readonly string[] }) =>
      new Map(names.filter((name) => name.endsWith("1")).map((name) => [name, "aa"])),
    describe: async () => [],
  };
  const looking = {
    hub: "sample",
    id,
    request: { ...request, mode: "sync" as const },
    settings,
    deps,
    most: world.most,
  };
  const keep = async (name: string, bytes: Buffer) => {
    kept.set(name, bytes.toString("latin1"));
    return "created" as const;
  };
  const ledger: Ledger = {
    ...books,
    async create(...given) {
      marks += 1;
      if (blow?.on === "before" && marks > blow.at) throw new Death();
      const created = await books.create(...given);
      if (blow?.on === "after" && marks > blow.at) throw new Death();
      return created;
    },
  };
  const now = () => new Date(begins.getTime() + (blow?.on === "time" && marks > blow.at ? 10 * minute : 0));
  return {
    whole: () => survey(looking, keep),
    async run(): Promise<Survey | Unfinished> {
      const progress = await openProgress(looking, deps.ranges, { ledger, now });
      const marked = world.ranges.map((_, n) => progress.come(n).last?.part.through);
      const surveyed = await survey(looking, keep, progress).finally(() => {
        for (const [n, { after, through }] of world.ranges.entries())
          for (const name of listed ?? [])
            if (isWithin(name, { after, through }) && marked[n] !== undefined)
              expect(isWithin(name, { after: marked[n] })).toBe(true);
      });
      return surveyed;
    },
  };
}

/** A survey without what tells how often the ends were asked. */
const planOf = ({ tally: { pages: _, there: __, ...tally }, ...found }: Survey) => ({ ...found, tally });

const name = fc
  .tuple(fc.constantFrom("a/", "b/", "c/", "c/d/"), fc.integer({ min: 0, max: 40 }))
  .map(([folder, n]) => `${folder}${n}`);
const worlds = fc
  .record({
    drawn: fc.uniqueArray(
      fc.record({ name, is: fc.constantFrom("missing", "same", "other", "unsure", "theirs") }),
      { selector: (one) => one.name, minLength: 1, maxLength: 60 },
    ),
    each: fc.integer({ min: 1, max: 7 }),
    most: fc.record({ objects: fc.integer({ min: 1, max: 9 }), left: fc.integer({ min: 1, max: 5 }) }),
    ranges: fc.constantFrom([{}], rangesBetween(["a/", "b/", "c/"])),
  })
  .map(({ drawn, ...world }): World => {
    const object = (one: string, sums: Partial<RemoteObject> = { md5: "aa" }): RemoteObject => ({
      ...{ name: one, size: 100 },
      ...sums,
    });
    const of = (...kinds: string[]) => drawn.filter(({ is }) => kinds.includes(is));
    return {
      ...world,
      source: of("missing", "same", "other", "unsure").map((one) => object(one.name)),
      target: of("same", "other", "unsure", "theirs").map((one) =>
        object(one.name, one.is === "other" ? { md5: "bb" } : one.is === "unsure" ? {} : { md5: "aa" }),
      ),
    };
  });
const blows = fc.array(
  fc.record({
    at: fc.integer({ min: 0, max: 6 }),
    on: fc.constantFrom<Blow["on"]>("page", "before", "after", "time"),
  }),
  { maxLength: 6 },
);

let transfers = 0;
const nextId = (): string => {
  transfers += 1;
  return `t${transfers}`;
};

/** A delivery comes again after every failure but those that would be lasting. */
const again = (error: unknown): Unfinished => {
  if (error instanceof Death || (error instanceof Error && error.name === "Transient")) return { listed: 0 };
  throw error;
};
const mostDeliveries = 20;

test("wherever its deliveries end or die, a survey comes to the plan of one go, file by file, and lists nothing again that it has marked", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, blows, async (world, all) => {
      const id = nextId();
      const [once, cut] = [new Map<string, string>(), new Map<string, string>()];
      const whole = await delivery(world, { id, kept: once }).whole();
      let found: Survey | Unfinished = { listed: 0 };
      for (let n = 0; n < mostDeliveries && !("parts" in found); n += 1) {
        const blow = all[n];
        const given = { id, kept: cut, listed: new Set<string>(), ...(blow && { blow }) };
        found = await delivery(world, given).run().catch(again);
      }
      expect("parts" in found && planOf(found)).toEqual(planOf(whole));
      expect(cut).toEqual(once);
    }),
    { numRuns: 60 },
  );
});

test("in whatever pages the ends come, the plan is the same", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, fc.integer({ min: 1, max: 9 }), async (world, each) => {
      const [one, other] = [new Map<string, string>(), new Map<string, string>()];
      const a = await delivery(world, { id: "t", kept: one }).whole();
      const b = await delivery({ ...world, each }, { id: "t", kept: other }).whole();
      expect(planOf(b)).toEqual(planOf(a));
      expect(other).toEqual(one);
    }),
    { numRuns: 60 },
  );
});

test("of two deliveries at once one goes on, and the other leaves it to that one: the plan is that of one go", async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      const id = nextId();
      const [once, kept] = [new Map<string, string>(), new Map<string, string>()];
      const whole = await delivery(world, { id, kept: once }).whole();
      const both = [delivery(world, { id, kept }), delivery(world, { id, kept })];
      await Promise.all(both.map((one) => one.run().catch(again)));
      let found: Survey | Unfinished = { listed: 0 };
      for (let n = 0; n < mostDeliveries && !("parts" in found); n += 1)
        found = await delivery(world, { id, kept }).run().catch(again);
      expect("parts" in found && planOf(found)).toEqual(planOf(whole));
      expect(kept).toEqual(once);
    }),
    { numRuns: 20 },
  );
});

test("a delivery whose time is over asks for the next one, which lists the rest and begins", async () => {
  const source = objectsOf(10_100);
  const isMark = (record: unknown) => record instanceof Object && "looked" in record;
  const cut: Awaited<ReturnType<typeof transferHarness>> = await transferHarness({
    source,
    struck:
      (call) =>
      async (...given) => {
        if (isMark(given[1])) await cut.moveBy(7 * minute);
        return call(...given);
      },
  });
  try {
    const first = await cut.deliver(asked);
    expect(first).toMatchObject({ outcome: "done", title: "transfer t1: 10,000 objects listed so far" });
    expect(await cut.state()).toBeUndefined();
    expect(await cut.jsonOf("head/continue/run-transfer/sample/t1.json")).toMatchObject({
      topic: "transfer-request",
      payload: { hub: "sample", id: "t1", why: "continue" },
    });
    await cut.deliver({ ...asked, why: "continue" });
    const begun = await cut.state();
    expect([begun?.state, begun?.parts?.map(({ objects }) => objects)]).toEqual(["running", [10_000, 100]]);
  } finally {
    await cut.close();
  }
});

test("a survey of the day before, of other settings, or of a transfer that did not begin is begun anew", async () => {
  const id = nextId();
  const world = { source: [], target: [], ranges: [{}], each: 1, most: { objects: 1, left: 1 } };
  const object = { name: "a", size: 100, md5: "aa" };
  await delivery({ ...world, source: [object] }, { id, kept: new Map() }).run();
  const partsOf = async (hours: number, of = settings) => {
    const looking = { hub: "sample", id, request: { ...request, mode: "sync" as const }, settings: of };
    const now = () => new Date(begins.getTime() + hours * 60 * minute);
    const progress = await openProgress(looking, async () => [{}], { ledger: books, now });
    return progress.come(0).closed.length;
  };
  expect(await partsOf(23)).toBe(1);
  expect(await partsOf(24)).toBe(0);
  await forgetProgress(books, "sample", id);
  expect(await partsOf(0.1)).toBe(0);
  expect(await partsOf(0.1, { ...settings, gigabytesPerMachine: 1 })).toBe(0);
});
