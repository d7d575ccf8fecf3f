// The members of a sample hub, run once and once more, with whatever befalls the sheet, and with what it needs missing. What
// stands at GitHub and in the mailbox in the end is written by hand.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Instance } from "../../local/instance.ts";
import { functionNames, type Row, rowOf } from "../../shared/functions.ts";
import type { Run } from "../../shared/records.ts";
import { type Sample, sample } from "./sample.ts";

let hub: Sample;
const open = () => {
  hub = sample({ only: "sync-members" });
};
const close = () => hub.close();

const sheetFile = () => join(hub.folder, "members.csv");
const lines = () => readFileSync(sheetFile(), "utf8").trimEnd().split("\n");
const write = (rows: string[]) => writeFileSync(sheetFile(), `${rows.join("\n")}\n`);

/** Who is where, at GitHub: what a wrong run would change. */
function standing({ farEnds }: Instance) {
  const { teams, pending } = farEnds.github.snapshot();
  return { teams, pending: pending.map(({ login, teams: to }) => `${login} -> ${to.join()}`).sort() };
}

describe("one sample hub after its first pass", () => {
  let runs: Run[];
  let after: ReturnType<typeof standing>;
  let mailed: string[];
  let running: Instance;
  beforeAll(async () => {
    open();
    const first = await hub.start();
    runs = await first.runOnce();
    after = standing(first);
    mailed = hub.mailedTo();
    expect(first.farEnds.violations()).toEqual([]);
    running = await hub.start();
  });
  afterAll(close);

  test("the sheet's people are invited, added or removed, and told once; a second pass does nothing", async () => {
    expect(runs.filter(({ outcome }) => outcome !== "done")).toEqual([]);
    expect(runs.map(({ flow }) => flow).sort()).toEqual([...Array(18).fill("send-notice"), "sync-members"]);
    expect(after.pending).toEqual([
      "bilal-abara-2 -> full-access",
      "dawit-haddad-3 -> full-access",
      "dawit-vega -> public-access",
      "farid-brandt-2 -> public-access",
      "hoa-ivanova-3 -> public-access",
      "hoa-weiss -> full-access",
      "jonas-castillo-2 -> full-access",
      "luca-xu -> full-access",
      "mei-dahl -> base-access",
      "priya-yilmaz -> base-access",
      "rosa-eriksen-2 -> base-access",
      "viktor-fontaine-2 -> base-access",
      "xin-ferrari -> full-access",
      "zoe-guerra-2 -> full-access",
    ]);
    const { teams } = after;
    // In the organisation before, in none of the teams: added at once.
    expect(teams["base-access"]).toEqual(expect.arrayContaining(["farid-ivanova", "wanjiru-tanaka"]));
    // The membership ended in 2020.
    expect(Object.values(teams).flat()).not.toContain("hoa-petrov-2");
    // Added by hand, never in the sheet: nobody's business.
    expect(Object.values(teams).flat()).toContain("guest-lecturer");
    expect(mailed).toHaveLength(18);
    expect(new Set(mailed).size).toBe(18);
    expect(mailed).toContain("mei.dahl@example.org");

    expect(hub.mailedTo()).toEqual(mailed);
    expect((await running.runOnce()).flatMap(({ effects }) => effects)).toEqual([]);
    expect(standing(running)).toEqual(after);
    expect(hub.mailedTo()).toEqual(mailed);
  });

  const damages: [string, (rows: string[]) => string | Buffer, string][] = [
    ["emptied to its headings", (rows) => `${rows[0]}\n`, "held"],
    ["halved", (rows) => rows.slice(0, 30).join("\n"), "held"],
    ["without its headings", (rows) => rows.slice(1).join("\n"), "blocked"],
    ["with a heading misspelt", (rows) => rows.join("\n").replace("Email", "E-mial"), "blocked"],
    ["emptied altogether", () => "", "blocked"],
    ["not UTF-8", () => Buffer.from([0xff, 0xfe, 0x41]), "failed"],
  ];

  test("whatever befalls the sheet, nobody loses access and the team is told once", async () => {
    const before = standing(running);
    const rows = lines();
    for (const [damage, apply, outcome] of damages) {
      const toldBefore = hub.posts().length;
      writeFileSync(sheetFile(), apply(rows));
      const outcomes = (await running.runOnce())
        .filter(({ flow }) => flow === "sync-members")
        .map((run) => run.outcome);
      // A failure that may pass is tried again, and nobody is told of it yet.
      expect([damage, new Set(outcomes)]).toEqual([damage, new Set([outcome])]);
      expect([damage, outcomes.length > 1]).toEqual([damage, outcome === "failed"]);
      expect([damage, standing(running)]).toEqual([damage, before]);
      await running.runOnce();
      const told = hub.posts().length - toldBefore;
      expect([damage, told]).toEqual([damage, outcome === "failed" ? 0 : 1]);

      write(rows);
      expect([damage, (await running.runOnce()).flatMap(({ effects }) => effects)]).toEqual([damage, []]);
    }
  });

  test("sorted the other way round it is the same sheet", async () => {
    const [header = "", ...people] = lines();
    write([header, ...people.reverse()]);
    expect((await running.runOnce()).flatMap(({ effects }) => effects)).toEqual([]);
  });
});

describe("what is missing is said in a person's words", () => {
  beforeEach(open);
  afterEach(close);

  test("a permission that the table of functions does not grant", async () => {
    const rows: Record<string, Row> = Object.fromEntries(functionNames.map((name) => [name, rowOf(name)]));
    const first = await hub.start({
      rows: { ...rows, "sync-members": { ...rowOf("sync-members"), secrets: [] } },
    });
    const runs = (await first.runOnce()).filter(({ flow }) => flow === "sync-members");
    expect(runs.at(-1)?.error).toEqual({
      what: "the secret github-app-key cannot be read",
      why: "the function's service account lacks the permission secretmanager.versions.access on it",
      next: expect.stringContaining("in shared/functions.ts"),
    });
    expect(hub.subjects().filter((subject) => subject.startsWith("Your access"))).toEqual([]);
  });

  test("a secret", async () => {
    const first = await hub.start();
    rmSync(join(hub.folder, ".groundcrew", "secrets", "github-app-key"), { recursive: true });
    const [run] = (await first.runOnce()).filter(({ flow }) => flow === "sync-members");
    expect(run?.error).toMatchObject({
      what: "the secret github-app-key cannot be read",
      why: expect.stringContaining("it is missing"),
    });
    expect(standing(first).pending).toEqual([]);
  });
});
