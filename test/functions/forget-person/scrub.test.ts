// Taking a person out of records: nothing tells of them any more, what is another's stays, and every record can still be read.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { whyNot } from "../../../functions/forget-person/refuse.ts";
import { scrubber } from "../../../functions/forget-person/scrub.ts";
import { foldersOf, learn, type Who, whoIs } from "../../../functions/forget-person/who.ts";
import { MembersState } from "../../../shared/members/records.ts";
import { Run } from "../../../shared/records.ts";
import { state } from "../sync-members/facts-harness.ts";

const instead = "forgotten:1";
const at = "2026-11-21T12:00:00.000Z";

/** Logins that are no word of ours. One that is also a cell's is taken out of records of that cell too: more is forgotten, and nothing is told. */
const login = fc
  .stringMatching(/^[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,6})?$/)
  .filter((text) => !/^(a|an|at|in|of|to|on|is|it|the|was|run|v|id|do|by|[a-z]{1,2}\d+)$/.test(text));
const word = fc.stringMatching(/^[A-Z][a-z\u00e9\u00f6]{2,8}$/);
const somebody = fc.record({ login, name: fc.tuple(word, word).map((parts) => parts.join(" ")) });
const person = somebody.map(({ login: of, name }) => ({
  login: of,
  name,
  email: `${of}.${name.length}@example.org`,
}));
type Person = { login: string; name: string; email: string };
/** Two whose names have no part in each other's. */
const pair = fc
  .tuple(person, person)
  .filter(
    ([one, other]) => !JSON.stringify(other).toLowerCase().includes(one.login) && one.name !== other.name,
  );

/** A record of a run that did something to both, as a flow writes it. */
const runOn = (people: Person[]): Run => ({
  v: 1,
  id: "2026-11-21/120000000-sync-members-7-1",
  flow: "sync-members",
  hub: "prod",
  event: "sheet-changed",
  messageId: "7",
  attempt: 1,
  payload: { v: 1, hub: "prod", why: "person" },
  outcome: "held",
  title: "2 invited",
  steps: people.map(({ login: who }) => ({ at, what: `left as it is: ${who}, taken back already` })),
  effects: people.map(({ login: who }) => ({ do: "invite", login: who, team: "full-access" })),
  plan: {
    hash: "0123456789abcdef",
    actions: people.map(({ login: who }) => ({ do: "invite", about: who, team: "full-access", why: "new" })),
    held: [],
    refused: people.map(({ email }) => ({ about: "C2", value: email, why: "not a login" })),
  },
  startedAt: at,
  durationMs: 3,
});

/** A state that knows both and has neither in the sheet. */
const stateOn = (people: Person[]): MembersState => {
  const known = Object.fromEntries(
    people.map(({ login: who, email }, id) => [
      who,
      {
        id: id + 1,
        invitations: 1,
        memberships: { full: { how: "given" as const, at, mailed: { key: `invited/${who}/1`, email } } },
      },
    ]),
  );
  return {
    ...state({ known }),
    leaving: Object.fromEntries(people.map(({ login: who }) => [`remove ${who} full`, at])),
    removed: Object.fromEntries(people.map(({ login: who }) => [`cancel-invitation ${who} full`, at])),
    announce: Object.fromEntries(
      people.map(({ login: who, email }) => [who, { key: `invited/${who}/1`, email, team: "full" }]),
    ),
    undone: people.map(({ login: who, email }) => ({
      run: "2026-11-21/1",
      ranAt: at,
      at,
      login: who,
      did: "let-in" as const,
      team: "full",
      mail: { key: `invited/${who}/1`, email },
    })),
  };
};

const tellsOf = ({ login: who, name, email }: Person, record: unknown): boolean => {
  const text = JSON.stringify(record).toLowerCase();
  const alone = new RegExp(`(?<![\\w.+-])${who}(?![\\w-]|@\\w|\\.\\w)`);
  // The words that a record has in any case: an account may be called "invite".
  const given =
    JSON.stringify(runOn([])) +
    JSON.stringify(stateOn([])) +
    "invite full access left as it is taken back already new not a login let in given invited cancel invitation remove";
  return (
    (!given.includes(who) && alone.test(text)) || text.includes(email) || text.includes(name.toLowerCase())
  );
};
const knowing = ({ login: who, name }: Person, ...records: unknown[]): Who => {
  const found = whoIs({ login: who.toUpperCase(), also: [name] }, undefined);
  for (const record of records) learn(found, record);
  return found;
};

test("a record of several tells nothing of the one, and of the others what it told; twice is once", () => {
  fc.assert(
    fc.property(pair, ([gone, stays]) => {
      const run = runOn([gone, stays]);
      const who = knowing(gone, stateOn([gone, stays]));
      const left = scrubber(who, { instead, erase: false }).record(run);
      expect(tellsOf(gone, left)).toBe(false);
      const alone = Run.parse(left);
      expect(alone.effects[1]).toEqual(run.effects[1]);
      expect(alone.plan?.actions[1]).toEqual(run.plan?.actions[1]);
      expect({ ...alone, steps: [], effects: [], plan: undefined }).toEqual({
        ...run,
        steps: [],
        effects: [],
        plan: undefined,
      });
      expect(scrubber(who, { instead, erase: false }).record(left)).toBe(left);
      const without = runOn([stays]);
      expect(scrubber(who, { instead, erase: false }).record(without)).toBe(without);
    }),
  );
});

test("the flows' own memory loses their entries, and no other's", () => {
  fc.assert(
    fc.property(pair, ([gone, stays]) => {
      const who = knowing(gone, stateOn([gone, stays]));
      const left = MembersState.parse(scrubber(who, { instead, erase: true }).record(stateOn([gone, stays])));
      expect(tellsOf(gone, left)).toBe(false);
      const { known, ...rest } = stateOn([stays]);
      expect(left).toEqual({ ...rest, known: { [stays.login]: { ...known[stays.login], id: 2 } } });
    }),
  );
});

test.each([
  ["held", { status: "held", outcome: "held", do: "held" }],
  ["schedule", { why: "schedule" }],
  ["full-access", { team: "full-access", teams: ["full-access"] }],
  ["title", { title: "2 invited", plan: { title: "none" } }],
])("an account that is called as a word of ours, %s, leaves that word alone", (name, record) => {
  const { record: scrub } = scrubber(knowing({ login: name, name: "", email: "" }), {
    instead,
    erase: false,
  });
  expect(scrub(record)).toBe(record);
  expect(scrub({ about: name })).toEqual({ about: instead });
});

test.each([
  ["Sent to ada, and to ada-b", "Sent to forgotten:1, and to ada-b"],
  [
    "ada@example.net has ada's row, and x.ada@example.org",
    "ada@example.net has forgotten:1's row, and x.ada@example.org",
  ],
  ["invited/ada/1", "invited/forgotten:1/1"],
  ["mail to ADA@Example.org.", "mail to forgotten:1."],
  ["Ada Sample and Ada Other", "forgotten:1 and forgotten:1 Other"],
])("in %j", (given, left) => {
  const who = whoIs({ login: "ada", also: ["ada@example.org", "Ada Sample"] }, undefined);
  expect(scrubber(who, { instead, erase: false }).text(given)).toBe(left);
});

test("a person is known by what was learnt: former login, address of a mail, folder, hash; not by what is another's, too", () => {
  const kept = stateOn([{ login: "ada", name: "Ada Sample", email: "ada@example.org" }]);
  const shared = { at: 3, login: "bo", email: "lab@example.org", name: "Bo", tier: "Research", expires: "" };
  const who = whoIs(
    { login: "Ada", also: [] },
    { ...kept, pairings: [shared], known: { ...kept.known, "ada-old": { id: 1, invitations: 0 } } },
  );
  learn(who, kept);
  learn(who, { payload: { key: "invited/ada-old/1", to: { mail: ["old@example.org"] } } });
  learn(who, { login: "ada", email: "lab@example.org", name: "Ada Sample" });
  learn(who, { do: "remove", about: "ada", hash: "0123456789abcdef" });
  expect([...who.logins].sort()).toEqual(["ada", "ada-old"]);
  expect([...who.mails].sort()).toEqual(["ada@example.org", "old@example.org"]);
  expect([...who.names]).toEqual(["ada sample"]);
  expect([...who.hashes]).toEqual(["0123456789abcdef"]);
  expect(foldersOf(who)).toContain("ada-2dold");
});

test("whoever is invited by their address alone is still there", () => {
  const mei = whoIs({ login: "mei", also: ["Mei@example.org"] }, undefined);
  const invitedAt = at;
  const others = [{ email: "bo@example.org", invitedAt }];
  expect(whyNot(mei, { ...state(), others })).toBeUndefined();
  const withTheirs = { ...state(), others: [...others, { email: "MEI@example.org", invitedAt }] };
  expect(whyNot(mei, withTheirs)).toMatch(/invited to the organisation/);
});
