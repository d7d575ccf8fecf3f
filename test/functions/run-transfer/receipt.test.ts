// Receipts of transfers: each says what came of one by what lies at the target, whatever machines have said.
import { describe, expect, test } from "@jest/globals";
import { addedUp, countsOf } from "../../../functions/run-transfer/check.ts";
import { compare, settled } from "../../../functions/run-transfer/compare.ts";
import type { Planned } from "../../../functions/run-transfer/manifest.ts";
import { receiptOf } from "../../../functions/run-transfer/receipt.ts";
import type { SincePlan } from "../../../functions/run-transfer/since.ts";
import type { Evidence } from "../../../shared/transfers/proof.ts";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { noneSince, request, shard, transfer as transferOf } from "./samples.ts";

const startedAt = "2026-11-21T10:00:00.000Z";
const transfer = transferOf(
  [shard({ preemptions: 2, errors: 1 }), shard({ n: 1, preemptions: 1, errors: 3 })],
  {
    from: "a:x",
    to: "b:x",
    sha256: "feed",
    objects: 2,
    bytes: 4,
    machines: 5,
    machineSeconds: 5400,
    startedAt,
  },
);

const dollars = { egress: 1, retrieval: 0.5, operations: 0.25, machines: 0.125 };
const object = (name: string, md5?: string, size = 2): RemoteObject => ({
  name,
  size,
  ...(md5 === undefined ? {} : { md5 }),
});
const manifest = [object("one", "aa"), object("two", "bb")];
type Of = Partial<Omit<Parameters<typeof receiptOf>[0], "checked">> & {
  manifest?: RemoteObject[];
  target?: RemoteObject[];
  evidence?: Evidence[];
  /** Names that were to be copied. */
  toCopy?: ReadonlySet<string>;
  unmovable?: string[];
  /** Done at the source since the plan. */
  since?: Partial<SincePlan>;
};

/** Counts two parts: one of each object, and one of what cannot be copied. */
function checkedOf({ manifest: wanted = manifest, target = manifest, evidence = [], since, ...of }: Of) {
  const { toCopy = new Set(wanted.map(({ name }) => name)), unmovable = [] } = of;
  const planned = wanted.map((one): Planned => ({ ...one, was: toCopy.has(one.name) ? "missing" : "same" }));
  const pairs = wanted.map((one) => ({ wanted: one, there: target.find(({ name }) => name === one.name) }));
  const odd = unmovable.map((name): Planned => ({ name, size: 1, was: "unmovable" }));
  const brought = { copied: new Set<string>(), left: new Map() };
  const none = { deleted: [], kept: [] };
  const [found, unfit] = [settled(compare(pairs), evidence), compare([])];
  return addedUp([
    countsOf(planned, { compared: { ...found, ...none }, brought, since: { ...noneSince, ...since } }),
    countsOf(odd, { compared: { ...unfit, ...none }, brought, since: noneSince }),
  ]);
}
const written = (of: Of = {}) =>
  receiptOf({
    ...{ transfer, reports: [], as: "verify", dollars, checked: checkedOf(of) },
    ...{
      now: new Date("2026-11-21T11:00:00Z"),
      interop: false,
      uploads: { ended: 0, left: 0 },
      request,
      whole: [],
    },
    ...of,
  });

describe("how it ended", () => {
  const gone = [{ v: 1, state: "failed", why: "keys-missing" }] as const;
  const noKeys = "because its machines found no keys for a remote";
  const cases: [string, Of, string, string][] = [
    ["everything is there", {}, "done", "done: 2 objects copied"],
    [
      "one has another content",
      { target: [object("one", "aa"), object("two", "cc")], toCopy: new Set(["one"]) },
      "incomplete",
      "not complete: 1 object copied, 1 object of another content left alone",
    ],
    [
      "one has another size",
      { target: [object("one", "aa"), object("two", "bb", 3)] },
      "incomplete",
      "not complete: 1 object copied, 1 object copied and not as at the source",
    ],
    [
      "one has a name that cannot be copied",
      { unmovable: ["a\nline"] },
      "incomplete",
      "not complete: 2 objects copied, 1 object of a name that cannot be copied",
    ],
    [
      "one is not there",
      { target: [object("one", "aa")], reports: gone },
      "failed",
      `failed, ${noKeys}: 1 object copied, 1 object not there`,
    ],
    [
      "one is not there and one has another content",
      { target: [object("two", "cc")], toCopy: new Set(["one"]) },
      "failed",
      "failed: 0 objects copied, 1 object not there, 1 object of another content left alone",
    ],
    ["machines gave up and all is there", { reports: gone }, "done", "done: 2 objects copied"],
    ["a person cancelled it", { as: "cancelled" }, "cancelled", "cancelled: 2 objects copied"],
    [
      "it was stopped",
      { as: "failed", reports: gone, transfer: { ...transfer, stopping: "it costs too much" } },
      "failed",
      "failed, because it costs too much: 2 objects copied",
    ],
    [
      "some was there before",
      { toCopy: new Set(["two"]) },
      "done",
      "done: 1 object copied, 1 object there already",
    ],
    [
      "the target's store knows no MD5 of one that was copied, and of one that was there",
      { target: [object("one"), object("two")], toCopy: new Set(["two"]) },
      "incomplete",
      "not complete: 0 objects copied, 1 object copied, not proved, 1 object there already, not proved",
    ],
    [
      "that MD5 was asked for, and one was read back",
      {
        target: [object("one"), object("two")],
        evidence: [
          { by: "asked", source: new Map(), target: new Map([["one", "aa"]]) },
          { by: "read", source: new Map(), target: new Map([["two", "bb"]]) },
        ],
      },
      "done",
      "done: 2 objects copied",
    ],
    [
      "what was there is proved to be the same by being read back",
      {
        target: [object("one", "aa"), object("two")],
        toCopy: new Set(["one"]),
        evidence: [{ by: "read", source: new Map(), target: new Map([["two", "bb"]]) }],
      },
      "done",
      "done: 1 object copied, 1 object there already",
    ],
    [
      "what was read back is something else",
      {
        target: [object("one", "aa"), object("two")],
        evidence: [{ by: "read", source: new Map(), target: new Map([["two", "cc"]]) }],
      },
      "incomplete",
      "not complete: 1 object copied, 1 object copied and not as at the source",
    ],
    [
      "one that is not there was deleted at the source",
      { target: [object("one", "aa")], since: { deleted: new Set(["two"]) } },
      "incomplete",
      "not complete: 1 object copied, 1 object deleted at the source since the plan",
    ],
    [
      "one is not there and one is another, and both were changed at the source",
      { target: [object("one", "cc")], since: { changed: new Set(["one", "two"]) } },
      "incomplete",
      "not complete: 0 objects copied, 2 objects changed at the source since the plan",
    ],
    [
      "what was done at the source has come after the copy",
      { since: { deleted: new Set(["one"]), changed: new Set(["two"]) } },
      "done",
      "done: 2 objects copied",
    ],
    [
      "nothing is there, and the source cannot be looked at",
      { target: [], since: { unseen: "the bucket is not there" } },
      "failed",
      "failed, because the source cannot be listed any more: the bucket is not there: 0 objects copied, 2 objects not there",
    ],
    [
      "the source cannot be looked at, and all is there",
      { since: { unseen: "the bucket is not there" } },
      "done",
      "done: 2 objects copied",
    ],
  ];
  test.each(cases)("%s", (_, of, state, said) => {
    expect(written(of)).toMatchObject({ state, said });
  });
});

test("counts what was made, lost and spent, and names each version of rclone once", () => {
  const report = { v: 1, state: "done", rclone: "1.68" } as const;
  expect(written({ reports: [report, report, { v: 1, state: "done" }] })).toEqual({
    ...{ v: 1, id: "t1", from: "a:x", to: "b:x", state: "done", said: "done: 2 objects copied", objects: 2 },
    ...{ bytes: 4, copied: 2, already: 0, missing: 0, manifestSha256: "feed" },
    verified: { md5: 2, asked: 0, read: 0, size: 0 },
    ...{ rclone: ["1.68"], machines: 5, preemptions: 3, errors: 4 },
    ...{ machineHours: 1.5, dollars: 1.875, dollarsFor: dollars, startedAt },
    endedAt: "2026-11-21T11:00:00.000Z",
    ...{
      notThere: [],
      conflicts: [],
      changed: [],
      unproved: [],
      unmovable: [],
      uploadsEnded: 0,
      uploadsLeft: 0,
      whole: [],
    },
    target: { ...request.to.store, path: "a" },
    others: { changed: 0, conflicts: 0, unmovable: 0 },
  });
});

test("names what is not there, what was left alone and what cannot be copied", () => {
  const unmovable = ["a\nline"];
  const target = [object("two", "cc"), object("three", "dd"), object("four")];
  const all = [...manifest, object("three", "ee"), object("four", "ff")];
  const toCopy = new Set(["one", "three", "four"]);
  expect(written({ manifest: all, target, toCopy, unmovable })).toMatchObject({
    ...{
      missing: 1,
      notThere: ["one"],
      conflicts: ["two"],
      changed: ["three"],
      unproved: ["four"],
      unmovable,
    },
  });
});

test("says where uploads that machines left open could not be seen, and claims no number", () => {
  const receipt = written({ uploads: "refused" });
  expect([receipt.note, "uploadsEnded" in receipt]).toEqual([
    "The target does not let us see uploads that machines left open: their parts may be billed until it drops them.",
    false,
  ]);
  expect(written({ uploads: { ended: 4, left: 0 } })).toMatchObject({ uploadsEnded: 4, uploadsLeft: 0 });
  expect(written({ uploads: { ended: 0, left: 1 } })).toMatchObject({
    uploadsLeft: 1,
    note: "1 upload in parts below the target, which this transfer did not begin, was left alone: the store bills the parts until whoever began it ends it.",
  });
});

test("says what the target could not be told beside the bytes, where the plan had not", () => {
  const checked = { ...checkedOf({}), left: { tags: 1, "own metadata": 2 } };
  const kinds = [{ kind: "tags", objects: 1, examples: ["one"] }];
  const receipt = receiptOf({
    ...{ transfer: { ...transfer, leftBehind: { looked: 2, kinds } }, reports: [], as: "verify", dollars },
    ...{
      now: new Date(startedAt),
      interop: false,
      uploads: { ended: 0, left: 0 },
      request,
      whole: [],
      checked,
    },
  });
  expect(receipt.left).toEqual({ tags: 1, "own metadata": 2 });
  expect(receipt.note).toBe(
    "Stays behind, beside the bytes: tags, 1 object of 2 that were looked at has one.\nThe target could not be told, beside the bytes: own metadata of 2 objects.",
  );
});

test("names what was done at the source since the plan, whatever came of it", () => {
  const since = {
    deleted: new Set(["one"]),
    changed: new Set(["two"]),
    added: { objects: 2, names: ["three", "four"] },
  };
  const of = written({ since });
  expect(of).toMatchObject({
    since: {
      deleted: { objects: 1, names: ["one"] },
      changed: { objects: 1, names: ["two"] },
      added: { objects: 2, names: ["three", "four"] },
    },
    note: "At the source, since the plan: 1 object deleted, 1 object changed, 2 objects added. Ask again for what is there now.",
  });
  expect(written({ since: { unseen: "the bucket is not there" } }).note).toBe(
    "Nobody knows what was deleted, changed or added at the source since the plan: the bucket is not there.",
  );
});
