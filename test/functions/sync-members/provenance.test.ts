// Tests of whose doing a membership is, by table: what is remembered of it, for how long, and under which name.
import { describe, expect, test } from "@jest/globals";
import type { MemberAction } from "../../../functions/sync-members/facts.ts";
import {
  membershipOf,
  namesOfActions,
  withActions,
  withMemberships,
} from "../../../functions/sync-members/provenance.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import { ago, github, inputOf, now, state } from "./facts-harness.ts";

type Known = MembersState["known"][string];
type Memberships = NonNullable<Known["memberships"]>;
const known = (memberships: Memberships): MembersState["known"] => ({ ada: { invitations: 0, memberships } });
const given = { how: "given", at: ago(30) } as const;

test("a team may have any name: of one that nobody is in nothing is known", () => {
  const of = state({ known: known({ full: given }) });
  expect(membershipOf(of, "ada", "full")).toEqual(given);
  expect(membershipOf(of, "ada", "constructor")).toBeUndefined();
  expect(membershipOf(of, "constructor", "full")).toBeUndefined();
});

describe("a membership that the lists do not show", () => {
  const leftAfter = (hours: number) => {
    const absentSince = new Date(now.getTime() - hours * 3_600_000).toISOString();
    const facts = inputOf({ github: github({ "full-access": [] }) });
    return withMemberships(known({ full: { ...given, absentSince } }), facts, ({ login }) => login ?? "")[
      "ada"
    ]?.memberships;
  };
  test.each([
    [23.9, true],
    [24, false],
    [48, false],
  ])("for %d hours is remembered: %s", (hours, isKept) => {
    expect(leftAfter(hours) !== undefined).toBe(isKept);
  });
});

describe("what actions make ours", () => {
  const made = (memberships: Memberships, action: Pick<MemberAction, "do" | "team">) =>
    withActions(known(memberships), [{ about: "ada", why: "", ...action }], {
      nameOf: (about) => about,
      run: "r",
      now,
    })["ada"]?.memberships;

  test("a pair changes no membership, and nobody unknown gets one", () => {
    expect(made({ full: given }, { do: "pair", team: "base" })).toEqual({ full: given });
    const actions: MemberAction[] = [{ do: "add", about: "bo", team: "base", why: "" }];
    expect(withActions({}, actions, { nameOf: (about) => about, run: "r", now })).toEqual({});
  });

  test("a team that somebody is put back into is none that another one stands instead of; the others are", () => {
    const before = { base: { ...given, instead: ["full", "old"] } };
    expect(made(before, { do: "add", team: "full" })).toEqual({
      base: { ...given, instead: ["old"] },
      full: { how: "given", at: now.toISOString(), run: "r" },
    });
    expect(made({ base: { ...given, instead: ["full"] } }, { do: "add", team: "full" })?.["base"]).toEqual(
      given,
    );
  });
});

test("an action is about whom the sheet names, whatever GitHub calls them by now", () => {
  const teams = github({ "full-access": ["Ada-New"] });
  const nameOf = namesOfActions(teams, ({ login }) => (login === "Ada-New" ? "ada" : (login ?? "")));
  expect([nameOf("ada-new"), nameOf("Bo")]).toEqual(["ada", "bo"]);
});
