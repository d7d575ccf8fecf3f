// The sample hub's own switches: only who holds the token turns them, and only as far as they go.
import { beforeEach, describe, expect, test } from "@jest/globals";
import { faultBook } from "../../local/faults.ts";
import { stoppedClock } from "../../local/movable-clock.ts";
import { worldDoor } from "../../local/world-door.ts";

const token = "the-token";
let clock = stoppedClock(new Date(0));
let faults = faultBook();
beforeEach(() => {
  clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));
  faults = faultBook();
});

function call(method: string, path: string, body?: unknown, authorization = `Bearer ${token}`) {
  const door = worldDoor({
    token,
    clock,
    faults,
    movedMs: () => 5,
    schedules: () => [{ name: "tick", next: "2026-11-21T08:01:00.000Z" }],
    pending: () => 3,
    machines: { list: () => [], preempt: () => false },
    decidePull: async (number, verdict) => `${number} ${verdict}`,
  });
  return door.request(path, {
    method,
    headers: { authorization },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}
const down = { farEnd: "github", failure: { kind: "status", status: 503 } };

test.each(["", "Bearer", "Bearer other", `bearer ${token}`, token, `Bearer ${token}x`])(
  "with %j for a token nothing is turned",
  async (authorization) => {
    for (const [method, path, body] of [
      ["GET", "/", undefined],
      ["POST", "/clock", { moveSeconds: 1 }],
      ["POST", "/faults", down],
      ["DELETE", "/faults", undefined],
    ] as const)
      expect((await call(method, path, body, authorization)).status).toBe(401);
    expect([clock.now().toISOString(), faults.list()]).toEqual(["2026-11-21T08:00:00.000Z", []]);
  },
);

test("it says how things stand", async () => {
  await call("POST", "/faults", down);
  expect(await (await call("GET", "/")).json()).toEqual({
    now: "2026-11-21T08:00:00.000Z",
    movedMs: 5,
    faults: [{ ...down, times: 1 }],
    schedules: [{ name: "tick", next: "2026-11-21T08:01:00.000Z" }],
    pending: 3,
  });
});

describe("the clock", () => {
  test("is moved ahead", async () => {
    const answer = await call("POST", "/clock", { moveSeconds: 3600 });
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { ok: true, said: "it is now 2026-11-21T09:00:00.000Z" },
    ]);
  });

  test.each([
    { moveSeconds: -1 },
    { moveSeconds: "1" },
    { moveSeconds: 1e9 },
    {},
    { moveSeconds: 1, x: 1 },
    "{",
    "",
  ])("is not moved by %j", async (body) => {
    const answer = await call("POST", "/clock", body);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      {
        error: {
          what: "the clock was not moved",
          why: "moveSeconds must be a number from 0 to a year's",
          next: "send it again, mended",
        },
      },
    ]);
    expect(clock.now().toISOString()).toBe("2026-11-21T08:00:00.000Z");
  });
});

describe("faults", () => {
  test.each([
    down,
    { ...down, match: "POST /orgs", at: 2, times: 5 },
    { farEnd: "storage", failure: { kind: "delay", milliseconds: 10 } },
    { farEnd: "pubsub", failure: { kind: "lost-answer" } },
    { farEnd: "google", failure: { kind: "truncated" } },
  ])("%j is armed, and everything works again when they are cleared", async (fault) => {
    expect((await call("POST", "/faults", fault)).status).toBe(200);
    expect(faults.list()).toEqual([{ times: 1, ...fault }]);
    expect((await call("DELETE", "/faults")).status).toBe(200);
    expect(faults.list()).toEqual([]);
  });

  test.each([
    { ...down, farEnd: "gitlab" },
    { ...down, failure: { kind: "status", status: 200 } },
    { ...down, failure: { kind: "status" } },
    { ...down, failure: { kind: "explode" } },
    { ...down, times: 0 },
    { ...down, at: 0 },
    { ...down, match: "x".repeat(201) },
    { ...down, more: 1 },
    { farEnd: "github" },
    "not JSON",
    "",
  ])("%j is refused", async (fault) => {
    const answer = await call("POST", "/faults", fault);
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: { what: "nothing was broken", why: expect.any(String), next: "send it again, mended" } },
    ]);
    expect(faults.list()).toEqual([]);
  });
});
