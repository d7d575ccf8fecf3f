// Tests of what becomes of an event that failed, in the world: what is answered, kept, published, told. Delivered twice, late, out of
// order, and after a death at each step.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { flowHarness } from "../../functions/flow-harness.ts";
import { morning } from "./receive-harness.ts";
import { asked, broken, explanation, hint, hours, settleHarness } from "./settle-harness.ts";

let on: Awaited<ReturnType<typeof settleHarness>>;
beforeAll(async () => {
  on = await settleHarness();
});
beforeEach(() => on.fresh());
afterAll(() => on.close());

const well = () => undefined;

describe("time, not attempts", () => {
  test("for a day it comes back, whichever attempt it is", async () => {
    on.clock.moveBy(hours(24) - 1000);
    expect(await on.deliver(broken, { attempt: 89 })).toEqual({ status: 503 });
    expect([await on.undelivered(), on.published]).toEqual([[], []]);
  });

  test("after a day it is kept with how long it was tried, and the team is told once", async () => {
    on.clock.moveBy(hours(24));
    for (const attempt of [60, 61]) expect(await on.deliver(broken, { attempt })).toEqual({ status: 204 });
    expect(await on.undelivered()).toEqual(["undelivered/sync-members.prod.github-500.2026-11-22.json"]);
    expect(await on.jsonOf("undelivered/sync-members.prod.github-500.2026-11-22.json")).toMatchObject({
      topic: "sheet-changed",
      payload: hint,
      attempts: 60,
      firstAt: morning.toISOString(),
      reason: {
        what: "the teams were not read",
        why: "GitHub answered 500; it was tried for a day, 60 times",
        next: "see https://www.githubstatus.com; once it is well, send this again under Undelivered",
      },
    });
    expect(new Set(on.notices().map(({ key }) => key))).toEqual(
      new Set(["incident/sync-members/github-500/2026-11-22t08-00-00.123z/1"]),
    );
  });

  test("what no service has failed in points to its last run", async () => {
    on.clock.moveBy(hours(24));
    const unforeseen = () => Object.assign(new Error(), { explanation: { ...explanation, why: "a bug" } });
    expect(await on.deliver(unforeseen, { attempt: 60 })).toEqual({ status: 204 });
    const [name = ""] = await on.undelivered();
    expect(await on.jsonOf(name)).toMatchObject({
      reason: {
        next: "mend the cause, of which its last run says more; once it is well, send this again under Undelivered",
      },
    });
  });

  test("what settles is tried for a quarter of an hour", async () => {
    const settling = () => broken({ lasts: "settling", cause: "403" });
    on.clock.moveBy(14 * 60_000);
    expect(await on.deliver(settling)).toEqual({ status: 503 });
    on.clock.moveBy(60_000);
    expect(await on.deliver(settling)).toEqual({ status: 204 });
    expect(await on.undelivered()).toEqual(["undelivered/sync-members.prod.github-403.2026-11-21.json"]);
  });
});

describe("published again before its attempts are used up", () => {
  const first = { "first-id": "1", "first-time": morning.toISOString(), tries: "90" };

  test("the copy knows which it was, when, and how often it was tried; nothing is lost, nobody told", async () => {
    on.clock.moveBy(hours(15));
    expect(await on.deliver(broken, { attempt: 90 })).toEqual({ status: 204 });
    expect(on.published).toEqual([{ topic: "sheet-changed", event: hint, attributes: first }]);
    expect(await on.runs()).toMatchObject([{ outcome: "failed", error: { why: "GitHub answered 500" } }]);
    expect(await on.undelivered()).toEqual([]);
  });

  test("the copy is the same event: it grows no younger, and its budget ends with its first day", async () => {
    const copy = { id: "2", attributes: first, published: new Date(morning.getTime() + hours(15)) };
    on.clock.moveBy(hours(24) - 1);
    expect(await on.deliver(broken, copy)).toEqual({ status: 503 });
    on.clock.moveBy(1);
    expect(await on.deliver(broken, copy)).toEqual({ status: 204 });
    expect(await on.undelivered()).toHaveLength(1);
  });

  test("the handler is told of the first message's id and time, whichever copy comes", async () => {
    const seen: unknown[] = [];
    const take = (id: string, attempt: number, attributes: Record<string, string>) =>
      on.handled(
        async (_event, _run, delivery) => {
          seen.push(delivery);
          return { outcome: "idle" };
        },
        hint,
        { id, attempt, attributes },
      );
    await take("1", 90, {});
    on.clock.moveBy(3_600_000);
    await take("2", 3, first);
    expect(seen).toEqual([
      { messageId: "1", attempt: 90, first: morning },
      { messageId: "1", attempt: 93, first: morning },
    ]);
  });

  test("died between publishing and acknowledging: both come, and both are the same event", async () => {
    await on.deliver(broken, { attempt: 90 });
    // The original comes again, and fails; then the copies, the later one first.
    expect(await on.deliver(broken, { attempt: 91 })).toEqual({ status: 204 });
    const [one, two] = on.copies().map(({ attributes }) => attributes);
    expect([one?.["first-id"], two?.["first-id"], two?.["tries"]]).toEqual(["1", "1", "91"]);
    for (const [id, attributes] of [
      ["3", two],
      ["2", one],
    ] as const)
      expect(await on.deliver(well, { id, attributes: attributes ?? {} })).toEqual({ status: 204 });
    expect([await on.undelivered(), on.notices()]).toEqual([[], []]);
  });

  test("that its attempt leaves no record keeps no copy back", async () => {
    on.faults.add({
      farEnd: "storage",
      match: "POST",
      times: 5,
      failure: { kind: "status", status: 400 },
    });
    expect(await on.deliver(broken, { attempt: 90 })).toEqual({ status: 204 });
    expect(on.copies()).toHaveLength(1);
  });

  test("what could not be published comes back", async () => {
    const deaf = { publish: () => Promise.reject(new Error("no answer")) };
    expect(await on.deliver(broken, { attempt: 90, by: deaf })).toEqual({ status: 503 });
  });
});

describe("recorded first, then told", () => {
  const refused = () => broken({ lasts: "lasting", cause: "suspended" });

  test("what cannot be told comes back, and is told then; the record is one", async () => {
    const deaf = { publish: () => Promise.reject(new Error("no answer")) };
    expect(await on.deliver(refused, { by: deaf })).toEqual({ status: 503 });
    expect([await on.undelivered(), on.notices()]).toEqual([
      ["undelivered/sync-members.prod.github-suspended.2026-11-21.json"],
      [],
    ]);
    expect(await on.deliver(refused, { attempt: 2 })).toEqual({ status: 204 });
    expect([(await on.undelivered()).length, on.notices().length]).toEqual([1, 1]);
  });

  test("a message about a trouble that has no other way tells nobody: the log alone says so, and of no other event", async () => {
    const says = "a message about a failure failed: nobody is told";
    await on.deliver(refused);
    expect(on.lines.join("\n")).not.toContain(says);
    const mails = await flowHarness("send-notice");
    const notice = {
      ...{ v: 1, hub: "prod", key: "incident/sync-members/github-500/1", to: "team", by: "mail" },
      ...{ subject: "GitHub", text: "It does not answer." },
    };
    const gone = broken({ service: "gmail", lasts: "lasting", cause: "signed-out" });
    expect(await mails.deliver(() => Promise.reject(gone), notice)).toMatchObject({ status: 204 });
    expect(mails.lines.join("\n")).toContain(says);
    expect(mails.notices()).toEqual([]);
    await mails.close();
  });

  test("a heartbeat that fails for good: one record and one message a day, over three days", async () => {
    for (let beat = 0; beat < 3 * 8; beat += 1) {
      expect(await on.deliver(refused, { id: `b${beat}`, published: on.clock.now() })).toEqual({
        status: 204,
      });
      on.clock.moveBy(hours(3));
    }
    const days = ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-24"];
    expect(await on.undelivered()).toEqual(
      days.map((day) => `undelivered/sync-members.prod.github-suspended.${day}.json`),
    );
    expect(on.notices().map(({ key }) => key)).toEqual(
      [1, 2, 3].map((n) => `incident/sync-members/github-suspended/2026-11-21t08-00-00.123z/${n}`),
    );
  });

  test("what carries something of its own, or is sent again by a person, is kept by itself", async () => {
    await on.deliver(refused, { id: "1", event: asked });
    await on.deliver(refused, { id: "2", event: asked });
    await on.deliver(refused, {
      id: "3",
      attributes: { replays: "sync-members.prod.github-suspended.2026-11-21" },
    });
    expect(await on.undelivered()).toEqual(["1", "2", "3"].map((id) => `undelivered/${id}.json`));
  });
});
