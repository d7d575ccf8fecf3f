// The troubles of a hub, as its deliveries leave them in the ledger: what opens one, what is told, what closes it; twice, late,
// out of order, after a death at each step, and by many processes at once.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { lookAtIncidents } from "../../../functions/continue-work/incidents.ts";
import type { Publish } from "../../../shared/bus/publish.ts";
import { type ReceiveDeps, receive } from "../../../shared/delivery/receive.ts";
import type { Result } from "../../../shared/delivery/recorder.ts";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import { standing } from "../../../shared/flow/incident-stage.ts";
import { openIn } from "../../../shared/flow/incidents.ts";
import type { Settings } from "../../../shared/settings.ts";
import { fewMembers, settingsOf } from "../../local/sample/sample-settings.ts";
import { pushOf } from "./receive-harness.ts";
import { asked, broken, hint, hours, settleHarness } from "./settle-harness.ts";

let on: Awaited<ReturnType<typeof settleHarness>>;
beforeAll(async () => {
  on = await settleHarness();
});
beforeEach(() => on.fresh());
afterAll(() => on.close());

const done: Result = { outcome: "done", title: "nothing to change" };
const minutes = (n: number): number => n * 60_000;
let messages = 0;

/** One delivery of an event whose handler says this, or throws it. */
async function ends(
  said: Result | (() => Error),
  {
    event = hint,
    by = on.deps,
    id = `m${++messages}`,
    attempt = 1,
    while: meanwhile = async () => {},
  } = {} as {
    event?: object;
    by?: ReceiveDeps;
    id?: string;
    attempt?: number;
    while?: () => Promise<void>;
  },
): Promise<number> {
  const raw = pushOf(event, { id, attempt, publishTime: on.clock.now().toISOString() });
  const handle = async (): Promise<Result> => {
    await meanwhile();
    if (typeof said === "function") throw said();
    return said;
  };
  const { status } = await receive("sheet-changed", { authorization: on.bearer(), raw }, handle, by);
  return status;
}
const state = async (hub = "prod") => Incidents.parse(await on.jsonOf(`head/incidents/${hub}.json`));
const open = async () => openIn(await state()).map(({ key, kind }) => [key, kind]);
/** The keys of what was told: under one key people get one message. */
const told = () => [
  ...new Set(on.notes().map(({ event }) => (event as { key: string }).key.replace(/\/2026-[^/]*/, ""))),
];
/** The same function in another process: it remembers nothing. */
const another = (more: Partial<ReceiveDeps> = {}): ReceiveDeps => ({
  ...on.deps,
  standing: standing(),
  ...more,
});
const settings = settingsOf({ hubs: { prod: { members: fewMembers } } });
/** The minute's tick, of a process that has just begun. */
const tick = (by: Settings = settings) => lookAtIncidents({}, { ...another(), settings: by });

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
    await ends(said);
    expect(await open()).toEqual([[`sync-members/${cause}`, kind]]);
    // A delivery may have a wait that it would heed.
    for (const name of await on.names("head/not-before/")) await on.operator.file(name).delete();
    await ends(done);
    expect(await open()).toEqual([]);
  });

  test("idle by the clock is good; idle because another delivery is at it, or for any other reason, says nothing", async () => {
    await ends({ outcome: "blocked", title: "no tab" });
    await ends({ outcome: "idle", busy: true });
    await ends({ outcome: "idle" }, { event: { ...hint, why: "edit" } });
    await ends({ outcome: "idle" }, { event: asked });
    expect(await open()).toHaveLength(1);
    await ends({ outcome: "idle" });
    expect(await open()).toEqual([]);
  });

  test("what had failed and has nothing left to do now fails no more; what is blocked stays so", async () => {
    await ends(() => broken(), { id: "1" });
    await ends({ outcome: "blocked", title: "no tab" });
    await ends({ outcome: "idle" }, { id: "1", attempt: 2, event: { ...hint, why: "edit" } });
    expect(await open()).toEqual([["sync-members/no-tab", "blocked"]]);
  });

  test("a plan that somebody asked to see neither opens nor closes one", async () => {
    const dry = { event: { ...hint, dryRun: true } };
    await ends({ outcome: "blocked", title: "no tab" }, dry);
    expect(await on.names("head/incidents/")).toEqual([]);
    await ends({ outcome: "held", title: "4 on hold" });
    await ends(done, dry);
    expect(await open()).toEqual([["sync-members/held", "held"]]);
  });

  test("a hold ends what stood before it, and is one, however often it is met", async () => {
    await ends({ outcome: "blocked", title: "no tab" });
    for (let beat = 0; beat < 3; beat += 1) {
      on.clock.moveBy(minutes(15));
      await ends({ outcome: "held", title: `${beat} removals are on hold` });
    }
    expect(await open()).toEqual([["sync-members/held", "held"]]);
  });

  test("cells that cannot be used are listed, and told to nobody, until a run understands them all", async () => {
    const plan = { hash: "h", actions: [], held: [], refused: [{ about: "C7", value: "x", why: "y" }] };
    await ends({ ...done, plan });
    expect(openIn(await state())).toMatchObject([
      { kind: "refused", reason: { what: "1 cell of the sheet cannot be used", why: "C7: y" } },
    ]);
    const two = [...plan.refused, { about: "C9", value: "z", why: "w" }];
    await ends({ ...done, plan: { ...plan, refused: two } });
    expect(openIn(await state())[0]?.reason.what).toBe("2 cells of the sheet cannot be used");
    await ends({ ...done, plan: { ...plan, refused: [] } }, { event: { ...hint, dryRun: true } });
    await ends({ outcome: "blocked", title: "no tab", plan: { ...plan, refused: [] } });
    await ends(done);
    on.clock.moveBy(hours(30));
    await tick();
    await ends(done);
    expect([await open(), told()]).toEqual([[["sync-members/refused", "refused"]], []]);
    await ends({ ...done, plan: { ...plan, refused: [] } });
    expect(await open()).toEqual([]);
  });
});

describe("told", () => {
  test("of what fails: after an hour, once a day, and when it is over", async () => {
    for (let beat = 0; beat < 4 * 25; beat += 1) {
      await ends(() => broken(), { by: another() });
      on.clock.moveBy(minutes(15));
    }
    expect(told()).toEqual(["incident/sync-members/github-500/1"]);
    on.clock.moveBy(hours(1));
    await tick();
    expect(told().slice(1)).toEqual(["incident/sync-members/github-500/2"]);
    await ends(done);
    on.clock.moveBy(minutes(10));
    await tick();
    expect(told().slice(2)).toEqual(["incident/sync-members/github-500/over"]);
    on.clock.moveBy(hours(48));
    await tick();
    expect(told().filter((key) => !key.includes("overdue"))).toHaveLength(3);
  });

  test("what the handler explains, at once; what it has told itself, a day later", async () => {
    const reason = { what: "GitHub let nobody in", why: "it has no seat left", next: "buy one" };
    await ends({ outcome: "blocked", title: "0 invited", cause: "nobody-let-in", reason });
    expect(on.notes()[0]?.event).toMatchObject({ subject: "GitHub let nobody in", to: "team" });
    const other = { by: another({ name: "renew-watch" }) };
    await ends({ outcome: "held", title: "4 on hold", told: true }, other);
    on.clock.moveBy(hours(23));
    await tick();
    expect(told()).toEqual(["incident/sync-members/nobody-let-in/1"]);
    on.clock.moveBy(hours(1));
    await tick();
    expect(told().slice(1).sort()).toEqual([
      "incident/sync-members/held/1",
      "incident/sync-members/nobody-let-in/2",
    ]);
  });

  test("what has not succeeded for twice its time, unless its flow is off", async () => {
    await tick();
    on.clock.moveBy(minutes(39));
    await tick();
    expect(openIn(await state())).toEqual([]);
    on.clock.moveBy(minutes(1));
    await tick();
    expect([await open(), told()]).toEqual([[["sync-members/overdue-heartbeat", "overdue"]], []]);
    on.clock.moveBy(hours(1));
    await tick();
    expect(told()).toEqual(["incident/sync-members/overdue-heartbeat/1"]);
    await tick({ ...settings, flows: { ...settings.flows, "sync-members": "off" } });
    expect(await open()).toEqual([]);
    await tick();
    expect(await open()).toEqual([]);
  });
});

describe("whatever happens on the way", () => {
  const refused = () => broken({ lasts: "lasting", cause: "suspended" });

  test("died before the message was published: it is, under the same key, when the event comes again", async () => {
    const deaf: Publish = () => Promise.reject(new Error("no answer"));
    expect(await ends(refused, { id: "1", by: another({ publish: deaf }) })).toBe(503);
    expect([await open(), told()]).toEqual([[["sync-members/github-suspended", "undelivered"]], []]);
    on.clock.moveBy(minutes(10));
    expect(await ends(refused, { id: "1", by: another() })).toBe(204);
    expect(told()).toEqual(["incident/sync-members/github-suspended/1"]);
  });

  test("died before the message was published, and the event does not come again: the tick does it", async () => {
    const deaf: Publish = () => Promise.reject(new Error("no answer"));
    await ends(refused, { by: another({ publish: deaf }) });
    on.clock.moveBy(minutes(10));
    await tick();
    expect(told()).toEqual(["incident/sync-members/github-suspended/1"]);
  });

  test("what is blocked and cannot be written down comes back; what is done and cannot close does not", async () => {
    await ends({ outcome: "held", title: "1 on hold" });
    // The run's record is the first that is written, the incident's the second.
    const second = {
      farEnd: "storage",
      match: "POST",
      at: 2,
      failure: { kind: "status", status: 425 },
    } as const;
    on.faults.add(second);
    expect(await ends({ outcome: "blocked", title: "no tab" })).toBe(503);
    const both = [
      ["sync-members/held", "held"],
      ["sync-members/storage-425", "failed"],
    ];
    expect(await open()).toEqual(both);
    on.faults.clear();
    on.faults.add(second);
    expect(await ends(done)).toBe(204);
    expect(await open()).toEqual(both);
    on.faults.clear();
    await ends(done);
    expect(await open()).toEqual([]);
  });

  test("a good run that began before the trouble was met and ends after it closes nothing", async () => {
    const met = async () => {
      on.clock.moveBy(1000);
      await ends({ outcome: "blocked", title: "no tab" });
    };
    await ends(done, { while: met });
    expect(await open()).toHaveLength(1);
    await ends(done);
    expect(await open()).toEqual([]);
  });

  test("met by twenty processes at once: one incident, one message's key", async () => {
    await Promise.all(Array.from({ length: 20 }, () => ends(refused, { by: another() })));
    expect([await open(), [...new Set(told())]]).toEqual([
      [["sync-members/github-suspended", "undelivered"]],
      ["incident/sync-members/github-suspended/1"],
    ]);
  });

  test("closed by a process that has not seen it open, within a minute of its last look", async () => {
    const [one, two] = [another(), another()];
    await ends(done, { by: two });
    await ends({ outcome: "blocked", title: "no tab" }, { by: one });
    on.clock.moveBy(60_000);
    await ends(done, { by: two });
    expect(await open()).toEqual([]);
  });

  test("what a person has asked for is seen anew: it closes whatever another process has opened just now", async () => {
    const [one, two] = [another(), another()];
    await ends(done, { by: two });
    await ends({ outcome: "held", title: "1 on hold" }, { by: one });
    await ends(done, { by: two, event: { ...hint, why: "approval" } });
    expect(await open()).toEqual([]);
  });

  test("a state that cannot be read is written over, and ends no event", async () => {
    await on.plant("head/incidents/prod.json", "{");
    expect(await ends({ outcome: "blocked", title: "no tab" }, { by: another() })).toBe(204);
    expect(await open()).toEqual([["sync-members/no-tab", "blocked"]]);
  });
});

test("a burst of good deliveries costs one read, and no writing", async () => {
  let reads = 0;
  const ledger: ReceiveDeps["ledger"] = {
    ...on.deps.ledger,
    read: (...given) => {
      reads += 1;
      return on.deps.ledger.read(...given);
    },
    swap: () => Promise.reject(new Error("nothing is to be written")),
  };
  const notice = { v: 1, hub: "prod", key: "welcome/1", to: "team", subject: "s", text: "t" };
  const by = another({ ledger, name: "send-notice" });
  for (let n = 0; n < 50; n += 1) {
    const raw = pushOf(notice, { id: `n${n}` });
    const handle = async (): Promise<Result> => ({ outcome: "done", title: "mail sent" });
    await receive("notice", { authorization: on.bearer(), raw }, handle, by);
  }
  expect(reads).toBe(1);
});
