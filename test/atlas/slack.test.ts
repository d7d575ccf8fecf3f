// Slack's recorded refusals through the client that posts, and what of an answer leaves it open whether a message was posted.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import fc from "fast-check";
import { explain } from "../../shared/explain.ts";
import { failureIn } from "../../shared/failure.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import { atlas, type Recorded, vendor } from "./entry.ts";
import { openAnswers, slackEntries } from "./slack.ts";

let slack: Awaited<ReturnType<typeof vendor>>;
beforeAll(async () => {
  slack = await vendor();
});
afterAll(() => slack.close());

const chatAt = (url: string, timeoutMs = 5000) =>
  slackChat({ endpoints: { slack: url }, token: async () => "xoxb-1-two", timeoutMs });
/** What became of a post: its outcome, or the error that it ended in. */
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
  const piece = Buffer.alloc(1024 * 1024, " ");
  let written = 0;
  const server = createServer((request, response) => {
    request.resume();
    if (request.headers.authorization?.endsWith("silent") === true) return;
    response.writeHead(200);
    const more = (): void => {
      while (written < 100) {
        written += 1;
        if (!response.write(piece)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const message = { subject: "s", text: "t" };
  expect(await chatAt(`http://127.0.0.1:${port}`).post("C0OPENOPEN", message)).toBe("unknown");
  expect(written).toBeLessThan(100);
  const silent = slackChat({
    endpoints: { slack: `http://127.0.0.1:${port}` },
    token: async () => "xoxb-silent",
    timeoutMs: 50,
  });
  expect(await silent.post("C0OPENOPEN", message)).toBe("unknown");
  server.close();
  server.closeAllConnections();
});
