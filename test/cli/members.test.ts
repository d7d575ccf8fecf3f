// `groundcrew members`: plans, what they end with, a word on what is on hold, and why somebody cannot log in.
import { describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import type { StoredPlan } from "../../shared/flow/plan.ts";
import { against, home, idle, invite, plan, run, runs, thatRuns } from "./console-harness.ts";
import { answer } from "./loopback.ts";

const remove = {
  do: "remove",
  about: "bob-example",
  team: "full-access",
  why: "no longer in the sheet",
  at: "C9",
  hash: "0123456789abcdef",
  because: "4 removals are many at once",
} as const;
const refused = {
  about: "C12",
  value: "ada example",
  why: "a login has no blanks",
  suggestion: "ada-example",
};

describe("members plan", () => {
  const planned = (given: Partial<StoredPlan>, flags: string[] = ["--json"]) =>
    against(thatRuns(run({ plan: plan(given) })), ["members", "plan", ...flags]);

  test("asks for a dry run, waits for it, and prints the plan and nothing else", async () => {
    const { code, stdout, stderr, asked } = await planned({ actions: [invite], refused: [refused] });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({ hash: "abc123", actions: [invite], held: [], refused: [refused] });
    expect(stderr).toMatch(/^SAMPLE \/.*\/world\n/);
    expect(asked.find(({ call }) => call.startsWith("POST"))).toEqual({
      call: "POST /api/flows/sync-members/run",
      body: { hub: "sample", dryRun: true },
      authorization: "Bearer the-token",
    });
  });

  test.each([
    ["nothing", {}, 0],
    ["cells that cannot be used alone", { refused: [refused] }, 0],
    ["held changes alone", { held: [remove] }, 4],
    ["held and pending changes", { held: [remove], actions: [invite] }, 3],
  ])("with %s ends with its exit code", async (_, given, expected) => {
    expect((await planned(given)).code).toBe(expected);
  });

  test("tells people what is to do, what waits and how to let it through", async () => {
    const { stdout } = await planned({ actions: [invite], held: [remove], refused: [refused] }, []);
    expect(stdout).toBe(
      [
        "To do (1)",
        "  invite  ada-example  team=full-access  new in the sheet",
        "On hold (1)",
        "  remove  bob-example  team=full-access  no longer in the sheet (C9)",
        "  because 4 removals are many at once",
        "  approve with: groundcrew members approve abc123",
        "Cannot be used (1)",
        '  C12  "ada example"  a login has no blanks; did you mean ada-example?',
        "",
      ].join("\n"),
    );
  });

  test("of a run that could not plan gives that run's reason", async () => {
    const error = { what: "the sheet was not read", why: "it has no header", next: "put the first row back" };
    const { code, stdout, stderr } = await against(thatRuns(run({ outcome: "blocked", error })), [
      "members",
      "plan",
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(
      "✗ the sheet was not read\n  why:  it has no header\n  next: put the first row back\n",
    );
  });

  test("says so when another run took the event along", async () => {
    const { code, stderr } = await against(
      {
        ...thatRuns(run()),
        "GET /api/runs?message=7&flow=sync-members": runs(),
        "GET /api/world": idle,
      },
      ["members", "plan"],
    );
    expect(code).toBe(1);
    expect(stderr).toContain("another run was at work and took it along");
  });
});

describe("members apply", () => {
  test("really runs, and shows the effects", async () => {
    const finished = run({ effects: [{ do: "invite", login: "ada-example", team: "full-access" }] });
    const { code, stdout, asked } = await against(thatRuns(finished), ["members", "apply"]);
    expect(code).toBe(0);
    expect(stdout).toContain("sync-members  ✓ done  1 invited\n  invite ada-example team=full-access\n");
    expect(asked.find(({ call }) => call.startsWith("POST"))?.body).toEqual({ hub: "sample" });
  });

  test("ends with 4 when something is on hold, and says how to go on", async () => {
    const finished = run({ outcome: "held", plan: plan({ held: [remove], actions: [invite] }) });
    const { code, stdout } = await against(thatRuns(finished), ["members", "apply"]);
    expect(code).toBe(4);
    expect(stdout).toContain("approve with: groundcrew members approve abc123");
  });
});

describe("members approve", () => {
  const held = (hash: string, state: "waiting" | "over" = "waiting") => ({
    v: 2 as const,
    hub: "sample",
    flow: "sync-members",
    plan: plan({ hash, held: [remove] }),
    madeAt: "2026-03-01T10:00:00.000Z",
    verdicts: { [remove.hash]: null },
    state,
  });
  const routes = (...hashes: string[]) => ({
    "GET /api/plans": answer(answers.plans, { plans: hashes.map((hash) => held(hash)) }),
    "POST /api/plans/sample/abc123/approve": answer(answers.done, {
      ok: true,
      said: "approved: it is being done",
    }),
    "POST /api/plans/sample/abc123/reject": answer(answers.done, { ok: true, said: "rejected" }),
  });

  test.each([["abc123"], ["abc"]])("takes the hash %s", async (hash) => {
    const { code, stdout } = await against(routes("abc123", "def456"), ["members", "approve", hash]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "approved: it is being done\n" });
  });

  test("says a word on the chosen part only, for any flow", async () => {
    for (const flow of ["members", "quota", "bump"]) {
      const args = [flow, "approve", "abc123", "--only", "bob-example", "cy-example"];
      const { asked } = await against(routes("abc123"), args);
      expect(asked.at(-1)).toMatchObject({
        call: "POST /api/plans/sample/abc123/approve",
        body: { only: ["bob-example", "cy-example"] },
      });
    }
  });

  test("can say no", async () => {
    expect((await against(routes("abc123"), ["members", "reject", "abc123"])).stdout).toBe("rejected\n");
  });

  test("decides nothing where the hash is empty, as an unset variable's is", async () => {
    const { code, asked } = await against(routes("abc123"), ["members", "approve", ""]);
    expect([code, asked.map(({ call }) => call)]).toEqual([2, ["GET /api/plans"]]);
  });

  test("decides nothing where the hash fits two plans, or none", async () => {
    const two = await against(routes("abc123", "abc999"), ["members", "approve", "abc"]);
    expect(two.code).toBe(2);
    expect(two.stderr).toContain("2 plans begin so");
    const none = await against(routes("abc123"), ["members", "approve", "abc124"]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('did you mean "abc123"?');
    expect([...two.asked, ...none.asked].filter(({ call }) => call.startsWith("POST"))).toEqual([]);
  });
});

describe("members why", () => {
  test("asks each hub for each person", async () => {
    const why = (hub: string, who: string, sentence: string) =>
      answer(answers.why, { who, answers: [{ hub, finding: "not-found", sentence, next: "wait" }] });
    const { code, stdout } = await against(
      {
        "GET /api/home": home("prod", "staging"),
        "POST /api/members/prod/why": why("prod", "ada@example.org", "In the team."),
        "POST /api/members/staging/why": why("staging", "ada@example.org", "Not\u001b[2J there."),
      },
      ["members", "why", "ada@example.org"],
    );
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout:
        "ada@example.org on prod: In the team.\n  next: wait\nada@example.org on staging: Not there.\n  next: wait\n",
    });
  });
});
