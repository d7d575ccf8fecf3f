// The log of a transfer: what its runs did in their order, and the last words of its machines; nothing of another one.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { answers } from "../../../../shared/control.ts";
import { transfer } from "../../run-transfer/samples.ts";
import { asker, openConsole } from "../harness.ts";

let on: Awaited<ReturnType<typeof openConsole>>;
const { ask, get } = asker(() => on.app);

const run = (at: string, title: string, more: object = {}) => ({
  ...{ v: 1, id: `2026-11-21/${at.replaceAll(":", "")}000-run-transfer-${at.replaceAll(":", "")}-1` },
  ...{
    flow: "run-transfer",
    hub: "prod",
    event: "transfer-request",
    messageId: "1",
    attempt: 1,
    payload: {},
  },
  ...{ outcome: "done", title, steps: [], effects: [], startedAt: `2026-11-21T${at}.000Z`, durationMs: 5 },
  ...more,
});

beforeAll(async () => {
  on = await openConsole();
  const head = { ...transfer([]), hub: "prod", state: "failed", by: "Ann Example" };
  const end = { endedAt: "2026-11-21T10:30:00.000Z", said: "failed: 1 object not there" };
  await on.records.create("head/transfers/prod/t1.json", {
    ...head,
    startedAt: "2026-11-21T10:00:00.000Z",
    ...end,
  });
  const made = { do: "make-machine", name: "transfer-prod-t1-0" };
  const step = {
    at: "2026-11-21T10:20:00.000Z",
    what: "the machine of shard 0, attempt 1 has ended (preempted)",
  };
  const runs = [
    run("10:20:00", "transfer t1: going on", {
      steps: [step],
      effects: [{ ...made, do: "delete-machine", why: "it was stopped" }],
    }),
    run("10:01:00", "transfer t1: going on", { effects: [made] }),
    run("10:02:00", "transfer t10: going on", { effects: [{ ...made, name: "of-another" }] }),
  ];
  for (const { id, payload: _, effects, steps: __, ...line } of runs)
    await on.records.create(
      `runs/${id}.json`,
      runs.find((one) => one.id === id),
      Object.fromEntries(
        Object.entries({ ...line, effects: effects.length }).map(([key, value]) => [key, String(value)]),
      ),
    );
  const reports = "transfers/prod/t1/reports";
  const failed = { v: 1, state: "failed", why: "store", causes: { denied: 3 }, exit: 5, rclone: "v1.60.1" };
  await on.records.create(`${reports}/0-2-failed.json`, failed);
  await on.records.create(`${reports}/list-4-1-preempted.json`, { v: 1, state: "preempted" });
});
afterAll(() => on.close());

test("has all that happened, in its order", async () => {
  const { lines } = await get("/api/transfers/prod/t1/log", answers.transferLog);
  expect(lines.map(({ at = "", what }) => `${at.slice(11, 16)} ${what}`)).toEqual([
    "10:00 begun, asked for by Ann Example (as typed, not proved)",
    "10:01 machine transfer-prod-t1-0 was made",
    "10:20 the machine of shard 0, attempt 1 has ended (preempted)",
    "10:20 machine transfer-prod-t1-0 was deleted: it was stopped",
    "10:30 failed: 1 object not there",
    " last word of machine 0, the 2. of its name: failed (store, 3 denied, exit 5, v1.60.1)",
    " last word of list 4, attempt 1: preempted",
  ]);
});

test("of none there is none", async () => {
  expect((await ask("/api/transfers/prod/t9/log")).status).toBe(404);
});
