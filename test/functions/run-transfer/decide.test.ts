// Tests of what a transfer would do, by table: what it copies, what it leaves, and what is refused whole.
import { describe, expect, test } from "@jest/globals";
import { decide } from "../../../functions/run-transfer/decide.ts";
import { requestOf } from "../../../functions/run-transfer/request.ts";
import { limitsOf } from "../../../shared/settings/limits.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { type Ends, iowa, requestFor, surveyOf } from "./samples.ts";

const settings = sampleTransfers();
const now = new Date("2026-11-21T10:00:00Z");
const object = (name: string, size = 100, md5 = "aa"): RemoteObject => ({ name, size, md5 });
const request = (from = "persistent:a") => requestOf({ from, to: "pod-inbox:a" }, settings);

type Facts = Parameters<typeof decide>[0];
const facts = async (
  { source = [object("one"), object("two")], ...ends }: Partial<Ends> = {},
  of: Partial<Facts> = {},
  on = settings,
): Promise<Facts> => ({
  hub: "sample",
  id: "t1",
  request: request(),
  transfer: undefined,
  survey: await surveyOf({ source, ...ends }, { of: on }),
  now,
  limits: limitsOf(sampleSettings().hubs["sample"]),
  ...of,
});
const from = (...source: RemoteObject[]) => facts({ source });

describe("a transfer that has not begun", () => {
  test("is one action that says from where to where and how much, and what it costs at most", async () => {
    const { plan, draft } = decide(await facts({ target: [object("two")] }), settings);
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
        sha256: draft?.transfer.sha256,
      },
    ]);
    expect([plan.held, plan.refused, plan.cost?.bytes]).toEqual([[], [], 100]);
    expect(plan.cost?.dollars).toBe(draft?.transfer.dollars);
    expect(draft?.transfer).toMatchObject({
      ...{ state: "planned", hash: plan.hash, objects: 2, already: 1 },
      lists: [{ n: 0, objects: 1, bytes: 100, copy: { lines: 1 } }],
    });
  });

  test("names what it leaves: names that cannot be copied, and what has another content at the target", async () => {
    const long = "x".repeat(1100);
    const source = [object("one"), object(long), object("two"), object("folder/", 0)];
    const { plan } = decide(await facts({ source, target: [object("two", 100, "bb")] }), settings);
    expect(plan.refused).toEqual([
      { about: long, why: "the target cannot hold an object of this name: it is not copied" },
      { about: "two", why: "another content lies at the target: it is left alone" },
    ]);
    // A folder's mark is an object, which has no bytes.
    expect(plan.actions).toMatchObject([{ objects: 2, bytes: 100 }]);
  });

  test("has a machine compare by reading what no listing proves, and says how much that is", async () => {
    const source = [object("one"), object("two", 50)];
    const { draft } = decide(await facts({ source, target: [{ name: "two", size: 50 }] }), settings);
    expect(draft?.transfer).toMatchObject({
      said: "1 object (100 B) to copy, 1 of the same size to compare by reading, with 1 machine: at most $0.0060, in 1 to 4 minutes",
      already: 0,
      lists: [{ objects: 2, bytes: 150, copyBytes: 100, left: { objects: 2, bytes: 150, copyBytes: 100 } }],
    });
    expect(decide(await facts(), settings).draft?.transfer.said).toBe(
      "2 objects (200 B) to copy with 1 machine: at most $0.0060, in 1 to 4 minutes",
    );
  });

  test("names what stays behind beside the bytes, kind by kind, with some that have it", async () => {
    const beside = ["hold or retention"] as const;
    const source = [object("one"), object("two"), object("three")].map((one) =>
      one.name === "three" ? { ...one, beside: [] } : { ...one, beside },
    );
    const { plan, draft } = decide(await facts({ source }), settings);
    expect(plan.refused).toEqual([
      {
        about: "hold or retention",
        why: "2 objects of 3 that were looked at have one, such as one, two: it stays behind, and the bytes are copied",
      },
    ]);
    expect([plan.actions.length, draft?.transfer.leftBehind?.looked]).toEqual([1, 3]);
  });

  test("has figures: what is copied, what is there, dollars by kind, hours, and what is to be known besides", async () => {
    const cold = { ...object("one", 2 ** 30), storageClass: "nearline" as const };
    const source = [cold, object("two", 5), object("three"), object("x".repeat(1100))];
    const target = [object("three"), object("two", 5, "bb")];
    const between = requestFor({ from: "persistent:a", to: "scratch:a" });
    const circumstances = { source: { name: "EU", regions: [] }, target: iowa, earlier: [] };
    const survey = await surveyOf({ source, target }, { request: between, circumstances });
    const { plan, draft } = decide(await facts({}, { request: between, survey }), settings);
    expect(draft?.transfer.figures).toEqual({
      ...{ objects: 1, bytes: 2 ** 30, already: 1, compared: 0, differ: 1, notCarried: 1 },
      // Two reads, three listings, a look that costs nothing, a write, and three listings.
      requests: 2 + 3 + 1 + 1 + 3,
      dollars: {
        ...{ egress: expect.closeTo(0.05, 9), retrieval: expect.closeTo(0.01, 9) },
        // In two regions listings cost twice as much; a Nearline read costs 0.001 of a thousand.
        operations: expect.closeTo((2 * 0.001 + 3 * 2 * 0.005 + 4 * 0.005) / 1000, 12),
        // 190 s to begin, 7.67 s for the bytes, and 4 requests of 0.05 s.
        machines: expect.closeTo((197.87 / 3600) * 0.113, 6),
      },
      ...{ pricesOf: "2026-11-01", machines: 1, earlier: 0, work: { bytes: 2 ** 30, turns: 1 } },
      slowest: { bytesPerSecond: 140e6, turnSeconds: 0.2 },
      hours: [expect.closeTo(63.227 / 3600, 6), expect.closeTo(197.87 / 3600, 6)],
      notes: [
        "1 object (1.07 GB) of the source is in Nearline storage: every byte that is read from it costs.",
        expect.stringMatching(/^Google's own Storage Transfer Service .* takes nothing for itself/),
      ],
    });
    expect(plan.cost?.figures).toEqual(draft?.transfer.figures);
  });

  test("tells of objects that nobody can read, of a target that is paid for long, and of old prices", async () => {
    const source = [{ ...object("one"), storageClass: "deep archive" as const }];
    const target = [{ ...object("about"), storageClass: "archive" as const }];
    const between = requestFor({ from: "pod-inbox:a", to: "scratch:a" });
    const survey = await surveyOf({ source, target }, { request: between });
    const later = new Date("2027-11-21T10:00:00Z");
    const { draft } = decide(await facts({}, { request: between, survey, now: later }), settings);
    expect(draft?.transfer.figures?.notes).toEqual([
      "1 object of the source is in the class deep archive: nobody can read it until the owner has restored it.",
      "The target keeps its objects in Archive storage: each is paid for 365 days at least, however soon it is deleted.",
      "The prices in the settings are of 2026-11-01: look them up again.",
    ]);
  });

  test("takes no machine where everything is there already", async () => {
    const { draft } = decide(await facts({ source: [object("one")], target: [object("one")] }), settings);
    expect([draft?.transfer.lists, draft?.transfer.shards]).toEqual([[], []]);
  });

  test("has an id that fits into the name of its last machine", async () => {
    const many = { ...settings, gigabytesPerMachine: 1, limits: { ...settings.limits, machines: 11 } };
    const of = async (count: number): Promise<Facts> => {
      const source = Array.from({ length: count }, (_, n) => object(`${n}`, 1e9));
      return facts({ source }, { id: "x".repeat(45) }, many);
    };
    expect(decide(await of(10), many).draft?.transfer.shards).toHaveLength(10);
    expect(decide(await of(11), many).plan.refused).toMatchObject([
      { why: expect.stringMatching(/^its id is too long/) },
    ]);
  });

  test("has another hash when it copies something else, and the same whenever it is planned", async () => {
    const hashOf = (of: Facts) => decide(of, settings).plan.hash;
    expect(hashOf(await facts())).toBe(hashOf(await facts({}, { now: new Date("2027-01-01T00:00:00Z") })));
    const others = [
      await facts({}, { id: "t2" }),
      await from(object("one")),
      await facts({}, { request: request("scratch:a") }),
      // As many objects and bytes, of another content.
      await from(object("one"), object("two", 100, "cc")),
    ];
    expect(new Set([await facts(), ...others].map(hashOf)).size).toBe(5);
  });

  test.each<[string, () => Promise<Facts>, RegExp]>([
    ["an empty source", () => from(), /^the source is empty/],
    ["more bytes than the limit", () => from(object("one", 51e9)), /the limit is 50 GB$/],
    ["a name too long for machines", () => facts({}, { id: "x".repeat(60) }), /^its id is too long/],
    [
      "a request that was refused",
      () => facts({}, { request: request("nobody:a") }),
      /^the source names no remote/,
    ],
    [
      "an object that fits into no memory",
      async () => {
        const { survey, ...rest } = await facts();
        return survey === undefined ? rest : { ...rest, survey: { ...survey, tooLarge: true } };
      },
      /^its largest object does not fit/,
    ],
  ])("is refused whole: %s", async (_, given, why) => {
    const of = await given();
    const { plan, draft } = decide(of, settings);
    expect([plan.actions, draft]).toEqual([[], undefined]);
    expect(plan.refused).toEqual([{ about: of.id, why: expect.stringMatching(why) }]);
  });
});

test("a transfer that runs goes on by the plan that it began with; one that has ended has nothing to do", async () => {
  const { plan, draft } = decide(await facts(), settings);
  if (draft === undefined) throw new Error("nothing was drafted");
  const { survey: _, ...begun } = await facts({}, { transfer: { ...draft.transfer, state: "running" } });
  expect(decide(begun, settings)).toEqual({ plan });
  const { plan: after } = decide({ ...begun, transfer: { ...draft.transfer, state: "failed" } }, settings);
  expect([after.actions, after.refused]).toEqual([[], []]);
});
