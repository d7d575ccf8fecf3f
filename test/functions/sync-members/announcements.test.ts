// Tests of who is still to be told: of what a run is about to do, and of what an earlier one did not live to tell.
import { expect, test } from "@jest/globals";
import { announcements, leftToTell } from "../../../functions/sync-members/announce.ts";
import { act, ago, github, inputOf, now, row, state } from "./facts-harness.ts";

const sheet = inputOf({ rows: [row("Ada"), row("bo", "Public"), row("cy")] });

test("whoever is to be invited or added, at the address in the sheet; nobody who loses something", () => {
  const actions = [
    act("invite", "Ada", "full-access"),
    act("add", "bo", "public-access"),
    act("remove", "bo", "base-access"),
    act("cancel-invitation", "dee", "base-access"),
  ];
  expect(announcements(actions, { ...sheet, state: undefined })).toEqual({
    ada: { key: "invited/ada/1", email: "ada@example.org", team: "full-access" },
    bo: { key: "added/bo/public-access/2026-11-21", email: "bo@example.org", team: "public-access" },
  });
});

test("each further invitation has a key of its own", () => {
  const known = state({ known: { ada: { invitations: 2, invitedAt: ago(8) } } });
  const { ada } = announcements([act("invite", "Ada", "full-access")], { ...sheet, state: known });
  expect(ada?.key).toBe("invited/ada/3");
});

test("whom a run did not live to tell is told by the next, once GitHub shows that it was done", () => {
  const announce = {
    ada: { key: "invited/ada/1", email: "ada@example.org", team: "full-access" },
    bo: { key: "added/bo/public-access/2026-11-20", email: "bo@example.org", team: "public-access" },
    cy: { key: "invited/cy/1", email: "cy@example.org", team: "full-access" },
  };
  const left = announcements([], { ...sheet, state: state({ announce }) });
  expect(left).toEqual(announce);
  const seen = github(
    { "public-access": ["Bo"] },
    {
      pending: [
        { login: "ADA", teams: ["full-access"] },
        { login: "cy", teams: ["base-access"] },
      ],
    },
  );
  expect(leftToTell(left, seen, now)).toEqual(["ada", "bo"]);
});

test("what was only planned gives way to a newer plan", () => {
  const announce = { ada: { key: "invited/ada/1", email: "old@example.org", team: "public-access" } };
  const plan = [act("add", "Ada", "full-access")];
  expect(announcements(plan, { ...sheet, state: state({ announce }) })).toEqual({
    ada: { key: "added/ada/full-access/2026-11-21", email: "ada@example.org", team: "full-access" },
  });
});

test("who has left the sheet is told nothing; who stands in a refused row still is", () => {
  const entry = (login: string) => ({
    key: `invited/${login}/1`,
    email: `${login}@example.org`,
    team: "full-access",
  });
  const remembered = state({ announce: { gone: entry("gone"), garbled: entry("garbled") } });
  const left = announcements([], inputOf({ named: ["garbled"], state: remembered }));
  expect(Object.keys(left)).toEqual(["garbled"]);
});

test("a login that every object knows is nobody's leftover", () => {
  const strange = inputOf({ rows: [row("constructor")], state: state() });
  const left = announcements([act("invite", "constructor", "full-access")], strange);
  expect(left).toEqual({
    constructor: { key: "invited/constructor/1", email: "constructor@example.org", team: "full-access" },
  });
});
