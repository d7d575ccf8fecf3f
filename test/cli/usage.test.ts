// Tests of the command line: a wrong one ends with 2, three lines on stderr and nothing on stdout; help is data.
import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { command } from "./in-process.ts";
import { groundcrew } from "./spawned.ts";

const nowhere = { running: { origin: "http://127.0.0.1:1", token: "t" } };

describe("help", () => {
  test("lists the commands and the exit codes on stdout, and ends with 0", async () => {
    const { code, stdout, stderr } = await groundcrew(["--help"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const name of [
      "start",
      "run",
      "events",
      "runs",
      "undelivered",
      "members",
      "quota",
      "bump",
      "transfer",
      "world",
      "config",
      "doctor",
    ])
      expect(stdout).toMatch(new RegExp(`^  ${name}\\b`, "m"));
    expect(stdout).toContain("3 changes pending, 4 held or refused, 5 found wrong");
  });

  test("of a command names its own options and the global ones", async () => {
    const { code, stdout } = await command(["world", "fail", "--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("<far end> status <n> | delay <span> | lost-answer | truncated");
    expect(stdout).toContain("--clear");
    expect(stdout).toContain("--world <dir>");
  });

  test.each([[["help"]], [["help", "runs"]]])(
    "is data for whoever asks by the word, too: %j",
    async (args) => {
      const { code, stdout, stderr } = await command(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
      expect(stdout).toContain("Usage: groundcrew");
    },
  );

  test.each(["--version", "-V"])("%s is the version of package.json", async (option) => {
    const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
    const { code, stdout } = await command([option]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${version}\n` });
  });

  test("comes by itself, as an error, where a command is missing", async () => {
    const { code, stdout, stderr } = await command(["runs"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("rerun <run>");
  });
});

describe("a word that does not exist", () => {
  test("ends the process with 2", async () => {
    const { code, stdout, stderr } = await groundcrew(["evnts"]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      "✗ unknown command 'evnts'\n  why:  the command was not understood\n  next: Did you mean events?\n",
    );
  });

  test.each([
    [["evnts"], "Did you mean events?"],
    [["runs", "shw", "x"], "Did you mean show?"],
    [["runs", "ls", "--flw", "x"], "Did you mean --flow?"],
    [["run", "sync-member"], 'did you mean "sync-members"?'],
    [["runs", "ls", "--flow", "send-notise"], 'did you mean "send-notice"?'],
    [["events", "send", "sheet-change", "{}"], 'did you mean "sheet-changed"?'],
    [["world", "fail", "gihub", "status", "503"], 'did you mean "github"?'],
    [["world", "fail", "github", "lost-anser"], 'did you mean "lost-answer"?'],
  ])("%j", async (args, hint) => {
    const { code, stdout, stderr } = await command(args, nowhere);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`  next: ${hint}`);
    expect(stderr.trim().split("\n")).toHaveLength(3);
  });
});

describe("a value that does not fit", () => {
  test.each([
    [["start", "--port", "many"], "It is 0 to 65535"],
    [["start", "--people", "0"], "It is a whole number from 1"],
    [["runs", "ls", "--limit", "5000"], "It is 1 to 1000"],
    [["runs", "ls", "--outcome", "good"], "Allowed choices are done, held, blocked, failed"],
    [["runs", "show"], "missing required argument 'run'"],
    [["world", "clock", "yesterday"], '"yesterday" is no span of time'],
    [["world", "clock", "-6h"], "unknown option '-6h'"],
    [["world", "fail", "github", "status", "200"], "it is 400 to 599"],
    [["world", "fail", "github", "delay"], "the delay is missing or wrong"],
    [["world", "fail", "github", "truncated", "now"], "too many words"],
    [["world", "fail", "github", "truncated", "--clear"], "--clear takes all faults away"],
    [["events", "send", "notice", "{v:1}"], "the payload is not JSON"],
    [["undelivered", "replay", "7", "--payload", "{"], "the payload is not JSON"],
  ])("%j", async (args, says) => {
    const { code, stdout, stderr } = await command(args, nowhere);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(says);
  });
});

describe("--stack", () => {
  test.each([
    [["--stack", "prod", "members", "plan"]],
    [["runs", "ls", "--stack", "prod", "--yes"]],
    [["start", "--stack", "prod"]],
  ])("%j is refused, and nothing local is used in its place", async (args) => {
    const { code, stdout, stderr } = await command(args, nowhere);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toBe(
      '✗ the stack "prod" cannot be reached\n' +
        "  why:  signing in to a deployment is not built yet\n" +
        "  next: leave --stack away to work on the sample hub\n",
    );
  });
});
