// Tests of what a save of a sheet does around it: newcomers have an account, Drive tells of it; of one hub's sheet and of several.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { memberWorld } from "../../../local/sample/member-world.ts";
import { worldFolder } from "../../../local/sample/world.ts";
import type { Settings } from "../../../shared/settings.ts";
import { githubHarness } from "../github/harness.ts";
import { settingsOf } from "./sample-settings.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "members-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const settingsWith = (...hubs: string[]): Settings => {
  const section = (hub: string) => ({
    organisation: "Sample-Hub",
    members: {
      spreadsheet: `1SpreadsheetOf${hub}`,
      columns: { login: "GitHub username", tier: "Membership tier", expires: "Membership expires" },
      tiers: { Research: `base-${hub}` },
    },
  });
  return settingsOf({ hubs: Object.fromEntries(hubs.map((hub) => [hub, section(hub)])) });
};

function harness(settings: Settings) {
  const { farEnd, state } = githubHarness();
  const told: string[] = [];
  const lines: string[] = [];
  let drive = async (spreadsheet: string): Promise<void> => void told.push(spreadsheet);
  const far = { github: farEnd, google: { touched: (spreadsheet: string) => drive(spreadsheet) } };
  const world = worldFolder(folder);
  return {
    ...memberWorld({ world, settings, far, log: (line) => lines.push(line) }),
    told,
    lines,
    logins: farEnd.people.logins,
    breakDrive(): void {
      drive = () => Promise.reject(new Error("no"));
    },
    [Symbol.dispose]: () => state.close(),
  };
}

test.each([
  [["prod"], ["members.csv"]],
  [
    ["prod", "staging"],
    ["members-prod.csv", "members-staging.csv"],
  ],
])("the sheets of %j are %j: newcomers in each get an account, and each is told of", async (hubs, names) => {
  using on = harness(settingsWith(...hubs));
  expect(on.files.map((file) => basename(file))).toEqual(names);
  const fresh = ["yann-south", "zoe-north"].slice(0, names.length);
  for (const [index, file] of on.files.entries())
    writeFileSync(file, `Name,GitHub username\nNew,${fresh[index]}\nOld,ada-a\n`);
  await on.saved();
  expect(on.logins()).toEqual(expect.arrayContaining(fresh));
  expect([on.told, on.lines]).toEqual([hubs.map((hub) => `1SpreadsheetOf${hub}`), []]);
});

test("a save that cannot be told of is said, and breaks nothing", async () => {
  using on = harness(settingsWith("prod"));
  on.breakDrive();
  await on.saved();
  expect(on.lines).toEqual(["a save of the sheet could not be told; the next heartbeat sees it"]);
});
