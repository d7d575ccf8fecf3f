// A form that somebody has filled twice, from the sheet to what people are told who ask about it.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { account, row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
beforeEach(async () => {
  hub = await membersHub({ members: ["ada-north"] });
});
afterEach(() => hub.close());

const ada = (login: string, cell: string) =>
  row(login, "Research", { cell, name: "Ada North", email: "ada@example.org" });
const nobody = "ada-nort";

async function run(messageId: string): Promise<void> {
  const event = { v: 1, hub: "prod", why: "edit" } as const;
  const delivery = { messageId, attempt: 1, first: hub.world.now };
  const resolveLogins = async (logins: string[]) =>
    new Map(logins.map((login) => [login, login === nobody ? ("not-found" as const) : account(login)]));
  await hub.deliver(event, delivery, { resolveLogins });
}

test("a row that gives way to one that exists is to be deleted, and its person is not to be written to", async () => {
  hub.world.rows = [ada("ada-north", "C2"), ada(nobody, "C3")];
  await run("1");
  const { sentence, next, paste } = await hub.why(nobody);
  expect({ sentence, next, paste }).toEqual({
    sentence: expect.stringMatching(/^Cell C3 .* one that exists in C2: delete this row\.$/),
    next: "Delete the row of cell C3: their other row counts, and they need not be asked.",
  });
  expect(await hub.why("ada-north")).toMatchObject({ finding: "in-team" });
});

test("with two accounts that exist, whichever is asked about, the answer says that there is a question", async () => {
  hub.world.rows = [ada("ada-second", "C3")];
  await run("1");
  hub.world.teams["full-access"] = [];
  hub.world.rows = [ada("ada-second", "C3"), ada("ada-third", "C4")];
  await run("2");
  expect(await hub.why("ada-third")).toMatchObject({
    finding: "rejected",
    next: "Ask which account is theirs, and delete the other row.",
    paste: expect.stringMatching(/two GitHub accounts of yours, one of them "ada-third"/),
  });
  expect(await hub.why("ada-second")).toMatchObject({
    finding: "invited",
    sentence: expect.stringMatching(/Cell C3 cannot be used now: .* both exist: ask which is theirs/),
  });
});
