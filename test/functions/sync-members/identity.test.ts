// Rows of which only GitHub can tell whose they are: forms filled out twice, shared addresses, numbers and words of a university.
import { describe, expect, test } from "@jest/globals";
import type { Account } from "../../../functions/sync-members/facts.ts";
import { settleIdentities } from "../../../functions/sync-members/identity.ts";
import type { MemberRow } from "../../../shared/sheets/row.ts";
import { account, github, inputOf, row } from "./facts-harness.ts";

type Input = { accounts?: Record<string, Account>; members?: string[]; today?: string };

/** Logins that stay, and the refused rows by cell. Accounts that are not given exist at GitHub, and show no name. */
function settle(rows: MemberRow[], { accounts = {}, members = [], today = "2026-11-21" }: Input = {}) {
  const asked = rows.filter(({ login }) => !members.includes(login));
  const all = new Map<string, Account>(asked.map(({ login }) => [login.toLowerCase(), account(login)]));
  for (const [login, one] of Object.entries(accounts)) all.set(login, one);
  const facts = { ...inputOf({ rows, github: github({ "full-access": members }) }), accounts: all, today };
  const { rows: kept, rejected, named } = settleIdentities(facts);
  expect(named).toHaveLength(rejected.length);
  return {
    kept: kept.map(({ login }) => login),
    refused: rejected.map(({ cell, why }) => `${cell}: ${why}`),
  };
}

const ada = (login: string, cell: string, more: Partial<MemberRow> = {}): MemberRow =>
  row(login, "Research", { cell, name: "Ada Lovelace", email: "ada@example.org", ...more });

describe("a form filled out twice", () => {
  const again = [ada("ada-lovelase", "C2"), ada("ada-lovelace", "C3")];

  test("the login that exists wins, and the other row is pointed at it, in either order", () => {
    const accounts = { "ada-lovelase": "not-found" } as const;
    for (const rows of [again, again.toReversed()])
      expect(settle(rows, { accounts })).toEqual({
        kept: ["ada-lovelace"],
        refused: [
          "C2: GitHub has no person of this name, and the same person has one that exists in C3: delete this row",
        ],
      });
  });

  test("an organisation's login gives way to a person's", () => {
    const accounts = { "ada-lovelase": account("ada-lovelase", { type: "Organization" }) };
    expect(settle(again, { accounts }).kept).toEqual(["ada-lovelace"]);
  });

  test("with two that exist leaves who is in the team as they are, and asks about the new one", () => {
    expect(settle(again, { members: ["ada-lovelase"] })).toEqual({
      kept: ["ada-lovelase"],
      refused: [expect.stringMatching(/^C3: .*another GitHub account in C2, and both exist: ask which/)],
    });
  });

  test.each([{ members: [] }, { members: ["ada-lovelace", "ada-lovelase"] }])(
    "with two that exist is asked about, where both are in or none: %j",
    ({ members }) => {
      const { kept, refused } = settle(again, { members });
      expect(kept).toEqual([]);
      expect(refused).toEqual([
        expect.stringMatching(/^C2: .*another GitHub account in C3, and both exist: ask which/),
        expect.stringMatching(/^C3: .*another GitHub account in C2, and both exist/),
      ]);
    },
  );

  test("with two that nobody has leaves both to be told so", () => {
    const accounts = { "ada-lovelase": "not-found", "ada-lovelace": "not-found" } as const;
    expect(settle(again, { accounts })).toEqual({ kept: ["ada-lovelase", "ada-lovelace"], refused: [] });
  });

  test.each([
    ["in another order", "Lovelace, Ada"],
    ["with a second name", "Ada King Lovelace"],
    ["with a slip", "Ada Lovelase"],
    ["without a name", ""],
    ["in another script", "\u0410\u0434\u0430"],
  ])("%s is still one person", (_, name) => {
    const rows = [ada("ada-lovelase", "C2", { name }), ada("ada-lovelace", "C3")];
    expect(settle(rows).kept).toEqual([]);
  });

  test("does not count a row whose last day is over", () => {
    const rows = [ada("ada-lovelase", "C2", { expires: "2026-11-20" }), ada("ada-lovelace", "C3")];
    expect(settle(rows)).toEqual({ kept: ["ada-lovelase", "ada-lovelace"], refused: [] });
  });
});

test("one address of several people is no reason to refuse any", () => {
  const rows = [
    ada("ada-l", "C2"),
    ada("bo-l", "C3", { name: "Bo Lovelace" }),
    ada("cy-c", "C4", { name: "Cy Castillo" }),
  ];
  expect(settle(rows).kept).toEqual(["ada-l", "bo-l", "cy-c"]);
});

test("names of five letters may have a slip, shorter ones may not", () => {
  const named = (name: string, cell: string, login: string) => ada(login, cell, { name });
  expect(settle([named("Smith", "C2", "a-1"), named("Smyth", "C3", "a-2")]).kept).toEqual([]);
  expect(settle([named("Anna", "C2", "a-1"), named("Anne", "C3", "a-2")]).kept).toEqual(["a-1", "a-2"]);
});

test("people without an address are no namesakes", () => {
  expect(settle([ada("ada-l", "C2", { email: "" }), ada("ada-m", "C3", { email: "" })]).kept).toHaveLength(2);
});

describe("a login that is rather an id", () => {
  const id = (login: string, more: Partial<MemberRow> = {}) =>
    row(login, "Research", { name: "Ada Lovelace", email: "al4711@example.org", ...more });
  const shows = (login: string, name: string) => ({ accounts: { [login]: account(login, { name }) } });

  test.each([
    ["of the address, under another name", "al4711", "Albert Linder", false],
    ["of the address, in another case, under another name", "AL4711", "Albert Linder", false],
    ["of the address, under the same name", "al4711", "Ada L.", true],
    ["of the address, under a short form", "al4711", "Ad\u00e1n Lovela", true],
    ["of the address, that shows no name", "al4711", "", true],
    ["of the address, that shows its login", "al4711", "AL4711", true],
    ["of the address, in another script", "al4711", "\u5f20\u4f1f", true],
    ["of the address, under a name but for a slip", "al4711", "Lovelase", true],
    ["of the address, under a short name but for a slip", "al4711", "Ado", false],
    ["of digits, under another name", "20231234", "Someone", false],
    ["of digits, that shows no name", "20231234", "", false],
    ["of digits, under the same name", "20231234", "Ada Lovelace", true],
    ["of a phone", "212-555-0100", "", false],
    ["of neither, under another name", "ada-l", "Countess", true],
    ["of the name, that shows no name", "Ada", "", true],
    ["of the name, that shows that word alone", "ada", "Ada", true],
    ["of the name, under another's whole name", "ada", "Ada Gomez", false],
    ["of the name, the last one, under another's whole name", "lovelace", "Linda Lovelace", false],
    ["of the name, under the same name", "ada", "Ada King Lovelace", true],
  ])("%s", (_, login, name, isIn) => {
    const { kept, refused } = settle([id(login)], shows(login.toLowerCase(), name));
    expect(kept).toEqual(isIn ? [login] : []);
    if (!isIn)
      expect(refused).toEqual([
        expect.stringMatching(new RegExp(`^C2: .*ask the person, and .* type https://github.com/${login}$`)),
      ]);
  });

  test("is taken where somebody typed the address of the profile, or is in already", () => {
    const shown = shows("20231234", "Someone");
    expect(settle([id("20231234", { isSure: true })], shown).kept).toHaveLength(1);
    expect(settle([id("20231234")], { members: ["20231234"], accounts: {} }).kept).toHaveLength(1);
  });
});
