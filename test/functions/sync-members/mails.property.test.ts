// At most one mail for each person and occasion, over looks that are drawn: some come twice, some die between two mails and forget that they
// were ever there. What is due in the end has been told.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { decide } from "../../../functions/sync-members/decide.ts";
import { nothingDone } from "../../../functions/sync-members/facts.ts";
import { mailsDue } from "../../../functions/sync-members/mails.ts";
import { tellMembers } from "../../../functions/sync-members/tell.ts";
import { type EventOf, Notice } from "../../../shared/events.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import {
  account,
  ago,
  github,
  hub,
  idOf,
  inputOf,
  now,
  row,
  seenOf,
  state,
  stateAfter,
} from "./facts-harness.ts";

const days = ["", "2026-11-25", "2026-12-10", "2027-03-01"];
const look = fc.record({
  /** Ends of Ada's membership, and of Bo's, whose invitation is open. */
  ends: fc.tuple(fc.constantFrom(...days), fc.constantFrom(...days)),
  typed: fc.constantFrom("typo", "tpyo"),
  minutes: fc.constantFrom(1, 10, 31, 24 * 60, 3 * 24 * 60),
  /** Mail after which it dies; none in most looks. */
  dies: fc.constantFrom(0, 1, 2, undefined, undefined, undefined),
});
type Look = { ends: [string, string]; typed: string; minutes: number; dies?: number | undefined };

const given = { how: "given", at: ago(300) } as const;
const first = state({
  known: {
    ada: { id: idOf("ada"), invitations: 0, memberships: { "full-access": given } },
    bo: { invitations: 1, invitedAt: ago(1) },
  },
  provenanceSince: ago(400),
});

/** Plays a look, and gives the state that it leaves: that of before, where it dies. */
async function lookAt(
  { ends, typed }: Look,
  at: { now: Date; state: MembersState; dies?: number | undefined },
  mails: EventOf<"notice">[],
) {
  const rows = [
    row("ada", "Research", { cell: "C2", ...(ends[0] === "" ? {} : { expires: ends[0] }) }),
    row("bo", "Research", { cell: "C3", ...(ends[1] === "" ? {} : { expires: ends[1] }) }),
    row(typed, "Research", { cell: "C4", email: "typo@example.org" }),
  ];
  const facts = inputOf({
    rows,
    github: github(
      { "full-access": ["ada"] },
      { pending: [{ login: "bo", teams: ["full-access"], createdAt: ago(1) }] },
    ),
    accounts: new Map([
      ["ada", account("ada", { member: true })],
      ["bo", account("bo")],
      [typed, "not-found" as const],
    ]),
    now: at.now,
    today: at.now.toISOString().slice(0, 10),
    state: at.state,
  });
  const seen = seenOf(facts);
  const decision = decide(seen);
  const acted = nothingDone({});
  const next = stateAfter(facts, { held: [] });
  let handed = 0;
  const publish = async (_: string, event: unknown) => {
    if (handed === at.dies) throw new Error("dies");
    handed += 1;
    mails.push(Notice.parse(event));
    return "id";
  };
  const told = await tellMembers(
    { hub, hubName: "prod", seen, decision, acted, next },
    { publish, check: async () => undefined },
  ).catch(() => at.state);
  return { told, due: mailsDue({ seen, decision, acted, next, timeZone: "UTC" }) };
}

test("each person hears of each occasion once, and of all that is due in the end", async () => {
  let drawn = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(look, { minLength: 1, maxLength: 12 }), async (looks) => {
      const mails: EventOf<"notice">[] = [];
      let at = { now, state: first };
      for (const each of looks) {
        at = { ...at, now: new Date(at.now.getTime() + each.minutes * 60_000) };
        at.state = (await lookAt(each, { ...at, dies: each.dies }, mails)).told;
        // The same message once more.
        at.state = (await lookAt(each, at, mails)).told;
      }
      const last = looks.at(-1) as Look;
      at = { ...at, now: new Date(at.now.getTime() + 31 * 60_000) };
      const { due } = await lookAt(last, at, mails);
      const keys = new Set(mails.map(({ key }) => key));
      expect(due.filter(({ key }) => !keys.has(key))).toEqual([]);
      // One key is one mail, and what one mail says has one key.
      const byKey = new Map(mails.map((mail) => [mail.key, mail]));
      const says = [...byKey.values()].map(({ to, subject, text }) => JSON.stringify([to, subject, text]));
      expect(new Set(says).size).toBe(says.length);
      for (const { key, to } of mails) expect(to).toEqual(byKey.get(key)?.to);
      const known =
        /^(?:ends\/ada\/\d{4}-\d\d-\d\d\/(?:7|30)|reminded\/bo\/2026-11-20\/[36]|mistyped\/[0-9a-f]{16})$/;
      expect([...keys].filter((key) => !known.test(key))).toEqual([]);
      expect([...keys].filter((key) => key.startsWith("mistyped/")).length).toBeLessThanOrEqual(2);
      drawn += keys.size;
    }),
    { seed: 20261129, numRuns: 25 },
  );
  // Otherwise nobody was told of anything.
  expect(drawn).toBeGreaterThan(50);
});
