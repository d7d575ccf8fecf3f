// Tests of what people are told: it fits the notice's schema whatever their login, and says nothing of anybody else.
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { announcements } from "../../../functions/sync-members/announce.ts";
import { heldNotice, titleOf, unusableSheetNotice } from "../../../functions/sync-members/text.ts";
import { events } from "../../../shared/events.ts";
import type { Occasion } from "../../../shared/members/mail-templates.ts";
import { noticeOf } from "../../../shared/members/mails.ts";
import type { Hub } from "../../../shared/settings.ts";
import { act, hub, inputOf, row } from "./facts-harness.ts";

const parse = (notice: unknown) => events.notice.parse(notice);
type Person = { hub: string; key: string; email: string; login: string };
const written = (occasion: Occasion, { hub: hubName, ...person }: Person, of: Hub) =>
  noticeOf({ occasion, ...person, until: "2026-11-28" }, { hub: of, hubName });
const invitedNotice = (person: Person, of: Hub) => written("invited", person, of);
const addedNotice = (person: Person, of: Hub) => written("added", person, of);
const ada = { hub: "prod", key: "invited/ada/1", email: "ada@example.org", login: "ada" };

describe("to a person", () => {
  test("who was invited: the account, the link, the hub", () => {
    const { to, subject, text } = parse(invitedNotice(ada, hub));
    expect(to).toEqual({ mail: ["ada@example.org"] });
    expect(subject).toBe("Your access to example-hub: one step is left");
    expect(text).toContain("Log in to GitHub as ada.");
    expect(text).toContain("https://github.com/orgs/example-hub/invitation");
    expect(text).toContain("https://hub.example.org");
  });

  test("who was added: to log out and in again, and nothing to accept", () => {
    const { to, subject, text } = parse(addedNotice(ada, hub));
    expect(to).toEqual({ mail: ["ada@example.org"] });
    expect(subject).toBe("Your access to example-hub has changed");
    expect(text).toContain("log out first");
    expect(text).not.toMatch(/accept|invit/i);
  });

  test("their address stands only where the mail goes", () => {
    for (const notice of [invitedNotice(ada, hub), addedNotice(ada, hub)]) {
      const { to: _, ...rest } = notice;
      expect(JSON.stringify(rest)).not.toContain("@");
    }
  });

  test("whatever login GitHub allows, in the longest team, the notice fits its schema", () => {
    // Old accounts and those of companies have what new ones may not: hyphens in a row or at the end, underscores.
    const login = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,38}$/);
    const team = fc.constantFrom("full-access", "0", "a_b-c", "t".repeat(100));
    fc.assert(
      fc.property(login, team, fc.constantFrom("invite", "add"), (name, slug, act) => {
        const sheet = inputOf({ rows: [row(name, "Research", { email: "someone@example.org" })] });
        const action = { do: act as "invite" | "add", about: name, team: slug, why: "x" };
        const due = announcements([action], { ...sheet, state: undefined })[name.toLowerCase()];
        const person = { hub: "h", key: due?.key ?? "", email: due?.email ?? "", login: name.toLowerCase() };
        parse(invitedNotice(person, hub));
        parse(addedNotice(person, hub));
      }),
      { seed: 20261121, numRuns: 300 },
    );
  });
});

describe("to the team", () => {
  const because = "4 removals are many at once; up to 3 go through unasked";
  const held = (count: number) => Array.from({ length: count }, () => ({ do: "remove", because }));

  test("what is on hold, by number alone, and how to answer", () => {
    const notice = parse(
      heldNotice({
        key: "0123456789abcdef/2026-11-21t08-00-00",
        hub: "prod",
        plan: "0123456789abcdef",
        held: held(4),
      }),
    );
    expect(notice.to).toBe("team");
    expect(notice.subject).toBe("prod: 4 removals wait for you");
    expect(notice.text).toContain(because);
    expect(notice.text).toContain("npx groundcrew members approve 0123456789abcdef --hub prod");
    expect(JSON.stringify(notice)).not.toContain("@");
  });

  test("a sheet that cannot be read, in the words of whoever read it", () => {
    const notice = parse(
      unusableSheetNotice({ hub: "prod", key: "sheet-unusable/2026-11-21/x", what: "No column." }),
    );
    expect(notice).toMatchObject({ to: "team", subject: "prod: the member sheet cannot be read" });
    expect(notice.text).toContain("No column.");
  });

  test("the longest hub's name leaves a subject that fits", () => {
    const longest = "h".repeat(20);
    parse(
      heldNotice({
        key: "0123456789abcdef/2026-11-21t08-00-00",
        hub: longest,
        plan: "0123456789abcdef",
        held: held(100_000),
      }),
    );
    parse(unusableSheetNotice({ hub: longest, key: "k", what: "x" }));
    parse(invitedNotice({ ...ada, hub: longest }, { ...hub, organisation: "o".repeat(39) }));
    parse(addedNotice({ ...ada, hub: longest }, { ...hub, organisation: "o".repeat(39) }));
  });
});

describe("the title of a plan", () => {
  const actions = [
    act("remove", "a"),
    act("invite", "b"),
    act("invite", "c"),
    act("add", "d"),
    act("cancel-invitation", "e"),
  ];
  const cell = { about: "C2", value: "x", why: "y" };

  test("counts what is to be done", () => {
    expect(titleOf({ actions, held: [act("remove", "f")], refused: [cell] }, "planned")).toBe(
      "2 to invite, 1 to add, 1 to remove, 1 invitations to withdraw, 1 on hold, 1 cell rejected",
    );
  });

  test("and what was done", () => {
    expect(titleOf({ actions, held: [], refused: [cell, cell] }, "done")).toBe(
      "2 invited, 1 added, 1 removed, 1 invitations withdrawn, 2 cells rejected",
    );
  });

  test("says so when there is nothing", () => {
    expect(titleOf({ actions: [], held: [], refused: [] }, "done")).toBe("nothing to change");
  });
});
