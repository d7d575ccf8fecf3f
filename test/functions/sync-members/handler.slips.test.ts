// Slips of the hand from end to end: what was sorted alone, pasted over or brought back waits as one plan, without one mail to
// anybody, while whoever is untouched is served.
import { afterEach, expect, test } from "@jest/globals";
import { MembersState } from "../../../shared/members/records.ts";
import type { MemberRow } from "../../../shared/sheets/row.ts";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

const names = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => `p${String(((n + from) * 37) % 101).padStart(3, "0")}`);
const rowsOf = (logins: readonly string[]): MemberRow[] =>
  logins.map((login, n) => row(login, n % 3 === 0 ? "Education" : "Research", { cell: `C${n + 2}` }));
const sortedAlone = (rows: readonly MemberRow[], key: "login" | "email" | "tier"): MemberRow[] => {
  const words = rows.map((one) => (key === "tier" ? `${one.tier}|${one.team}` : one[key])).sort();
  return rows.map((one, n) => {
    if (key !== "tier") return { ...one, [key]: words[n] ?? "" };
    const [tier = "", team = ""] = (words[n] ?? "").split("|");
    return { ...one, tier, team };
  });
};
const state = async () => (await hub.records.read("head/members/prod.json", MembersState))?.value;
const toPeople = () => hub.world.notices.filter((key) => !key.startsWith("held/"));
const waiting = async () => (await hub.plans.all()).find((line) => line.state === "waiting");

/** A hub of forty, all where they belong, after a good read. */
async function settled() {
  const logins = names(40);
  const rows = rowsOf(logins);
  hub = await membersHub({
    members: rows.filter((one) => one.team === "full-access").map(({ login }) => login),
  });
  hub.world.teams["base-access"] = rows.filter((one) => one.team === "base-access").map(({ login }) => login);
  hub.world.rows = rows;
  await hub.runs();
  hub.world.notices.length = 0;
  return { rows, teams: structuredClone(hub.world.teams) };
}

test.each(["login", "email", "tier"] as const)(
  "the column %s sorted alone: nothing is written, nobody is mailed",
  async (key) => {
    const { rows, teams } = await settled();
    hub.world.rows = [...sortedAlone(rows, key), row("newcomer", "Research", { cell: "C42" })];
    const run = await hub.runs("edit");
    // Newcomers are served all the same.
    expect(run.effects).toEqual([{ do: "invite", login: "newcomer", team: "full-access" }]);
    expect(run.outcome).toBe("held");
    hub.hours(48);
    expect((await hub.runs()).effects).toEqual([]);
    expect(hub.world.teams).toEqual(teams);
    expect(toPeople()).toEqual(["invited/newcomer/1"]);
    expect(hub.world.notices.filter((each) => each.startsWith("held/"))).toHaveLength(1);
    const because = new Set((await waiting())?.plan.held.map((action) => action.because));
    expect([...because].join()).toMatch(new RegExp(`column ${key} seems to have been sorted alone: Ctrl-Z`));
    // Ctrl-Z: nothing waits any more, and nothing has happened.
    hub.world.rows = [...rows, row("newcomer", "Research", { cell: "C42" })];
    expect(await hub.runs("edit")).toMatchObject({ outcome: "done", effects: [] });
    expect([await waiting(), (await state())?.waiting, hub.world.teams]).toEqual([
      undefined,
      undefined,
      teams,
    ]);
  },
);

test.each<[string, (one: MemberRow) => MemberRow]>([
  ["a lower tier, by find and replace", (one) => ({ ...one, tier: "Public", team: "public-access" })],
  ["an end within a week", (one) => ({ ...one, expires: "2026-11-27" })],
])("%s for everybody at once: nothing is written, nobody is mailed", async (_, slipped) => {
  const { rows, teams } = await settled();
  hub.world.rows = rows.map(slipped);
  for (const hours of [0, 1, 48]) {
    hub.hours(hours);
    expect(await hub.runs()).toMatchObject({ outcome: "held", effects: [] });
  }
  expect([hub.world.teams, toPeople()]).toEqual([teams, []]);
  hub.world.rows = rows;
  expect(await hub.runs("edit")).toMatchObject({ outcome: "done", effects: [] });
  expect([await waiting(), toPeople()]).toEqual([undefined, []]);
});

test("a cell taken out of the last days, which shifts them up by a row: nobody ends by another's day", async () => {
  const { rows } = await settled();
  const ends = rows.map(
    (_, n) => `2027-${String((n % 12) + 1).padStart(2, "0")}-${String((n % 27) + 1).padStart(2, "0")}`,
  );
  const withEnds = (days: readonly string[]) =>
    rows.map((one, n) => ({ ...one, ...(days[n] === undefined ? {} : { expires: days[n] }) }));
  hub.world.rows = withEnds(ends);
  await hub.runs();
  hub.world.rows = withEnds(ends.toSpliced(5, 1));
  expect(await hub.runs()).toMatchObject({ outcome: "held", effects: [] });
  expect((await waiting())?.plan.held[0]?.because).toMatch(/^column expires seems to have been sorted alone/);
});

test("a login taken out of its column alone: whoever it was loses nothing while the column is in doubt", async () => {
  const { rows, teams } = await settled();
  const bare = rows.map((one) => ({ ...one, name: "", email: "" }));
  hub.world.rows = bare;
  await hub.runs();
  await hub.says((await waiting())?.plan.hash ?? "", "approved");
  await hub.runs("approval");
  hub.world.rows = bare
    .slice(0, -1)
    .map((one, n) => (n < 5 ? one : { ...one, login: bare[n + 1]?.login ?? "" }));
  for (const hours of [0, 30, 48]) {
    hub.hours(hours);
    expect(await hub.runs()).toMatchObject({ outcome: "held", effects: [] });
  }
  expect(hub.world.teams).toEqual(teams);
});

test("three people whose end comes near are told of it, once their rows have stood for a while", async () => {
  const { rows } = await settled();
  hub.world.rows = rows.map((one, n) => (n < 3 ? { ...one, expires: "2026-11-27" } : one));
  await hub.runs();
  expect(toPeople()).toEqual([]);
  hub.hours(1);
  await hub.runs();
  expect(toPeople()).toHaveLength(3);
});

test("a slip with somebody new in it is one, too, once somebody has asked for the plan of it", async () => {
  const { rows, teams } = await settled();
  hub.world.rows = rows.map((one, n) => {
    if (n < 10 || n > 14) return one;
    const pasted = { ...one, name: rows[n + 20]?.name ?? "", tier: "Education", team: "base-access" };
    return n === 14 ? { ...pasted, login: "newcomer", email: "newcomer@example.org" } : pasted;
  });
  expect((await hub.runs("person", true)).plan?.held.length).toBeGreaterThan(0);
  for (const hours of [0, 48]) {
    hub.hours(hours);
    expect(await hub.runs()).toMatchObject({ outcome: "held", effects: [] });
  }
  expect([hub.world.teams, toPeople()]).toEqual([teams, []]);
  const because = new Set((await waiting())?.plan.held.map((action) => action.because));
  expect([...because].join()).toMatch(/^5 rows seem to have been pasted over/);
});

test.each(["login", "email", "tier"] as const)(
  "the column %s sorted alone, and rows changed beside it: a plan of it, asked for twice, lets nothing through",
  async (key) => {
    const { rows, teams } = await settled();
    const sorted = sortedAlone(rows, key).slice(4);
    hub.world.rows = [
      row("newcomer", "Research", { cell: "C2" }),
      ...sorted.slice(2),
      ...sorted.slice(0, 2),
    ].map((one, n) => ({ ...one, cell: `C${n + 2}` }));
    const [first, second] = [await hub.runs("person", true), await hub.runs("person", true)];
    expect(second.plan?.held).toEqual(first.plan?.held);
    const { effects } = await hub.runs();
    expect(effects.filter(({ login }) => login !== "newcomer")).toEqual([]);
    expect(hub.world.teams).toEqual(teams);
  },
);

test("in doubt nobody's address becomes another's, for other flows write to it", async () => {
  const { rows } = await settled();
  hub.world.rows = sortedAlone(rows, "email");
  await hub.runs();
  for (const { login, email } of (await state())?.people ?? []) expect(email).toBe(`${login}@example.org`);
});

test("a person's word takes the rows as they are, and they are asked about no more", async () => {
  const { rows } = await settled();
  hub.world.rows = sortedAlone(rows, "email");
  await hub.runs();
  await hub.says((await waiting())?.plan.hash ?? "", "approved");
  expect((await hub.runs("approval")).outcome).toBe("done");
  expect(await hub.runs()).toMatchObject({ outcome: "done", effects: [] });
  const emails = new Map((await state())?.people.map(({ login, email }) => [login, email]));
  for (const { login, email } of hub.world.rows) expect(emails.get(login)).toBe(email);
});

test("a class of 60 who were never seen comes through at once", async () => {
  const { rows } = await settled();
  const fresh = Array.from({ length: 60 }, (_, n) => row(`class-${n}`, "Research", { cell: `C${n + 42}` }));
  hub.world.rows = [...rows, ...fresh];
  expect((await hub.runs()).effects).toHaveLength(60);
  expect((await hub.runs()).outcome).toBe("done");
});

test("without the column of addresses, a class of 60 who were never seen comes through as well", async () => {
  hub = await membersHub({ members: names(40) });
  const unaddressed = (logins: readonly string[]) =>
    logins.map((login, n) => row(login, "Research", { cell: `C${n + 2}`, email: "" }));
  hub.world.rows = unaddressed(names(40));
  await hub.runs();
  hub.world.rows = unaddressed([...names(40), ...Array.from({ length: 60 }, (_, n) => `class-${n}`)]);
  expect((await hub.runs("edit")).effects).toHaveLength(60);
});

test("an old version brought back lets nobody back in unasked", async () => {
  const { rows } = await settled();
  hub.world.rows = rows.slice(6);
  await hub.runs();
  for (const team of ["base-access", "full-access"] as const)
    hub.world.teams[team] = hub.world.teams[team].filter((login) =>
      rows.slice(6).some((one) => one.login === login),
    );
  await hub.runs();
  hub.world.rows = rows;
  const run = await hub.runs();
  expect([run.effects, toPeople()]).toEqual([[], []]);
  expect(run.plan?.held[0]?.because).toMatch(
    /^an old version of the sheet seems to have been brought back, 6 people/,
  );
});

test("eleven corrections in a day, two at a time: ten go, and the next asks", async () => {
  const { rows } = await settled();
  for (let n = 0; n < 5; n += 1) {
    hub.world.rows = hub.world.rows.map((one, index) =>
      Math.floor(index / 2) === n ? { ...one, email: `new-${one.email}` } : one,
    );
    expect((await hub.runs()).outcome).toBe("done");
  }
  hub.world.rows = hub.world.rows.map((one, index) =>
    index === 30 ? { ...one, email: `new-${one.email}` } : one,
  );
  expect((await hub.runs()).outcome).toBe("held");
  expect(hub.world.rows).toHaveLength(rows.length);
});

test("at the first read, with which nothing can be compared, many who would move up wait, too", async () => {
  const up = names(4);
  hub = await membersHub();
  hub.world.teams["public-access"] = [...up];
  hub.world.rows = [...rowsOf(up).map((one) => row(one.login, "Research", { cell: one.cell })), row("new")];
  const run = await hub.runs();
  expect(run.effects).toEqual([{ do: "invite", login: "new", team: "full-access" }]);
  expect(run.outcome).toBe("held");
  expect([hub.world.teams["public-access"], toPeople()]).toEqual([up, ["invited/new/1"]]);
});

test("after a first read that waits, what the next one finds has its right name", async () => {
  const rows = rowsOf(names(40));
  hub = await membersHub({ members: [] });
  hub.world.teams["public-access"] = rows.slice(0, 8).map(({ login }) => login);
  const becauseOf = async (now: MemberRow[]): Promise<string> => {
    hub.world.rows = now;
    await hub.runs("edit");
    return (await waiting())?.plan.held.find(({ do: act }) => act === "pair")?.because ?? "";
  };
  const many = /^8 people would stand beside another address, change teams, come back/;
  expect(await becauseOf(rows)).toMatch(many);
  expect(await becauseOf(rows)).toMatch(many);
  expect(await becauseOf(sortedAlone(rows, "email"))).toMatch(
    /^column email seems to have been sorted alone: Ctrl-Z/,
  );
  expect(hub.world.teams["public-access"]).toHaveLength(8);
});

test("a column that was sorted alone between a look that only planned and the first that acts lets nobody in", async () => {
  const rows = rowsOf(names(40));
  // Many would move at this first read, which is held; the others are invited.
  hub = await membersHub({ members: [] });
  hub.world.teams["public-access"] = rows.slice(0, 8).map(({ login }) => login);
  hub.world.rows = rows;
  expect((await hub.runs("person", true)).effects).toEqual([]);
  hub.world.rows = sortedAlone(rows, "login");
  const run = await hub.runs("edit");
  expect(run.effects).toEqual([]);
  expect(toPeople()).toEqual([]);
  expect((await waiting())?.plan.held[0]?.because).toMatch(
    /^column login seems to have been sorted alone: Ctrl-Z/,
  );
});

test("who has a row that cannot be used is found by their login while a slip waits that moved it", async () => {
  const { rows } = await settled();
  const late = { login: "late", name: "Late", tier: "Resrch" };
  const read = async (good: readonly MemberRow[], at: number, email: string) => {
    const typed = good.map(({ cell, login, email, name, tier }) => {
      return { at: Number(cell.slice(1)), login, email, name, tier, expires: "" };
    });
    hub.world.rows = [...good];
    hub.world.beside = {
      rejected: [{ cell: `D${at}`, value: late.tier, why: "no tier of the settings" }],
      named: [late.login],
      typed: [...typed, { ...late, at, email, expires: "" }],
    };
    return hub.runs("edit");
  };
  expect((await read(rows, 42, "late@example.org")).outcome).toBe("done");
  const sorted = sortedAlone(rows, "login").map((one) =>
    one.cell === "C10" ? { ...one, cell: "C42" } : one,
  );
  expect((await read(sorted, 10, "other@example.org")).outcome).toBe("held");
  expect(await hub.why("late")).toMatchObject({ finding: "rejected", cell: "D10" });
});
