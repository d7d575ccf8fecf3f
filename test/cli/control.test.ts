// The commands that speak to the control API, against a console whose answers are held against its schemas.
import { afterEach, describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import type { MembersPlan, Run } from "../../shared/records.ts";
import { command } from "./in-process.ts";
import { type Answer, answer, type Loopback, loopback, refusal } from "./loopback.ts";

let served: Loopback | undefined;
afterEach(async () => {
  await served?.close();
  served = undefined;
});

async function against(routes: Record<string, Answer | Answer[]>, args: string[], stdin?: string) {
  served = await loopback(routes);
  const said = await command(args, { running: served, ...(stdin === undefined ? {} : { stdin }) });
  return { ...said, asked: served.asked };
}

const home = (...hubs: string[]): Answer =>
  answer(answers.home, {
    installation: "Sample hub",
    sample: true,
    project: "sample-hub",
    hubs: hubs.map((hub) => ({ hub, organisation: hub })),
    now: "2026-03-01T10:00:00.000Z",
    needsYou: [],
    flows: [],
  });

const invite = { do: "invite", login: "ada-example", team: "full-access", why: "new in the sheet" } as const;
const remove = {
  do: "remove",
  login: "bob-example",
  team: "full-access",
  why: "no longer in the sheet",
} as const;
const rejected = {
  cell: "C12",
  value: "ada example",
  why: "a login has no blanks",
  suggestion: "ada-example",
};
const plan = (given: Partial<MembersPlan>): MembersPlan => ({
  hash: "abc123",
  actions: [],
  held: [],
  rejected: [],
  ...given,
});

const run = (given: Partial<Run> = {}): Run => ({
  v: 1,
  id: "2026-03-01/100000000-sync-members-7-1",
  flow: "sync-members",
  hub: "sample",
  event: "sheet-changed",
  messageId: "7",
  attempt: 1,
  payload: {},
  outcome: "done",
  title: "1 invited",
  steps: [{ at: "2026-03-01T10:00:00.000Z", what: "read the sheet" }],
  effects: [],
  startedAt: "2026-03-01T10:00:00.000Z",
  durationMs: 12,
  ...given,
});

const line = ({
  id,
  flow,
  event,
  messageId,
  attempt,
  outcome,
  title,
  startedAt,
  durationMs,
  effects,
}: Run) => ({
  id,
  flow,
  event,
  messageId,
  attempt,
  outcome,
  title,
  startedAt,
  durationMs,
  effects: effects.length,
});
const runs = (...all: Run[]): Answer => answer(answers.runs, { runs: all.map(line) });
const published: Answer = answer(answers.published, { messageId: "7" });
const idle: Answer = {
  body: { now: "2026-03-01T10:00:00.000Z", movedMs: 0, faults: [], schedules: [], pending: 0 },
};
const busy: Answer = { body: { ...Object(idle.body), pending: 1 } };

const runPath = "/api/runs/2026-03-01/100000000-sync-members-7-1";
const thatRuns = (finished: Run): Record<string, Answer | Answer[]> => ({
  "GET /api/home": home("sample"),
  "POST /api/flows/sync-members/run": published,
  "GET /api/runs?message=7&flow=sync-members": [runs(), runs(), runs(finished)],
  "GET /api/world": busy,
  [`GET ${runPath}`]: answer(answers.run, finished),
});

describe("members plan", () => {
  const planned = (given: Partial<MembersPlan>, flags: string[] = ["--json"]) =>
    against(thatRuns(run({ plan: plan(given) })), ["members", "plan", ...flags]);

  test("asks for a dry run, waits for it, and prints the plan and nothing else", async () => {
    const { code, stdout, stderr, asked } = await planned({ actions: [invite], rejected: [rejected] });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toEqual({ hash: "abc123", actions: [invite], held: [], rejected: [rejected] });
    expect(stderr).toMatch(/^SAMPLE \/.*\/world\n/);
    expect(asked.find(({ call }) => call.startsWith("POST"))).toEqual({
      call: "POST /api/flows/sync-members/run",
      body: { hub: "sample", dryRun: true },
      authorization: "Bearer the-token",
    });
  });

  test.each([
    ["nothing", {}, 0],
    ["cells that cannot be used alone", { rejected: [rejected] }, 0],
    ["held changes alone", { held: [remove] }, 4],
    ["held and pending changes", { held: [remove], actions: [invite] }, 3],
  ])("with %s ends with its exit code", async (_, given, expected) => {
    expect((await planned(given)).code).toBe(expected);
  });

  test("tells people what is to do, what waits and how to let it through", async () => {
    const { stdout } = await planned({ actions: [invite], held: [remove], rejected: [rejected] }, []);
    expect(stdout).toBe(
      [
        "To do (1)",
        "  invite  ada-example  full-access  new in the sheet",
        "On hold (1)",
        "  remove  bob-example  full-access  no longer in the sheet",
        "  approve with: groundcrew members approve abc123",
        "Cells that cannot be used (1)",
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

describe("an event that another run took along", () => {
  const taken = (other: Run) => ({
    ...thatRuns(run()),
    "GET /api/runs?message=7&flow=sync-members": runs(),
    "GET /api/world": idle,
    "GET /api/runs?flow=sync-members&hub=sample&limit=20": runs(other),
    "GET /api/runs/2026-03-01/095959000-sync-members-6-1": answer(answers.run, other),
  });
  const earlier = { id: "2026-03-01/095959000-sync-members-6-1", messageId: "6", title: "of the other" };

  test("is answered by that run, which was still at work when it came", async () => {
    const other = run({ ...earlier, startedAt: "2026-03-01T09:59:59.000Z", durationMs: 1500 });
    const { code, stdout } = await against(taken(other), ["members", "apply"]);
    expect(code).toBe(0);
    expect(stdout).toContain("of the other");
  });

  test("is not answered by a run that had ended before", async () => {
    const other = run({ ...earlier, startedAt: "2026-03-01T09:59:58.000Z", durationMs: 1500 });
    const { code, stdout, stderr } = await against(taken(other), ["members", "apply"]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("left no record of this event");
  });
});

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

describe("run", () => {
  test("waits for every hub that was started, and takes the worst end", async () => {
    const other = run({
      id: "2026-03-01/100000001-sync-members-8-1",
      messageId: "8",
      outcome: "failed",
      title: "no",
    });
    const { code, stdout } = await against(
      {
        ...thatRuns(run()),
        "POST /api/flows/sync-members/run": answer(answers.published, {
          messageId: "7",
          all: [
            { hub: "a", messageId: "7" },
            { hub: "b", messageId: "8" },
          ],
        }),
        "GET /api/runs?message=8&flow=sync-members": runs(other),
        "GET /api/runs/2026-03-01/100000001-sync-members-8-1": answer(answers.run, other),
      },
      ["run", "sync-members", "--json"],
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout).runs.map(({ outcome }: Run) => outcome)).toEqual(["done", "failed"]);
  });

  test("with --dry-run ends with 3 when it would do something", async () => {
    const finished = run({ plan: plan({ actions: [invite] }) });
    const { code, asked } = await against(thatRuns(finished), ["run", "sync-members", "-n"]);
    expect(code).toBe(3);
    expect(asked[0]?.body).toEqual({ dryRun: true });
  });

  test("of a flow that is off is refused with 4", async () => {
    const { code, stderr } = await against(
      {
        "GET /api/home": home("sample"),
        "POST /api/flows/sync-members/run": refusal(
          409,
          "nothing was started",
          "sync-members is off",
          "set it to plan",
        ),
      },
      ["run", "sync-members"],
    );
    expect(code).toBe(4);
    expect(stderr).toContain("✗ nothing was started\n  why:  sync-members is off\n  next: set it to plan\n");
  });
});

describe("members approve", () => {
  const held = (hash: string, state: "waiting" | "over" = "waiting") => ({
    v: 1 as const,
    hub: "sample",
    flow: "sync-members",
    reason: "too many removals",
    plan: plan({ hash, held: [remove] }),
    madeAt: "2026-03-01T10:00:00.000Z",
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

  test("can say no", async () => {
    expect((await against(routes("abc123"), ["members", "reject", "abc123"])).stdout).toBe("rejected\n");
  });

  test("decides nothing where the hash fits two plans, or none", async () => {
    const two = await against(routes("abc123", "abc999"), ["members", "approve", "abc"]);
    expect(two.code).toBe(2);
    expect(two.stderr).toContain("2 plans begin so");
    await served?.close();
    const none = await against(routes("abc123"), ["members", "approve", "abc124"]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('did you mean "abc123"?');
    expect([...two.asked, ...none.asked].filter(({ call }) => call.startsWith("POST"))).toEqual([]);
  });
});

describe("members why", () => {
  test("asks each hub for each person", async () => {
    const why = (hub: string, who: string, sentence: string) =>
      answer(answers.why, { who, answers: [{ hub, finding: "x", sentence, next: "wait" }] });
    const { code, stdout } = await against(
      {
        "GET /api/home": home("prod", "staging"),
        "GET /api/members/prod/why?who=ada%40example.org": why("prod", "ada@example.org", "In the team."),
        "GET /api/members/staging/why?who=ada%40example.org": why(
          "staging",
          "ada@example.org",
          "Not\u001b[2J there.",
        ),
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

describe("runs and events", () => {
  test("are listed a line each, filtered by the console", async () => {
    const { code, stdout } = await against(
      { "GET /api/runs?flow=sync-members&outcome=done&limit=5": runs(run()) },
      ["runs", "ls", "--flow", "sync-members", "--outcome", "done", "--limit", "5"],
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^2026-03-01 \d\d:00:00 {2}sync-members {2}✓ done {2}1 invited {2}2026-03-01\/100000000-sync-members-7-1\n$/,
    );
  });

  test("are shown whole, the last one by that word", async () => {
    const { stdout } = await against(
      { "GET /api/runs?limit=1": runs(run()), [`GET ${runPath}`]: answer(answers.run, run()) },
      ["runs", "show", "last", "--json"],
    );
    expect(JSON.parse(stdout)).toEqual(run());
  });

  test("are published again", async () => {
    const rerun = await against({ [`POST ${runPath}/rerun`]: published }, ["runs", "rerun", run().id]);
    expect(rerun).toMatchObject({ code: 0, stdout: "sent again: 7\n" });
    await served?.close();
    const replay = await against({ "POST /api/events/5%206/replay": published }, ["events", "replay", "5 6"]);
    expect(replay).toMatchObject({ code: 0, stdout: "sent again: 7\n" });
  });

  test("send takes its payload from stdin for -", async () => {
    const { code, asked } = await against(
      { "POST /api/events": published },
      ["events", "send", "continue-due", "-"],
      '{"v":1}\n',
    );
    expect(code).toBe(0);
    expect(asked[0]?.body).toEqual({ topic: "continue-due", payload: { v: 1 } });
  });

  test("send hands on the console's word on a payload that does not fit, as a usage error", async () => {
    const { code, stderr } = await against(
      { "POST /api/events": refusal(422, "the event was not sent", "payload.hub: missing", "mend it") },
      ["events", "send", "continue-due", "{}"],
    );
    expect(code).toBe(2);
    expect(stderr).toContain("why:  payload.hub: missing");
  });
});

describe("undelivered", () => {
  const undelivered = (id: string, resolved?: string) => ({
    v: 1 as const,
    id,
    topic: "notice",
    function: "send-notice",
    payload: {},
    attempts: 5,
    reason: { what: "the mail was not sent", why: "the address was refused", next: "mend the address" },
    at: "2026-03-01T10:00:00.000Z",
    ...(resolved === undefined ? {} : { resolved }),
  });
  const list = {
    "GET /api/undelivered": answer(answers.undelivered, {
      undelivered: [undelivered("7"), undelivered("8", "dropped from the console")],
    }),
  };

  test("lists what nobody has dealt with, and the rest when asked", async () => {
    const open = await against(list, ["undelivered", "ls", "--json"]);
    expect(JSON.parse(open.stdout)).toEqual({ undelivered: [undelivered("7")] });
    await served?.close();
    const all = await against(list, ["undelivered", "ls", "--all"]);
    expect(all.stdout).toContain("notice to send-notice, 5 attempts");
    expect(all.stdout).toContain("next: dropped from the console");
  });

  test("is replayed as it is or mended, or dropped", async () => {
    const routes = {
      "POST /api/undelivered/7/replay": published,
      "POST /api/undelivered/7/drop": answer(answers.done, { ok: true, said: "dropped" }),
    };
    const bodies = [];
    for (const args of [
      ["replay", "7"],
      ["replay", "7", "--payload", '{"v":1}'],
      ["drop", "7"],
    ]) {
      const { code, asked } = await against(routes, ["undelivered", ...args]);
      expect(code).toBe(0);
      bodies.push(asked[0]?.body);
      await served?.close();
    }
    expect(bodies).toEqual([{}, { payload: { v: 1 } }, {}]);
  });
});

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

  test("fail starts no instance of its own: its faults would end with it", async () => {
    const { code, stderr } = await command(["world", "fail", "github", "truncated"]);
    expect(code).toBe(1);
    expect(stderr).toContain("✗ the sample hub is not running");
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
