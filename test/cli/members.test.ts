// `groundcrew members`: plans, what they end with, and a word on what is on hold.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import { exactHashOf, type StoredPlan } from "../../shared/flow/plan.ts";
import { against, heldPlan, idle, invite, plan, remove, run, runs, thatRuns } from "./console-harness.ts";
import { answer } from "./loopback.ts";

const refused = {
  about: "C12",
  value: "ada example",
  why: "a login has no blanks",
  suggestion: "ada-example",
};

describe("members plan", () => {
  const planned = (given: Partial<StoredPlan>, flags: string[] = ["--json"], waits = true) =>
    against(
      {
        ...thatRuns(run({ plan: plan(given) })),
        "GET /api/plans": answer(answers.plans, { plans: waits ? [heldPlan("abc123")] : [] }),
      },
      ["members", "plan", ...flags],
    );

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
        `This and nothing else: groundcrew members apply --plan ${exactHashOf(plan({ actions: [invite], held: [remove] }))}`,
        "",
      ].join("\n"),
    );
  });

  test("offers no approval of what nobody was asked about, as of a flow that only plans", async () => {
    const { stdout } = await planned({ held: [remove] }, [], false);
    expect(stdout).toContain("nobody was asked about these yet");
    expect(stdout).not.toContain("approve with");
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

  describe("of one plan and no other", () => {
    const kept = plan({ actions: [invite] });
    const found = plan({ actions: [{ ...invite, about: "cy-example" }] });
    const title = "nothing was changed: the plan is another one now";
    const other = thatRuns(run({ outcome: "blocked", title, plan: found }));

    test("asks for it by its hash, and shows what was done", async () => {
      const { code, asked } = await against(thatRuns(run({ plan: kept })), [
        "members",
        "apply",
        "--plan",
        exactHashOf(kept),
      ]);
      expect(code).toBe(0);
      expect(asked.find(({ call }) => call.startsWith("POST"))?.body).toEqual({
        hub: "sample",
        plan: exactHashOf(kept),
      });
    });

    test("shows the plan as it is now where that is another one", async () => {
      const { code, stdout } = await against(other, ["members", "apply", "--plan", exactHashOf(kept)]);
      expect(code).toBe(4);
      expect(stdout).toBe(
        [
          title,
          "To do (1)",
          "  invite  cy-example  team=full-access  new in the sheet",
          `This and nothing else: groundcrew members apply --plan ${exactHashOf(found)}`,
          "",
        ].join("\n"),
      );
    });

    test("names what differs from the one that was kept in a file", async () => {
      const folder = mkdtempSync(join(tmpdir(), "plan-"));
      try {
        const file = join(folder, "plan.json");
        writeFileSync(file, JSON.stringify(kept));
        const { code, stdout } = await against(other, ["members", "apply", "--plan", file]);
        expect(code).toBe(4);
        expect(stdout.split("\n").slice(0, 3)).toEqual([
          title,
          "  - invite ada-example in full-access: new in the sheet",
          "  + invite cy-example in full-access: new in the sheet",
        ]);
        writeFileSync(file, "[]");
        expect((await against(other, ["members", "apply", "--plan", file])).code).toBe(2);
      } finally {
        rmSync(folder, { recursive: true });
      }
    });
  });

  test("ends with 4 when something is on hold, and says how to go on", async () => {
    const finished = run({ outcome: "held", plan: plan({ held: [remove], actions: [invite] }) });
    const { code, stdout } = await against(thatRuns(finished), ["members", "apply"]);
    expect(code).toBe(4);
    expect(stdout).toContain("approve with: groundcrew members approve abc123");
  });
});

describe("members adopt", () => {
  test("asks for the plan that marks whom the sheet lists, and says how to approve it", async () => {
    const marked = { ...remove, do: "adopt", because: "once approved, their row counts" };
    const { code, stdout, asked } = await against(
      thatRuns(run({ outcome: "held", plan: plan({ held: [marked] }) })),
      ["members", "adopt"],
    );
    expect(code).toBe(4);
    expect(asked.find(({ call }) => call.startsWith("POST"))).toMatchObject({
      call: "POST /api/flows/sync-members/run",
      body: { hub: "sample", adopt: true },
    });
    expect(stdout).toContain("approve with: groundcrew members approve abc123");
  });

  test("nobody is left to be marked", async () => {
    const { code, stdout } = await against(thatRuns(run({ plan: plan({}) })), ["members", "adopt"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining("nobody is left to be marked")]);
  });
});

describe("members undo", () => {
  const undone = (more: object) => ({
    "POST /api/runs/2026-11-21/080000000-sync-members-104-1/undo": answer(answers.published, {
      messageId: "7",
    }),
    ...thatRuns(run({ title: "undo: 1 removed, 1 left as they are", ...more })),
  });
  const left = { about: "bo-example", why: "full-access: another run has given it to them since" };

  test("says what was taken back, and what was left and why", async () => {
    const { code, stdout, asked } = await against(
      undone({
        effects: [{ do: "remove", login: "ada-example", team: "full-access" }],
        plan: plan({ actions: [remove], refused: [left] }),
      }),
      ["members", "undo", "2026-11-21/080000000-sync-members-104-1"],
    );
    expect(code).toBe(0);
    expect(asked.find(({ call }) => call.startsWith("POST"))?.body).toEqual({});
    expect(stdout).toContain("remove ada-example team=full-access\n");
    expect(stdout).toContain(
      "Left as it is (1)\n  bo-example  full-access: another run has given it to them since\n",
    );
  });

  test("only shows it, and says by its code that there is something", async () => {
    const { code, stdout, asked } = await against(
      undone({ plan: plan({ actions: [remove], refused: [left] }) }),
      ["members", "undo", "2026-11-21/080000000-sync-members-104-1", "--dry-run"],
    );
    expect(code).toBe(3);
    expect(asked.find(({ call }) => call.startsWith("POST"))?.body).toEqual({ dryRun: true });
    expect(stdout).toContain("To do (1)\n  remove");
    expect(stdout).toContain("Left as it is (1)");
  });
});
