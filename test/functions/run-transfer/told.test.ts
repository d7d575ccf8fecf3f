// Messages to the team on the way of a transfer: each once, and none of what is over in a moment.
import { describe, expect, test } from "@jest/globals";
import { dueOf, tellTeam } from "../../../functions/run-transfer/told.ts";
import { list, shard, transfer } from "./samples.ts";
import { play } from "./story.ts";

const begun = "2026-11-21T10:00:00.000Z";
const after = (minutes: number): Date => new Date(Date.parse(begun) + 60_000 * minutes);
const of = { machines: 1, startedAt: begun };

describe("what is due", () => {
  test.each<[string, Parameters<typeof dueOf>[0], number, number, number | undefined]>([
    ["before its first machine is there: nothing", { ...of, machines: 0 }, 0, 0, undefined],
    ["then its beginning", of, 0, 0, 0],
    ["its beginning alone, however far it is", of, 0.6, 60, 0],
    ["before a quarter nothing more", { ...of, told: 0 }, 0.249, 60, undefined],
    ["a quarter", { ...of, told: 0 }, 0.25, 60, 25],
    ["half, where a quarter was passed unseen", { ...of, told: 0 }, 0.7, 60, 50],
    ["what was told, not again", { ...of, told: 50 }, 0.7, 60, undefined],
    [
      "nor what comes before it, when a machine has lost what it had in flight",
      { ...of, told: 50 },
      0.3,
      60,
      undefined,
    ],
    ["three quarters", { ...of, told: 50 }, 0.75, 60, 75],
    ["the end has a message of its own", { ...of, told: 50 }, 1, 60, undefined],
    ["no quarter in the first minutes", { ...of, told: 0 }, 0.5, 9.9, undefined],
    ["nothing of one that is being stopped", { ...of, told: 0, stopping: "cancelled" }, 0.5, 60, undefined],
  ])("%s", (_, state, share, minutes, due) => {
    expect(dueOf(state, { share, now: after(minutes) })).toBe(due);
  });
});

const said = [{ shard: 0, list: "0-1", bytes: 2e8, objects: 200 }];
const half = transfer([shard({ state: "running" })], {
  ...{ ...of, told: 25 },
  lists: [list({ objects: 1000, bytes: 1e9, left: { objects: 600, bytes: 6e8 } })],
  history: [
    { at: begun, bytes: 0, objects: 0 },
    { at: after(60).toISOString(), bytes: 6e8, objects: 600 },
  ],
});

test("a quarter is told with how far it is, its pace and its dollars, and noted; then nothing more", async () => {
  const sent: unknown[] = [];
  const deps = { publish: async (...message: unknown[]) => String(sent.push(message)), now: () => after(60) };
  const work = { hub: "sample", deps };
  const told = await tellTeam(work, half, { said, dollars: 1.25 });
  expect(told).toEqual({ ...half, told: 50 });
  expect(sent).toEqual([
    [
      "notice",
      {
        ...{ v: 1, hub: "sample", key: "transfer/t1/quarter-50", to: "team" },
        subject: "Transfer t1 has copied half",
        text: [
          "From persistent:a to pod-inbox:a: 600 MB of 1 GB, 600 of 1,000 objects.",
          "167 kB/s, 0.2 objects/s, 33 to 48 minutes left.",
          "About $1.25 so far, of at most $5.00; it is stopped on 2026-11-21 at 12:24 UTC at the latest.",
        ].join("\n"),
      },
    ],
  ]);
  expect(await tellTeam(work, told, { said, dollars: 1.25 })).toBe(told);
  expect(sent).toHaveLength(1);
});

test("struck at any call around it, the beginning is told by one key", async () => {
  const { calls } = await play(undefined);
  for (let at = 8; at < Math.min(calls, 40); at += 8) {
    const { notices, state } = await play({ at, when: "after" });
    expect([state, notices.filter((key) => key.endsWith("/begun"))]).toEqual(["done", ["transfer/t1/begun"]]);
  }
});
