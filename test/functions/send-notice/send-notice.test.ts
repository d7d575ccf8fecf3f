// Each mail is sent once, or is listed as one of which nobody knows: whatever is delivered twice, killed or refused.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { Continue as Wait } from "../../../shared/records.ts";
import { noticeHarness, noticeOf } from "./harness.ts";

let harness: Awaited<ReturnType<typeof noticeHarness>>;
let before: string[] = [];
let keys = 0;

beforeAll(async () => {
  harness = await noticeHarness();
});
afterEach(() => {
  harness.faults.clear();
  before = harness.mails();
});
afterAll(async () => {
  expect(harness.google.violations).toEqual([]);
  expect(harness.lines.join("\n")).not.toMatch(/ada@|crew@|Welcome/);
  await harness.close();
});

/** A notice of its own, and what became of it. */
function fresh() {
  keys += 1;
  const key = `welcome/${keys}`;
  const folder = `notices/prod/${key}/`;
  return {
    notice: noticeOf(key),
    id: `m${keys}`,
    mails: () => harness.mails().length - before.length,
    /** The mail that was not there before this test. */
    mail: () => harness.mails().find((text) => !before.includes(text)),
    records: async () => (await harness.names(folder)).map((name) => name.slice(folder.length)),
    outcome: async (n: number) => harness.jsonOf(`${folder}${n}-outcome.json`),
    undelivered: async () =>
      (await harness.names("undelivered/")).filter((name) => name.startsWith(`undelivered/m${keys}`)),
  };
}
const unknown = {
  what: "it is not known whether a mail went out",
  why: "the connection, or this program, ended between sending it and the answer",
  next: "look into the sent folder of the mail account; if it is not there, press Send once more under Undelivered",
};

describe("sent", () => {
  test("once, to whom it is for, with a record before and after", async () => {
    const { notice, id, mail, mails, records, outcome, undelivered } = fresh();
    expect(await harness.deliver(notice, id)).toEqual({ status: 204 });
    expect(mails()).toBe(1);
    expect(mail()).toMatch(
      /From: hub@example\.org\r\nTo: ada@example\.org\r\nSubject: Welcome\r\n[\s\S]*\r\n\r\nYou are in\.\s*$/,
    );
    expect(await records()).toEqual(["1-claim.json", "1-outcome.json"]);
    expect(await outcome(1)).toEqual({ v: 1, outcome: "sent", at: harness.clock.now().toISOString() });
    expect(await undelivered()).toEqual([]);
  });

  test("to the team: all of its addresses", async () => {
    const { notice, id, mail } = fresh();
    await harness.deliver({ ...notice, to: "team" }, id);
    expect(mail()).toContain("To: crew@example.org, second@example.org");
    expect(await harness.effects()).toContainEqual({ do: "mail", key: notice.key, to: "team" });
  });

  test("delivered twice, and again as another message: one mail", async () => {
    const { notice, id, mails, records } = fresh();
    for (const as of [id, id, `${id}-x`]) expect(await harness.deliver(notice, as)).toEqual({ status: 204 });
    expect([mails(), await records()]).toEqual([1, ["1-claim.json", "1-outcome.json"]]);
  });

  test("a person's request to send it once more: one more, however often it is delivered", async () => {
    const { notice, id, mails } = fresh();
    await harness.deliver(notice, id);
    for (const as of [`${id}-a`, `${id}-a`, `${id}-b`]) await harness.deliver({ ...notice, again: 1 }, as);
    expect(mails()).toBe(2);
    await harness.deliver({ ...notice, again: 2 }, `${id}-c`);
    expect(mails()).toBe(3);
  });

  test("ten messages with one key at once: one mail, and nobody is asked", async () => {
    const { notice, id, mails, undelivered } = fresh();
    const ids = Array.from({ length: 10 }, (_, index) => `${id}-${index}`);
    await Promise.all(ids.map((as) => harness.deliver(notice, as)));
    const later = await Promise.all(ids.map((as) => harness.deliver(notice, as, 2)));
    expect(later.map(({ status }) => status)).toEqual(ids.map(() => 204));
    expect([mails(), await undelivered()]).toEqual([1, []]);
  });

  test("one message delivered ten times at once: one mail", async () => {
    const { notice, id, mails } = fresh();
    await Promise.all(ids10.map(() => harness.deliver(notice, id)));
    await harness.deliver(notice, id, 2);
    expect(mails()).toBe(1);
  });

  test("the answer to its claim was lost: sent all the same, and nobody is asked", async () => {
    const { notice, id, mails, undelivered } = fresh();
    harness.faults.add({ farEnd: "storage", match: "POST", failure: { kind: "lost-answer" } });
    expect(await harness.deliver(notice, id)).toEqual({ status: 204 });
    expect([mails(), await undelivered()]).toEqual([1, []]);
  });
});
const ids10 = Array.from({ length: 10 });

// The calls of a delivery: 1 list, 2 claim, 3 send, 4 outcome.
describe("killed", () => {
  test.each<[string, number, "before" | "after", { mails: number; asked: boolean }]>([
    ["before it looked", 1, "before", { mails: 1, asked: false }],
    ["after it looked", 1, "after", { mails: 1, asked: false }],
    ["before the claim", 2, "before", { mails: 1, asked: false }],
    ["after the claim", 2, "after", { mails: 0, asked: true }],
    ["before it sent", 3, "before", { mails: 0, asked: true }],
    ["after it sent", 3, "after", { mails: 1, asked: true }],
    ["before the outcome", 4, "before", { mails: 1, asked: true }],
    ["after the outcome", 4, "after", { mails: 1, asked: false }],
  ])("%s: sent once, or listed as unknown; and so it stays", async (_, n, when, expected) => {
    const { notice, id, mails, undelivered } = fresh();
    await harness.dieAt(notice, id, n, when);
    for (const attempt of [2, 3]) expect(await harness.deliver(notice, id, attempt)).toEqual({ status: 204 });
    expect(await harness.deliver(notice, `${id}-other`)).toEqual({ status: 204 });
    expect({ mails: mails(), asked: (await undelivered()).length === 1 }).toEqual(expected);
    if (expected.asked)
      expect(await harness.jsonOf(`undelivered/${id}.json`)).toMatchObject({
        payload: notice,
        reason: unknown,
      });
  });

  test.each([1, 2, 3])("again at call %d of the delivery that asks: it is asked in the end", async (n) => {
    const { notice, id, mails, undelivered, outcome } = fresh();
    await harness.dieAt(notice, id, 2, "after");
    await harness.dieAt(notice, id, n, "after");
    expect(await harness.deliver(notice, id, 3)).toEqual({ status: 204 });
    expect([mails(), (await undelivered()).length]).toEqual([0, 1]);
    expect(await outcome(1)).toMatchObject({ outcome: "unknown" });
  });
});

describe("not sent", () => {
  test("the limit is reached: it waits for as long as is asked, then it is sent with a claim of its own", async () => {
    const { notice, id, mails, records, outcome, undelivered } = fresh();
    harness.faults.add({ farEnd: "google", match: "/gmail/", failure: { kind: "status", status: 429 } });
    expect(await harness.deliver(notice, id)).toEqual({ status: 204 });
    expect([mails(), await outcome(1)]).toEqual([0, expect.objectContaining({ outcome: "not-sent" })]);
    // Another one meanwhile is not even tried.
    const second = fresh();
    expect(await harness.deliver(second.notice, second.id)).toEqual({ status: 204 });
    expect(await second.records()).toEqual([]);
    const waiting = "head/continue/send-notice/prod/";
    const names = [id, second.id].map((each) => `${waiting}_${each}.json`);
    expect(await harness.names(waiting)).toEqual(names.sort());
    const [wait] = await Promise.all((await harness.names(waiting)).map(harness.jsonOf));
    harness.clock.moveBy(Date.parse(Wait.parse(wait).at) - harness.clock.now().getTime());
    expect(await harness.deliver(notice, id, 2)).toEqual({ status: 204 });
    expect(await records()).toEqual(["1-claim.json", "1-outcome.json", "2-claim.json", "2-outcome.json"]);
    expect([mails(), await outcome(2)]).toEqual([1, expect.objectContaining({ outcome: "sent" })]);
    expect(await undelivered()).toEqual([]);
  });

  test("the account was signed out: undelivered with what to do, and a replay sends it", async () => {
    const { notice, id, mails, undelivered, outcome } = fresh();
    harness.signIn(false);
    expect(await harness.deliver(notice, id)).toEqual({ status: 204 });
    expect([mails(), (await undelivered()).length]).toEqual([0, 1]);
    expect(await outcome(1)).toMatchObject({ outcome: "not-sent" });
    expect(await harness.jsonOf(`undelivered/${id}.json`)).toMatchObject({
      reason: {
        what: "mails cannot be sent",
        why: expect.stringContaining("has lapsed or was revoked"),
        next: expect.stringContaining("sign the mail account in once more"),
      },
    });
    harness.signIn(true);
    expect(await harness.deliver({ ...notice, again: 1 }, `${id}-replay`)).toEqual({ status: 204 });
    expect(mails()).toBe(1);
  });

  test("Gmail refuses the token that it was given before: signed in anew, sent once", async () => {
    const earlier = fresh();
    await harness.deliver(earlier.notice, earlier.id);
    const { notice, id, mails } = fresh();
    harness.faults.add({ farEnd: "google", match: "/gmail/", failure: { kind: "status", status: 401 } });
    expect(await harness.deliver(notice, id)).toEqual({ status: 204 });
    expect(mails()).toBe(2);
  });
});

describe("nobody knows", () => {
  test.each([
    ["the answer was lost", { kind: "lost-answer" } as const, 1],
    ["the answer was cut off", { kind: "truncated" } as const, 1],
    ["Gmail answered 500", { kind: "status", status: 500 } as const, 0],
  ])("%s: listed, never sent again by itself", async (_, failure, sent) => {
    const { notice, id, mails, undelivered, outcome } = fresh();
    harness.faults.add({ farEnd: "google", match: "/gmail/", failure });
    for (const attempt of [1, 2]) expect(await harness.deliver(notice, id, attempt)).toEqual({ status: 204 });
    expect([mails(), (await undelivered()).length]).toEqual([sent, 1]);
    expect(await outcome(1)).toMatchObject({ outcome: "unknown" });
    expect(await harness.jsonOf(`undelivered/${id}.json`)).toMatchObject({ reason: unknown });
  });
});

test("a damaged claim: undelivered with a reason, nothing sent", async () => {
  const { notice, id, mails } = fresh();
  await harness.plant(`notices/prod/${notice.key}/1-claim.json`, "{");
  expect(await harness.deliver(notice, id)).toEqual({ status: 204 });
  expect(mails()).toBe(0);
  expect(await harness.jsonOf(`undelivered/${id}.json`)).toMatchObject({
    reason: { what: "the record in notices/prod cannot be read" },
  });
});
