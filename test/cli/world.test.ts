// `groundcrew world`: the sample hub's own switches.
import { describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import { against, idle } from "./console-harness.ts";
import { command } from "./in-process.ts";
import { answer } from "./loopback.ts";

describe("world", () => {
  test("clock moves and tells the new time", async () => {
    const moved = { body: { ...Object(idle.body), now: "2026-03-01T16:00:00.000Z", movedMs: 21_600_000 } };
    const { code, stdout, asked } = await against(
      { "POST /api/world/clock": answer(answers.done, { ok: true, said: "moved" }), "GET /api/world": moved },
      ["world", "clock", "+6h", "--json"],
    );
    expect(code).toBe(0);
    expect(asked[0]?.body).toEqual({ moveSeconds: 21_600 });
    expect(JSON.parse(stdout)).toMatchObject({ now: "2026-03-01T16:00:00.000Z", movedMs: 21_600_000 });
  });

  test.each([
    [
      ["github", "status", "503", "--match", "teams", "--at", "3", "--times", "2"],
      { farEnd: "github", match: "teams", at: 3, times: 2, failure: { kind: "status", status: 503 } },
    ],
    [["google", "delay", "1500ms"], { farEnd: "google", failure: { kind: "delay", milliseconds: 1500 } }],
    [["pubsub", "lost-answer"], { farEnd: "pubsub", failure: { kind: "lost-answer" } }],
  ])("fail %j arms that fault", async (args, fault) => {
    const { code, asked } = await against(
      { "POST /api/world/faults": answer(answers.done, { ok: true, said: "armed" }), "GET /api/world": idle },
      ["world", "fail", ...args],
    );
    expect(code).toBe(0);
    expect(asked[0]?.body).toEqual(fault);
  });

  test("fail --clear takes all away", async () => {
    const { stdout, asked } = await against(
      { "DELETE /api/world/faults": answer(answers.done, { ok: true, said: "ok" }), "GET /api/world": idle },
      ["world", "fail", "--clear"],
    );
    expect(stdout).toBe("Nothing is made to fail.\n");
    expect(asked[0]?.call).toBe("DELETE /api/world/faults");
  });

  test("weather begins by name, for as long as is asked, and lists what reigns", async () => {
    const until = "2026-03-01T10:40:00.000Z";
    const reigns = { body: { ...Object(idle.body), weather: [{ name: "github-down", until }] } };
    const { code, stdout, asked } = await against(
      {
        "POST /api/world/weather": answer(answers.done, { ok: true, said: "so be it" }),
        "GET /api/world": reigns,
      },
      ["world", "weather", "github-down", "--for", "40m"],
    );
    expect([code, asked[0]?.body]).toEqual([0, { name: "github-down", forSeconds: 2400 }]);
    expect(stdout).toMatch(/^ +github-down +GitHub answers 503 to everything +until .*10:40/);
    expect(stdout).not.toContain("slack-down");
  });

  test("how far reads lag goes with the spell, and is shown", async () => {
    const until = "2026-03-01T10:40:00.000Z";
    const reigns = {
      body: { ...Object(idle.body), weather: [{ name: "github-lag", until, behindSeconds: 10 }] },
    };
    const { stdout, asked } = await against(
      {
        "POST /api/world/weather": answer(answers.done, { ok: true, said: "so be it" }),
        "GET /api/world": reigns,
      },
      ["world", "weather", "github-lag", "--behind", "10s"],
    );
    expect(asked[0]?.body).toEqual({ name: "github-lag", behindSeconds: 10 });
    expect(stdout).toMatch(
      /^ +github-lag +GitHub's reads lag behind its writes +until .*10:40.*, 10 s behind/,
    );
  });

  test("weather without a name lists all that there is, --clear ends it", async () => {
    const calm = { "GET /api/world": idle };
    const { stdout } = await against(calm, ["world", "weather"]);
    expect(stdout).toContain("It is calm.");
    expect(stdout).toMatch(/no-spot +no zone has room for another Spot machine/);
    const cleared = await against(
      { "DELETE /api/world/weather": answer(answers.done, { ok: true, said: "ok" }), ...calm },
      ["world", "weather", "--clear"],
    );
    expect([cleared.stdout, cleared.asked[0]?.call]).toEqual(["It is calm.\n", "DELETE /api/world/weather"]);
  });

  test.each([
    [["hail"], 'there is no weather "hail"'],
    [["github-dwn"], 'did you mean "github-down"?'],
    [["github-down", "--for", "ever"], '"ever" is no span of time'],
    [["github-down", "--clear"], "the weather did not change"],
    [["--for", "40m"], "the weather did not change"],
    [["--behind", "10s"], "the weather did not change"],
    [["github-lag", "--behind", "far"], '"far" is no span of time'],
    [["github-down", "--behind", "10s"], "reads do not lag with github-down"],
  ])("weather %j says what is wrong", async (args, words) => {
    const { code, stderr } = await command(["world", "weather", ...args]);
    expect([code, stderr]).toEqual([2, expect.stringContaining(words)]);
  });

  test("fail starts no instance of its own: its faults would end with it", async () => {
    const { code, stderr } = await command(["world", "fail", "github", "truncated"]);
    expect(code).toBe(1);
    expect(stderr).toContain("✗ the sample hub is not running");
  });
});
