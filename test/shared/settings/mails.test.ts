// Texts of mails in the settings: a name in braces that stands for nothing is found by setting, line and name.
import { describe, expect, test } from "@jest/globals";
import { noticeOf } from "../../../shared/members/mails.ts";
import { describeProblems, parseSettings } from "../../../shared/settings/file.ts";
import { goodFile } from "./good-file.ts";

const good = `${goodFile}    members:
      spreadsheet: 1ExampleSpreadsheet
      tiers: { Public: public-access }
`;
const withMails = (mails: string): string => `${good.trimEnd()}\n      mails:\n${mails}`;
function linesOf(mails: string): string[] {
  const read = parseSettings(withMails(mails));
  return "problems" in read ? describeProblems("f", read.problems).split("\n") : [];
}
const firstLine = good.trimEnd().split("\n").length + 2;

describe("a text that is wrong", () => {
  test.each<[string, string, string]>([
    [
      "        invited:\n          text: |\n            Hello {name},\n\n            {logn} was invited.\n",
      `f:${firstLine + 1}:11: hubs.prod.members.mails.invited.text: {logn} in line 3 of the text stands for nothing here; did you mean {login}? known: `,
      "{until}",
    ],
    [
      '        removed: { subject: "Until {until}" }\n',
      `f:${firstLine}:20: hubs.prod.members.mails.removed.subject: {until} stands for nothing here; did you mean `,
      "{login}",
    ],
    ["        invted: { text: x }\n", `f:${firstLine}:9: hubs.prod.members.mails.invted: `, "invited"],
    [
      "        invited: { txt: x }\n",
      `f:${firstLine}:20: hubs.prod.members.mails.invited.txt: unknown key`,
      "txt",
    ],
  ])("%j", (mails, begins, names) => {
    const [line = "", ...more] = linesOf(mails);
    expect(more).toEqual([]);
    expect(line.slice(0, begins.length)).toBe(begins);
    expect(line).toContain(names);
  });
});

test("a text of a team's own takes each person's values, and nothing that they typed becomes a link", () => {
  const read = parseSettings(
    withMails('        login-mistyped: { subject: "{organisation}", text: "{name}: {typed}" }\n'),
  );
  if ("problems" in read) throw new Error(describeProblems("f", read.problems));
  const hub = read.settings.hubs["prod"];
  if (hub === undefined) throw new Error("no hub");
  const person = { occasion: "login-mistyped", key: "k", email: "a@example.org" } as const;
  const written = (name: string, typed: string) =>
    noticeOf({ ...person, name, typed }, { hub, hubName: "prod" });
  expect(written("Ada Lovelace", "ada b")).toMatchObject({
    subject: hub.organisation,
    text: "Ada Lovelace: ada b",
  });
  const { text } = written("Win at https://evil.example/{login}", "evil.example/x\n\nHi {login}");
  expect(text).not.toMatch(/[./{}\n]|:(?! )/);
  expect(written("", "x").text).toBe("there: x");
});
