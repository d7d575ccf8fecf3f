// `groundcrew members plan --sheet`: the flow's own plan from an exported sheet and the real client, whatever people export, and
// whatever token they have.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { StoredPlan } from "../../shared/flow/plan.ts";
import { accounts, people, smallOrganisation, team } from "../local/github/harness.ts";
import { command } from "./in-process.ts";
import { header, reading, sheetHub, token } from "./sheet-plan-harness.ts";

const rows = [
  "Dee Sample,dee@example.org,dee-d,Research,2031-12-31",
  'Eve Sample,eve@example.org,"eve-e",Public,',
  "Cy Sample,cy@example.org,cy-c,Research,",
  "No Sample,no@example.org,nobody-at-all,Research,",
];
const sheet = [header, ...rows].join("\n");
const planned = ["add cy-c full", "invite dee-d full", "invite eve-e public"];

let hub: Awaited<ReturnType<typeof sheetHub>>;
beforeAll(async () => {
  const teams = [team("full", "Olga-Owner", "ada-a"), team("public"), team("hand-made", "cy-c")];
  hub = await sheetHub({
    world: { ...smallOrganisation, teams },
    persons: [
      reading,
      { ...reading, token: "ghp_classic", permissions: { members: "write" }, scopes: ["admin:org", "repo"] },
      { ...reading, token: "github_pat_no_rights", permissions: {} },
    ],
  });
});
afterAll(() => hub.close());

/** Actions of a plan, in short. */
const doneBy = (stdout: string): string[] =>
  StoredPlan.parse(JSON.parse(stdout))
    .actions.map((one) => `${one.do} ${one.about} ${one["team"]}`)
    .sort();

test("plans as the worker's first look does, reads only, and shows nothing of the token", async () => {
  const { code, stdout, stderr } = await hub.plan(sheet);
  expect(code).toBe(3);
  expect(doneBy(stdout)).toEqual(planned);
  const { refused } = StoredPlan.parse(JSON.parse(stdout));
  expect(refused).toEqual([expect.objectContaining({ about: "C5", value: "nobody-at-all" })]);
  expect(stderr).toContain("1 in the teams stand in no row: they stay");
  expect(`${stdout}${stderr}`).not.toContain(token);
  expect(hub.farEnd.snapshot().pending).toEqual([]);
  expect(hub.farEnd.violations).toEqual([]);
});

test("says for people how that plan and no other is carried out", async () => {
  const { stdout } = await hub.plan(sheet, []);
  expect(stdout).toMatch(/To do \(3\)[\s\S]*members apply --plan [0-9a-f]{16}\n$/);
});

const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, "utf16le")]);
const between = (delimiter: string) =>
  [header, ...rows].map((row) => row.replaceAll(",", delimiter)).join("\r\n");

test.each<[string, string | Buffer]>([
  ["a mark at its beginning and CRLF", `\ufeff${sheet.replaceAll("\n", "\r\n")}`],
  ["semicolons", between(";")],
  ["tabs, in UTF-16", utf16(between("\t"))],
  ["UTF-16, the other end first", utf16(sheet).swap16()],
  ["quoted commas and line ends", sheet.replace("Dee Sample", '"Sample, Dee\n(visiting; Lab)"')],
  ["a title row", `Members of the hub,,,,\n${sheet}`],
])("reads an export with %s", async (_, file) => {
  const { stdout, stderr } = await hub.plan(file);
  expect({ stderr, done: doneBy(stdout) }).toEqual({ stderr: expect.any(String), done: planned });
});

test.each<[string, string | Buffer, RegExp]>([
  ["nothing in it", "", /it is empty/],
  ["a workbook", Buffer.from("PK\u0003\u0004 and so on", "latin1"), /a workbook/],
  ["a page", "<!DOCTYPE html><html></html>", /a web page/],
  ["a code page", Buffer.from(`${header}\nZo\u00eb,z@example.org,zoe,Public,`, "latin1"), /CSV UTF-8/],
  ["open quotes", `${header}\n"Ada,a@example.org,ada-a,Public,\n`, /quotes do not fit/],
  ["other columns", "Sample,Depth (m),Salinity\nA1,5,35.2", /no column has the heading "GitHub username"/],
])("refuses a file with %s, and asks GitHub nothing", async (_, file, why) => {
  const { code, stdout, stderr } = await hub.plan(file);
  expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringMatching(why) });
  expect(hub.requests).toEqual([]);
});

describe("days that can be read in two orders", () => {
  const dated = (heading: string) =>
    `${header.replace("Membership expires", heading)}\nDee Sample,dee@example.org,dee-d,Research,03/02/2031`;

  test("are asked about", async () => {
    const { stdout, stderr } = await hub.plan(dated("Membership expires"));
    expect(stderr).toContain("1 days can be read in two orders");
    expect(StoredPlan.parse(JSON.parse(stdout)).refused).toEqual([
      expect.objectContaining({ about: "E2", why: expect.stringContaining("2031-02-03 or 2031-03-02") }),
    ]);
  });

  test.each([
    ["the heading", "Membership expires (DD/MM/YYYY)", [], []],
    ["the heading", "Membership expires (MM/DD/YYYY)", [], []],
    ["--dates", "Membership expires", ["--dates", "dmy"], []],
  ])("are told apart by %s: %s %j", async (_, heading, flags, done) => {
    // Both days are over on 2031-03-03: nobody is invited, and no row is refused.
    const { stdout, stderr } = await hub.plan(dated(heading), ["--json", ...flags]);
    expect(stderr).not.toContain("two orders");
    expect(StoredPlan.parse(JSON.parse(stdout))).toMatchObject({ actions: done, refused: [] });
    const later = dated(heading).replace("03/02/2031", "04/03/2031");
    // The 4th of March is to come, and so is the 3rd of April: the day is read, in whichever order.
    expect(doneBy((await hub.plan(later, ["--json", ...flags])).stdout)).toEqual(["invite dee-d full"]);
  });

  test("the order decides", async () => {
    const file = dated("Membership expires").replace("03/02/2031", "02/04/2031");
    expect(doneBy((await hub.plan(file, ["--json", "--dates", "dmy"])).stdout)).toEqual([
      "invite dee-d full",
    ]);
    expect(doneBy((await hub.plan(file, ["--json", "--dates", "mdy"])).stdout)).toEqual([]);
  });
});

describe("a token", () => {
  const by = (given: string) => hub.plan(sheet, ["--json"], { GROUNDCREW_GITHUB_TOKEN: given });

  test("that may write is warned of, and writes nothing", async () => {
    const { code, stderr } = await by("ghp_classic");
    expect(code).toBe(3);
    expect(stderr).toContain("the token may do more than read (admin:org, repo)");
    expect(hub.farEnd.snapshot().pending).toEqual([]);
  });

  test.each([
    ["that has expired", "github_pat_of_last_year", /has expired, was revoked/],
    ["without rights in the organisation", "github_pat_no_rights", /Members: Read-only/],
    ["of two lines", "github_pat_a\nb", /has blanks or line ends in it/],
    ["that is not there", " ", /GROUNDCREW_GITHUB_TOKEN is not set/],
  ])("%s is refused in words", async (_, given, why) => {
    const { code, stdout, stderr } = await by(given);
    expect({ stdout, stderr }).toEqual({ stdout: "", stderr: expect.stringMatching(why) });
    expect(code).toBeGreaterThan(0);
    expect(stderr).not.toMatch(/github_pat_[ao]/);
  });

  test("comes from the variable that is named, and never stands in the command", async () => {
    const named = await hub.plan(sheet, ["--json", "--token-from", "MY_TOKEN"], { MY_TOKEN: token });
    expect(named.code).toBe(3);
    const typed = await hub.plan(sheet, ["--token-from", token], {});
    expect(typed.code).toBe(2);
    expect(typed.stderr).toContain("revoke it");
    expect(typed.stderr).not.toContain(token);
  });
});

test("GitHub's limit is told with when to come again", async () => {
  hub.answerNext({ errors: [{ type: "RATE_LIMIT", message: "API rate limit exceeded" }] });
  const { code, stderr } = await hub.plan(sheet);
  expect(code).toBe(1);
  expect(stderr).toMatch(/limit of requests an hour[\s\S]*run it again in/);
});

test("a team that the token may not see is named", async () => {
  const other = await sheetHub({ tiers: { Research: "secret-team" } });
  const { code, stderr } = await other.plan(sheet);
  await other.close();
  expect(code).toBe(1);
  expect(stderr).toMatch(/no team secret-team[\s\S]*it is secret/);
});

test("settings that are missing or wrong are named, and options without a sheet are refused", async () => {
  const none = await hub.plan(sheet, ["--settings", "other.yaml"]);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("other.yaml cannot be read") });
  const wrong = await hub.plan(sheet, ["--settings", "members.csv"]);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining("members.csv is not right") });
  const hubless = await hub.plan(sheet, ["--hub", "staging"]);
  expect(hubless).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no hub with members "staging"'),
  });
  const alone = await command(["members", "plan", "--dates", "dmy"]);
  expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining("goes with --sheet") });
});

test("nothing to do among 1,000 people in each of four teams costs 7 requests, as a look of the sync does", async () => {
  const logins = people(4000);
  const teams = [0, 1, 2, 3].map((k) => team(`t${k}`, ...logins.slice(k * 1000, k * 1000 + 1000)));
  const large = await sheetHub({
    world: { ...smallOrganisation, teams, users: accounts("Olga-Owner", ...logins) },
    tiers: { T0: "t0", T1: "t1", T2: "t2", T3: "t3" },
  });
  const lines = logins.map((login, n) => `P,${login}@example.org,${login},T${Math.floor(n / 1000)},`);
  const { code, stderr } = await large.plan([header, ...lines].join("\n"));
  const { requests } = large;
  await large.close();
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.any(String) });
  expect(requests.sort()).toEqual([
    "GET /orgs/Sample-Hub/failed_invitations",
    ...Array(6).fill("POST /graphql"),
  ]);
});
