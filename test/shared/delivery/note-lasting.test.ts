// Who is told of what lasts, by which way, how often, and in which words; and of what nobody is told.
import { beforeEach, describe, expect, test } from "@jest/globals";
import type { Publish } from "../../../shared/bus/publish.ts";
import { noteLasting } from "../../../shared/delivery/note-lasting.ts";
import { type EventOf, events } from "../../../shared/events.ts";
import type { Failure, Service } from "../../../shared/failure.ts";

type Notice = EventOf<"notice">;
let told: Notice[];
beforeEach(() => {
  told = [];
});

const publish: Publish = async (name, event) => {
  expect(events[name].safeParse(event)).toMatchObject({ success: true });
  told.push(events.notice.parse(event));
  return "id";
};
const now = () => new Date("2026-11-21T23:59:59.999Z");
const reason = {
  what: "GitHub did not let the App in",
  why: "its installation is suspended",
  next: "Unsuspend it.",
};
const failureOf = (service: Service, cause = "suspended"): Failure => ({
  service,
  cause,
  lasts: "lasting",
  explanation: reason,
});
const hint = { v: 1, hub: "prod", why: "schedule" };
type Trouble = Parameters<typeof noteLasting>[0];
const note = (trouble: Partial<Trouble>) =>
  noteLasting(
    {
      function: "sync-members",
      hub: "prod",
      reason,
      payload: hint,
      failure: failureOf("github"),
      ...trouble,
    },
    { publish, now },
  );
const keys = () => told.map(({ key, by }) => [key, by ?? "usual"]);

describe("a flow", () => {
  test("the team, in words that say what, why, what to do and what people miss", async () => {
    expect(await note({})).toBe(true);
    expect(told).toEqual([
      {
        v: 1,
        hub: "prod",
        key: "lasting/sync-members/github-suspended/2026-11-21",
        to: "team",
        subject: "GitHub did not let the App in",
        text: `Hello,

Of the hub prod: GitHub did not let the App in. The reason: its installation is suspended.

What to do: Unsuspend it.

Until then: People added to the sheet do not get access to the hub.

Whatever waits for you to send it again is on the console under Undelivered, or type

  npx groundcrew undelivered ls

You are told of this once a day, for as long as it goes on.
`,
      },
    ]);
  });

  test.each<[string, Partial<Trouble>, string]>([
    [
      "by its flow, whichever of its functions failed",
      { function: "renew-watch" },
      "lasting/sync-members/github-suspended/2026-11-21",
    ],
    [
      "by its function, where it serves all",
      { function: "continue-work" },
      "lasting/continue-work/github-suspended/2026-11-21",
    ],
    [
      "by what happened, where no service failed",
      { failure: undefined },
      "lasting/sync-members/github-did-not-let-the-app-in/2026-11-21",
    ],
    ["a function that nobody knows", { function: "canary" }, "lasting/unknown/github-suspended/2026-11-21"],
    ["by a cause of its own", { cause: "unfinished" }, "lasting/sync-members/unfinished/2026-11-21"],
  ])("%s", async (_, trouble, key) => {
    await note(trouble);
    expect(keys()).toEqual([[key, "usual"]]);
  });

  test("of no hub: under a name that stands for all, and no hub in the subject", async () => {
    await note({ hub: undefined, function: "sweep-machines" });
    expect(told).toMatchObject([{ hub: "all-hubs", subject: "GitHub did not let the App in" }]);
  });

  test("words that are longer than a subject may be are cut there, and not in the text", async () => {
    await note({ failure: undefined, reason: { ...reason, what: "x".repeat(500) } });
    expect(told[0]?.subject).toHaveLength(200);
    expect(told[0]?.text).toContain("x".repeat(500));
  });

  test("what could not be published is not told", async () => {
    const deaf: Publish = () => Promise.reject(new Error("no answer"));
    const trouble = { function: "sync-members", hub: "prod", reason, payload: hint };
    await expect(noteLasting(trouble, { publish: deaf, now })).rejects.toThrow("no answer");
  });
});

describe("a channel", () => {
  const welcome = {
    v: 1,
    hub: "prod",
    key: "welcome/1",
    to: { mail: ["ada@example.org"] },
    subject: "s",
    text: "t",
  };
  const lasting = { ...welcome, to: "team", key: "lasting/sync-members/github-suspended/2026-11-21" };
  const notice = (trouble: Partial<Trouble>) =>
    note({ function: "send-notice", payload: welcome, ...trouble });

  test.each<[string, Partial<Trouble>, string, string]>([
    ["Gmail", { failure: failureOf("gmail") }, "lasting/send-notice/gmail-suspended/2026-11-21", "slack"],
    [
      "the sign-in to Gmail",
      { failure: failureOf("google-sign-in") },
      "lasting/send-notice/google-sign-in-suspended/2026-11-21",
      "slack",
    ],
    ["Slack", { failure: failureOf("slack") }, "lasting/send-notice/slack-suspended/2026-11-21", "mail"],
    [
      "the secret that a mail needs",
      { failure: failureOf("secret-manager"), needs: ["gmail"] },
      "lasting/send-notice/secret-manager-suspended/2026-11-21",
      "slack",
    ],
    [
      "the secret that Slack needs",
      { failure: failureOf("secret-manager"), needs: ["slack"] },
      "lasting/send-notice/secret-manager-suspended/2026-11-21",
      "mail",
    ],
    [
      "nothing that stops one",
      { failure: undefined, needs: ["gmail"] },
      "lasting/send-notice/github-did-not-let-the-app-in/2026-11-21",
      "usual",
    ],
    [
      "one member's address, which stops no other mail",
      { failure: failureOf("gmail", "bad-address") },
      "lasting/send-notice/gmail-bad-address/2026-11-21",
      "usual",
    ],
    [
      "the team's own address",
      { failure: failureOf("gmail", "bad-address"), payload: { ...welcome, to: "team" } },
      "lasting/send-notice/gmail-bad-address/2026-11-21",
      "slack",
    ],
  ])("%s is told by the other one", async (_, trouble, key, by) => {
    expect(await notice(trouble)).toBe(true);
    expect(keys()).toEqual([[key, by]]);
  });

  test("and says what people miss by this one alone", async () => {
    await notice({ failure: failureOf("slack") });
    expect(told[0]?.text).toContain("Until then: The team is told nothing in Slack.");
    await notice({ failure: failureOf("gmail") });
    expect(told[1]?.text).toContain("Until then: No mail goes out: no invitations, no warnings.");
  });

  test("one mail that is not taken is not said to be all of them", async () => {
    await notice({ failure: failureOf("gmail", "bad-address") });
    await notice({ failure: undefined });
    for (const { text } of told) expect(text).toContain("Until then: its people have not got this message");
  });

  test("that a message about a failure meets is told by the other, once more and never again", async () => {
    expect(await notice({ payload: lasting, failure: failureOf("slack") })).toBe(true);
    const [first] = told;
    expect(first).toMatchObject({ key: "lasting/send-notice/slack-suspended/2026-11-21", by: "mail" });
    expect(await notice({ payload: first, failure: failureOf("gmail") })).toBe(false);
    expect(told).toHaveLength(1);
  });

  test("a message about a failure that fails for another reason is told to nobody", async () => {
    expect(await notice({ payload: lasting, failure: undefined })).toBe(false);
    expect(told).toEqual([]);
  });
});
