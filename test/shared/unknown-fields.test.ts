// Fields and words of a record that a version does not know: read past, kept where it writes, gone with what they belong to.
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { understand, withUnknown, wordOr } from "../../shared/unknown-fields.ts";
import { ledgerHarness } from "./ledger-harness.ts";

const Status = z.enum(["in", "out"]);
const Person = z.strictObject({ login: z.string(), status: wordOr(Status, "out") });
const State = z.strictObject({
  v: z.literal(1),
  people: z.array(Person),
  unmanaged: z.array(z.strictObject({ login: z.string(), team: z.string() })).default([]),
  told: z.array(wordOr(Status, "out")).default([]),
  homes: z.record(z.string(), z.strictObject({ bytes: z.number() })).default({}),
  proposal: z.strictObject({ tag: z.string() }).optional(),
  service: Status.optional(),
});
type State = z.infer<typeof State>;
const state = (more: object = {}) => ({ v: 1, people: [], unmanaged: [], told: [], homes: {}, ...more });

/** Reads, changes and writes a record as this version does. */
function changed(record: object, change: (read: State) => State): unknown {
  const understood = understand(record, State);
  if (!("value" in understood)) throw new Error("not understood");
  const next = change(understood.value);
  return understood.unknown === undefined ? next : withUnknown(next, understood.unknown);
}

describe("an unknown field is kept", () => {
  test("of the record, of a person who has moved in the list, of a home", () => {
    const newer = state({
      later: { a: [1] },
      people: [
        { login: "ada", status: "in", badge: 1 },
        { login: "bo", status: "in", badge: 2 },
      ],
      homes: { ada: { bytes: 1, inodes: 5 } },
    });
    const after = changed(newer, (read) => ({
      ...read,
      people: [
        { login: "cy", status: "in" },
        { login: "bo", status: "out" },
        { login: "ada", status: "in" },
      ],
      homes: { ada: { bytes: 2 }, cy: { bytes: 3 } },
    }));
    expect(after).toEqual(
      state({
        later: { a: [1] },
        people: [
          { login: "cy", status: "in" },
          { login: "bo", status: "out", badge: 2 },
          { login: "ada", status: "in", badge: 1 },
        ],
        homes: { ada: { bytes: 2, inodes: 5 }, cy: { bytes: 3 } },
      }),
    );
  });

  test("but goes with whatever is deleted, or gives way to another of its kind", () => {
    const newer = state({
      people: [{ login: "ada", status: "in", badge: 1 }],
      homes: { ada: { bytes: 1, inodes: 5 } },
      proposal: { tag: "1.0", reviewer: "bo" },
    });
    const after = changed(newer, (read) => ({ ...read, people: [], homes: {}, proposal: { tag: "2.0" } }));
    expect(after).toEqual(state({ proposal: { tag: "2.0" } }));
    expect(changed(newer, ({ proposal: _, ...read }) => read)).not.toHaveProperty("proposal");
  });

  test("of two with one name, only where all that is known of it is the same", () => {
    const newer = state({
      people: [
        { login: "ada", status: "in", badge: 1 },
        { login: "ada", status: "out", badge: 2 },
      ],
    });
    const after = changed(newer, (read) => ({
      ...read,
      people: [
        { login: "ada", status: "out" },
        { login: "bo", status: "out" },
      ],
    }));
    expect(after).toEqual(
      state({
        people: [
          { login: "ada", status: "out", badge: 2 },
          { login: "bo", status: "out" },
        ],
      }),
    );
  });
});

describe("an unknown word", () => {
  const newer = state({ people: [{ login: "ada", status: "away" }], told: ["in", "away"] });

  test("is read as another, and stays until this version says something else", () => {
    const seen: unknown[] = [];
    const same = changed(newer, (read) => {
      seen.push(read);
      return { ...read, people: [{ login: "ada", status: "out" }], told: [...read.told, "in"] };
    });
    expect(seen).toEqual([state({ people: [{ login: "ada", status: "out" }], told: ["in", "out"] })]);
    expect(same).toEqual(state({ people: [{ login: "ada", status: "away" }], told: ["in", "away", "in"] }));
    const back = changed(newer, (read) => ({ ...read, people: [{ login: "ada", status: "in" }] }));
    expect(back).toMatchObject({ people: [{ login: "ada", status: "in" }] });
  });

  test("of a field that may be absent counts as an unknown field", () => {
    const given = state({ service: "maybe" });
    expect(understand(given, State)).toMatchObject({ value: state() });
    expect(changed(given, (read) => ({ ...read, told: ["in"] }))).toEqual(
      state({ service: "maybe", told: ["in"] }),
    );
    expect(changed(given, (read) => ({ ...read, service: "in" }))).toEqual(state({ service: "in" }));
  });

  test("is no excuse for damage", () => {
    const damaged = [{ login: "ada" }, { login: "ada", status: 5 }, { login: 5, status: "in", later: 1 }];
    for (const person of damaged)
      expect(understand(state({ people: [person] }), State)).toHaveProperty("issue");
  });
});

test("a key that would change how objects are made is one more unknown field", () => {
  const given = JSON.parse('{"v":1,"people":[],"__proto__":{"admin":true}}');
  const text = JSON.stringify(changed(given, (read) => read));
  expect(text).toContain('"__proto__":{"admin":true}');
  expect(Reflect.get({}, "admin")).toBeUndefined();
});

test("the ledger keeps it through several writings, of a head that a newer version has written", async () => {
  const harness = await ledgerHarness();
  try {
    const name = "head/quota/prod.json";
    await harness.plant(name, JSON.stringify(state({ later: 1, homes: { ada: { bytes: 1, inodes: 5 } } })));
    const ledger = await harness.ledgerOf("scan-quotas");
    const read = await ledger.read(name, State);
    let generation = read?.generation ?? "";
    for (const bytes of [2, 3]) {
      const swapped = await ledger.swap(name, state({ homes: { ada: { bytes } } }), generation);
      generation = swapped === "changed" ? "" : swapped.generation;
    }
    const kept = state({ later: 1, homes: { ada: { bytes: 3, inodes: 5 } } });
    expect(await harness.jsonOf(name)).toEqual(kept);

    // Nothing is kept of a generation that somebody else has replaced.
    await harness.plant(name, JSON.stringify(state()));
    expect(await ledger.swap(name, state({ told: ["in"] }), generation)).toBe("changed");
    const again = await ledger.read(name, State);
    await ledger.swap(name, state({ told: ["in"] }), again?.generation ?? "");
    expect(await harness.jsonOf(name)).toEqual(state({ told: ["in"] }));

    // Nor of one that was deleted, when another takes its name.
    await harness.plant(name, JSON.stringify(state({ later: 1 })));
    await ledger.read(name, State);
    await harness.operator.file(name).delete();
    await ledger.swap(name, state(), "0");
    expect(await harness.jsonOf(name)).toEqual(state());

    const records = await harness.ledgerOf("console");
    await harness.plant("head/other.json", JSON.stringify({ v: 1, status: "away" }));
    await expect(
      records.read("head/other.json", z.strictObject({ v: z.literal(1), status: Status })),
    ).rejects.toThrow(
      "the record in head/other.json cannot be read: status: has a word that only a newer Groundcrew knows",
    );
  } finally {
    await harness.close();
  }
});
