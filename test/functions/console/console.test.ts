// Tests of what people and the command line can look at and do, on a morning's records: answers, and what is kept and published.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { answers, ControlError } from "../../../shared/control.ts";
import { ForgetRequest } from "../../../shared/members/records.ts";
import { Approval, Resolved } from "../../../shared/records.ts";
import { heldPlan, seed, storeRun, today } from "./day.ts";
import { asker, openConsole } from "./harness.ts";

let on: Awaited<ReturnType<typeof openConsole>>;
beforeEach(async () => {
  on = await openConsole({
    world: async ({ method, path, body }) => Response.json({ method, path, body }, { status: 202 }),
  });
  await seed(on.records);
});
afterEach(() => on.close());

const { ask, get, post } = asker(() => on.app);
const errorOf = async (answer: Response) => [
  answer.status,
  ControlError.parse(await answer.json()).error.why,
];
/** Somebody of the sheet. */
const known = "ada-north@example.org";
const sent = () => on.published.map(({ topic, event }) => [topic, event]);

describe("looking", () => {
  test("home says what needs a person and how the flows stand", async () => {
    const home = await get("/api/home", answers.home);
    expect(home.needsYou.map(({ kind, text }) => [kind, text])).toEqual([
      ["approval", "4 changes wait for your word on prod"],
      ["incident", "1 cell cannot be used"],
      ["incident", "sync-members was refused"],
      ["incident", "nobody knows whether a mail was sent"],
    ]);
    const on = home.flows.filter(({ mode }) => mode !== "off");
    expect(on.map(({ flow, mode, lastRun, nextRun }) => [flow, mode, lastRun?.id, nextRun])).toEqual([
      ["sync-members", "apply", `${today}/080000000-sync-members-104-1`, `${today}T08:15:00.000Z`],
    ]);
    expect([home.sample, home.installation, home.hubs]).toEqual([
      true,
      "Example hub",
      [{ hub: "prod", organisation: "example-hub" }],
    ]);
  });

  test("runs are listed newest first, filtered, and paged by the id of the last one", async () => {
    const ids = async (query: string) =>
      (await get(`/api/runs?${query}`, answers.runs)).runs.map(({ id }) => id.slice(11));
    expect(await ids("")).toEqual([
      "080000000-sync-members-104-1",
      "075000000-send-notice-103-1",
      "074512000-sync-members-102-2",
      "074500000-sync-members-102-1",
      "073000000-sync-members-101-1",
      "071500000-sync-members-90-1",
    ]);
    expect(await ids("outcome=failed")).toEqual(["074500000-sync-members-102-1"]);
    expect(await ids("flow=send-notice")).toEqual(["075000000-send-notice-103-1"]);
    expect(await ids("message=102&hub=prod")).toEqual([
      "074512000-sync-members-102-2",
      "074500000-sync-members-102-1",
    ]);
    expect((await ask("/api/runs?text=bo-south")).status).toBe(422);
    expect(await ids("day=2026-03-01")).toEqual([]);
    for (const day of ["2026-13-45", "2026-02-30", "yesterday"])
      expect((await ask(`/api/runs?day=${day}`)).status).toBe(422);
    const { runs, next } = await get("/api/runs?limit=4", answers.runs);
    expect([runs.length, next]).toEqual([4, `${today}/074500000-sync-members-102-1`]);
    expect(await ids(`limit=4&before=${next}`)).toEqual([
      "073000000-sync-members-101-1",
      "071500000-sync-members-90-1",
    ]);
    expect((await ask("/api/runs?outcome=good")).status).toBe(422);
  });

  test("a run that is stored late, or on another day, is found", async () => {
    const late = await storeRun(on.records, { at: "07:58:00", messageId: "105", title: "stored late" });
    await storeRun(on.records, {
      at: "",
      startedAt: "2026-03-01T23:59:00.000Z",
      messageId: "89",
      title: "yesterday",
    });
    const { runs } = await get("/api/runs", answers.runs);
    expect(runs.slice(0, 2).map(({ title }) => title)).toEqual([
      "1 invited, 4 removals on hold",
      "stored late",
    ]);
    expect(runs.at(-1)?.title).toBe("yesterday");
    const run = await get(`/api/runs/${encodeURIComponent(late)}`, answers.run);
    expect(run.title).toBe("stored late");
    expect((await ask(`/api/runs/${today}/nothing`)).status).toBe(404);
    expect((await ask("/api/runs/..%2F..%2Fhead")).status).toBe(404);
  });

  test("events are told by their runs", async () => {
    const { events } = await get("/api/events?limit=50", answers.events);
    const twice = events.find(({ messageId }) => messageId === "102");
    expect(twice).toEqual({
      messageId: "102",
      topic: "sheet-changed",
      hub: "prod",
      firstAt: `${today}T07:45:00.000Z`,
      attempts: 2,
      outcome: "done",
      title: "nothing to change",
    });
  });

  test("the next times of the schedules", async () => {
    const { schedules } = await get("/api/schedules", answers.schedules);
    expect(schedules.map(({ schedule, next }) => [schedule, next])).toContainEqual([
      "heartbeat",
      `${today}T08:15:00.000Z`,
    ]);
  });
});

describe("doing", () => {
  test("a flow is run for each hub, or only planned", async () => {
    const all = answers.published.parse(await (await post("/api/flows/sync-members/run")).json());
    expect(all).toEqual({
      messageId: on.published[0]?.messageId,
      all: [{ hub: "prod", messageId: all.messageId }],
    });
    await post("/api/flows/sync-members/run", { hub: "prod", dryRun: true });
    expect(sent()).toEqual([
      ["sheet-changed", { v: 1, hub: "prod", why: "person" }],
      ["sheet-changed", { v: 1, hub: "prod", why: "person", dryRun: true }],
    ]);
    await post("/api/flows/sync-members/run", { hub: "prod", adopt: true });
    expect(sent().at(-1)).toEqual(["sheet-changed", { v: 1, hub: "prod", why: "person", adopt: true }]);
    const strange = await post("/api/flows/scan-quotas/run", { hub: "prod", adopt: true });
    expect([strange.status, (await errorOf(strange))[1]]).toEqual([400, "scan-quotas has nobody to adopt"]);
    const plan = "0123456789abcdef";
    await post("/api/flows/sync-members/run", { hub: "prod", plan });
    expect(sent().at(-1)).toEqual(["sheet-changed", { v: 1, hub: "prod", why: "person", plan }]);
    const named = await post("/api/flows/scan-quotas/run", { hub: "prod", plan });
    expect([named.status, (await errorOf(named))[1]]).toEqual([400, "scan-quotas takes no plan by its hash"]);
    expect((await post("/api/flows/sync-members/run", { hub: "prod", plan: "all" })).status).toBe(422);
    expect((await post("/api/flows/nothing/run")).status).toBe(404);
    expect(await errorOf(await post("/api/flows/sync-members/run", { hub: "nowhere" }))).toEqual([
      422,
      "payload.hub: the settings know no such hub",
    ]);
  });

  test("a wish to forget somebody stands in the ledger, and its event says the hub alone", async () => {
    const wish = { login: "ada-abara", also: ["ada@example.org"], dryRun: true };
    const { status } = await post("/api/members/prod/forget", wish);
    expect(status).toBe(200);
    expect(sent().at(-1)).toEqual(["forget-due", { v: 1, hub: "prod" }]);
    const [{ name } = { name: "" }] = await on.records.list("head/forget/prod/");
    expect((await on.records.read(name, ForgetRequest))?.value).toMatchObject(wish);
    expect((await post("/api/members/nowhere/forget", wish)).status).toBe(404);
    expect((await post("/api/members/prod/forget", { login: " " })).status).toBe(422);
  });

  test("a rerun and a replay publish the same event again", async () => {
    await post(`/api/runs/${encodeURIComponent(`${today}/080000000-sync-members-104-1`)}/rerun`);
    await post(`/api/runs/${today}/080000000-sync-members-104-1/rerun`);
    await post("/api/events/104/replay");
    expect(sent()).toEqual(Array(3).fill(["sheet-changed", { v: 1, hub: "prod", why: "schedule" }]));
    expect((await post("/api/events/999/replay")).status).toBe(404);
  });

  test("an undo is asked of the run that is named, or only planned", async () => {
    const effects = [{ do: "invite", login: "ada-north", team: "full-access" }];
    await storeRun(on.records, { at: "06:00:00", messageId: "66", effects });
    const path = `/api/runs/${today}/060000000-sync-members-66-1/undo`;
    const { messageId } = answers.published.parse(await (await post(path)).json());
    expect(messageId).toBe(on.published[0]?.messageId);
    await post(path, { dryRun: true });
    const undo = `${today}/060000000-sync-members-66-1`;
    expect(sent()).toEqual([
      ["sheet-changed", { v: 1, hub: "prod", why: "person", undo }],
      ["sheet-changed", { v: 1, hub: "prod", why: "person", undo, dryRun: true }],
    ]);
  });

  test("an undo is refused of what is no run of the members' flow, or has changed nothing", async () => {
    await storeRun(on.records, { at: "06:00:00", messageId: "66", effects: [] });
    const undo = async (name: string) => errorOf(await post(`/api/runs/${today}/${name}/undo`));
    expect(await undo("060000000-sync-members-66-1")).toEqual([409, "this run has changed nothing"]);
    expect(await undo("075000000-send-notice-103-1")).toEqual([
      409,
      "only runs of sync-members can be undone",
    ]);
    expect(await undo("000000000-sync-members-1-1")).toEqual([404, "no record has this id"]);
    expect(on.published).toEqual([]);
  });

  test("an event is sent when it fits, and else its field is named", async () => {
    await post("/api/events", { topic: "continue-due", payload: { v: 1 } });
    expect(sent()).toEqual([["continue-due", { v: 1 }]]);
    const wrong = await errorOf(
      await post("/api/events", { topic: "sheet-changed", payload: { v: 1, hub: "prod", why: "boredom" } }),
    );
    expect(wrong[1]).toMatch(/^payload\.why: /);
    expect(await errorOf(await post("/api/events", { topic: "undelivered", payload: {} }))).toEqual([
      422,
      "topic: there is no such event",
    ]);
    expect(on.published.length).toBe(1);
  });

  test("a message by hand goes to the team or to people of the sheet, and to no stranger", async () => {
    const notice = { v: 1, hub: "prod", key: "by-hand/1", subject: "Hello", text: "Hello" };
    const to = (mail: string[]) =>
      post("/api/events", { topic: "notice", payload: { ...notice, to: { mail } } });
    expect((await post("/api/events", { topic: "notice", payload: { ...notice, to: "team" } })).status).toBe(
      200,
    );
    expect((await to([known.toUpperCase()])).status).toBe(200);
    const why =
      "payload.to: a message by hand goes to the team or to people of the hub's sheet, and an address in it is neither";
    for (const mail of [["stranger@example.com"], [known, "stranger@example.com"]])
      expect(await errorOf(await to(mail))).toEqual([422, why]);
    expect(sent().map(([topic]) => topic)).toEqual(["notice", "notice"]);
  });

  test("an undelivered event is sent again once; the second is told that somebody did", async () => {
    expect((await post("/api/undelivered/501/replay")).status).toBe(200);
    expect(await errorOf(await post("/api/undelivered/501/replay"))).toEqual([
      409,
      `somebody already did: sent again from the command line, ${today} 08:05 UTC`,
    ]);
    expect((await post("/api/undelivered/501/drop")).status).toBe(409);
    expect(sent()).toEqual([["sheet-changed", { v: 1, hub: "prod", why: "edit" }]]);
    expect((await on.records.read("resolved/501.json", Resolved))?.value).toEqual({
      v: 1,
      how: "replayed",
      by: "command line",
      at: `${today}T08:05:00.000Z`,
    });
    expect((await post("/api/undelivered/nothing/replay")).status).toBe(404);
  });

  test("a mail of unknown outcome is sent once more by a person's request; a spoilt edit changes nothing", async () => {
    expect((await errorOf(await post("/api/undelivered/502/replay", { payload: { v: 1 } })))[0]).toBe(422);
    expect(on.published).toEqual([]);
    await post("/api/undelivered/502/replay");
    await post("/api/undelivered/501/replay");
    expect(on.published[0]?.event).toMatchObject({ key: "members/invited/bo-south", again: 1 });
    const { undelivered } = await get("/api/undelivered", answers.undelivered);
    expect(undelivered.map(({ id, resolved }) => [id, resolved !== undefined]).sort()).toEqual([
      ["501", true],
      ["502", true],
    ]);
    // A look closes the other by itself.
    expect((await get("/api/home", answers.home)).needsYou.map(({ text }) => text)).toEqual([
      "4 changes wait for your word on prod",
      "1 cell cannot be used",
      "sync-members was refused",
    ]);
  });

  test("a plan that waits is approved once; the flow is woken, and nothing waits any more", async () => {
    const { plans } = await get("/api/plans", answers.plans);
    expect(plans.map(({ plan, state }) => [plan.hash, state])).toEqual([
      [heldPlan.plan.hash, "waiting"],
      ["ffee00112233", "over"],
    ]);
    const to = `/api/plans/prod/${heldPlan.plan.hash}`;
    expect((await get(to, answers.plan)).held.length).toBe(4);
    expect((await post(`${to}/approve`)).status).toBe(200);
    expect(sent()).toEqual([["sheet-changed", { v: 1, hub: "prod", why: "approval" }]]);
    const word = await on.records.read(`approvals/prod/sync-members/${today}T08:05:00.000Z.json`, Approval);
    expect(word?.value).toMatchObject({
      verdict: "approved",
      plan: heldPlan.plan.hash,
      items: heldPlan.plan.held.map(({ hash }) => hash),
    });
    expect(await errorOf(await post(`${to}/approve`))).toEqual([409, "it is approved already"]);
    expect((await post("/api/plans/prod/nothing/approve")).status).toBe(404);
    const needs = (await get("/api/home", answers.home)).needsYou.map(({ kind }) => kind);
    // The hold is an incident still, until the flow has done what was approved.
    expect(needs).toEqual(["incident", "incident", "incident", "incident"]);
    on.clock.moveBy(25 * 3_600_000);
    expect((await get("/api/plans", answers.plans)).plans[0]?.state).toBe("waiting");
    expect((await post(`${to}/reject`)).status).toBe(200);
    expect((await get("/api/plans", answers.plans)).plans.map(({ state }) => state).sort()).toEqual([
      "over",
      "rejected",
    ]);
  });

  test("an incident is acknowledged, then closed, by its key; what is not open is not there", async () => {
    const key = "prod/sync-members/storage-permission";
    expect((await post("/api/incidents/acknowledge", { key })).status).toBe(200);
    const { open, over } = await get("/api/incidents", answers.incidents);
    expect(open.find((each) => each.key === key)).toMatchObject({
      acknowledged: { by: "command line", at: `${today}T08:05:00.000Z` },
      runbook: "An identity lacks a permission",
    });
    expect(over.map((each) => each.key)).toEqual(["prod/sync-members/github-500"]);
    expect((await post("/api/incidents/close", { key })).status).toBe(200);
    const after = await get("/api/incidents", answers.incidents);
    expect([after.open.map((each) => each.key).includes(key), after.over[0]?.key]).toEqual([false, key]);
    for (const none of [key, "prod/nothing/at-all", "../head/x/y", "constructor"])
      expect((await post("/api/incidents/acknowledge", { key: none })).status).toBe(404);
  });

  test("the sample hub's switches are passed through", async () => {
    const answer = await post("/api/world/clock?x=1", { hours: 6 });
    expect([answer.status, await answer.json()]).toEqual([
      202,
      { method: "POST", path: "/clock?x=1", body: '{"hours":6}' },
    ]);
  });
});
