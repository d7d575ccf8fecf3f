// The members of a sample hub, run once and once more, with whatever befalls the sheet, and with what it needs missing. What
// stands at GitHub and in the mailbox in the end is written by hand.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import { functionNames, type Row, rowOf } from "../../shared/functions.ts";
import type { Run } from "../../shared/records.ts";
import { damages, expectUnharmed, rowsOf, worldOf, writeRows } from "./damaged-sheet.ts";
import { type Sample, sample } from "./sample.ts";

let hub: Sample;
const open = () => {
  hub = sample({ only: "sync-members" });
};
const close = () => hub.close();

describe("one sample hub after its first pass", () => {
  let runs: Run[];
  let after: ReturnType<typeof worldOf>;
  let mailed: string[];
  let running: Instance;
  beforeAll(async () => {
    open();
    const first = await hub.start();
    runs = await first.runOnce();
    after = worldOf(first);
    mailed = hub.mailedTo();
    expect(first.farEnds.violations()).toEqual([]);
    running = await hub.start();
  });
  afterAll(close);

  test("the sheet's people are invited or added, and told once; a second pass does nothing", async () => {
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
    // The membership ended in 2020, and is older than the hub's Groundcrew: only reported. The other was added by hand.
    expect(Object.values(teams).flat()).toEqual(expect.arrayContaining(["hoa-petrov-2", "guest-lecturer"]));
    expect(mailed).toHaveLength(18);
    expect(new Set(mailed).size).toBe(18);
    expect(mailed).toContain("mei.dahl@example.org");

    expect(hub.mailedTo()).toEqual(mailed);
    expect((await running.runOnce()).flatMap(({ effects }) => effects)).toEqual([]);
    expect(worldOf(running)).toEqual(after);
    expect(hub.mailedTo()).toEqual(mailed);
  });

  test("whatever befalls the sheet, nobody loses access and the team is told once", async () => {
    for (const damage of damages.filter(({ outcome }) => outcome !== "failed"))
      await expectUnharmed(hub, running, damage);
  });

  test("sorted the other way round it is the same sheet", async () => {
    const [header = "", ...people] = rowsOf(hub);
    writeRows(hub, [header, ...people.reverse()]);
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
    expect(worldOf(first).pending).toEqual([]);
  });
});
