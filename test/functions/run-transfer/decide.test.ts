// Tests of what a transfer would do, by table: what it copies, what it leaves, and what is refused whole.
import { describe, expect, test } from "@jest/globals";
import { decide } from "../../../functions/run-transfer/decide.ts";
import { requestOf } from "../../../functions/run-transfer/request.ts";
import { limitsOf } from "../../../shared/settings/limits.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { endsOf } from "./samples.ts";

const settings = sampleTransfers();
const now = new Date("2026-11-21T10:00:00Z");
const object = (name: string, size = 100, md5 = "aa"): RemoteObject => ({ name, size, md5 });
const request = (from = "persistent:a") => requestOf({ from, to: "pod-inbox:a" }, settings);

const facts = (of: Partial<Parameters<typeof decide>[0]> = {}) => ({
  hub: "sample",
  id: "t1",
  request: request(),
  transfer: undefined,
  ends: endsOf({ source: [object("one"), object("two")] }),
  now,
  limits: limitsOf(sampleSettings().hubs["sample"]),
  ...of,
});
const from = (...source: RemoteObject[]) => facts({ ends: endsOf({ source }) });

describe("a transfer that has not begun", () => {
  test("is one action that says from where to where and how much, and what it costs at most", () => {
    const { plan, draft } = decide(
      facts({
        ends: endsOf({ source: [object("one"), object("two")], target: [object("two")] }),
      }),
      settings,
    );
    expect(plan.actions).toEqual([
      {
        do: "transfer",
        about: "t1",
        why: "a person asked for it",
        from: "persistent:a",
        to: "pod-inbox:a",
        objects: 1,
        bytes: 100,
        machines: 1,
      },
    ]);
    expect([plan.held, plan.refused, plan.cost?.bytes]).toEqual([[], [], 100]);
    expect(plan.cost?.dollars).toBe(draft?.transfer.dollars);
    expect(draft?.work).toEqual([{ missing: [object("one")], unproved: [] }]);
    expect(draft?.transfer).toMatchObject({ state: "planned", hash: plan.hash, objects: 2, already: 1 });
  });

  test("names what it leaves: names that cannot be copied, and what has another content at the target", () => {
    const source = [object("one"), object("a\nb"), object("two"), object("folder/", 0)];
    const { plan } = decide(
      facts({ ends: endsOf({ source, target: [object("two", 100, "bb")] }) }),
      settings,
    );
    expect(plan.refused).toEqual([
      { about: "a\nb", why: "rclone would change or lose its name: it is not copied" },
      { about: "two", why: "another content lies at the target: it is left alone" },
    ]);
    expect(plan.actions).toMatchObject([{ objects: 1 }]);
  });

  test("holds the target against the MD5 that the source's store was asked for, and reads nothing back at the source", () => {
    const parts = { name: "one", size: 100, etag: `${"a".repeat(32)}-2` };
    const asked = { by: "asked" as const, source: new Map([["one", "aa"]]), target: new Map() };
    const { draft } = decide(facts({ ends: endsOf({ source: [parts], asked }) }), settings);
    expect(draft?.manifest).toEqual([{ ...parts, md5: "aa" }]);
    expect(draft?.work).toEqual([{ missing: [{ ...parts, md5: "aa" }], unproved: [] }]);
    const known = object("two", 100, "bb");
    const both = new Map([["two", "cc"]]);
    const other = decide(
      facts({ ends: endsOf({ source: [known], asked: { ...asked, source: both } }) }),
      settings,
    );
    expect(other.draft?.manifest).toEqual([known]);
  });

  test("has a machine compare by reading what no listing proves, and says how much that is", () => {
    const there = { name: "two", size: 50 };
    const ends = endsOf({ source: [object("one"), object("two", 50)], target: [there] });
    const { draft } = decide(facts({ ends }), settings);
    expect(draft?.work).toEqual([{ missing: [object("one")], unproved: [object("two", 50)] }]);
    expect(draft?.transfer).toMatchObject({
      said: "1 object (100 B) to copy, 1 of the same size to compare by reading, with 1 machine: at most $0.0054 and 0.1 hours",
      already: 0,
      shards: [{ objects: 2, bytes: 150, copyBytes: 100, left: { objects: 2, bytes: 150, copyBytes: 100 } }],
    });
    expect(decide(facts(), settings).draft?.transfer.said).toBe(
      "2 objects (200 B) to copy with 1 machine: at most $0.0054 and 0.1 hours",
    );
  });

  test("names what stays behind beside the bytes, kind by kind, with some that have it", () => {
    const leftBehind = {
      looked: 9,
      kinds: [{ kind: "content encoding", objects: 2, examples: ["one", "two"] }],
    };
    const ends = endsOf({ source: [object("one")], leftBehind });
    const { plan, draft } = decide(facts({ ends }), settings);
    expect(plan.refused).toEqual([
      {
        about: "content encoding",
        why: "2 objects of 9 that were looked at have one, such as one, two: it stays behind, and the bytes are copied",
      },
    ]);
    expect([plan.actions.length, draft?.transfer.leftBehind]).toEqual([1, leftBehind]);
  });

  test("takes no machine where everything is there already", () => {
    const { draft } = decide(
      facts({ ends: endsOf({ source: [object("one")], target: [object("one")] }) }),
      settings,
    );
    expect([draft?.work, draft?.transfer.shards]).toEqual([[], []]);
  });

  test("has an id that fits into the name of its last machine", () => {
    const many = { ...settings, gigabytesPerMachine: 1, limits: { ...settings.limits, machines: 11 } };
    const of = (count: number) => ({
      ...from(...Array.from({ length: count }, (_, n) => object(`${n}`, 1e9))),
      id: "x".repeat(45),
    });
    expect(decide(of(10), many).draft?.work).toHaveLength(10);
    expect(decide(of(11), many).plan.refused).toMatchObject([
      { why: expect.stringMatching(/^its id is too long/) },
    ]);
  });

  test("has another hash when it copies something else, and the same whenever it is planned", () => {
    const hashOf = (of: Parameters<typeof decide>[0]) => decide(of, settings).plan.hash;
    expect(hashOf(facts())).toBe(hashOf(facts({ now: new Date("2027-01-01T00:00:00Z") })));
    const others = [facts({ id: "t2" }), from(object("one")), facts({ request: request("scratch:a") })];
    expect(new Set([facts(), ...others].map(hashOf)).size).toBe(4);
  });

  test.each<[string, Parameters<typeof decide>[0], RegExp]>([
    ["an empty source", from(), /^the source is empty/],
    ["nothing but a folder's mark", from(object("", 0), object("a/", 0)), /^the source is empty/],
    ["more bytes than the limit", from(object("one", 51e9)), /the limit is 50 GB$/],
    ["a name too long for machines", facts({ id: "x".repeat(60) }), /^its id is too long/],
    ["a request that was refused", facts({ request: request("nobody:a") }), /^the source names no remote/],
  ])("is refused whole: %s", (_, of, why) => {
    const { plan, draft } = decide(of, settings);
    expect([plan.actions, draft]).toEqual([[], undefined]);
    expect(plan.refused).toEqual([{ about: of.id, why: expect.stringMatching(why) }]);
  });
});

test("a transfer that runs goes on by the plan that it began with; one that has ended has nothing to do", () => {
  const { plan, draft } = decide(facts(), settings);
  if (draft === undefined) throw new Error("nothing was drafted");
  const { ends: _, ...begun } = facts({ transfer: { ...draft.transfer, state: "running" } });
  expect(decide(begun, settings)).toEqual({ plan });
  const { plan: after } = decide({ ...begun, transfer: { ...draft.transfer, state: "failed" } }, settings);
  expect([after.actions, after.refused]).toEqual([[], []]);
});
