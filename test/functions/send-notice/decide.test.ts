// May a notice be attempted? Each history that can be, and the one word that follows.
import { expect, test } from "@jest/globals";
import { type Attempt, decide, type Verdict } from "../../../functions/send-notice/decide.ts";

const mine = "m1";
const other = "m2";
const inHand = { do: "nothing", why: "another message with the same key has it in hand" } as const;
const sent = { do: "nothing", why: "already sent" } as const;

test.each<[string, Attempt[], Verdict]>([
  ["never attempted", [], { do: "send", n: 1 }],
  ["not sent by this message", [{ messageId: mine, outcome: "not-sent" }], { do: "send", n: 2 }],
  ["not sent by another", [{ messageId: other, outcome: "not-sent" }], { do: "send", n: 2 }],
  ["sent by this message", [{ messageId: mine, outcome: "sent" }], sent],
  ["sent by another", [{ messageId: other, outcome: "sent" }], sent],
  ["begun by this message", [{ messageId: mine }], { do: "ask", n: 1 }],
  ["begun by another", [{ messageId: other }], inHand],
  ["unknown, asked by this message", [{ messageId: mine, outcome: "unknown" }], { do: "ask", n: 1 }],
  ["unknown, asked by another", [{ messageId: other, outcome: "unknown" }], inHand],
  [
    "not sent, then sent",
    [
      { messageId: mine, outcome: "not-sent" },
      { messageId: mine, outcome: "sent" },
    ],
    sent,
  ],
  [
    "not sent three times",
    [
      { messageId: mine, outcome: "not-sent" },
      { messageId: other, outcome: "not-sent" },
      { messageId: mine, outcome: "not-sent" },
    ],
    { do: "send", n: 4 },
  ],
  [
    "not sent, then begun by this message",
    [{ messageId: other, outcome: "not-sent" }, { messageId: mine }],
    { do: "ask", n: 2 },
  ],
])("%s", (_, attempts, verdict) => {
  expect(decide({ n: attempts.length, last: attempts.at(-1) }, mine)).toEqual(verdict);
});
