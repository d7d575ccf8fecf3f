// The sample hub's own switches: only who holds the token turns them, and only as far as they go.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { lateEventsOf, type WorldClient } from "../../../functions/console/sample/hub.ts";
import { worldDoor } from "../../../local/sample/world-door.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { type Calendar, calendarIn } from "../../../local/wire/weather.ts";
import { type LookHarness, lookHarness } from "./look-harness.ts";

const token = "the-token";
let clock = stoppedClock(new Date(0));
let faults = faultStore();
let weather: Calendar;
let look: LookHarness;
beforeEach(async () => {
  clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));
  faults = faultStore();
  weather = calendarIn(openState(":memory:"), () => clock.now().getTime());
  look = await lookHarness(clock);
});
afterEach(() => look.close());

function call(method: string, path: string, body?: unknown, authorization = `Bearer ${token}`) {
  const door = worldDoor({
    token,
    clock,
    faults,
    weather,
    movedMs: () => 5,
    schedules: () => [{ name: "tick", next: "2026-11-21T08:01:00.000Z" }],
    pending: () => 3,
    look: look.deps,
    machines: { list: () => [], preempt: () => false },
    decidePull: async ({ hub, number, verdict }) => `${hub} ${number} ${verdict}`,
  });
  return door.request(path, {
    method,
    headers: { authorization },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
}
/** As the console asks. */
const world: WorldClient = async ({ method, path }) => call(method, path);
const down = { farEnd: "github", failure: { kind: "status", status: 503 } };

test.each(["", "Bearer", "Bearer other", `bearer ${token}`, token, `Bearer ${token}x`])(
  "with %j for a token nothing is turned",
  async (authorization) => {
    for (const [method, path, body] of [
      ["GET", "/", undefined],
      ["POST", "/clock", { moveSeconds: 1 }],
      ["POST", "/faults", down],
      ["DELETE", "/faults", undefined],
      ["POST", "/weather", { name: "github-down" }],
      ["DELETE", "/weather", undefined],
      ["GET", "/look", undefined],
      ["GET", "/mails/20260302T070000000Z-first-0a.eml", undefined],
      ["GET", "/late", undefined],
      ["POST", "/late", { topic: "continue-due", payload: { v: 1 }, afterSeconds: 60 }],
      ["POST", "/accept", { hub: "prod", login: "dee-d" }],
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
    weather: [],
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

describe("the weather", () => {
  const Listed = z.object({ weather: z.unknown() });
  const listed = async () => Listed.parse(await (await call("GET", "/")).json()).weather;

  test("begins by name, lasts as long as is asked for or as is usual, and ends by the clock", async () => {
    expect((await call("POST", "/weather", { name: "github-down", forSeconds: 60 })).status).toBe(200);
    const answer = await call("POST", "/weather", { name: "sheet-limit" });
    expect(await answer.json()).toEqual({
      ok: true,
      said: "Google Sheets asks for fewer requests, until 2026-11-21T08:10:00.000Z",
    });
    expect(await listed()).toEqual([
      { name: "github-down", until: "2026-11-21T08:01:00.000Z" },
      { name: "sheet-limit", until: "2026-11-21T08:10:00.000Z" },
    ]);
    clock.moveBy(60_000);
    expect(await listed()).toEqual([{ name: "sheet-limit", until: "2026-11-21T08:10:00.000Z" }]);
    expect((await call("DELETE", "/weather")).status).toBe(200);
    expect(await listed()).toEqual([]);
  });

  test.each([{ name: "hail" }, { name: "github-down", forSeconds: 0 }, { forSeconds: 60 }, "not JSON"])(
    "%j is refused",
    async (body) => {
      const answer = await call("POST", "/weather", body);
      expect([answer.status, await answer.json()]).toEqual([
        400,
        {
          error: {
            what: "the weather did not change",
            why: expect.stringContaining("it takes one of github-down, github-limit"),
            next: "send it again, mended",
          },
        },
      ]);
      expect(await listed()).toEqual([]);
    },
  );
});

describe("a late event", () => {
  const event = { topic: "continue-due", payload: { v: 1 }, afterSeconds: 3600 };
  test("is sent when the clock has got there, not before, and once", async () => {
    expect((await call("POST", "/late", event)).status).toBe(200);
    clock.moveBy(3_599_000);
    expect(look.published).toEqual([]);
    expect(await lateEventsOf(world)).toEqual([
      { id: 1, at: "2026-11-21T09:00:00.000Z", topic: "continue-due" },
    ]);
    clock.moveBy(1000);
    await new Promise((resolve) => setImmediate(resolve));
    clock.moveBy(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(look.published).toEqual([["continue-due", '{"v":1}']]);
    expect(await lateEventsOf(world)).toEqual([]);
  });

  test.each([
    { ...event, topic: "nothing" },
    { ...event, topic: "undelivered" },
    { ...event, payload: { v: 2 } },
    { ...event, afterSeconds: 0 },
    { ...event, afterSeconds: 1e9 },
    { topic: "continue-due" },
    "{",
  ])("is refused: %j", async (body) => {
    expect((await call("POST", "/late", body)).status).toBe(400);
    clock.moveBy(1e11);
    expect(look.published).toEqual([]);
  });
});
