// Forgetting on the real ledger: every kind of record that a used hub has, whoever wrote it last, whatever befalls it on the way.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { forgetPeople } from "../../../functions/forget-person/handler.ts";
import { byPerson } from "../../../functions/forget-person/scrub.ts";
import { Budgets } from "../../../shared/flow/budgets.ts";
import { rowOf } from "../../../shared/functions.ts";
import { type ForgetRequest, forgetFolder, MembersState } from "../../../shared/members/records.ts";
import { QuotaState } from "../../../shared/quota/records.ts";
import { retention } from "../../../shared/retention.ts";
import { understand } from "../../../shared/unknown-fields.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { state } from "../sync-members/facts-harness.ts";
import { type Stored, usedLedger } from "./used-ledger.ts";

const gone = { login: "mei-dahl", name: "Mei Dahl", email: "mei.dahl@example.org" };
const stays = { login: "bo-vega", name: "Bo Vega", email: "bo.vega@example.org" };

let hub: Awaited<ReturnType<typeof ledgerHarness>>;
beforeEach(async () => {
  hub = await ledgerHarness();
});
afterEach(() => hub.close());

const plantAll = async (stored: readonly Stored[]) => {
  for (const { name, value, metadata } of stored) await hub.plant(name, JSON.stringify(value), metadata);
};

async function forget(given: Partial<ForgetRequest> = {}) {
  const at = "2026-11-29T08:00:00.000Z";
  const request: ForgetRequest = { v: 1, at, login: "Mei-Dahl", also: [], ...given };
  await hub.plant(`${forgetFolder("prod")}${at}.json`, JSON.stringify(request));
  const steps: string[] = [];
  const run = { step: (what: string) => void steps.push(what), effect: () => undefined };
  const result = await forgetPeople("prod", run, { ledger: await hub.ledgerOf("forget-person") });
  return { ...result, steps };
}

/** Everything in the ledger by name: bytes and labels. */
async function everything(): Promise<Map<string, string>> {
  const [files] = await hub.operator.getFiles();
  const all = files.map(async (file) => {
    const [bytes] = await file.download();
    return [file.name, `${bytes.toString()} ${JSON.stringify(file.metadata.metadata ?? {})}`] as const;
  });
  return new Map(await Promise.all(all));
}
const tellingOf = (all: Map<string, string>, { login, email, name }: typeof gone): string[] =>
  [...all].flatMap(([file, text]) =>
    [login, email, name].some((word) => `${file} ${text}`.toLowerCase().includes(word.toLowerCase()))
      ? [file]
      : [],
  );

test("nothing of a used ledger tells of them, every record can be read, and what tells of others is as it was", async () => {
  const used = usedLedger([gone, stays]);
  await plantAll(used);
  const before = await everything();
  expect(tellingOf(before, gone).length).toBeGreaterThan(9);
  const { steps, ...result } = await forget();
  expect(result).toEqual({ outcome: "done", title: "forget one person: 13 records changed", aside: true });
  expect(steps).toEqual(
    expect.arrayContaining([
      "head/members/ changed 1, deleted 0",
      "runs/ changed 1, deleted 1",
      "undelivered/ changed 0, deleted 1",
      "notices/ changed 0, deleted 1",
      "approvals/ changed 1, deleted 0",
      "classes/ changed 1, deleted 0",
      expect.stringMatching(/^out of reach: GitHub's audit log/),
    ]),
  );
  const after = await everything();
  expect(tellingOf(after, gone)).toEqual([]);
  expect(tellingOf(after, stays)).toEqual(tellingOf(before, stays));
  for (const { name, schema } of used) {
    const text = after.get(name)?.replace(/ \{[^{}]*\}$/, "");
    if (text !== undefined)
      expect([name, understand(JSON.parse(text), schema)]).toEqual([name, { value: expect.anything() }]);
  }
  // The wish itself is gone, too.
  expect(await hub.names("head/forget/")).toEqual([]);
  // An approval tells nobody who computes the hash of what was about them.
  expect(after.get("approvals/prod/sync-members/2026-11-21T12:00:00.000Z.json")).not.toContain(
    "0123456789abcde0",
  );
});

test("of a transfer only who asked is taken out: its paths, and the files that name its objects, are the proof of what was copied", async () => {
  const by = "Mei.Dahl@Example.org";
  const at = "2026-11-21T12:00:00Z";
  const request = { v: 1, from: `a:${gone.login}/x`, to: "c:d", at };
  const states = { state: "done", startedAt: at };
  await plantAll([{ name: "head/members/prod.json", value: state({}), schema: MembersState }]);
  await hub.plant("transfers/prod/t1/request.json", JSON.stringify({ ...request, by }));
  await hub.plant("head/transfers/prod/t1.json", JSON.stringify({ ...request, by, more: 1 }), states);
  await hub.plant(`transfers/prod/t1/lists/${gone.login}.txt`, `${gone.login}\n`);
  await hub.plant("transfers/other/t1/request.json", JSON.stringify({ ...request, by }));
  await forget({ also: [gone.email] });
  const after = await everything();
  const instead = { ...request, by: expect.stringMatching(/^forgotten:/) };
  expect(await hub.jsonOf("transfers/prod/t1/request.json")).toEqual(instead);
  expect(await hub.jsonOf("head/transfers/prod/t1.json")).toEqual({ ...instead, more: 1 });
  expect(after.get("head/transfers/prod/t1.json")).toContain(
    '"startedAt":"2026-11-21T12:00:00Z","groundcrew',
  );
  expect(after.get(`transfers/prod/t1/lists/${gone.login}.txt`)).toContain(gone.login);
  expect(await hub.jsonOf("transfers/other/t1/request.json")).toEqual({ ...request, by });
});

test("each folder of the ledger is gone through, but for what has no person in it", () => {
  const row = rowOf("forget-person").ledger ?? [];
  const folders = new Set(row.map(({ prefix }) => `${prefix.split("/")[0]}/`));
  const others = retention.map(({ prefix }) => prefix).filter((prefix) => !folders.has(prefix));
  // Words that an event is done with, the lists of transfers, and programs.
  expect(others).toEqual(["resolved/", "leases/", "tools/"]);
});

test("a second time changes nothing, a dry run neither, and another hub's records stay", async () => {
  await plantAll(usedLedger([gone, stays]));
  await hub.plant("runs/2026-11-21/other.json", JSON.stringify({ v: 1, hub: "other", about: gone.login }), {
    hub: "other",
  });
  const before = await everything();
  const dry = await forget({ dryRun: true });
  expect(dry).toMatchObject({ title: "plan: forget one person: 13 records would be changed" });
  expect(await everything()).toEqual(before);
  await forget();
  const after = await everything();
  expect(tellingOf(after, gone)).toEqual(["runs/2026-11-21/other.json"]);
  expect(await forget()).toMatchObject({ outcome: "done", title: "forget one person: nothing is known" });
  expect(await everything()).toEqual(after);
});

test("whoever dies on the way leaves it to the next attempt", async () => {
  await plantAll(usedLedger([gone, stays]));
  const ledger = await hub.ledgerOf("forget-person");
  const at = "2026-11-29T08:00:00.000Z";
  await hub.plant(
    `${forgetFolder("prod")}${at}.json`,
    JSON.stringify({ v: 1, at, login: gone.login, also: [] }),
  );
  const run = { step: () => undefined, effect: () => undefined };
  let writes = 0;
  const dying = {
    ...ledger,
    swap: async (...given: Parameters<typeof ledger.swap>) => {
      writes += 1;
      if (writes > 3) throw new Error("killed");
      return ledger.swap(...given);
    },
  };
  await expect(forgetPeople("prod", run, { ledger: dying })).rejects.toThrow("killed");
  expect((await hub.names("head/forget/")).length).toBe(1);
  expect(await forgetPeople("prod", run, { ledger })).toMatchObject({ outcome: "done" });
  expect(tellingOf(await everything(), gone)).toEqual([]);
});

test("a record that another writes meanwhile keeps what that one wrote", async () => {
  await plantAll(usedLedger([gone, stays]));
  const ledger = await hub.ledgerOf("forget-person");
  let raced = false;
  const racing = {
    ...ledger,
    swap: async (name: string, ...rest: [unknown, string, Record<string, string>?]) => {
      if (name === "head/members/prod.json" && !raced) {
        raced = true;
        const now = await ledger.read(name, MembersState);
        if (now !== undefined) await ledger.swap(name, { ...now.value, goodRows: 77 }, now.generation);
      }
      return ledger.swap(name, ...rest);
    },
  };
  const at = "2026-11-29T08:00:00.000Z";
  await hub.plant(
    `${forgetFolder("prod")}${at}.json`,
    JSON.stringify({ v: 1, at, login: gone.login, also: [] }),
  );
  await forgetPeople("prod", { step: () => undefined, effect: () => undefined }, { ledger: racing });
  const kept = (await ledger.read("head/members/prod.json", MembersState))?.value;
  expect([kept?.goodRows, kept?.known[gone.login]]).toEqual([77, undefined]);
});

describe("whoever is still there is not forgotten", () => {
  const person = {
    ...gone,
    tier: "Research",
    team: "full-access",
    cell: "C7",
    status: "in-team",
    since: "2026-11-21T12:00:00.000Z",
  } as const;
  test.each<[string, Partial<MembersState>, RegExp]>([
    ["in the sheet", { people: [person] }, /in the sheet, in C7/],
    [
      "in the sheet by a former login",
      { people: [{ ...person, login: "mei-old", renamedTo: gone.login }] },
      /in C7/,
    ],
    ["in a refused row", { rejected: [{ cell: "C9", value: gone.login, why: "-" }] }, /in C9/],
    ["in a team", { others: [{ login: gone.login, team: "full-access" }] }, /in the team full-access/],
    [
      "in a team, renamed",
      { others: [{ login: "new-mei", before: gone.login, team: "full-access" }] },
      /in the team/,
    ],
    ["in a team by hand", { unmanaged: [{ login: gone.login, team: "base" }] }, /in the team base/],
    ["invited", { others: [{ login: gone.login, invitedAt: person.since }] }, /invited to the organisation/],
  ])("%s", async (_, given, why) => {
    const used = usedLedger([gone, stays]).filter(({ name }) => name !== "head/members/prod.json");
    await plantAll([
      ...used,
      { name: "head/members/prod.json", schema: MembersState, value: { ...state({}), ...given } },
    ]);
    const before = await everything();
    const { steps, ...result } = await forget();
    expect(result).toMatchObject({ outcome: "blocked", aside: true });
    expect(steps).toEqual([expect.stringMatching(why)]);
    expect(await everything()).toEqual(before);
  });

  test("nor anybody before a first look", async () => {
    expect(await forget()).toMatchObject({
      outcome: "blocked",
      steps: [expect.stringContaining("no run has compared")],
    });
  });
});

test("2,000 records are gone through within the time of a delivery, and only those that tell of them are written", async () => {
  const used = usedLedger([gone, stays]);
  const others = Array.from({ length: 2000 }, (_, n) => n);
  const read: string[] = [];
  const written: string[] = [];
  await plantAll(used);
  const real = await hub.ledgerOf("forget-person");
  const many = others.map((n) => ({
    name: `runs/2026-11-20/${n}.json`,
    generation: "1",
    metadata: { hub: "prod" },
  }));
  const ledger = {
    ...real,
    list: async (prefix: string) => [...(prefix === "runs/" ? many : []), ...(await real.list(prefix))],
    read: async <T>(name: string, schema: z.ZodType<T>) => {
      read.push(name);
      if (!name.startsWith("runs/2026-11-20/")) return real.read(name, schema);
      return { value: schema.parse({ v: 1, effects: [{ login: stays.login }] }), generation: "1" };
    },
    swap: async (...given: Parameters<typeof real.swap>) => {
      written.push(given[0]);
      return real.swap(...given);
    },
  };
  const at = "2026-11-29T08:00:00.000Z";
  await hub.plant(
    `${forgetFolder("prod")}${at}.json`,
    JSON.stringify({ v: 1, at, login: gone.login, also: [] }),
  );
  await forgetPeople("prod", { step: () => undefined, effect: () => undefined }, { ledger });
  expect(read.filter((name) => name.startsWith("runs/2026-11-20/")).length).toBe(2 * others.length);
  expect(written.filter((name) => name.startsWith("runs/2026-11-20/"))).toEqual([]);
  expect(written.length).toBeLessThan(12);
});

test("each map of the states is by people, or known not to be", () => {
  const maps = new Set<string>();
  const visit = (schema: unknown, field: string): void => {
    const { data } = z
      .looseObject({ _zod: z.looseObject({ def: z.looseObject({ type: z.string() }) }) })
      .safeParse(schema);
    if (data === undefined) return;
    const { type, ...parts } = data._zod.def;
    if (type === "record") maps.add(field);
    for (const [name, part] of Object.entries(parts))
      if (name === "shape") for (const [key, below] of Object.entries(Object(part))) visit(below, key);
      else if (Array.isArray(part)) for (const below of part) visit(below, field);
      else visit(part, field);
  };
  for (const schema of [MembersState, QuotaState, Budgets]) visit(schema, "");
  const days = ["rowsOfDays"];
  const others = [
    "memberships",
    "machines",
    "dollars",
    "taken",
    "blocks",
    "since",
    "untold",
    "rows",
    ...days,
  ];
  const unknown = [...maps].filter((field) => !byPerson.has(field) && !others.includes(field));
  expect(unknown.map((field) => `${field}: add it to byPerson, or here if its keys are no people`)).toEqual(
    [],
  );
  expect([...byPerson].filter((field) => !maps.has(field))).toEqual([]);
});
