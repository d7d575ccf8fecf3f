// A message that names its way: it tells of a trouble with the other one. And what is asked of which service.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { needsOf } from "../../../functions/send-notice/handler.ts";
import { events } from "../../../shared/events.ts";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import { noticeHarness, noticeOf, settings, withSlack } from "./harness.ts";

let harness: Awaited<ReturnType<typeof noticeHarness>>;
beforeEach(async () => {
  harness = await noticeHarness();
});
afterEach(() => harness.close());

const team = (key: string, by?: "mail" | "slack") =>
  noticeOf(key, { to: "team", ...(by === undefined ? {} : { by }) });

test("by mail, though the team reads Slack", async () => {
  expect(await harness.deliver(team("a/1", "mail"), "1", 1, withSlack)).toEqual({ status: 204 });
  expect([harness.mails().length, harness.posts()]).toEqual([1, []]);
});

test("by Slack, where there is none: nobody is told, nothing is undelivered, and the run says so", async () => {
  expect(await harness.deliver(team("a/2", "slack"), "2", 1, settings)).toEqual({ status: 204 });
  expect([harness.mails().length, harness.posts()]).toEqual([0, []]);
  expect(await harness.names("undelivered/")).toEqual([]);
  expect(await harness.names("notices/prod/a/2/")).toEqual([]);
  const runs = await Promise.all((await harness.names("runs/")).map(harness.jsonOf));
  expect(runs).toContainEqual(
    expect.objectContaining({ outcome: "blocked", title: "told nobody, as there is no Slack: Welcome" }),
  );
});

test("an incident that no other way can tell stands by itself: that it was not told is none of its own", async () => {
  harness.signIn(false);
  expect(await harness.deliver(noticeOf("welcome/2"), "5", 1, settings)).toEqual({ status: 204 });
  const [told] = harness.published.filter(({ topic }) => topic === "notice");
  const notice = events.notice.parse(told?.event);
  expect(notice.by).toBe("slack");
  expect(await harness.deliver(notice, "6", 1, settings)).toEqual({ status: 204 });
  expect(harness.posts()).toEqual([]);
  const { incidents } = Incidents.parse(await harness.jsonOf("head/incidents/prod.json"));
  expect(Object.values(incidents).map(({ reach }) => reach)).toEqual(["slack"]);
});

test("the account was signed out: the team is told in Slack, by a message of its own", async () => {
  harness.signIn(false);
  expect(await harness.deliver(noticeOf("welcome/1"), "3", 1, withSlack)).toEqual({ status: 204 });
  const told = harness.published.filter(({ topic }) => topic === "notice");
  expect(told).toHaveLength(1);
  expect(await harness.deliver(events.notice.parse(told[0]?.event), "4", 1, withSlack)).toEqual({
    status: 204,
  });
  expect(harness.posts()).toEqual([expect.stringContaining("mails cannot be sent")]);
});

const mail = ["gmail", "google-sign-in"];
test.each([
  ["a member", noticeOf("a/3"), mail, mail],
  ["the team", team("a/3"), mail, ["slack"]],
  ["the team, by mail", team("a/3", "mail"), mail, mail],
])("to %s: one way, and a limit of the other's stops nothing", (_, notice, without, slack) => {
  const event = events.notice.parse(notice);
  expect([needsOf(event, settings), needsOf(event, withSlack)]).toEqual([without, slack]);
});
