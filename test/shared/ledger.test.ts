// The ledger over the real client: who wins, what is refused, and what a damaged record says. The largest records are in ledger.long.ts.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { type Served, serveFarEnd } from "../../local/wire/far-end.ts";
import { type Ledger, ledger, parse } from "../../shared/ledger.ts";
import { MembersState } from "../../shared/members/records.ts";
import { storageClient } from "../../shared/storage-client.ts";
import { explanationOf, ledgerHarness, project } from "./ledger-harness.ts";

const Note = z.strictObject({ v: z.literal(1), text: z.string() });
const note = (text: string) => ({ v: 1, text });

let harness: Awaited<ReturnType<typeof ledgerHarness>>;
let records: Ledger;
const opened: Served[] = [];

beforeAll(async () => {
  harness = await ledgerHarness();
  records = await harness.ledgerOf("sync-members");
});
afterEach(() => {
  harness.faults.clear();
  harness.faults.forget();
});
afterAll(async () => {
  expect(harness.farEnd.violations).toEqual([]);
  for (const one of opened) await one.close();
  await harness.close();
});

describe("create, read, swap, list", () => {
  test("a record is created once, read back, replaced on its generation", async () => {
    expect(await records.read("head/a.json", Note)).toBeUndefined();
    expect(await records.create("head/a.json", note("one"))).toBe("created");
    expect(await records.create("head/a.json", note("two"))).toBe("exists");
    const first = await records.read("head/a.json", Note);
    expect(first?.value).toEqual({ v: 1, text: "one" });
    expect(await records.swap("head/a.json", note("three"), first?.generation ?? "")).toEqual({
      generation: expect.any(String),
    });
    expect(await records.swap("head/a.json", note("four"), first?.generation ?? "")).toBe("changed");
    expect(await records.swap("head/a.json", note("five"), "0")).toBe("changed");
    expect(await harness.jsonOf("head/a.json")).toEqual({ v: 1, text: "three" });
  });

  test("generation 0 creates a head that is not there", async () => {
    expect(await records.swap("head/new.json", note("one"), "0")).toEqual({ generation: expect.any(String) });
    expect(await records.swap("head/gone.json", note("one"), "12345")).toBe("changed");
    expect(await harness.names("head/gone")).toEqual([]);
  });

  test("of 30 that swap one generation at once exactly one wins, and its value is what is there", async () => {
    await records.create("head/race.json", note("start"));
    for (let round = 0; round < 3; round += 1) {
      const generation = (await records.read("head/race.json", Note))?.generation ?? "";
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          records.swap("head/race.json", note(`${round}: ${index}`), generation),
        ),
      );
      expect(outcomes.filter((outcome) => outcome !== "changed")).toHaveLength(1);
      expect(await harness.jsonOf("head/race.json")).toEqual(
        note(`${round}: ${outcomes.findIndex((outcome) => outcome !== "changed")}`),
      );
    }
  });

  test("is deleted as it was read, or not at all; gone already is as good", async () => {
    await records.create("head/gone.json", note("a"));
    const { generation = "" } = (await records.read("head/gone.json", Note)) ?? {};
    await records.swap("head/gone.json", note("b"), generation);
    expect(await records.remove("head/gone.json", generation)).toBe("changed");
    const read = await records.read("head/gone.json", Note);
    expect(read?.value).toEqual(note("b"));
    for (let twice = 0; twice < 2; twice += 1)
      expect(await records.remove("head/gone.json", read?.generation ?? "")).toBe("removed");
    expect(await records.read("head/gone.json", Note)).toBeUndefined();
  });

  test("a listing is in order, from where it is asked, with the metadata that was given and no other", async () => {
    for (const name of ["c", "a", "b", "d"]) await records.create(`runs/list/${name}`, 1, { about: name });
    const about = async (options?: { from: string }) =>
      (await records.list("runs/list/", options)).map(({ name, metadata }) => [name, metadata]);
    expect(await about()).toEqual([
      ["runs/list/a", { about: "a" }],
      ["runs/list/b", { about: "b" }],
      ["runs/list/c", { about: "c" }],
      ["runs/list/d", { about: "d" }],
    ]);
    expect((await about({ from: "runs/list/c" })).map(([name]) => name)).toEqual([
      "runs/list/c",
      "runs/list/d",
    ]);
    expect(await about({ from: "runs/list/x" })).toEqual([]);
    expect((await records.list("runs/list/"))[0]?.generation).toMatch(/^\d{16}$/);
  });

  test("a listing of more than a page of a thousand is whole", async () => {
    const names = Array.from({ length: 1001 }, (_, index) => `runs/many/${String(index).padStart(4, "0")}`);
    for (let at = 0; at < names.length; at += 100)
      await Promise.all(names.slice(at, at + 100).map((name) => harness.plant(name, "1")));
    expect((await records.list("runs/many/")).map(({ name }) => name)).toEqual(names);
  });
});

describe("a record that cannot be understood", () => {
  const secret = "ada@example.org";
  test.each<[string, string, string]>([
    ["is not JSON", `${secret} was here`, "it is not JSON: the object is damaged"],
    ["is cut off", `{"v":1,"text":"${secret}`, "it is not JSON: the object is damaged"],
    ["is empty", "", "it is not JSON: the object is damaged"],
    [
      "has a wrong type",
      `{"v":1,"text":["${secret}"]}`,
      "text: Invalid input: expected string, received array",
    ],
    ["lacks a field", '{"v":1}', "text: Invalid input: expected string, received undefined"],
    ["is a bare text", `"${secret}"`, "the record: Invalid input: expected object, received string"],
  ])(
    "%s: told by its folder, the reason and what to do, with none of its content",
    async (about, text, why) => {
      const name = `head/members/${secret}-${about.replaceAll(" ", "-")}.json`;
      await harness.plant(name, text);
      expect(await explanationOf(records.read(name, Note))).toEqual({
        what: "the record in head/members cannot be read",
        why,
        next: "restore the object's previous generation; do not delete it, for what is written down in it would be forgotten",
      });
    },
  );

  test("it is of a newer version: deploy that one", async () => {
    await harness.plant("head/newer.json", '{"v":2,"words":["x"]}');
    expect(await explanationOf(records.read("head/newer.json", Note))).toEqual({
      what: "the record in head/newer.json cannot be read",
      why: "it is of version 2, written by a newer Groundcrew",
      next: "deploy the newer version again",
    });
  });

  test("keys of a map may be logins: only the field is named", () => {
    const head = {
      v: 1,
      at: "2026-11-21T08:00:00Z",
      goodRows: 1,
      people: [],
      rejected: [],
      known: { "ada-lovelace": { invitations: "ada@example.org" } },
      announce: {},
      unmanaged: [],
    };
    expect(() => parse("head/members/prod.json", JSON.stringify(head), MembersState)).toThrow(
      "the record in head/members cannot be read: known: Invalid input: expected number, received string",
    );
  });
});

test("more than 32 MB is refused before it is sent", async () => {
  const before = harness.count("storage", "POST");
  expect(await explanationOf(records.create("head/large.json", "x".repeat(32 * 1024 * 1024)))).toEqual({
    what: "the record head/large.json was not stored",
    why: "it has 33554434 bytes and the limit is 33554432",
    next: "split the hub in two in groundcrew.yaml",
  });
  expect(harness.count("storage", "POST")).toBe(before);
});

/** A ledger whose downloads pass through here on their way. */
async function readThrough(pass: (request: Request) => Promise<Response>): Promise<Ledger> {
  const served = await serveFarEnd({
    fetch: async (request) =>
      new URL(request.url).searchParams.get("alt") === "media"
        ? pass(request)
        : harness.farEnd.fetch(request),
  });
  opened.push(served);
  return ledger({ project, storage: storageClient({ project, endpoints: { storage: served.url } }) });
}

describe("while others write", () => {
  test("a record's bytes and its generation belong together", async () => {
    await harness.plant("head/moving.json", JSON.stringify(note("old")));
    const moving = await readThrough(async (request) => {
      const answer = await harness.farEnd.fetch(request);
      await harness.plant("head/moving.json", JSON.stringify(note("new")));
      return answer;
    });
    const held = await moving.read("head/moving.json", Note);
    expect(held?.value).toEqual(note("old"));
    expect(await records.swap("head/moving.json", note("mine"), held?.generation ?? "")).toBe("changed");
    expect(await harness.jsonOf("head/moving.json")).toEqual(note("new"));
  });

  test("one that is deleted meanwhile is not there", async () => {
    await harness.plant("head/going.json", JSON.stringify(note("old")));
    const going = await readThrough(async (request) => {
      await harness.operator.file("head/going.json").delete();
      return harness.farEnd.fetch(request);
    });
    expect(await going.read("head/going.json", Note)).toBeUndefined();
  });
});

describe("storage that fails", () => {
  test("an answer that does not say which generation it gives is no record", async () => {
    await harness.plant("head/silent.json", JSON.stringify(note("x")));
    const silent = await readThrough(async (request) => {
      const { body, headers } = await harness.farEnd.fetch(request);
      headers.delete("x-goog-generation");
      return new Response(body, { headers });
    });
    await expect(silent.read("head/silent.json", Note)).rejects.toThrow(
      "Cloud Storage's answer was broken off",
    );
  });

  test("bytes cut short are no shorter record", async () => {
    await harness.plant("head/short.json", JSON.stringify(note("x")));
    harness.faults.add({ farEnd: "storage", match: "GET", failure: { kind: "truncated" } });
    expect((await records.read("head/short.json", Note))?.value).toEqual(note("x"));
  });

  test("a create whose answer was lost is known as done", async () => {
    harness.faults.add({ farEnd: "storage", match: "POST", failure: { kind: "lost-answer" } });
    expect(await records.create("runs/lost", note("mine"))).toBe("created");
    expect(harness.count("storage", "POST")).toBe(2);
    expect(await records.create("runs/lost", note("mine"))).toBe("exists");
  });

  test("a swap whose answer was lost is known as done, unless somebody has replaced it since", async () => {
    await records.create("head/lost.json", note("one"));
    const { generation = "" } = (await records.read("head/lost.json", Note)) ?? {};
    harness.faults.add({ farEnd: "storage", match: "POST", failure: { kind: "lost-answer" } });
    expect(await records.swap("head/lost.json", note("two"), generation)).toEqual({
      generation: expect.any(String),
    });
    expect(await records.swap("head/lost.json", note("three"), generation)).toBe("changed");
    expect(await harness.jsonOf("head/lost.json")).toEqual(note("two"));
  });

  test("what the identity may not do is said in the vendor's words", async () => {
    await expect(records.create("notices/x", 1)).rejects.toThrow("storage.objects.create");
    await expect(records.read("notices/x", Note)).rejects.toThrow("storage.objects.get");
    await expect(records.list("")).rejects.toThrow("storage.objects.list");
    expect(await harness.names("notices/")).toEqual([]);
  });
});
