// The status sheet at the end of a run: when it is written and when not, and that nothing about it stops the sync.
import { afterEach, describe, expect, test } from "@jest/globals";
import { findingLooks } from "../../../shared/members/findings.ts";
import { StatusSheet, statusSheetName } from "../../../shared/members/status-sheet.ts";
import type { MemberRow } from "../../../shared/sheets/row.ts";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

const status = { spreadsheet: "1StatusSpreadsheet", gid: 0 };
const opened = async (more: Partial<Parameters<typeof membersHub>[0]> = {}) => {
  hub = await membersHub({ ...more, settings: { status, ...more?.settings } });
  hub.world.rows = inRows(row("ada"), row("bo"));
};
/** Puts people one below the other. */
const inRows = (...rows: MemberRow[]) => rows.map((one, at) => ({ ...one, cell: `C${at + 2}` }));
const people = (count: number) => inRows(...Array.from({ length: count }, (_, at) => row(`p${at + 1}`)));
const record = async () => (await hub.ledger.read(statusSheetName("prod"), StatusSheet))?.value;
/** Logins and words of the newest table. */
const lines = (at = -1) =>
  hub.world.status
    .at(at)
    ?.rows.slice(4)
    .map(([, login, word]) => `${login}: ${word}`);

describe("it is written", () => {
  test("once a run at most, and only where something has changed", async () => {
    await opened();
    await hub.runs("edit");
    expect(lines()).toEqual(["ada: invited", "bo: invited"]);
    await hub.runs("edit");
    await hub.runs("schedule");
    expect(hub.world.status).toHaveLength(1);
    hub.world.teams["full-access"] = ["ada"];
    hub.world.pending = hub.world.pending.filter(({ login }) => login !== "ada");
    await hub.runs("schedule");
    expect(lines()).toEqual(["ada: in the team", "bo: invited"]);
    expect(hub.world.status).toHaveLength(2);
  });

  test("once a day in any case, over whatever somebody has typed into it", async () => {
    await opened();
    await hub.runs();
    hub.hours(24);
    await hub.runs();
    expect(hub.world.status).toHaveLength(2);
  });

  test("within two minutes of the edit, however long the run goes on inviting", async () => {
    await opened({ quietSeconds: 20, settings: { writeSpacingSeconds: 1 } });
    hub.world.rows = people(90);
    hub.world.takes = 1000;
    const edited = hub.world.now;
    const told: string[] = [];
    await hub.deliver(
      { v: 1, hub: "prod", why: "edit" },
      { messageId: "1", attempt: 1, first: edited },
      {
        writeStatus: async (_, { rows }) => {
          const seconds = (hub.world.now.getTime() - edited.getTime()) / 1000;
          told.push(`${seconds < 120 ? "in time" : `after ${seconds} s`}: ${rows[2]}`);
        },
      },
    );
    expect(told).toEqual([
      "in time: 90 rows: 0 fine, 0 to accept, 0 to correct, 90 to wait, 0 unknown",
      "in time: 90 rows: 0 fine, 90 to accept, 0 to correct, 0 unknown",
    ]);
  });

  test("when changes are on hold, and when the sheet cannot be read", async () => {
    await opened({ members: people(9).map(({ login }) => login), settings: { removals: "apply" } });
    hub.world.rows = people(9);
    await hub.runs();
    hub.world.problem = 'the heading "GitHub username" is missing';
    expect(await hub.runs()).toMatchObject({ outcome: "blocked", cause: "sheet-unusable" });
    expect(hub.world.status.at(-1)?.rows[2]).toEqual(['the heading "GitHub username" is missing']);
    // The same sheet again is nothing new to the sync; to whoever reads the status it is.
    hub.world.problem = undefined;
    await hub.runs("edit");
    expect(lines()).toHaveLength(9);
  });

  test("after whoever should have written it has died, also where no cell that matters has changed", async () => {
    await opened();
    await hub.runs("edit");
    hub.world.teams["full-access"] = ["ada", "bo"];
    hub.world.pending = [];
    hub.hours(1);
    const dies = { writeStatus: () => Promise.reject(new Error("killed")) };
    const delivery = { messageId: "9", attempt: 1, first: hub.world.now };
    const { beside } = Object(await hub.deliver({ v: 1, hub: "prod", why: "schedule" }, delivery, dies));
    expect(beside).toMatchObject([{ cause: "status-sheet-failed", lasting: false }]);
    expect(hub.world.status).toHaveLength(1);
    await hub.deliver({ v: 1, hub: "prod", why: "edit" }, { ...delivery, attempt: 2 });
    expect(lines()).toEqual(["ada: in the team", "bo: in the team"]);
  });
});

describe("it is not written", () => {
  test.each<[string, Parameters<typeof opened>[0], boolean]>([
    ["by a hub without one", { settings: { status: undefined as never } }, false],
    ["where the flow only plans", { mode: "plan" }, false],
    ["for a plan that somebody asks for", {}, true],
  ])("%s", async (_, given, dryRun) => {
    await opened(given);
    await hub.runs("schedule", dryRun);
    expect([hub.world.status, await record()]).toEqual([[], undefined]);
  });

  test("before Sheets may be asked again", async () => {
    await opened();
    hub.world.statusRefuses = refusing("rate-limit", { lasts: "transient", waitSeconds: 180 });
    await hub.runs();
    hub.world.statusRefuses = undefined;
    await hub.runs("edit");
    await hub.runs();
    expect(hub.world.status).toEqual([]);
    // Exactly then, for each run comes a minute after the last.
    await hub.runs("continue");
    expect(lines()).toEqual(["ada: invited", "bo: invited"]);
  });
});

const refusing = (cause: string, more: { lasts?: "transient"; waitSeconds?: number } = {}) => ({
  service: "sheets" as const,
  cause,
  lasts: "lasting" as const,
  explanation: { what: "the status sheet cannot be written", why: "it is not shared", next: "share it" },
  ...more,
});

describe("a refusal", () => {
  test("stops no sync: it stands beside how the run ended, and ends with the first write", async () => {
    await opened();
    hub.world.statusRefuses = refusing("not-shared");
    const beside = [{ cause: "status-sheet-not-shared", lasting: true, reason: { next: "share it" } }];
    const { effects, ...ended } = await hub.runs();
    expect(ended).toMatchObject({ outcome: "done", beside });
    expect(effects.map(({ do: act, login }) => [act, login])).toEqual([
      ["invite", "ada"],
      ["invite", "bo"],
    ]);
    expect(await hub.runs()).toMatchObject({ outcome: "done", beside });
    hub.world.statusRefuses = undefined;
    expect(await hub.runs("edit")).toMatchObject({ beside: [] });
    expect(lines()).toEqual(["ada: invited", "bo: invited"]);
  });

  test("that time mends is tried again after a minute", async () => {
    await opened();
    hub.world.statusRefuses = refusing("500", { lasts: "transient" });
    expect(await hub.runs()).toMatchObject({ beside: [{ lasting: false }] });
    const { at } = Object(await hub.jsonOf("head/continue/sync-members/prod.json"));
    expect(new Date(at).getTime() - hub.world.now.getTime()).toBe(60_000);
  });
});

test("it says of each row what why says of whoever stands there", async () => {
  await opened({ members: ["cy", "dee"], settings: { removals: "apply" } });
  hub.world.rows = inRows(
    row("ada"),
    row("cy"),
    row("dee", "Research", { expires: "2026-11-01" }),
    row("eve", "Education"),
  );
  await hub.runs();
  for (const [, login, word, , , sentence] of hub.world.status.at(-1)?.rows.slice(4) ?? []) {
    const answer = await hub.why(String(login));
    expect([login, word]).toEqual([login, findingLooks[answer.finding].word]);
    if (sentence !== "") expect(sentence).toBe(answer.sentence);
  }
  expect(hub.world.status.at(-1)?.rows).toHaveLength(8);
});
