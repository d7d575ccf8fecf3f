// The troubles of a hub, as its deliveries leave them in the ledger: what opens one, what is told, what closes it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { concluded, meet } from "../../../shared/delivery/incidents.ts";
import type { Result } from "../../../shared/delivery/recorder.ts";
import { openIn } from "../../../shared/flow/incidents.ts";
import { another, done, incidentHarness, settings } from "./incident-harness.ts";
import { asked, broken, hint, hours, minutes } from "./settle-harness.ts";

let on: Awaited<ReturnType<typeof incidentHarness>>;
beforeAll(async () => {
  on = await incidentHarness();
});
beforeEach(() => on.fresh());
afterAll(() => on.close());

describe("opened", () => {
  const problem = 'the tab "Members 2026" is not there';
  test.each<[string, Result | (() => Error), string, string]>([
    [
      "blocked, by the words of its title without numbers",
      { outcome: "blocked", title: problem },
      "the-tab-members-is-not-there",
      "blocked",
    ],
    [
      "blocked, by the cause that it names",
      { outcome: "blocked", title: problem, cause: "no-tab" },
      "no-tab",
      "blocked",
    ],
    ["held", { outcome: "held", title: "4 removals are on hold" }, "held", "held"],
    ["failed", () => broken(), "github-500", "failed"],
    [
      "refused for good",
      () => broken({ lasts: "lasting", cause: "suspended" }),
      "github-suspended",
      "undelivered",
    ],
    [
      "left to wait for a service",
      () => broken({ waitSeconds: 60, cause: "rate-limit" }),
      "github-left-alone",
      "blocked",
    ],
  ])("by what ends %s; the next good run closes it", async (_, said, cause, kind) => {
    await on.ends(said);
    expect(await on.open()).toEqual([[`sync-members/${cause}`, kind]]);
    // A delivery may have a wait that it would heed.
    for (const name of await on.names("head/not-before/")) await on.operator.file(name).delete();
    await on.ends(done);
    expect(await on.open()).toEqual([]);
  });

  test("something beside a run's work stands until a run without it, while the work itself is well", async () => {
    const reason = { what: "the status sheet cannot be written", why: "it is not shared", next: "share it" };
    const beside = [{ cause: "status-sheet", reason, lasting: true }];
    await on.ends({ outcome: "blocked", title: problem, cause: "no-tab" });
    for (let times = 0; times < 2; times += 1) {
      await on.ends({ ...done, beside });
      expect(await on.open()).toEqual([["sync-members/status-sheet", "blocked"]]);
    }
    await on.ends({ outcome: "blocked", title: problem, cause: "no-tab", beside });
    expect(await on.open()).toHaveLength(2);
    await on.ends(done);
    expect(await on.open()).toEqual([]);
  });

  test("idle by the clock is good; idle because another delivery is at it, or for any other reason, says nothing", async () => {
    await on.ends({ outcome: "blocked", title: "no tab" });
    await on.ends({ outcome: "idle", busy: true });
    await on.ends({ outcome: "idle" }, { event: { ...hint, why: "edit" } });
    await on.ends({ outcome: "idle" }, { event: asked });
    expect(await on.open()).toHaveLength(1);
    await on.ends({ outcome: "idle" });
    expect(await on.open()).toEqual([]);
  });

  test("what had failed and has nothing left to do now fails no more; what is blocked stays so", async () => {
    await on.ends(() => broken(), { id: "1" });
    await on.ends({ outcome: "blocked", title: "no tab" });
    await on.ends({ outcome: "idle" }, { id: "1", attempt: 2, event: { ...hint, why: "edit" } });
    expect(await on.open()).toEqual([["sync-members/no-tab", "blocked"]]);
  });

  test("what has failed stands beside what is blocked: a run that got nowhere ends no failure", async () => {
    await on.ends(() => broken());
    await on.ends({ outcome: "blocked", title: problem, cause: "no-tab" }, { attempt: 2 });
    expect((await on.open()).map(([key]) => key).sort()).toEqual([
      "sync-members/github-500",
      "sync-members/no-tab",
    ]);
  });

  test("of one transfer it is that one's, and ends with a good run of it and of no other", async () => {
    const ends = (result: Result, id: string) => {
      const ended = { hub: "prod", needs: [], began: on.clock.now(), attempt: 1 };
      const event = { v: 1, hub: "prod", id, why: "continue" };
      const of = { topic: "transfer-request", event, ...ended } as const;
      return concluded(result, of, { ...on.deps, name: "run-transfer" });
    };
    await ends({ outcome: "blocked", title: "it ended badly", cause: "ended" }, "t1");
    await ends(done, "t2");
    expect(await on.open()).toEqual([["run-transfer/ended-t1", "blocked"]]);
    await ends(done, "t1");
    expect(await on.open()).toEqual([]);
  });

  test("by a process that remembers nothing of them, too", async () => {
    const { knownIncidents: _, ...deps } = on.deps;
    const trouble = { function: "sync-members", hub: "prod", payload: hint, cause: "unfinished" } as const;
    const reason = { what: "w", why: "y", next: "n" };
    await meet({ ...trouble, reason, kind: "undelivered", lasting: true }, deps);
    expect(await on.open()).toEqual([["sync-members/unfinished", "undelivered"]]);
  });

  test("a plan that somebody asked to see neither opens nor closes one", async () => {
    const dry = { event: { ...hint, dryRun: true } };
    await on.ends({ outcome: "blocked", title: "no tab" }, dry);
    expect(await on.names("head/incidents/")).toEqual([]);
    await on.ends({ outcome: "held", title: "4 on hold" });
    await on.ends(done, dry);
    expect(await on.open()).toEqual([["sync-members/held", "held"]]);
  });

  test("a hold ends what stood before it, and is one, however often it is met", async () => {
    await on.ends({ outcome: "blocked", title: "no tab" });
    for (let beat = 0; beat < 3; beat += 1) {
      on.clock.moveBy(minutes(15));
      await on.ends({ outcome: "held", title: `${beat} removals are on hold` });
    }
    expect(await on.open()).toEqual([["sync-members/held", "held"]]);
  });

  test("a hold says why by its plan, and a run that made none takes nothing of that away", async () => {
    const because = "4 removals are many at once; up to 3 go through unasked";
    const held = ["a", "b", "c", "d"].map((hash) => ({
      do: "remove",
      about: hash,
      why: "gone",
      hash,
      because,
    }));
    const plan = { hash: "0123456789abcdef", actions: [], held, refused: [] };
    await on.ends({ outcome: "held", title: "1 invited, 4 on hold", plan });
    const words = {
      what: "4 changes are on hold",
      why: because,
      next: expect.stringContaining("`npx groundcrew plans show 0123456789abcdef`"),
    };
    expect(openIn(await on.state()).map(({ reason }) => reason)).toEqual([words]);
    await on.ends({ outcome: "held", title: "no cell that matters has changed" }, { by: another() });
    expect(openIn(await on.state()).map(({ reason }) => reason)).toEqual([words]);
    await on.ends({ outcome: "held", title: "1 on hold", plan: { ...plan, held: held.slice(1, 2) } });
    expect(openIn(await on.state())[0]?.reason.what).toBe("1 change is on hold");
  });

  test("cells that cannot be used are listed, and told to nobody, until a run understands them all", async () => {
    const plan = { hash: "h", actions: [], held: [], refused: [{ about: "C7", value: "x", why: "y" }] };
    await on.ends({ ...done, plan });
    expect(openIn(await on.state())).toMatchObject([
      { kind: "refused", reason: { what: "1 cell of the sheet cannot be used", why: "C7: y" } },
    ]);
    const two = [...plan.refused, { about: "C9", value: "z", why: "w" }];
    await on.ends({ ...done, plan: { ...plan, refused: two } });
    expect(openIn(await on.state())[0]?.reason.what).toBe("2 cells of the sheet cannot be used");
    await on.ends({ ...done, plan: { ...plan, refused: [] } }, { event: { ...hint, dryRun: true } });
    await on.ends({ outcome: "blocked", title: "no tab", plan: { ...plan, refused: [] } });
    await on.ends(done);
    on.clock.moveBy(hours(30));
    await on.tick();
    await on.ends(done);
    expect([await on.open(), on.told()]).toEqual([[["sync-members/refused", "refused"]], []]);
    await on.ends({ ...done, plan: { ...plan, refused: [] } });
    expect(await on.open()).toEqual([]);
  });
});

describe("told", () => {
  test("of what fails: after an hour, once a day, and when it is over", async () => {
    for (let beat = 0; beat < 4 * 25; beat += 1) {
      await on.ends(() => broken(), { by: another() });
      on.clock.moveBy(minutes(15));
    }
    expect(on.told()).toEqual(["incident/sync-members/github-500/1"]);
    on.clock.moveBy(minutes(15));
    await on.tick();
    expect(on.told().slice(1)).toEqual(["incident/sync-members/github-500/2"]);
    await on.ends(done);
    on.clock.moveBy(minutes(10));
    await on.tick();
    expect(on.told().slice(2)).toEqual(["incident/sync-members/github-500/over"]);
    on.clock.moveBy(hours(48));
    await on.tick();
    expect(on.told().filter((key) => !key.includes("overdue"))).toHaveLength(3);
  });

  test("what the handler explains, at once; what it has told itself, a day later", async () => {
    const reason = { what: "GitHub let nobody in", why: "it has no seat left", next: "buy one" };
    await on.ends({ outcome: "blocked", title: "0 invited", cause: "nobody-let-in", reason });
    expect(on.notices()[0]).toMatchObject({ subject: "GitHub let nobody in", to: "team" });
    const other = { by: another({ name: "renew-watch" }) };
    await on.ends({ outcome: "held", title: "4 on hold", told: true }, other);
    on.clock.moveBy(hours(23));
    await on.tick();
    expect(on.told()).toEqual(["incident/sync-members/nobody-let-in/1"]);
    on.clock.moveBy(hours(1));
    await on.tick();
    expect(on.told().slice(1).sort()).toEqual([
      "incident/sync-members/held/1",
      "incident/sync-members/nobody-let-in/2",
    ]);
  });

  test("what failed in a delivery that no other follows is over by the tick before anybody is told", async () => {
    await on.ends(() => broken());
    on.clock.moveBy(minutes(44));
    await on.tick();
    expect(await on.open()).toEqual([["sync-members/github-500", "failed"]]);
    on.clock.moveBy(minutes(16));
    await on.tick();
    on.clock.moveBy(hours(24));
    await on.tick();
    expect(await on.open()).toEqual([["sync-members/overdue-heartbeat", "overdue"]]);
    expect(on.told()).toEqual([]);
  });

  test("what waits for a service stands until it may be called, and a while longer", async () => {
    await on.ends(() => broken({ waitSeconds: 6 * 3600, cause: "rate-limit" }));
    on.clock.moveBy(hours(6) + minutes(44));
    await on.tick();
    expect(await on.open()).toContainEqual(["sync-members/github-left-alone", "blocked"]);
    on.clock.moveBy(minutes(1));
    await on.tick();
    expect(await on.open()).toEqual([]);
  });

  test("what has not succeeded for twice its time, unless its flow is off", async () => {
    await on.tick();
    on.clock.moveBy(minutes(39));
    await on.tick();
    expect(openIn(await on.state())).toEqual([]);
    on.clock.moveBy(minutes(1));
    await on.tick();
    expect([await on.open(), on.told()]).toEqual([[["sync-members/overdue-heartbeat", "overdue"]], []]);
    on.clock.moveBy(hours(1));
    await on.tick();
    expect(on.told()).toEqual(["incident/sync-members/overdue-heartbeat/1"]);
    await on.tick({ ...settings, flows: { ...settings.flows, "sync-members": "off" } });
    expect(await on.open()).toEqual([]);
    await on.tick();
    expect(await on.open()).toEqual([]);
  });
});
