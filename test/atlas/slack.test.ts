// Slack's recorded refusals through the client that posts, and what of an answer leaves it open whether a message was posted.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { explain } from "../../shared/delivery/explain.ts";
import { failureIn } from "../../shared/failure.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import { patienceMs } from "../patience.ts";
import { endless } from "./endless.ts";
import { atlas, type Recorded, vendor } from "./entry.ts";
import { openAnswers, slackEntries } from "./slack.ts";

let slack: Awaited<ReturnType<typeof vendor>>;
beforeAll(async () => {
  slack = await vendor();
});
afterAll(() => slack.close());

const chatAt = (url: string, timeoutMs = patienceMs) =>
  slackChat({ endpoints: { slack: url }, token: async () => "xoxb-1-two", timeoutMs });
/** Posts, and gives what became of it: the outcome, or the error that it ended in. */
const post = (recorded: Recorded): Promise<unknown> => {
  slack.answers(recorded);
  return chatAt(slack.url)
    .post("C0OPENOPEN", { subject: "On hold", text: "t" })
    .catch((error: unknown) => error);
};

atlas(slackEntries, post);

test.each(openAnswers.map((answer) => [answer.source, answer.status, answer] as const))(
  "%s, %d: nobody knows whether it was posted",
  async (_, __, answer) => {
    expect(await post(answer)).toBe("unknown");
  },
);

test("cut at any byte, an answer is a named failure or leaves it open; it never says that it was posted", async () => {
  const cuts = fc.record({
    entry: fc.constantFrom(...slackEntries),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(cuts, async ({ entry, share }) => {
      const outcome = await post({ ...entry, body: entry.body.slice(0, share * entry.body.length) });
      if (outcome === "unknown") return;
      expect(failureIn(outcome)?.service).toBe("slack");
      expect(explain(outcome, "x").why).not.toMatch(/program|Error \(/);
    }),
    { numRuns: 50 },
  );
});

test("an answer of 100 MB is given up, and one that never comes leaves it open", async () => {
  for (const kind of ["100 MB", "nothing"] as const) {
    const server = await endless(() => kind);
    const chat = chatAt(server.url, kind === "nothing" ? 50 : 5000);
    expect(await chat.post("C0OPENOPEN", { subject: "s", text: "t" })).toBe("unknown");
    expect(server.written()).toBeLessThan(100);
    await server.close();
  }
});
