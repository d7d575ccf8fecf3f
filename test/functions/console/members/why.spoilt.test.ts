// Tests of what why says of people whose row was spoilt after it had been read: the cell is named, and only a username is asked about.
import { expect, test } from "@jest/globals";
import type { MembersState, Rejected } from "../../../../shared/members/records.ts";
import { head } from "../day.ts";
import { ada, answerTo } from "./looked.ts";

const typed = { at: 2, login: "ada", email: "ada@example.org", name: "", tier: "", expires: "" };
const tier: Rejected = { cell: "D2", value: "Resarch", why: "not a tier", suggestion: "Research" };
const username: Rejected = { cell: "C2", value: "a da", why: "not a username", suggestion: "ada" };

type Status = MembersState["people"][number]["status"];
const after = (rejected: Rejected[], status: Status): MembersState => ({
  ...head,
  people: [{ ...ada, login: "ada", name: "Ada North", email: "ada@example.org", cell: "C2", status }],
  rejected,
  pairings: [typed],
});
const ask = (who: string, rejected: Rejected[], status: Status) =>
  answerTo(who, { state: after(rejected, status) });

test.each<[string, Rejected, Status]>([
  ["in the team, the tier", tier, "in-team"],
  ["in the team, the username", username, "in-team"],
  ["invited, the tier", tier, "invited"],
  ["invited, the username", username, "invited"],
])("of somebody %s that cannot be used any more is named beside what they have", (_, rejected, status) => {
  const { finding, sentence } = ask("ada", [rejected], status);
  expect([finding, sentence]).toEqual([
    status,
    expect.stringContaining(`Cell ${rejected.cell} cannot be used now: ${rejected.why}.`),
  ]);
});

test("nobody is promised the next run whose tier cannot be used, or asked for a username that is right", () => {
  for (const who of ["ada", "Ada North", "Resarch"]) {
    const { finding, sentence, next, paste } = ask(who, [tier], "to-invite");
    expect([finding, sentence, next, paste]).toEqual([
      "rejected",
      expect.stringMatching(/^Cell D2 .* cannot be used: not a tier\.$/),
      "Correct cell D2 (perhaps to Research).",
      undefined,
    ]);
  }
});

test("whose username cannot be used is asked about as it is typed", () => {
  for (const who of ["ada", "a da"])
    expect(ask(who, [username], "to-invite")).toMatchObject({
      finding: "rejected",
      sentence: expect.stringMatching(/^Cell C2 .* cannot be used: not a username\.$/),
      next: "Correct cell C2 (perhaps to ada).",
      paste: expect.stringContaining('"a da"'),
    });
});

test("whoever has another row is not kept from anything by the one that gives way", () => {
  const other: Rejected = {
    cell: "C3",
    value: "ada",
    why: "row 2 is theirs",
    twice: "gives-way",
    login: "ada",
  };
  expect(ask("ada", [other], "to-invite").finding).toBe("to-invite");
  const { finding, sentence } = ask("ada", [other], "in-team");
  expect([finding, sentence.includes("cannot be used")]).toEqual(["in-team", false]);
});
