// Sheets and Drive through Google's own clients, from the metadata server's token to the answer.
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import type { Failure } from "../../../local/wire/faults.ts";
import { isPermanent } from "../../../shared/errors.ts";
import { Settings } from "../../../shared/settings.ts";
import { driveWatch } from "../../../shared/sheets/drive.ts";
import { sheetReader } from "../../../shared/sheets/read.ts";
import { harness, reader, spreadsheet } from "../../local/google/harness.ts";

const members = Settings.shape.hubs.valueType.shape.members.unwrap().parse({
  spreadsheet,
  tiers: { Research: "full-access" },
});
const header = "Name,Email,GitHub username,Membership tier,Membership expires\n";
const today = "2026-11-21";
const csv = `${header}Ada,ada@example.org,'007,Research,2027-06-30\nBob,bob@example.org,'1e5,Research,\n`;

/** Gives what a call throws. */
const thrown = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );

describe("the sheet's reader", () => {
  test("reads members whose logins look like numbers, in one request", async () => {
    await using hub = await harness({ csv });
    const { rows, rejected } = await sheetReader(hub).readRows(members, today);
    expect(rows.map(({ login, expires }) => [login, expires])).toEqual([
      ["007", "2027-06-30"],
      ["1e5", undefined],
    ]);
    expect(rejected).toEqual([]);
    expect([...hub.faults.calls()].filter(([call]) => call.startsWith("google"))).toEqual([
      [`google GET /v4/spreadsheets/${spreadsheet}`, 1],
    ]);
    expect(hub.far.violations).toEqual([]);
  });

  test("reads a tab that is called like a cell, or has a quote in it", async () => {
    for (const tab of ["Q1", "Ada's list"]) {
      await using hub = await harness({ csv, tab });
      expect((await sheetReader(hub).readRows({ ...members, tab }, today)).rows).toHaveLength(2);
    }
  });

  test("takes an empty tab for a sheet that cannot be used", async () => {
    await using hub = await harness({ csv: "" });
    const { problem, rows } = await sheetReader(hub).readRows(members, today);
    expect([problem, rows]).toEqual([expect.stringContaining('the tab "Members" is empty'), []]);
  });

  test.each([
    ["is not shared", { viewers: [] }, members, `the sheet is not shared with ${reader}`],
    [
      "does not exist",
      {},
      { ...members, spreadsheet: "1AnotherSpreadsheet" },
      "there is no sheet of this id",
    ],
    ["has lost its tab", {}, { ...members, tab: "Members 2025" }, 'it has no tab called "Members 2025"'],
  ])("says what to do when the sheet %s", async (_, { viewers }: { viewers?: string[] }, settings, why) => {
    await using hub = await harness({ csv });
    if (viewers) hub.shareWith(viewers);
    const error = await thrown(sheetReader({ ...hub, identity: reader }).readRows(settings, today));
    if (!isPermanent(error)) throw new Error("not permanent", { cause: error });
    expect(error.explanation.why).toContain(why);
    expect(error.explanation.next).not.toBe("");
  });

  const refusal = (reason: string, code = 403): Failure => ({
    kind: "status",
    status: code,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ error: { code, message: "No.", status: "X", details: [{ reason }] } }),
  });
  test.each<[string, Failure, boolean]>([
    ["a switched-off API", refusal("SERVICE_DISABLED"), false],
    ["a token without the scope", refusal("ACCESS_TOKEN_SCOPE_INSUFFICIENT"), true],
    ["a rate limit told as 403", refusal("rateLimitExceeded"), false],
    ["too many requests", { kind: "status", status: 429 }, false],
    ["an error of Google's", { kind: "status", status: 500 }, false],
    ["an answer cut in half", { kind: "truncated" }, false],
    ["a connection that breaks", { kind: "lost-answer" }, false],
    ["JSON that is cut off", json('{"spreadsheetId":"1Sample'), false],
    ["no tab", json(`{"spreadsheetId":"${spreadsheet}"}`), false],
    ["another sheet's answer", json('{"spreadsheetId":"x","sheets":[{"data":[{}]}]}'), false],
    ["a page of HTML", { kind: "status", status: 200, body: "<html>" }, false],
  ])("throws at %s, and gives no sheet", async (_, failure, permanent) => {
    await using hub = await harness({ csv });
    hub.faults.add({ farEnd: "google", times: 9, failure });
    const error = await thrown(sheetReader(hub).readRows(members, today));
    expect(error).toHaveProperty("message", expect.stringContaining("the sheet of members cannot be read"));
    expect(isPermanent(error)).toBe(permanent);
  });

  test("does not take a metadata server's 404 for the sheet's", async () => {
    await using hub = await harness({ csv });
    hub.faults.add({ farEnd: "metadata", failure: { kind: "status", status: 404 } });
    const sheet = sheetReader(hub);
    const error = await thrown(sheet.readRows(members, today));
    expect(error).toHaveProperty("message", expect.stringContaining("metadata server"));
    expect(isPermanent(error)).toBe(false);
    expect((await sheet.readRows(members, today)).rows).toHaveLength(2);
  });

  test("gets over one error of Google's by itself", async () => {
    await using hub = await harness({ csv });
    hub.faults.add({ farEnd: "google", failure: { kind: "status", status: 503 } });
    expect((await sheetReader(hub).readRows(members, today)).rows).toHaveLength(2);
  });

  test("works again once what was wrong is mended", async () => {
    await using hub = await harness({ csv: "" });
    const sheet = sheetReader(hub);
    hub.shareWith([]);
    expect(isPermanent(await thrown(sheet.readRows(members, today)))).toBe(true);
    hub.shareWith([reader]);
    writeFileSync(hub.file, csv);
    expect((await sheet.readRows(members, today)).rows).toHaveLength(2);
  });
});

describe("Drive's watch", () => {
  const channel = {
    spreadsheetId: spreadsheet,
    channelId: "prod-1",
    token: "t",
    address: "http://127.0.0.1:1/sheet-webhook",
    expires: new Date("2027-01-01"),
  };

  test("opens a channel for a day at most, and stops", async () => {
    await using hub = await harness({ csv });
    const drive = driveWatch(hub);
    const { resourceId, expires } = await drive.watch(channel);
    expect(expires).toEqual(new Date("2026-11-22T08:00:00.123Z"));
    await hub.far.touched(spreadsheet);
    writeFileSync(hub.file, header);
    await hub.far.touched(spreadsheet);
    expect(hub.pushed.map(({ headers }) => headers["x-goog-resource-state"])).toEqual(["sync", "update"]);
    await drive.stop({ channelId: "prod-1", resourceId });
    await drive.stop({ channelId: "prod-1", resourceId });
    writeFileSync(hub.file, csv);
    await hub.far.touched(spreadsheet);
    expect(hub.pushed).toHaveLength(2);
    expect(hub.far.violations).toEqual([]);
  });

  test("asks whether the sheet is in the trash, and for nothing else", async () => {
    await using hub = await harness({ csv });
    const drive = driveWatch(hub);
    expect(await drive.isTrashed(spreadsheet)).toBe(false);
    hub.trash(true);
    expect(await drive.isTrashed(spreadsheet)).toBe(true);
    expect((await sheetReader(hub).readRows(members, today)).rows).toHaveLength(2);
    expect(hub.far.violations).toEqual([]);
  });

  test("says what to do when the sheet is not shared, which Drive tells as not found", async () => {
    await using hub = await harness({ csv });
    hub.shareWith([]);
    const error = await thrown(driveWatch(hub).watch(channel));
    expect(isPermanent(error) && error.explanation.next).toContain("press Share");
  });
});

function json(body: string): Failure {
  return { kind: "status", status: 200, headers: { "content-type": "application/json" }, body };
}
