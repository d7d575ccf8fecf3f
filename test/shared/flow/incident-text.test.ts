// Tests of who is told of a trouble, by which way, under which key, and in which words; and of what nobody is told.
import { describe, expect, test } from "@jest/globals";
import { events } from "../../../shared/events.ts";
import type { Service } from "../../../shared/failure.ts";
import { noticeOf, reachOf } from "../../../shared/flow/incident-text.ts";
import { incidentOf } from "./incident-samples.ts";

const notice = (more: Parameters<typeof incidentOf>[0] = {}, { over = false, hub = "prod" } = {}) => {
  const incident = incidentOf(more);
  const told = noticeOf(hub, { key: `${incident.flow}/${incident.cause}`, incident, over });
  expect(events.notice.safeParse(told)).toMatchObject({ success: true });
  return told;
};

describe("a message", () => {
  test("says what, why, what to do, what people miss, and how to be left alone", () => {
    expect(notice()).toEqual({
      v: 1,
      hub: "prod",
      key: "incident/sync-members/github-suspended/2026-11-21t08-00-00.123z/1",
      to: "team",
      subject: "GitHub did not let the App in",
      text: `Hello,

Of the hub prod: GitHub did not let the App in. The reason: its installation is suspended.

What to do: Unsuspend it.

Until then: People added to the sheet do not get access to the hub.

You are told of this once a day, for as long as it goes on. Say that you have seen it, and you are left alone for a week:

  npx groundcrew incidents acknowledge prod/sync-members/github-suspended
`,
    });
  });

  test("of no hub: under a name that stands for all, which is not said", () => {
    const told = notice({}, { hub: "all-hubs" });
    expect([told.hub, told.text.includes("hub all-hubs")]).toEqual(["all-hubs", false]);
  });

  test("where an event waits for a person, it says where", () => {
    const { text } = notice({ waits: true });
    expect(text).toContain("npx groundcrew undelivered ls");
    expect(text).not.toContain("It works again");
  });

  test("what works again but has left something undone says so", () => {
    const { text } = notice({ waits: true, workers: [] });
    expect(text).toContain("It works again, but what it stopped still waits for you.");
    expect(text).not.toContain("do not get access");
  });

  test("that it is over: once, with its time", () => {
    const told = notice({ closed: "2026-11-21T10:30:00.000Z" }, { over: true });
    expect([told.key.split("/").at(-1), told.subject]).toEqual([
      "over",
      "Over: GitHub did not let the App in",
    ]);
    expect(told.text).toContain("That was so from 2026-11-21 08:00 UTC to 2026-11-21 10:30 UTC.");
  });

  test("words that are longer than a subject may be are cut there, and not in the text", () => {
    const told = notice({ reason: { what: "x".repeat(500), why: "y", next: "z" } });
    expect([told.subject.length, told.text.includes("x".repeat(500))]).toEqual([200, true]);
  });

  test("a channel that is stopped: what is missed by this one alone", () => {
    const of = (reach: "mail" | "slack") =>
      notice({ flow: "send-notice", workers: ["send-notice"], reach }).text.match(/Until then: .*/)?.[0];
    expect([of("mail"), of("slack")]).toEqual([
      "Until then: The team is told nothing in Slack.",
      "Until then: No mail goes out: no invitations, no warnings.",
    ]);
  });

  test("one mail that is not taken is not said to be all of them", () => {
    const { text } = notice({ flow: "send-notice", workers: ["send-notice"] });
    expect(text).toContain("Until then: its people have not got this message");
  });
});

describe("by which way", () => {
  const welcome = {
    v: 1,
    hub: "prod",
    key: "welcome/1",
    to: { mail: ["ada@example.org"] },
    subject: "s",
    text: "t",
  };
  const note = { ...welcome, to: "team", key: notice().key };
  type Trouble = Parameters<typeof reachOf>[0];
  const of = (service: Service, cause = "suspended") => ({ service, cause });
  const reach = (trouble: Partial<Trouble>) =>
    reachOf({ function: "send-notice", payload: welcome, ...trouble });

  test.each<[string, Partial<Trouble>, ReturnType<typeof reachOf>]>([
    ["Gmail", { failure: of("gmail") }, "slack"],
    ["the sign-in to Gmail", { failure: of("google-sign-in") }, "slack"],
    ["Slack", { failure: of("slack") }, "mail"],
    ["the secret that a mail needs", { failure: of("secret-manager"), needs: ["gmail"] }, "slack"],
    ["the secret that Slack needs", { failure: of("secret-manager"), needs: ["slack"] }, "mail"],
    ["nothing that stops one", { failure: undefined, needs: ["gmail"] }, "team"],
    ["one member's address, which stops no other mail", { failure: of("gmail", "bad-address") }, "team"],
    ["one member's mail, which is too large", { failure: of("gmail", "too-large") }, "team"],
    [
      "the team's own address",
      { failure: of("gmail", "bad-address"), payload: { ...welcome, to: "team" } },
      "slack",
    ],
    ["a flow's trouble with mail's own service", { function: "sync-members", failure: of("gmail") }, "team"],
    [
      "a message about an incident that meets a channel: by the other",
      { payload: note, failure: of("slack") },
      "mail",
    ],
    [
      "the one that was sent by the other: nobody, or it would go on for ever",
      { payload: { ...note, by: "mail" }, failure: of("gmail") },
      "nobody",
    ],
    [
      "a message about an incident that fails for another reason",
      { payload: note, failure: undefined },
      "nobody",
    ],
  ])("%s", (_, trouble, expected) => {
    expect(reach(trouble)).toBe(expected);
  });
});
