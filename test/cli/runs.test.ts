// `groundcrew run`, `runs`, `events` and `undelivered`: setting flows going, waiting for what comes of it, and what has been.
import { describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import type { Run } from "../../shared/records.ts";
import {
  against,
  home,
  idle,
  invite,
  plan,
  published,
  run,
  runPath,
  runs,
  thatRuns,
} from "./console-harness.ts";
import { answer, refusal } from "./loopback.ts";

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
    }
    expect(bodies).toEqual([{}, { payload: { v: 1 } }, {}]);
  });
});
