// Doing what was decided: one person at a time, each told right after, and nobody's refusal costs another.
import { describe, expect, test } from "@jest/globals";
import { carriedOut, due, writesIn } from "./act-harness.ts";
import { act, github, now } from "./facts-harness.ts";

const oneStep = "Your access to example-hub: one step is left";
const changed = "Your access to example-hub has changed";
describe("one person at a time", () => {
  test("the lease is looked at before each write, a pause lies between two, and each is told right after", async () => {
    const { log, result } = await carriedOut([act("invite", "ada"), act("add", "bo"), act("remove", "cy")], {
      announce: { ...due("ada"), ...due("bo", "added") },
    });
    expect(log).toEqual([
      "check",
      "invite ada to 13",
      "effect: invite ada full-access",
      `tell invited/ada/1: ${oneStep}`,
      "pause",
      "check",
      "add bo to full-access",
      "effect: add bo full-access",
      `tell added/bo/1: ${changed}`,
      "pause",
      "check",
      "remove cy from full-access",
      "effect: remove cy full-access",
    ]);
    expect(result).toMatchObject({
      left: 0,
      overLimit: false,
      asked: new Set(["ada"]),
      invited: new Set(["ada"]),
      added: new Set(["bo"]),
    });
    expect(result?.announce).toEqual({});
    expect(result?.done).toHaveLength(3);
  });

  test("an invitation is withdrawn by its number", async () => {
    const teams = github({}, { pending: [{ invitationId: 77, login: "Ada", teams: ["full-access"] }] });
    const { log } = await carriedOut([act("cancel-invitation", "ada")], { teams });
    expect(log).toEqual(["check", "cancel 77", "effect: cancel-invitation ada full-access"]);
  });

  test("what another had done already is no effect", async () => {
    const teams = github({}, { pending: [{ invitationId: 77, login: "bo", teams: ["full-access"] }] });
    const { log, result } = await carriedOut(
      [act("remove", "ada"), act("cancel-invitation", "bo"), act("cancel-invitation", "never-invited")],
      {
        teams,
        writes: { removeFromTeam: async () => "not-there", cancelInvitation: async () => "not-there" },
      },
    );
    expect(writesIn(log)).toEqual(["remove ada from full-access", "cancel 77"]);
    expect(log.filter((line) => line.startsWith("effect"))).toEqual([]);
    expect(result).toMatchObject({ done: [], left: 0 });
  });
});

describe("somebody of the organisation already", () => {
  test("is added instead, and told of access, not of an invitation", async () => {
    const { log, result } = await carriedOut([act("invite", "ada")], {
      announce: due("ada"),
      writes: { invite: async () => "already" },
    });
    expect(log).toEqual([
      "check",
      "invite ada to 13",
      "check",
      "add ada to full-access",
      "effect: invite ada full-access",
      `tell invited/ada/1: ${changed}`,
    ]);
    expect(result).toMatchObject({ added: new Set(["ada"]), invited: new Set() });
  });

  test("is left to whoever has taken over while GitHub was slow to say so", async () => {
    let held = true;
    const { log, error } = await carriedOut([act("invite", "ada")], {
      announce: due("ada"),
      writes: {
        invite: async () => {
          held = false;
          return "already";
        },
      },
      more: {
        check: async () => {
          if (!held) throw new Error("the lease was lost");
        },
      },
    });
    expect(log).toEqual(["invite ada to 13"]);
    expect(error?.message).toBe("the lease was lost");
  });

  test("who turns out to be invited is told to accept", async () => {
    const { log } = await carriedOut([act("add", "ada")], {
      announce: due("ada", "added"),
      writes: { addToTeam: async () => "invited" },
    });
    expect(log.at(-1)).toBe(`tell added/ada/1: ${oneStep}`);
  });
});

describe("a run that cannot finish", () => {
  test("leaves the rest when its time is up", async () => {
    let minutes = 0;
    const { log, result } = await carriedOut([act("add", "ada"), act("add", "bo"), act("remove", "cy")], {
      more: {
        until: new Date(now.getTime() + 60_000),
        now: () => new Date(now.getTime() + 60_000 * minutes),
      },
      writes: {
        addToTeam: async () => {
          minutes += 1;
          return "added";
        },
      },
    });
    expect(writesIn(log)).toEqual(["add ada to full-access"]);
    expect(result?.left).toBe(2);
  });

  test("stops at once when another delivery has taken over", async () => {
    let looks = 0;
    const { log, error } = await carriedOut([act("add", "ada"), act("add", "bo"), act("add", "cy")], {
      more: {
        check: async () => {
          looks += 1;
          if (looks === 2) throw new Error("the lease was lost");
        },
      },
    });
    expect(error?.message).toBe("the lease was lost");
    expect(writesIn(log)).toEqual(["add ada to full-access"]);
  });

  test("stops at once when nobody knows what became of a write, and tells nobody of it", async () => {
    const { log, error } = await carriedOut([act("invite", "ada"), act("invite", "bo")], {
      announce: due("ada"),
      writes: { invite: async () => Promise.reject(new Error("no answer")) },
    });
    expect(error?.message).toBe("no answer");
    expect(log).toEqual(["check", "invite ada to 13"]);
  });

  test("has its effect on record when the telling fails", async () => {
    const { log, error } = await carriedOut([act("add", "ada"), act("add", "bo")], {
      announce: due("ada", "added"),
      more: { publish: async () => Promise.reject(new Error("no bus")) },
    });
    expect(error?.message).toBe("no bus");
    expect(log).toEqual(["check", "add ada to full-access", "effect: add ada full-access"]);
  });
});

describe("what an earlier run left to tell", () => {
  test("is told first, by what has become of them since", async () => {
    const { log, result } = await carriedOut([], {
      announce: { ...due("ada"), ...due("bo") },
      teams: github({ "full-access": ["Bo"] }, { pending: [{ login: "ada", teams: ["full-access"] }] }),
    });
    expect(log).toEqual([`tell invited/ada/1: ${oneStep}`, `tell invited/bo/1: ${changed}`]);
    expect(result?.announce).toEqual({});
  });

  test("a login that every object knows, with nothing to tell, is told nothing", async () => {
    const { log, error } = await carriedOut([act("add", "constructor")]);
    expect(error).toBeUndefined();
    expect(log.filter((line) => line.startsWith("tell"))).toEqual([]);
  });
});
