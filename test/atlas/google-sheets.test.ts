// Sheets and Drive by their production adapters: every recorded answer, answers cut anywhere, and answers that are none.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { explain } from "../../shared/delivery/explain.ts";
import { failureIn } from "../../shared/failure.ts";
import { identityAuth } from "../../shared/google-auth.ts";
import { Settings } from "../../shared/settings.ts";
import { driveWatch } from "../../shared/sheets/drive.ts";
import { sheetReader } from "../../shared/sheets/read.ts";
import { atlas, cutAnywhere, type Entry, type Recorded } from "./entry.ts";
import { google, html, json, once, silence, thrown } from "./google-bodies.ts";
import { driveEntries } from "./google-drive.ts";
import { type Call, reader, sheetEntries } from "./google-sheets.ts";

const members = Settings.shape.hubs.valueType.shape.members.unwrap().parse({
  spreadsheet: "1SampleSpreadsheet",
  tiers: { Research: "full-access" },
});
let far: Awaited<ReturnType<typeof google>>;
beforeAll(async () => {
  far = await google();
});
afterAll(() => far.close());

const options = () => ({
  endpoints: { google: far.url },
  identity: reader,
  auth: () => once(identityAuth([])),
});
const channel = {
  spreadsheetId: members.spreadsheet,
  channelId: "prod-1",
  token: "t",
  address: "https://x.example.org/",
  expires: new Date("2027-01-01"),
};

async function send({ call, ...recorded }: Pick<Entry<Call>, "call"> & Recorded) {
  far.answers(recorded);
  if (call === "sheet") return thrown(sheetReader(options()).readRows(members, "2026-11-28"));
  const drive = driveWatch(options());
  if (call === "trash") return thrown(drive.isTrashed(members.spreadsheet));
  return thrown(
    call === "watch" ? drive.watch(channel) : drive.stop({ channelId: "prod-1", resourceId: "r" }),
  );
}

atlas([...sheetEntries, ...driveEntries], send);
cutAnywhere(
  [...sheetEntries, ...driveEntries.filter(({ call }) => call === "watch" || call === "trash")],
  send,
);

test.each<[string, Recorded, string]>([
  ["a page of HTML", html(200, "<html>Sign in</html>"), "unreadable"],
  ["nothing", { status: 200, body: "" }, "unreadable"],
  ["another API's answer", json(200, { kind: "x" }), "unreadable"],
])("%s is no sheet and no channel", async (_, recorded, cause) => {
  for (const call of ["sheet", "watch", "trash"] as const)
    expect(failureIn(await send({ call, ...recorded }))).toMatchObject({ cause, lasts: "transient" });
});

test("more than we read at once is broken off, and never kept", async () => {
  const long = { ...json(200, {}), body: `{"x":"${"x".repeat(40 * 1024 * 1024)}"}` };
  const error = await send({ call: "sheet", ...long });
  expect(failureIn(error)).toMatchObject({ service: "sheets", cause: "unreadable" });
});

test("a server that never answers is given up on, by name", async () => {
  const silent = await silence();
  const patient = { ...options(), endpoints: { google: silent.url }, timeoutMs: 100 };
  const error = await thrown(sheetReader(patient).readRows(members, "2026-11-28"));
  silent.close();
  expect(explain(error, "sync-members").why).toBe("Google Sheets did not answer");
});
