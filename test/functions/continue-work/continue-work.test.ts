// Work that goes on later, over the real client: which wish stays, which one is published, and what a crash leaves.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { continueWork } from "../../../functions/continue-work/handler.ts";
import { stoppedClock } from "../../../local/movable-clock.ts";
import type { Publish } from "../../../shared/bus/publish.ts";
import { continueAt, waiting } from "../../../shared/continue.ts";
import { eventNames } from "../../../shared/events.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { leaveAlone } from "../../../shared/not-before.ts";
import { openRun } from "../../../shared/run-book.ts";
import { ledgerStand } from "../../shared/ledger-stand.ts";

let stand: Awaited<ReturnType<typeof ledgerStand>>;
let worker: Ledger;
let ticker: Ledger;
let hubs = 0;
let hub = "";
let published: unknown[] = [];
const clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));
const at = (time: string) => new Date(`2026-11-21T${time}Z`);

beforeAll(async () => {
  stand = await ledgerStand();
  worker = await stand.ledgerOf("sync-members");
  ticker = await stand.ledgerOf("continue-work");
});
beforeEach(async () => {
  for (const name of await stand.names("head/continue/")) await stand.operator.file(name).delete();
  hubs += 1;
  hub = `hub${hubs}`;
  published = [];
});
afterAll(() => stand.close());

const wish = (time: string, why: "continue" | "edit" = "continue", of = hub) =>
  continueAt(worker, {
    function: "sync-members",
    hub: of,
    at: at(time),
    topic: "sheet-changed",
    event: { v: 1, hub: of, why },
  });
const record = () => stand.jsonOf(`head/continue/sync-members/${hub}.json`);
const publish: Publish = async (topic, event) => {
  published.push([topic, event]);
  return "id";
};
async function tick(as: Publish = publish, heard: readonly string[] = eventNames, now = clock.now) {
  const delivery = { messageId: "tick", attempt: 1, event: "continue-due", payload: { v: 1 } };
  const run = openRun("continue-work", delivery, { ledger: ticker, now: clock.now });
  return continueWork(run, { ledger: ticker, now, publish: as, heard });
}

describe("wishes", () => {
  test("the earlier one stays, an earlier one replaces a later one", async () => {
    await wish("09:00:00");
    await wish("10:00:00", "edit");
    expect(await record()).toMatchObject({ at: "2026-11-21T09:00:00.000Z", payload: { why: "continue" } });
    await wish("08:30:00", "edit");
    expect(await record()).toEqual({
      v: 1,
      at: "2026-11-21T08:30:00.000Z",
      topic: "sheet-changed",
      payload: { v: 1, hub, why: "edit" },
      published: false,
    });
    expect(await waiting(worker)).toEqual([
      { name: `head/continue/sync-members/${hub}.json`, at: at("08:30:00") },
    ]);
  });

  test("one of a flow that is off waits until it is on again, and holds up no other", async () => {
    await wish("07:00:00");
    const off = hub;
    await continueAt(worker, {
      function: "sync-members",
      hub: `${off}-b`,
      at: at("07:30:00"),
      topic: "quota-scan-due",
      event: { v: 1, hub: off, why: "continue" },
    });
    expect(await tick(publish, ["quota-scan-due"])).toMatchObject({ outcome: "done" });
    expect(published).toEqual([["quota-scan-due", { v: 1, hub: off, why: "continue" }]]);
    expect(await record()).toMatchObject({ published: false });
    expect(await tick()).toMatchObject({ outcome: "done" });
    expect(published).toHaveLength(2);
  });

  test("one that was published makes room, and does not count as waiting", async () => {
    await wish("07:00:00");
    await tick();
    expect(await waiting(worker)).toEqual([]);
    await wish("11:00:00");
    expect(await record()).toMatchObject({ at: "2026-11-21T11:00:00.000Z", published: false });
  });

  test("of 20 wishes at once the earliest is kept", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => wish(`09:${59 - index}:00`)));
    expect(await record()).toMatchObject({ at: "2026-11-21T09:40:00.000Z" });
  });
});

describe("the tick", () => {
  test("nothing due: idle, and nothing is published", async () => {
    expect(await tick()).toEqual({ outcome: "idle" });
    await wish("08:00:01");
    expect(await tick()).toEqual({ outcome: "idle" });
    expect(published).toEqual([]);
  });

  test("thirty that cannot be published just now hold up no other hub's, however old they are", async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => wish("06:00:00", "edit", `stuck${index}`)));
    await wish("07:00:00");
    const refusing: Publish = async (topic, event, attributes) => {
      if ("hub" in event && event.hub !== hub) throw new Error("the topic is not there");
      return publish(topic, event, attributes);
    };
    await expect(tick(refusing)).rejects.toThrow("the topic is not there");
    expect(published).toEqual([["sheet-changed", { v: 1, hub, why: "continue" }]]);
    expect(await record()).toMatchObject({ published: true });
    expect(await waiting(worker)).toHaveLength(30);
  });

  test("what is due is published once and marked, for each hub", async () => {
    await wish("08:00:00");
    await wish("07:00:00", "edit", "other");
    expect(await tick()).toEqual({ outcome: "done", title: "2 gone on with" });
    expect(new Set(published)).toEqual(
      new Set([
        ["sheet-changed", { v: 1, hub, why: "continue" }],
        ["sheet-changed", { v: 1, hub: "other", why: "edit" }],
      ]),
    );
    expect(await record()).toEqual({
      v: 1,
      at: "2026-11-21T08:00:00.000Z",
      topic: "sheet-changed",
      payload: { v: 1, hub, why: "continue" },
      published: true,
    });
    expect(await tick()).toEqual({ outcome: "idle" });
    expect(published).toHaveLength(2);
  });

  test("died between publishing and the mark: published twice, never lost", async () => {
    await wish("08:00:00");
    const dies: Publish = async (...event) => {
      published.push(event);
      throw new Error("killed");
    };
    await expect(tick(dies)).rejects.toThrow("killed");
    expect(await waiting(worker)).toHaveLength(1);
    expect(await tick()).toMatchObject({ outcome: "done" });
    expect(published).toHaveLength(2);
    expect(await record()).toMatchObject({ published: true });
  });

  test("a publish that failed leaves the wish", async () => {
    await wish("08:00:00");
    await expect(tick(() => Promise.reject(new Error("no bus")))).rejects.toThrow("no bus");
    expect(await tick()).toMatchObject({ outcome: "done" });
    expect(published).toHaveLength(1);
  });

  test("what the woken worker wishes before the mark is made is not lost", async () => {
    await wish("08:00:00");
    const quick: Publish = async (...event) => {
      await wish("09:00:00");
      return publish(...event);
    };
    await tick(quick);
    expect(await record()).toMatchObject({ at: "2026-11-21T09:00:00.000Z", published: false });
  });

  test("two ticks at once publish at least once and end marked", async () => {
    await wish("08:00:00");
    await Promise.all([tick(), tick()]);
    expect(published.length).toBeGreaterThanOrEqual(1);
    expect(await record()).toMatchObject({ published: true });
  });
});

describe("a wish that cannot be understood", () => {
  const plant = (name: string, text: string) =>
    stand.plant(`head/continue/sync-members/${name}.json`, text, {
      at: "2026-11-21T07:00:00.000Z",
      published: "false",
    });

  test.each([
    [
      "an unknown topic",
      '{"v":1,"at":"2026-11-21T07:00:00Z","topic":"launch","payload":1,"published":false}',
    ],
    [
      "an event that does not fit",
      '{"v":1,"at":"2026-11-21T07:00:00Z","topic":"notice","payload":{"to":"ada@example.org"},"published":false}',
    ],
  ])("%s: told once, and the others go on", async (_, text) => {
    await plant("aaa", text);
    await wish("08:00:00");
    await expect(tick()).rejects.toMatchObject({
      explanation: {
        what: "work that waited cannot go on",
        why: expect.stringContaining("is not one that this version knows"),
        next: "run the flow by hand; its next schedule goes on with it in any case",
      },
    });
    expect(published).toEqual([["sheet-changed", { v: 1, hub, why: "continue" }]]);
    expect(await tick()).toEqual({ outcome: "idle" });
  });

  test("a damaged record: the others go on, and the tick says that it is blocked without filling Undelivered", async () => {
    await plant("aaa", "{");
    await wish("08:00:00");
    expect(await tick()).toEqual({ outcome: "blocked", title: "1 that waited cannot be read" });
    expect(published).toHaveLength(1);
  });
});

describe("events that waited for a service", () => {
  const parked = (key: string, time: string, service?: "github", of = hub) =>
    continueAt(worker, {
      function: "sync-members",
      hub: of,
      key,
      ...(service === undefined ? {} : { service }),
      at: at(time),
      topic: "sheet-changed",
      event: { v: 1, hub: of, why: "person" },
      attributes: { "first-id": key },
    });
  const left = () => stand.names("head/continue/");

  test("each goes on by itself, with what it came from, and leaves nothing behind", async () => {
    const attributes: unknown[] = [];
    const noting: Publish = async (topic, event, given) => {
      attributes.push(given);
      return publish(topic, event);
    };
    for (const key of ["1", "2", "3"]) await parked(key, "08:00:00");
    await parked("4", "08:00:01");
    expect(await tick(noting)).toMatchObject({ title: "3 gone on with" });
    expect(new Set(attributes)).toEqual(new Set(["1", "2", "3"].map((id) => ({ "first-id": id }))));
    expect(await left()).toEqual([`head/continue/sync-members/${hub}/_4.json`]);
  });

  test("one that asks to wait again while it is published stays", async () => {
    await parked("1", "08:00:00");
    const again: Publish = async (topic, event) => {
      await parked("1", "09:00:00");
      return publish(topic, event);
    };
    expect(await tick(again)).toMatchObject({ title: "1 gone on with" });
    expect(await waiting(worker)).toEqual([
      { name: `head/continue/sync-members/${hub}/_1.json`, at: at("09:00:00") },
    ]);
  });

  test("while the service is left alone they stay as they are, and hold up nobody else", async () => {
    await leaveAlone({ ledger: worker, now: clock.now }, { hub, service: "github", seconds: 60 });
    await parked("1", "07:00:00", "github");
    expect(await tick()).toEqual({ outcome: "idle" });
    await parked("2", "07:30:00");
    await parked("3", "07:30:00", "github", `${hub}-b`);
    expect(await tick()).toMatchObject({ title: "2 gone on with" });
    expect(await waiting(worker)).toEqual([
      { name: `head/continue/sync-members/${hub}/_1.json`, at: at("07:00:00"), service: "github" },
    ]);
    const later = () => new Date(clock.now().getTime() + 60_000);
    expect(await tick(publish, eventNames, later)).toMatchObject({ title: "1 gone on with" });
    expect(await left()).toEqual([]);
  });

  test("fifty a tick call a service again, the oldest first; what waits for none is not held up", async () => {
    const all = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));
    await Promise.all(all.map((key) => parked(key, `07:00:${key}`, "github")));
    await parked("other", "07:59:00");
    expect(await tick()).toMatchObject({ title: "51 gone on with" });
    expect(await left()).toEqual(
      all.slice(50).map((key) => `head/continue/sync-members/${hub}/_${key}.json`),
    );
    expect(await tick()).toMatchObject({ title: "10 gone on with" });
    expect(published).toHaveLength(61);
  });

  test("one whose publishing failed is still known to wait for its service", async () => {
    await parked("1", "08:00:00", "github");
    await expect(tick(() => Promise.reject(new Error("no bus")))).rejects.toThrow("no bus");
    expect(await waiting(worker)).toMatchObject([{ service: "github" }]);
  });

  test("more than a tick has time for: the oldest first, the rest with the next, none lost", async () => {
    const all = Array.from({ length: 35 }, (_, n) => String(n).padStart(2, "0"));
    for (const key of all) await parked(key, `07:59:${59 - Number(key)}`);
    const ids: string[] = [];
    const slow: Publish = async (topic, event, attributes) => {
      ids.push(attributes?.["first-id"] ?? "");
      moved += 3000;
      return publish(topic, event);
    };
    let moved = 0;
    const later = () => new Date(clock.now().getTime() + moved);
    for (const count of [20, 15]) {
      moved = 0;
      expect(await tick(slow, eventNames, later)).toMatchObject({ title: `${count} gone on with` });
    }
    expect(ids.slice(0, 20).sort()).toEqual(all.slice(15));
    expect([...ids].sort()).toEqual(all);
    expect(await left()).toEqual([]);
  });
});
