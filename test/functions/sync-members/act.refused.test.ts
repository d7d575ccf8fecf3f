// Refusals of one person and of everybody, and limits: they cost nobody else anything.
import { describe, expect, test } from "@jest/globals";
import { failed } from "../../../shared/failure.ts";
import type { Refused } from "../../../shared/github/team-writes.ts";
import { carriedOut, due, writesIn } from "./act-harness.ts";
import { act, github, idOf } from "./facts-harness.ts";

const oneStep = "Your access to example-hub: one step is left";
const blocked: Refused = {
  refused: "blocked",
  concerns: "person",
  failure: {
    service: "github",
    cause: "blocked",
    lasts: "lasting",
    explanation: { what: "a person could not be invited", why: "blocked", next: "ask them" },
  },
};

describe("one person's refusal", () => {
  test("stops nobody else, is told to nobody, and is no invitation", async () => {
    const { log, result } = await carriedOut([act("invite", "ada"), act("invite", "bo")], {
      announce: { ...due("ada"), ...due("bo") },
      writes: { invite: async ({ userId }) => (userId === idOf("ada") ? blocked : "invited") },
    });
    expect(writesIn(log)).toEqual(["invite ada to 13", "invite bo to 13"]);
    expect(log).toContain("step: one person was refused: blocked");
    expect(log.filter((line) => line.startsWith("tell"))).toEqual([`tell invited/bo/1: ${oneStep}`]);
    expect(result).toMatchObject({
      outcomes: new Map([
        ["ada", "blocked"],
        ["bo", "taken"],
      ]),
      invited: new Set(["bo"]),
      left: 0,
    });
    expect(result?.announce).toEqual({});
  });

  test("leaves them in the team that they were to move from", async () => {
    const moves = [
      act("add", "ada", "base-access"),
      act("add", "bo", "base-access"),
      act("remove", "Ada"),
      act("remove", "bo"),
    ];
    const { log, result } = await carriedOut(moves, {
      writes: { addToTeam: async ({ login }) => (login === "ada" ? "no-such-user" : "added") },
    });
    expect(writesIn(log)).toEqual([
      "add ada to base-access",
      "add bo to base-access",
      "remove bo from full-access",
    ]);
    expect(result?.left).toBe(0);
  });

  test("is not asked of GitHub when the account was never looked up", async () => {
    const { log } = await carriedOut([act("invite", "ada", "no-team-of-ours")]);
    expect(writesIn(log)).toEqual([]);
    expect(log).toContain("step: one person was refused: not looked up");
  });
});

describe("what is wrong with the organisation", () => {
  const noSeat: Refused = {
    refused: "the organisation has no free seat",
    concerns: "organisation",
    failure: { ...blocked.failure, cause: "no-seat" },
  };

  test("stops the run's invitations after one, and nothing else of it", async () => {
    const actions = [
      act("invite", "ada"),
      act("invite", "bo"),
      act("add", "cy"),
      act("remove", "dee"),
      act("invite", "eve"),
    ];
    const { log, result } = await carriedOut(actions, {
      announce: { ...due("ada"), ...due("bo") },
      writes: { invite: async () => noSeat },
    });
    expect(writesIn(log)).toEqual([
      "invite ada to 13",
      "add cy to full-access",
      "remove dee from full-access",
    ]);
    expect(log).toContain("step: nobody can be let in: the organisation has no free seat");
    expect(log.filter((line) => line.startsWith("tell"))).toEqual([]);
    expect(result).toMatchObject({
      left: 0,
      stopped: new Map([["invite", expect.objectContaining({ cause: "no-seat" })]]),
      refusals: [],
    });
    expect(result?.outcomes.get("ada")).toBe("no-seat");
    expect(result?.outcomes.get("bo")).toBeUndefined();
  });
});

describe("GitHub's limit of invitations", () => {
  const actions = [
    act("invite", "ada"),
    act("invite", "bo"),
    act("add", "cy"),
    act("remove", "dee"),
    act("cancel-invitation", "eve"),
  ];

  test("stops invitations and nothing else; nobody loses one of their three", async () => {
    const { log, result } = await carriedOut(actions, {
      announce: { ...due("ada"), ...due("bo") },
      writes: { invite: async () => "over-limit" },
      teams: github({}, { pending: [{ invitationId: 77, login: "eve" }] }),
    });
    expect(writesIn(log)).toEqual([
      "invite ada to 13",
      "add cy to full-access",
      "remove dee from full-access",
      "cancel 77",
    ]);
    expect(result).toMatchObject({ left: 2, overLimit: true, asked: new Set(), invited: new Set() });
    expect(Object.keys(result?.announce ?? {})).toEqual(["ada", "bo"]);
  });

  test("met by a move, leaves them where they are until later", async () => {
    const { log, result } = await carriedOut([act("add", "ada", "base-access"), act("remove", "ada")], {
      writes: { addToTeam: async () => "over-limit" },
    });
    expect(writesIn(log)).toEqual(["add ada to base-access"]);
    expect(result).toMatchObject({ left: 1, overLimit: true, done: [] });
  });
});

describe("GitHub asks to be left alone", () => {
  test("what was done is kept, nothing more is tried, and it is known for how long", async () => {
    let asked = 0;
    const { log, result } = await carriedOut([act("invite", "ada"), act("invite", "bo"), act("add", "cy")], {
      announce: { ...due("ada"), ...due("bo") },
      writes: {
        invite: async () => {
          asked += 1;
          if (asked === 1) return "invited";
          throw failed({ ...blocked.failure, cause: "rate-limit", lasts: "transient", waitSeconds: 61 });
        },
      },
    });
    expect(writesIn(log)).toEqual(["invite ada to 13", "invite bo to 13"]);
    expect(result).toMatchObject({ left: 2, waitSeconds: 61, invited: new Set(["ada"]) });
    expect(Object.keys(result?.announce ?? {})).toEqual(["bo"]);
  });
});
