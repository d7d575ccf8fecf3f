// A message to the team in Slack: posted once, or listed as one of which nobody knows; by mail where there is no Slack.
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { noticeHarness, noticeOf, settings, withSlack } from "./harness.ts";

let harness: Awaited<ReturnType<typeof noticeHarness>>;
let before = 0;
let keys = 0;

beforeAll(async () => {
  harness = await noticeHarness();
});
afterEach(() => {
  harness.faults.clear();
  before = harness.posts().length;
  // Slack takes one message a second, and a few at once.
  harness.clock.moveBy(5000);
});
afterAll(async () => {
  expect(harness.slack.violations).toEqual([]);
  expect(harness.lines.join("\n")).not.toMatch(/xoxb|On hold/);
  await harness.close();
});

/** A notice to the team of its own, and what became of it. */
function fresh(changed: object = {}) {
  keys += 1;
  const key = `held/${keys}`;
  const id = `m${keys}`;
  const notice = noticeOf(key, {
    to: "team",
    subject: "On hold",
    text: "Hello,\n\nlook at it.\n",
    ...changed,
  });
  return {
    notice,
    id,
    deliver: (as = id, attempt = 1) => harness.deliver(notice, as, attempt, withSlack),
    dieAt: (n: number, when: "before" | "after") => harness.dieAt(notice, id, n, when, withSlack),
    posts: () => harness.posts().slice(before),
    outcome: async (n: number) => harness.jsonOf(`notices/prod/${key}/${n}-outcome.json`),
    undelivered: async () =>
      (await harness.names("undelivered/")).filter((name) => name.startsWith(`undelivered/${id}`)),
  };
}
const unknown = {
  what: "it is not known whether a message reached Slack",
  why: "the connection, or this program, ended between sending it and the answer",
  next: "look into the channel; if it is not there, press Send once more under Undelivered",
};

test("it is posted, not mailed; a member's mail stays a mail", async () => {
  const link = "https://github.com/o/r/pull/1";
  const mailsBefore = harness.mails().length;
  const { deliver, posts, outcome } = fresh({ text: `Hello,\n\nthe pull request:\n\n  ${link}\n`, link });
  expect(await deliver()).toEqual({ status: 204 });
  expect(posts()).toEqual([`On hold\n\nthe pull request:\n\n${link}`]);
  expect(await outcome(1)).toMatchObject({ outcome: "sent" });
  expect(harness.mails()).toHaveLength(mailsBefore);
  await harness.deliver(noticeOf("welcome/1"), "welcome-1", 1, withSlack);
  expect([harness.mails().length - mailsBefore, posts().length]).toEqual([1, 1]);
});

test("without Slack in the settings it is mailed to the team", async () => {
  const { notice, id, posts } = fresh();
  const mails = harness.mails().length;
  await harness.deliver(notice, id, 1, settings);
  expect([posts(), harness.mails().length]).toEqual([[], mails + 1]);
  expect(harness.mails().join("\n")).toContain("To: crew@example.org, second@example.org");
});

test("delivered twice, and again as another message: one message; a person's request makes one more", async () => {
  const { notice, id, deliver, posts } = fresh();
  for (const as of [id, id, `${id}-x`]) expect(await deliver(as)).toEqual({ status: 204 });
  expect(posts()).toHaveLength(1);
  for (const as of [`${id}-a`, `${id}-a`]) await harness.deliver({ ...notice, again: 1 }, as, 1, withSlack);
  expect(posts()).toHaveLength(2);
});

// The calls of a delivery: 1 list, 2 claim, 3 post, 4 outcome.
test.each<[string, number, "before" | "after", { posts: number; asked: boolean }]>([
  ["before the claim", 2, "before", { posts: 1, asked: false }],
  ["before the post", 3, "before", { posts: 0, asked: true }],
  ["after the post", 3, "after", { posts: 1, asked: true }],
  ["after the outcome", 4, "after", { posts: 1, asked: false }],
])("killed %s: posted once, or listed as unknown; and so it stays", async (_, n, when, expected) => {
  const { id, deliver, dieAt, posts, undelivered } = fresh();
  await dieAt(n, when);
  for (const attempt of [2, 3]) expect(await deliver(id, attempt)).toEqual({ status: 204 });
  expect(await deliver(`${id}-other`)).toEqual({ status: 204 });
  expect({ posts: posts().length, asked: (await undelivered()).length === 1 }).toEqual(expected);
  if (expected.asked)
    expect(await harness.jsonOf(`undelivered/${id}.json`)).toMatchObject({ reason: unknown });
});

test.each([
  ["the answer was lost", { kind: "lost-answer" } as const, 1],
  ["the answer was cut off", { kind: "truncated" } as const, 1],
  ["a gateway answered 502", { kind: "status", status: 502 } as const, 0],
])("%s: listed, never posted again by itself", async (_, failure, posted) => {
  const { id, deliver, posts, undelivered } = fresh();
  harness.faults.add({ farEnd: "slack", failure });
  for (const attempt of [1, 2]) expect(await deliver(id, attempt)).toEqual({ status: 204 });
  expect([posts().length, (await undelivered()).length]).toEqual([posted, 1]);
  expect(await harness.jsonOf(`undelivered/${id}.json`)).toMatchObject({ reason: unknown });
});

test("too many messages: posted by a later attempt with a claim of its own", async () => {
  const { id, deliver, posts, outcome, undelivered } = fresh();
  harness.faults.add({ farEnd: "slack", failure: { kind: "status", status: 429 } });
  expect(await deliver()).toEqual({ status: 503 });
  expect([posts().length, await outcome(1)]).toEqual([0, expect.objectContaining({ outcome: "not-sent" })]);
  expect(await deliver(id, 2)).toEqual({ status: 204 });
  expect([posts().length, await outcome(2), await undelivered()]).toEqual([
    1,
    expect.objectContaining({ outcome: "sent" }),
    [],
  ]);
});
