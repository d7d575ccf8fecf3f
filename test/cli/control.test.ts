// Tests of every command that speaks to the control API: which hub is meant, and a console that does not behave.
import { describe, expect, test } from "@jest/globals";
import { against, home } from "./console-harness.ts";
import { command } from "./in-process.ts";

describe("--hub", () => {
  test("is asked for where there are several, naming them", async () => {
    const { code, stdout, stderr, asked } = await against({ "GET /api/home": home("prod", "staging") }, [
      "members",
      "plan",
    ]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("there are several: prod, staging");
    expect(asked).toHaveLength(1);
  });

  test("that no hub has is refused with the nearest", async () => {
    const { code, stderr } = await against({ "GET /api/home": home("prod", "staging") }, [
      "members",
      "apply",
      "--hub",
      "stagin",
    ]);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean "staging"?');
  });
});

describe("a console that does not behave", () => {
  test.each([
    ["is gone", undefined, "the connection broke or was refused"],
    ["answers another shape", { body: { runs: [{ id: 1 }] } }, "answer.runs.0.id: "],
    ["answers no JSON", { body: "<html>" }, "answer: "],
    ["fails without a reason", { status: 502, body: "Bad gateway" }, "it answered 502"],
  ])("%s: one failure, three lines", async (_, given, why) => {
    const said =
      given === undefined
        ? await command(["runs", "ls"], { running: { origin: "http://127.0.0.1:1", token: "t" } })
        : await against({ "GET /api/runs": given }, ["runs", "ls"]);
    expect({ code: said.code, stdout: said.stdout }).toEqual({ code: 1, stdout: "" });
    expect(said.stderr).toContain(`  why:  ${why}`);
    expect(said.stderr.trim().split("\n")).toHaveLength(4);
  });
});
