// Tests of why somebody cannot log in, and of what comes next, on a morning's records.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { memberList } from "../../../../functions/console/members/list.ts";
import { answers } from "../../../../shared/control.ts";
import type { Hub } from "../../../../shared/settings.ts";
import { head, seed } from "../day.ts";
import { asker, openConsole, settings } from "../harness.ts";
import { answerTo } from "./looked.ts";

let on: Awaited<ReturnType<typeof openConsole>>;
beforeAll(async () => {
  on = await openConsole();
  await seed(on.records);
});
afterAll(() => on.close());
const { ask, get, page, post } = asker(() => on.app);

const whyOf = async (...who: string[]) =>
  answers.why
    .parse(await (await post("/api/members/prod/why", { who })).json())
    .people.flatMap((person) => person.answers);

test.each([
  ["ada-north", "in-team"],
  ["@Bo-South", "invited"],
  ["https://github.com/cy-west/", "expired"],
  ["dee-east@example.org", "no-such-user"],
  ["eli-hill", "unknown-end"],
  ["fay marsh", "rejected"],
  ["gus-old", "not-in-sheet"],
  ["nobody-at-all", "not-found"],
])("why %s cannot log in: %s", async (who, finding) => {
  expect((await whyOf(who)).map((answer) => answer.finding)).toEqual([finding]);
});

test("the list of members says how many changes are on hold, for who left the sheet is in none of its rows", async () => {
  expect((await get("/api/members/prod", answers.members)).onHold).toBe(4);
  expect(await page("/members")).toContain("4 changes are on hold");
});

test.each([
  [1, "They are invited again by itself on 2026-02-27: tell them"],
  [3, "invite them by hand at https://github.com/orgs/example-hub/people"],
])("after %d lapsed invitations, what comes next", async (invitations, next) => {
  const known = { "eli-hill": { invitations, invitedAt: "2026-02-20T09:00:00.000Z" } };
  expect(
    answerTo("eli-hill", { state: { ...head, known }, hub: settings.hubs["prod"] as Hub }).next,
  ).toContain(next);
});

test("who left the sheet while removals are only reported is named, and is not said to be in no team", async () => {
  const left = (login: string, act: string) => ({
    login,
    team: "full-access",
    do: act,
    why: "no longer in the sheet",
    because: "removals are only reported: members.removals of the settings",
  });
  const reported = [
    left("hugo-oak", "remove"),
    left("ivy-elm", "cancel-invitation"),
    // Has a row, for another tier: their own line tells where they stand.
    left("ada-north", "remove"),
  ];
  const state = { ...head, reported };
  const of = (who: string) => answerTo(who, { state });
  expect(of("Hugo-Oak")).toMatchObject({ finding: "not-in-sheet" });
  expect(of("hugo-oak").sentence).toContain("removals are only reported");
  expect(of("ivy-elm")).toMatchObject({ finding: "invited" });
  expect(of("ada-north").finding).toBe("in-team");
  const { people } = memberList("prod", state, { status: "unmanaged", limit: 10 });
  expect(people.map(({ login, why: because }) => [login, because])).toEqual([
    ["gus-old", undefined],
    ["hugo-oak", "no longer in the sheet; removals are only reported: members.removals of the settings"],
    ["ivy-elm", "no longer in the sheet; removals are only reported: members.removals of the settings"],
  ]);
});

test("a slip of the finger is guessed, and who is invited gets the link", async () => {
  const [slip] = await whyOf("ada-nroth");
  expect(slip?.sentence).toContain("Cell C2 has ada-north");
  const [invited] = await whyOf("bo-south");
  expect(invited?.paste).toContain("https://github.com/orgs/example-hub/invitation");
  expect((await post("/api/members/nowhere/why", { who: ["x"] })).status).toBe(404);
  for (const body of [{}, { who: "ada" }, { who: [] }, { who: [" "] }, { who: ["x".repeat(400)] }])
    expect((await post("/api/members/prod/why", body)).status).toBe(422);
  // An address is logged, so nobody's login is looked for by one.
  expect((await ask("/api/members/prod/why?who=ada-north")).status).toBe(404);
});
