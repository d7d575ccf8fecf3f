// What becomes of an event that failed, in the world: what is answered, kept, published, told. Delivered twice, late, out of
// order, and after a death at each step.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { stoppedClock } from "../../local/movable-clock.ts";
import { failed } from "../../shared/failure.ts";
import { type Received, receive } from "../../shared/receive.ts";
import type { RunBook } from "../../shared/run-book.ts";
import { type Published, pushOf, receiveStand } from "./receive-stand.ts";

let stand: Awaited<ReturnType<typeof receiveStand>>;
let deps: Awaited<ReturnType<(typeof stand)["depsOf"]>>["deps"];
let published: Published[];
let clock: ReturnType<typeof stoppedClock>;
const start = new Date("2026-11-21T08:00:00.123Z");

beforeAll(async () => {
  stand = await receiveStand();
  ({ deps, published } = await stand.depsOf("sync-members"));
});
beforeEach(async () => {
  for (const prefix of ["runs/", "undelivered/", "head/"])
    for (const name of await stand.names(prefix)) await stand.operator.file(name).delete();
  clock = stoppedClock(start);
  deps = { ...deps, now: clock.now };
  stand.faults.clear();
  published.length = 0;
});
afterAll(() => stand.close());

const hint = { v: 1, hub: "prod", why: "schedule" };
const asked = { v: 1, hub: "prod", why: "person" };
const explanation = { what: "the teams were not read", why: "GitHub answered 500", next: "nothing" };
const broken = (more: object = {}) =>
  failed({ service: "github", cause: "500", lasts: "passing", explanation, ...more });

type Message = {
  id?: string;
  attempt?: number;
  event?: object;
  attributes?: Record<string, string>;
  published?: Date;
};

function deliver(error: () => unknown, message: Message = {}, by = deps): Promise<Received> {
  const { id = "1", attempt = 1, event = hint, attributes = {}, published: at = start } = message;
  const raw = pushOf(event, { id, attempt, attributes, publishTime: at.toISOString() });
  const handle = async (_event: unknown, _run: RunBook): Promise<{ outcome: "idle" }> => {
    const thrown = error();
    if (thrown !== undefined) throw thrown;
    return { outcome: "idle" };
  };
  return receive("sheet-changed", { authorization: stand.bearer(), raw }, handle, {
    ...by,
    needs: () => ["sheets", "github"],
  });
}
const well = () => undefined;
const hours = (n: number): number => n * 3600_000;
const notes = () => published.filter(({ topic }) => topic === "notice");
const copies = () => published.filter(({ topic }) => topic === "sheet-changed");
const undelivered = () => stand.names("undelivered/");
const outcomes = async () =>
  Promise.all(
    (await stand.names("runs/")).map(
      async (name) => (await stand.jsonOf(name)) as { outcome: string; title: string },
    ),
  );

describe("time, not attempts", () => {
  test("for a day it comes back, whichever attempt it is", async () => {
    clock.moveBy(hours(24) - 1000);
    expect(await deliver(broken, { attempt: 89 })).toEqual({ status: 503 });
    expect([await undelivered(), published]).toEqual([[], []]);
  });

  test("after a day it is kept with how long it was tried, and the team is told once", async () => {
    clock.moveBy(hours(24));
    for (const attempt of [60, 61]) expect(await deliver(broken, { attempt })).toEqual({ status: 204 });
    expect(await undelivered()).toEqual(["undelivered/sync-members.prod.github-500.2026-11-22.json"]);
    expect(await stand.jsonOf("undelivered/sync-members.prod.github-500.2026-11-22.json")).toMatchObject({
      topic: "sheet-changed",
      payload: hint,
      attempts: 60,
      firstAt: start.toISOString(),
      reason: {
        what: "the teams were not read",
        why: "GitHub answered 500; it was tried for a day, 60 times",
        next: "see https://www.githubstatus.com; once it is well, send this again under Undelivered",
      },
    });
    expect(new Set(notes().map(({ event }) => (event as { key: string }).key))).toEqual(
      new Set(["lasting/sync-members/github-500/2026-11-22"]),
    );
  });

  test("what settles is tried for a quarter of an hour", async () => {
    const settling = () => broken({ lasts: "settling", cause: "403" });
    clock.moveBy(14 * 60_000);
    expect(await deliver(settling)).toEqual({ status: 503 });
    clock.moveBy(60_000);
    expect(await deliver(settling)).toEqual({ status: 204 });
    expect(await undelivered()).toEqual(["undelivered/sync-members.prod.github-403.2026-11-21.json"]);
  });
});

describe("published again before its attempts are used up", () => {
  const first = { "first-id": "1", "first-time": start.toISOString(), tries: "90" };

  test("the copy knows which it was, when, and how often it was tried; nothing is lost, nobody told", async () => {
    clock.moveBy(hours(15));
    expect(await deliver(broken, { attempt: 90 })).toEqual({ status: 204 });
    expect(published).toEqual([{ topic: "sheet-changed", event: hint, attributes: first }]);
    expect(await undelivered()).toEqual([]);
  });

  test("the copy is the same event: it grows no younger, and its budget ends with its first day", async () => {
    const copy = { id: "2", attributes: first, published: new Date(start.getTime() + hours(15)) };
    clock.moveBy(hours(24) - 1);
    expect(await deliver(broken, copy)).toEqual({ status: 503 });
    clock.moveBy(1);
    expect(await deliver(broken, copy)).toEqual({ status: 204 });
    expect(await undelivered()).toHaveLength(1);
  });

  test("the handler is told of the first message's id, whichever copy comes", async () => {
    const seen: unknown[] = [];
    const take = (id: string, attempt: number, attributes: Record<string, string>) =>
      receive(
        "sheet-changed",
        { authorization: stand.bearer(), raw: pushOf(hint, { id, attempt, attributes }) },
        async (_event, _run, delivery) => {
          seen.push(delivery);
          return { outcome: "idle" };
        },
        deps,
      );
    await take("1", 90, {});
    await take("2", 3, first);
    expect(seen).toEqual([
      { messageId: "1", attempt: 90 },
      { messageId: "1", attempt: 93 },
    ]);
  });

  test("died between publishing and acknowledging: both come, and both are the same event", async () => {
    await deliver(broken, { attempt: 90 });
    // The original comes again, and fails; then the copies, the later one first.
    expect(await deliver(broken, { attempt: 91 })).toEqual({ status: 204 });
    const [one, two] = copies().map(({ attributes }) => attributes);
    expect([one?.["first-id"], two?.["first-id"], two?.["tries"]]).toEqual(["1", "1", "91"]);
    for (const [id, attributes] of [
      ["3", two],
      ["2", one],
    ] as const)
      expect(await deliver(well, { id, attributes: attributes ?? {} })).toEqual({ status: 204 });
    expect([await undelivered(), notes()]).toEqual([[], []]);
  });

  test("that its attempt leaves no record keeps no copy back", async () => {
    stand.faults.add({
      farEnd: "storage",
      match: "POST",
      times: 5,
      failure: { kind: "status", status: 400 },
    });
    expect(await deliver(broken, { attempt: 90 })).toEqual({ status: 204 });
    expect(copies()).toHaveLength(1);
  });

  test("what could not be published comes back", async () => {
    const deaf = { ...deps, publish: () => Promise.reject(new Error("no answer")) };
    expect(await deliver(broken, { attempt: 90 }, deaf)).toEqual({ status: 503 });
  });
});

describe("a service that asks to be left alone", () => {
  const limit = () => broken({ cause: "rate-limit", waitSeconds: 47 * 60 });
  const wishes = () => stand.names("head/continue/");
  const until = async () =>
    ((await stand.jsonOf("head/not-before/prod/github.json")) as { until: string }).until;

  test("is left alone by every event of the hub, and each goes on by itself", async () => {
    expect(await deliver(limit)).toEqual({ status: 204 });
    expect(await until()).toBe("2026-11-21T08:47:00.123Z");
    clock.moveBy(60_000);
    let called = 0;
    const counted = () => {
      called += 1;
    };
    for (const [id, event] of [
      ["2", hint],
      ["3", asked],
      ["4", asked],
    ] as const)
      expect(await deliver(counted, { id, event, published: clock.now() })).toEqual({ status: 204 });
    expect(called).toBe(0);
    // Hints of the same words wait as one; each question of a person by itself.
    expect(await wishes()).toEqual([
      "head/continue/sync-members/prod/_3.json",
      "head/continue/sync-members/prod/_4.json",
      expect.stringMatching(/^head\/continue\/sync-members\/prod\/_hint-[0-9a-f]{12}\.json$/),
    ]);
    expect(await stand.jsonOf("head/continue/sync-members/prod/_3.json")).toMatchObject({
      at: "2026-11-21T08:47:00.123Z",
      topic: "sheet-changed",
      payload: asked,
      once: true,
      service: "github",
      attributes: { "first-id": "3", "first-time": "2026-11-21T08:01:00.123Z", tries: "1" },
    });
    expect((await outcomes()).map(({ outcome, title }) => `${outcome}: ${title}`)).toEqual([
      "blocked: GitHub asks to be left alone for 47 minutes; it goes on by itself",
      ...[1, 2, 3].map(() => "blocked: GitHub asks to be left alone for 46 minutes; it goes on by itself"),
    ]);
    // Who was only turned away has not made the wait longer.
    expect(await until()).toBe("2026-11-21T08:47:00.123Z");
    clock.moveBy(46 * 60_000);
    expect(await deliver(counted, { id: "5" })).toEqual({ status: 204 });
    expect([called, await undelivered(), published]).toEqual([1, [], []]);
  });

  test("another hub's events do not wait", async () => {
    await deliver(limit);
    let called = 0;
    const counted = () => {
      called += 1;
    };
    await deliver(counted, { id: "2", event: { ...hint, hub: "stage" } });
    expect(called).toBe(1);
  });

  test("the later of two times counts, whichever comes last", async () => {
    await deliver(limit);
    await Promise.all(
      [600, 7200, 60].map((waitSeconds, n) => deliver(() => broken({ waitSeconds }), { id: `${n}` })),
    );
    // All but the first were turned away, or asked for less: nobody was called.
    expect(await until()).toBe("2026-11-21T08:47:00.123Z");
    clock.moveBy(hours(1));
    await deliver(() => broken({ waitSeconds: 7200 }), { id: "5" });
    expect(await until()).toBe("2026-11-21T11:00:00.123Z");
  });

  test("for a year: for a day at most", async () => {
    await deliver(() => broken({ waitSeconds: 365 * 86_400 }));
    expect(await until()).toBe("2026-11-22T08:00:00.123Z");
  });

  test("the ledger cannot keep what the ledger's own store asks for: it comes back by Pub/Sub's pauses", async () => {
    expect(await deliver(() => broken({ service: "storage", waitSeconds: 60 }))).toEqual({ status: 503 });
    expect(await stand.names("head/")).toEqual([]);
  });

  test("died before it was acknowledged: one wish, at the same time", async () => {
    for (const attempt of [1, 2]) await deliver(limit, { attempt, event: asked });
    expect(await wishes()).toEqual(["head/continue/sync-members/prod/_1.json"]);
  });
});

describe("recorded first, then told", () => {
  const refused = () => broken({ lasts: "lasting", cause: "suspended" });

  test("what cannot be told comes back, and is told then; the record is one", async () => {
    const deaf = { ...deps, publish: () => Promise.reject(new Error("no answer")) };
    expect(await deliver(refused, {}, deaf)).toEqual({ status: 503 });
    expect([await undelivered(), notes()]).toEqual([
      ["undelivered/sync-members.prod.github-suspended.2026-11-21.json"],
      [],
    ]);
    expect(await deliver(refused, { attempt: 2 })).toEqual({ status: 204 });
    expect([(await undelivered()).length, notes().length]).toEqual([1, 1]);
  });

  test("a heartbeat that fails for good: one record and one message a day, over three days", async () => {
    for (let beat = 0; beat < 3 * 8; beat += 1) {
      expect(await deliver(refused, { id: `b${beat}`, published: clock.now() })).toEqual({
        status: 204,
      });
      clock.moveBy(hours(3));
    }
    const days = ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"];
    expect(await undelivered()).toEqual(
      days.map((day) => `undelivered/sync-members.prod.github-suspended.${day}.json`),
    );
    expect([...new Set(notes().map(({ event }) => (event as { key: string }).key))]).toEqual(
      days.map((day) => `lasting/sync-members/github-suspended/${day}`),
    );
  });

  test("what carries something of its own, or is sent again by a person, is kept by itself", async () => {
    await deliver(refused, { id: "1", event: asked });
    await deliver(refused, { id: "2", event: asked });
    await deliver(refused, {
      id: "3",
      attributes: { replays: "sync-members.prod.github-suspended.2026-11-21" },
    });
    expect(await undelivered()).toEqual(["1", "2", "3"].map((id) => `undelivered/${id}.json`));
  });
});
