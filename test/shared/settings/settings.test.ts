// Mistakes that a person can make in groundcrew.yaml, and where each is said to be.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { describeProblems, parseSettings } from "../../../shared/settings/file.ts";
import { settingsPage } from "../../../shared/settings/page.ts";
import { settingsSchema } from "../../../shared/settings/schema.ts";
import { settingsFrom } from "../../../shared/settings.ts";
import { goodFile } from "./good-file.ts";

const at = (path: string) => new URL(`../../../${path}`, import.meta.url);
const good = `${goodFile}    members:
      spreadsheet: 1ExampleSpreadsheet
      tiers:
        Public: public-access
`;

/** The good file with one text replaced, as file:line:column lines. */
function problemsOf(from: string, to: string): string[] {
  expect(good).toContain(from);
  return linesOf(good.replace(from, to));
}
function linesOf(text: string): string[] {
  const read = parseSettings(text);
  return "problems" in read ? describeProblems("f", read.problems).split("\n") : [];
}

describe("files that are right", () => {
  test.each(["groundcrew.example.yaml", "local/sample/groundcrew.yaml"])("%s", (file) => {
    expect(linesOf(readFileSync(at(file), "utf8"))).toEqual([]);
  });

  test("the shortest one, with every default", () => {
    const read = parseSettings(good);
    expect(read).toEqual({
      settings: {
        project: "example-hub-ops",
        name: "Example hub",
        team: { mail: ["crew@example.org"], sender: "hub@example.org" },
        github: { appId: 123456 },
        flows: { "sync-members": "plan", "scan-quotas": "off", "bump-image": "off", "run-transfer": "off" },
        retry: { minimumSeconds: 10, maximumSeconds: 600 },
        hubs: {
          prod: {
            organisation: "example-hub",
            url: "https://hub.example.org",
            timeZone: "UTC",
            limits: { mailsPerDay: 2000 },
            members: {
              spreadsheet: "1ExampleSpreadsheet",
              tab: "Members",
              columns: {
                name: "Name",
                email: "Email",
                login: "GitHub username",
                tier: "Membership tier",
                expires: "Membership expires",
              },
              tiers: { Public: "public-access" },
              mustEnd: [],
              protected: [],
              removals: "report",
              removalGraceHours: 24,
              holdRemovals: { above: 3, share: 0.05 },
              shrunkBelow: 0.8,
              quietSeconds: 20,
              writeSpacingSeconds: 1,
              invitationsPerDay: 450,
              approvalHours: 24,
            },
          },
        },
      },
    });
  });

  test.each([
    ["a byte order mark", `\ufeff${good}`],
    ["line ends of Windows", good.replaceAll("\n", "\r\n")],
    ["a comment at its head", `# ours\n\n${good}`],
    ["no line end at its end", good.trimEnd()],
    ["an anchor and its alias", good.replace("[crew@example.org]", "&a [crew@example.org]")],
    ["off, which is no false", good.replace("plan", "off")],
    ["a time zone", good.replace("    members:", "    timeZone: America/New_York\n    members:")],
    ["tiers that must end", good.replace("      tiers:", "      mustEnd: [Public]\n      tiers:")],
    ["a hub without members", good.replace(/ {4}members:[\s\S]*/, "")],
  ])("with %s", (_, text) => {
    expect(linesOf(text)).toEqual([]);
  });

  test("as a function gets them: whole, or not at all", () => {
    const read = parseSettings(good);
    if ("problems" in read) throw new Error("the good file is not");
    expect(settingsFrom({ GROUNDCREW_SETTINGS: JSON.stringify(read.settings) })).toEqual(read.settings);
    expect(() => settingsFrom({})).toThrow();
    expect(() => settingsFrom({ GROUNDCREW_SETTINGS: "{}" })).toThrow();
  });
});

describe("keys", () => {
  test.each<[string, string, string[]]>([
    [
      "name: Ex",
      "nmae: Ex",
      ["f:1:1: name: is missing", 'f:2:1: nmae: unknown key "nmae"; did you mean "name"?'],
    ],
    [
      "  mail:",
      "  mails:",
      ["f:3:1: team.mail: is missing", 'f:4:3: team.mails: unknown key "mails"; did you mean "mail"?'],
    ],
    [
      "appId",
      "appID",
      ["f:6:1: github.appId: is missing", 'f:7:3: github.appID: unknown key "appID"; did you mean "appId"?'],
    ],
    [
      "sync-members:",
      "sync-member:",
      ['f:9:3: flows.sync-member: unknown key "sync-member"; did you mean "sync-members"?'],
    ],
    [
      "organisation:",
      "organization:",
      [
        "f:11:3: hubs.prod.organisation: is missing",
        'f:12:5: hubs.prod.organization: unknown key "organization"; did you mean "organisation"?',
      ],
    ],
    [
      "      tiers:",
      "      columns: { mail: Mail }\n      tiers:",
      ['f:16:18: hubs.prod.members.columns.mail: unknown key "mail"; did you mean "email"?'],
    ],
    [
      "      tiers:",
      "      holdRemovals:\n        abov: 1\n      tiers:",
      ['f:17:9: hubs.prod.members.holdRemovals.abov: unknown key "abov"; did you mean "above"?'],
    ],
    [
      "      tiers:",
      "      quietSecond: 1\n      tiers:",
      ['f:16:7: hubs.prod.members.quietSecond: unknown key "quietSecond"; did you mean "quietSeconds"?'],
    ],
    [
      "team:",
      "password: x\nteam:",
      ['f:3:1: password: unknown key "password"; known: project, name, team, github, flows, retry, hubs'],
    ],
    [
      "team:",
      "__proto__: x\nteam:",
      ['f:3:1: __proto__: unknown key "__proto__"; known: project, name, team, github, flows, retry, hubs'],
    ],
  ])("%j typed as %j", (from, to, problems) => {
    expect(problemsOf(from, to).sort()).toEqual(problems);
  });

  test("two mistakes are told at once", () => {
    expect(linesOf(good.replace("appId: 123456", "appId: x").replace("url: ", "uri: "))).toHaveLength(3);
  });
});

describe("values", () => {
  test.each<[string, string, string]>([
    [
      "1ExampleSpreadsheet",
      "https://docs.example.org/spreadsheets/d/1ExampleSpreadsheet/edit",
      "f:15:7: hubs.prod.members.spreadsheet: is not of the form that is wanted: the id in the sheet's address, between /d/ and /edit.",
    ],
    [
      "      tiers:",
      "      holdRemovals: { share: 5 }\n      tiers:",
      "f:16:23: hubs.prod.members.holdRemovals.share: must be a share of 1, from 0 to 1: 0.2 stands for 20 %",
    ],
    [
      "      tiers:",
      "      removalGraceHours: 100000\n      tiers:",
      "f:16:7: hubs.prod.members.removalGraceHours: must be at most ",
    ],
    ["example-hub-ops", "Example_Hub", "f:1:1: project: "],
    ["Example hub", '""', "f:2:1: name: "],
    ["Example hub", "[a, b]", "f:2:1: name: must be a text"],
    ["[crew@example.org]", "crew@example.org", "f:4:3: team.mail: must be a list"],
    ["[crew@example.org]", "[]", "f:4:3: team.mail: must have at least 1 entry"],
    ["[crew@example.org]", "[crew@example.org, nobody]", "f:4:28: team.mail.1: is no email address"],
    [
      "sender: hub@example.org",
      'sender: hub@example.org\n  slack: { channel: "#crew" }',
      "f:6:12: team.slack.channel: a channel's id, such as C0123456789; it stands at the end of the channel's details in Slack",
    ],
    ["sender: hub@example.org", "sender: hub", "f:5:3: team.sender: is no email address"],
    ["123456", '"123456"', "f:7:3: github.appId: must be a number"],
    ["123456", "-1", "f:7:3: github.appId: "],
    ["123456", "1.5", "f:7:3: github.appId: "],
    ["plan", "aply", 'f:9:3: flows.sync-members: "aply" is none of its values; did you mean "apply"?'],
    ["plan", "yes", 'f:9:3: flows.sync-members: "yes" is none of its values; known: off, plan, apply'],
    ["plan", "true", "f:9:3: flows.sync-members: "],
    ["plan", "", "f:9:3: flows.sync-members: "],
    ["  prod:", "  Prod:", "f:11:3: hubs.Prod: a hub's name is 1 to 20 of a-z, 0-9 and -"],
    ["organisation: example-hub", "organisation: -hub", "f:12:5: hubs.prod.organisation: not a GitHub login"],
    ["https://hub.example.org", "hub.example.org", "f:13:5: hubs.prod.url: "],
    ["1ExampleSpreadsheet", "https://docs.example.org/1", "f:15:7: hubs.prod.members.spreadsheet: "],
    [
      "Public: public-access",
      "Public: Public Access",
      "f:17:9: hubs.prod.members.tiers.Public: a team's slug is of a-z, 0-9, - and _",
    ],
    ["      tiers:\n        Public: public-access\n", "", "f:14:5: hubs.prod.members.tiers: is missing"],
    ["      tiers:", "      quietSeconds: -1\n      tiers:", "f:16:7: hubs.prod.members.quietSeconds: "],
    [
      "      tiers:",
      "      holdRemovals: { share: 2 }\n      tiers:",
      "f:16:23: hubs.prod.members.holdRemovals.share: ",
    ],
    [
      "      tiers:",
      "      protected: [a--b]\n      tiers:",
      "f:16:19: hubs.prod.members.protected.0: not a GitHub login",
    ],
    ...["Mars/Olympus", "+01:00", "EST5EDT6", '""'].map((zone): [string, string, string] => [
      "    members:",
      `    timeZone: ${zone}\n    members:`,
      "f:14:5: hubs.prod.timeZone: not the name of a time zone, such as America/New_York",
    ]),
    [
      "      tiers:",
      "      mustEnd: [Public, Private]\n      tiers:",
      "f:16:7: hubs.prod.members.mustEnd: names a tier that is none of `tiers`",
    ],
    ["hubs:", "retry: { maximumSeconds: 601 }\nhubs:", "f:10:10: retry.maximumSeconds: "],
    [
      "hubs:",
      "retry: { maximumSeconds: 9 }\nhubs:",
      "f:10:10: retry.maximumSeconds: is less than minimumSeconds",
    ],
  ])("%j typed as %j", (from, to, start) => {
    const problems = problemsOf(from, to);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.slice(0, start.length)).toBe(start);
  });

  test("a status sheet in which members stand, or that another hub writes", () => {
    const own =
      "hubs.prod.members.status.spreadsheet: it is written over, so it must be a spreadsheet of its own";
    const status = (id: string) => `      status: { spreadsheet: ${id} }\n      tiers:`;
    expect(problemsOf("      tiers:", status("1StatusSpreadsheet"))).toEqual([]);
    expect(problemsOf("      tiers:", status("1ExampleSpreadsheet"))).toEqual([`f:16:17: ${own}`]);
    const form = "      applications: { spreadsheet: 1StatusSpreadsheet }\n";
    expect(problemsOf("      tiers:", `${form}${status("1StatusSpreadsheet")}`)).toEqual([`f:17:17: ${own}`]);
    const both = good.replace("      tiers:", status("1StatusSpreadsheet"));
    const second = both.slice(both.indexOf("  prod:")).replace("prod:", "test:");
    const another = second
      .replace("1ExampleSpreadsheet", "1AnotherSpreadsheet")
      .replace("organisation: example-hub", "organisation: another-hub");
    const found = linesOf(`${both}${another}`);
    expect(found).toEqual([
      expect.stringContaining(own),
      expect.stringContaining(own.replace("prod", "test")),
    ]);
  });

  test("a team that two hubs fill from different sheets, or for different tiers", () => {
    const prod = good.slice(good.indexOf("  prod:"));
    const withTest = (from: string, to: string) => {
      expect(prod).toContain(from);
      return linesOf(`${good}${prod.replace("prod:", "test:").replace(from, to)}`);
    };
    const told =
      "f:24:9: hubs.test.members.tiers.Public: the hubs prod and test both give the team public-access, from different sheets or for different tiers: each would take away the other's people; give each hub a team of its own";
    expect(withTest("1ExampleSpreadsheet", "1AnotherSpreadsheet")).toEqual([told]);
    expect(withTest("      tiers:", "      tab: Others\n      tiers:")).toEqual([told.replace("24", "25")]);
    expect(withTest("Public:", "Research:")).toEqual([told.replace("Public:", "Research:")]);
    expect(withTest("organisation: example-hub", "organisation: Example-Hub")).toEqual([]);
    expect(withTest("public-access", "test-access")).toEqual([]);
    const others = prod
      .replace("1ExampleSpreadsheet", "1AnotherSpreadsheet")
      .replace("organisation: example-hub", "organisation: another-hub");
    expect(linesOf(`${good}${others.replace("prod:", "test:")}`)).toEqual([]);
  });

  test("lists or maps that go deeper than can be read, by their line", () => {
    const deep = "[".repeat(5000);
    const [problem, ...others] = linesOf(`${good}  more: ${deep}${deep.replaceAll("[", "]")}\n`);
    expect(problem).toMatch(/^f:18:\d+: lists or maps are nested too deeply here to be read: no setting/);
    expect(others).toEqual([]);
  });

  test("no hub at all", () => {
    expect(linesOf(good.replace(/hubs:[\s\S]*/, "hubs: {}\n"))).toEqual([
      "f:10:1: hubs: name at least one hub",
    ]);
  });
});

describe("what is no YAML, or no settings", () => {
  test.each<[string, string, string | RegExp]>([
    ["empty", "", "f:1:1: must be an object"],
    ["only a comment", "# nothing\n", "f:1:1: must be an object"],
    ["a list", "- a\n- b\n", "f:1:1: must be an object"],
    ["a word", "hello", "f:1:1: must be an object"],
    ["JSON cut off", '{"project": "a', /^f:1:\d+: /],
    ["a tab", good.replace("  mail", "\tmail"), /^f:4:1: Tabs are not allowed/],
    ["a key twice", `${good}name: Other\n`, /^f:18:1: Map keys must be unique/],
    ["a quote left open", good.replace("Example hub", '"Example hub'), /^f:\d+:\d+: Missing closing "quote/],
    ["two documents", `${good}---\n${good}`, /^f:18:1: Source contains multiple documents/],
    ["an alias to nothing", good.replace("Example hub", "*nowhere"), /^f:\d+:\d+: .*[Aa]lias/],
    ["bytes", "\u0000\u0001\u0002", /^f:1:1: /],
  ])("%s", (_, text, expected) => {
    const [first = ""] = linesOf(text);
    expect(first).toMatch(expected);
  });

  test("a few lines that would unfold to gigabytes are refused at once", () => {
    const lines = Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
    const [problem = "", ...more] = linesOf(`a0: &a0 [x]\n${lines.join("\n")}\n`);
    expect(problem).toMatch(/^f:1:1: Excessive alias count/);
    expect(more).toEqual([]);
  });
});

test("groundcrew.schema.json and docs/settings.md are those of today: run `npm run schema` where this fails", () => {
  expect(readFileSync(at("groundcrew.schema.json"), "utf8")).toBe(settingsSchema());
  expect(readFileSync(at("docs/settings.md"), "utf8")).toBe(settingsPage());
});

test("of thousands of unknown keys in one place the first are named", () => {
  const keys = Array.from({ length: 24_000 }, (_, index) => `k${index}: 1`);
  const read = parseSettings(keys.join("\n"));
  const named =
    "problems" in read ? read.problems.map(({ path }) => path).filter((path) => /^k\d/.test(path)) : [];
  expect(named).toEqual(keys.slice(0, 20).map((key) => key.split(":")[0]));
});
