// Troubles that no time mends, met at every heartbeat of three hours: the team is told once, and one record is kept of what only says
// "look again". refusals.long.ts goes on for three days.
import { expect, test } from "@jest/globals";
import { refused } from "./refused.ts";

/** By hand: the message, and how many records; a mail to a member is one of its own. */
const expected = [
  ["Gmail's consent withdrawn", "mails cannot be sent", 3],
  ["sheet unshared", "the sheet of members cannot be read", 1],
  ["App key revoked", "GitHub did not let the App in", 1],
  ["App suspended", "GitHub did not let the App in", 1],
  ["team renamed", "GitHub has no team renamed-access in this organisation", 1],
  ["tab renamed", "the sheet of members cannot be read", 1],
  ["every invitation refused", "a person could not be invited", 0],
] as const;

test("one message to the team each", async () => {
  expect(await refused(3)).toEqual(
    expected.map(([name, told, undelivered]) => ({ name, told: [told], undelivered })),
  );
}, 600_000);
