// Work that goes on later, over the real client: which wait stays, which one is published, and what a crash leaves.
import { describe, expect, test } from "@jest/globals";
import type { Publish } from "../../../shared/bus/publish.ts";
import { eventNames } from "../../../shared/events.ts";
import { continueAt, waiting } from "../../../shared/flow/continue.ts";
import { Continue } from "../../../shared/records.ts";
import { at, continueHarness, now } from "./harness.ts";

const { hub, publish, published, harness, tick, worker } = continueHarness();

const wait = (time: string, why: "continue" | "edit" = "continue", of = hub()) =>
  continueAt(worker(), {
    function: "sync-members",
    hub: of,
    at: at(time),
    topic: "sheet-changed",
    event: { v: 1, hub: of, why },
  });
const name = () => `head/continue/sync-members/${hub()}.json`;
const record = () => harness().jsonOf(name());
const recordOf = (time: string, why: "continue" | "edit", published: boolean) => ({
  v: 1,
  at: `2026-11-21T${time}.000Z`,
  topic: "sheet-changed",
  payload: { v: 1, hub: hub(), why },
  published,
});

describe("waits", () => {
  test("the earlier one stays, an earlier one replaces a later one", async () => {
    await wait("09:00:00");
    await wait("10:00:00", "edit");
    expect(await record()).toMatchObject({ at: "2026-11-21T09:00:00.000Z", payload: { why: "continue" } });
    await wait("08:30:00", "edit");
    expect(await record()).toEqual(recordOf("08:30:00", "edit", false));
    expect(await waiting(worker())).toEqual([
      {
        name: `head/continue/sync-members/${hub()}.json`,
        of: "sync-members",
        hub: hub(),
        at: at("08:30:00"),
      },
    ]);
  });

  test("one of a flow that is off waits until it is on again, and holds up no other", async () => {
    await wait("07:00:00");
    const off = hub();
    await continueAt(worker(), {
      function: "sync-members",
      hub: `${off}-b`,
      at: at("07:30:00"),
      topic: "quota-scan-due",
      event: { v: 1, hub: off, why: "continue" },
    });
    expect(await tick(publish, ["quota-scan-due"])).toMatchObject({ outcome: "done" });
    expect(published()).toEqual([["quota-scan-due", { v: 1, hub: off, why: "continue" }]]);
    expect(await record()).toMatchObject({ published: false });
    expect(await tick()).toMatchObject({ outcome: "done" });
    expect(published()).toHaveLength(2);
  });

  test("one that was published makes room, and does not count as waiting", async () => {
    await wait("07:00:00");
    await tick();
    expect(await waiting(worker())).toEqual([]);
    await wait("11:00:00");
    expect(await record()).toMatchObject({ at: "2026-11-21T11:00:00.000Z", published: false });
  });

  test("of 20 waits at once the earliest is kept", async () => {
    await Promise.all(Array.from({ length: 20 }, (_, index) => wait(`09:${59 - index}:00`)));
    expect(await record()).toMatchObject({ at: "2026-11-21T09:40:00.000Z" });
  });
});

describe("the tick", () => {
  test("nothing due: idle, and nothing is published", async () => {
    expect(await tick()).toEqual({ outcome: "idle" });
    await wait("08:00:01");
    expect(await tick()).toEqual({ outcome: "idle" });
    expect(published()).toEqual([]);
  });

  test("one that was moved on since it was listed is left alone", async () => {
    await wait("08:00:00");
    const { ledger } = harness().deps;
    const moving = {
      ...ledger,
      async list(prefix: string) {
        const listed = await ledger.list(prefix);
        const { value, generation } = (await ledger.read(name(), Continue)) ?? {};
        if (value !== undefined)
          await worker().swap(name(), { ...value, at: "2026-11-21T08:00:20.000Z" }, generation ?? "");
        return listed;
      },
    };
    expect(await tick(publish, eventNames, now, { ledger: moving })).toEqual({ outcome: "idle" });
    expect(published()).toEqual([]);
    expect(await record()).toMatchObject({ at: "2026-11-21T08:00:20.000Z", published: false });
  });

  test("thirty that cannot be published just now hold up no other hub's, however old they are", async () => {
    await Promise.all(Array.from({ length: 30 }, (_, index) => wait("06:00:00", "edit", `stuck${index}`)));
    await wait("07:00:00");
    const refusing: Publish = async (topic, event, attributes) => {
      if ("hub" in event && event.hub !== hub()) throw new Error("the topic is not there");
      return publish(topic, event, attributes);
    };
    await expect(tick(refusing)).rejects.toThrow("the topic is not there");
    expect(published()).toEqual([["sheet-changed", { v: 1, hub: hub(), why: "continue" }]]);
    expect(await record()).toMatchObject({ published: true });
    expect(await waiting(worker())).toHaveLength(30);
  });

  test("what is due is published once and marked, for each hub", async () => {
    await wait("08:00:00");
    await wait("07:00:00", "edit", "other");
    expect(await tick()).toEqual({ outcome: "done", title: "2 gone on with" });
    expect(new Set(published())).toEqual(
      new Set([
        ["sheet-changed", { v: 1, hub: hub(), why: "continue" }],
        ["sheet-changed", { v: 1, hub: "other", why: "edit" }],
      ]),
    );
    expect(await record()).toEqual(recordOf("08:00:00", "continue", true));
    expect(await tick()).toEqual({ outcome: "idle" });
    expect(published()).toHaveLength(2);
  });

  test("died between publishing and the mark: published twice, never lost", async () => {
    await wait("08:00:00");
    const dies: Publish = async (...event) => {
      published().push(event);
      throw new Error("killed");
    };
    await expect(tick(dies)).rejects.toThrow("killed");
    expect(await waiting(worker())).toHaveLength(1);
    expect(await tick()).toMatchObject({ outcome: "done" });
    expect(published()).toHaveLength(2);
    expect(await record()).toMatchObject({ published: true });
  });

  test("a publish that failed leaves the wait", async () => {
    await wait("08:00:00");
    await expect(tick(() => Promise.reject(new Error("no bus")))).rejects.toThrow("no bus");
    expect(await tick()).toMatchObject({ outcome: "done" });
    expect(published()).toHaveLength(1);
  });

  test("a wait that the woken worker leaves before the mark is made is not lost", async () => {
    await wait("08:00:00");
    const quick: Publish = async (...event) => {
      await wait("09:00:00");
      return publish(...event);
    };
    await tick(quick);
    expect(await record()).toMatchObject({ at: "2026-11-21T09:00:00.000Z", published: false });
  });

  test("one that another tick has published since it was listed is left alone", async () => {
    await wait("08:00:00");
    const { ledger } = harness().deps;
    let isFirst = true;
    const late: typeof ledger.read = async (name, schema) => {
      if (isFirst && name.startsWith("head/continue/")) {
        isFirst = false;
        expect(await tick()).toMatchObject({ title: "1 gone on with" });
      }
      return ledger.read(name, schema);
    };
    await tick(undefined, undefined, undefined, { ledger: { ...ledger, read: late } });
    expect(published()).toHaveLength(1);
  });

  test("two ticks at once publish at least once and end marked", async () => {
    await wait("08:00:00");
    await Promise.all([tick(), tick()]);
    expect(published().length).toBeGreaterThanOrEqual(1);
    expect(await record()).toMatchObject({ published: true });
  });
});

describe("a wait that cannot be understood", () => {
  const plant = (name: string, text: string) =>
    harness().plant(`head/continue/sync-members/${name}.json`, text, {
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
    await wait("08:00:00");
    await expect(tick()).rejects.toMatchObject({
      explanation: {
        what: "work that waited cannot go on",
        why: expect.stringContaining("is not one that this version knows"),
        next: "run the flow by hand; its next schedule goes on with it in any case",
      },
    });
    expect(published()).toEqual([["sheet-changed", { v: 1, hub: hub(), why: "continue" }]]);
    expect(await tick()).toEqual({ outcome: "idle" });
  });

  test("a damaged record: the others go on, and the tick says that it is blocked without filling Undelivered", async () => {
    await plant("aaa", "{");
    await wait("08:00:00");
    expect(await tick()).toMatchObject({
      outcome: "blocked",
      title: "1 that waited cannot be read",
      cause: "waiting-unreadable",
      reason: { what: "the record in head/continue cannot be read" },
    });
    expect(published()).toHaveLength(1);
  });
});
