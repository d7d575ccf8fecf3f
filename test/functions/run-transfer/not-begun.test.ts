// A transfer that cannot be begun, or ended badly, is no state of the hub that goes on: its people are told once, it is listed until a
// person closes it, and no other transfer's good run says that it is over.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Result } from "../../../shared/delivery/recorder.ts";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import { openIn } from "../../../shared/flow/incidents.ts";
import { flowHarness } from "../flow-harness.ts";
import { asked, transferHarness } from "./harness.ts";

describe("a request that nobody can carry out", () => {
  let on: Awaited<ReturnType<typeof transferHarness>>;
  afterEach(() => on.close());

  test("by an id that belongs to another transfer: the team is told once, and the other goes on", async () => {
    on = await transferHarness();
    await on.deliver(asked);
    const [before, made] = [await on.state(), [...on.made]];
    for (const _ of [1, 2])
      expect(await on.deliver({ ...asked, from: "persistent:elsewhere" })).toMatchObject({
        outcome: "blocked",
        title: "transfer t1 was not begun: its id belongs to another transfer; ask with a new id",
        told: true,
      });
    expect([await on.state(), on.made]).toEqual([before, made]);
    expect([...on.notices]).toEqual(["transfer/t1/begun", expect.stringMatching(/^transfer\/t1\/refused\//)]);
  });

  test("of which a plan was asked for: it says so, and nobody is told", async () => {
    on = await transferHarness();
    const [from, to] = [undefined, undefined];
    expect(
      await on.deliver({ v: 1, hub: "sample", id: "t1", why: "continue", dryRun: true, from, to }),
    ).toMatchObject({
      outcome: "blocked",
      title: "transfer t1 was not begun: nobody has said from where to where",
    });
    expect([...on.notices]).toEqual([]);
  });
});

describe("its incident", () => {
  let on: Awaited<ReturnType<typeof flowHarness<"run-transfer">>>;
  beforeAll(async () => {
    on = await flowHarness("run-transfer");
  });
  beforeEach(() => on.fresh());
  afterAll(() => on.close());

  const open = async () => openIn(Incidents.parse(await on.jsonOf("head/incidents/prod.json")));
  const says = (said: Result, event: object) => on.deliver(async () => said, { v: 1, hub: "prod", ...event });
  const looks = { why: "schedule" };
  const ended = (id: string): Result => ({
    outcome: "blocked",
    title: `transfer ${id} failed`,
    cause: "ended",
    told: true,
  });

  test("is one for each, stands until its own good run, and is told by nobody but the flow", async () => {
    for (const id of ["one", "two"]) await says(ended(id), { id, why: "continue" });
    // The look at all transfers finds none that runs; another transfer ends well.
    await says({ outcome: "idle" }, looks);
    await says({ outcome: "done", title: "transfer three done" }, { id: "three", why: "continue" });
    expect((await open()).map(({ key, reach }) => [key, reach]).sort()).toEqual([
      ["run-transfer/ended-one", "nobody"],
      ["run-transfer/ended-two", "nobody"],
    ]);
    await says({ outcome: "done", title: "transfer one done" }, { id: "one", why: "continue" });
    expect((await open()).map(({ key }) => key)).toEqual(["run-transfer/ended-two"]);
    on.clock.moveBy(3 * 86_400_000);
    await says(ended("two"), { id: "two", why: "continue" });
    expect(on.notices()).toEqual([]);
  });

  describe("of what it waits for", () => {
    const waits = (id: string): Result => ({
      outcome: "done",
      title: `transfer ${id}: 0 of 1 shards copied, going on`,
      beside: [
        {
          cause: "waits",
          reason: { what: `transfer ${id} has no machine`, why: "it waits for room", next: "nothing" },
          lasting: false,
        },
      ],
    });
    const look = (id: string) => ({ id, why: "continue" });

    test("is one for each, told once it has lasted an hour, and over with its own next good run", async () => {
      await says(waits("one"), { id: "one", why: "person", from: "a:b", to: "c:d" });
      await says(waits("two"), look("two"));
      on.clock.moveBy(61 * 60_000);
      await says({ outcome: "done", title: "transfer three done" }, look("three"));
      await says(waits("one"), look("one"));
      expect(on.notices().map(({ subject }) => subject)).toEqual(["transfer one has no machine"]);
      await says({ outcome: "done", title: "transfer one done" }, look("one"));
      expect((await open()).map(({ key }) => key)).toEqual(["run-transfer/waits-two"]);
    });

    test("is over when it has ended badly: only that is left", async () => {
      await says(waits("one"), look("one"));
      await says(waits("two"), look("two"));
      on.clock.moveBy(60_000);
      await says(ended("one"), look("one"));
      expect((await open()).map(({ key }) => key).sort()).toEqual([
        "run-transfer/ended-one",
        "run-transfer/waits-two",
      ]);
    });
  });

  test("of what is blocked without a word to anybody is told, as any other", async () => {
    await says({ outcome: "blocked", title: "no room" }, { id: "one", why: "continue" });
    on.clock.moveBy(61 * 60_000);
    await says({ outcome: "blocked", title: "no room" }, { id: "one", why: "continue" });
    expect(on.notices().map(({ subject }) => subject)).toEqual(["no room"]);
  });
});
