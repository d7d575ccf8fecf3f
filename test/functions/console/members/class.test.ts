// Tests of a whole class that is asked about at once, by whatever the list has: names, logins, addresses.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { why } from "../../../../functions/console/members/why.ts";
import { answers } from "../../../../shared/control.ts";
import { QuotaState } from "../../../../shared/quota/records.ts";
import { fewMembers, settingsOf } from "../../../local/sample/sample-settings.ts";
import { head, heldPlan, today } from "../day.ts";
import { asker, openConsole, settings } from "../harness.ts";
import { textOf } from "../pages-harness.ts";
import { ada, answerTo, people } from "./looked.ts";

/** Readings that count how often they are asked. */
function depsWith(state: typeof head) {
  const asked = { states: 0, quotas: 0, plans: 0, incidents: 0, applications: 0 };
  const all =
    <T>(name: keyof typeof asked, value: T) =>
    async () => {
      asked[name] += 1;
      return value;
    };
  const never = async () => {
    throw new Error("nobody asks for that");
  };
  return {
    asked,
    settings,
    states: { all: all("states", new Map([["prod", state]])) },
    quotas: { all: all("quotas", new Map()) },
    applications: all("applications", { rows: [] }),
    plans: { all: never, one: all("plans", undefined), decide: never },
    incidents: {
      all: all("incidents", { open: [], over: [], unreadable: [] }),
      acknowledge: never,
      close: never,
      undeliveredResolved: never,
    },
  };
}

test("forty of ten thousand cost as many reads as one", async () => {
  const state = {
    ...head,
    people: people(...Array.from({ length: 10_000 }, (_, index) => `Member Number${index}`)),
  };
  const deps = depsWith(state);
  const who = Array.from({ length: 40 }, (_, index) =>
    index % 2 === 0 ? `Number${index * 7}, Member` : `nobody-${index}-at-all`,
  );
  const found = await why({ hubs: ["prod"], who }, deps);
  expect(found.map((person) => person.answers[0]?.finding)).toEqual([
    ...Array.from({ length: 20 }, () => "not-found"),
    ...Array.from({ length: 20 }, () => "in-team"),
  ]);
  expect(deps.asked).toEqual({ states: 1, quotas: 1, plans: 1, incidents: 1, applications: 0 });
});

describe("on a console", () => {
  let on: Awaited<ReturnType<typeof openConsole>>;
  const { ask, post, page } = asker(() => on.app);
  beforeAll(async () => {
    on = await openConsole();
    const held = { ...ada, login: "ira-one", email: "ira@example.org", status: "held" as const, cell: "C9" };
    await on.records.create("head/members/prod.json", { ...head, people: [...head.people, held] });
    await on.records.create("plans/prod/0a1b2c3d4e5f.json", heldPlan, {
      madeAt: heldPlan.madeAt,
      flow: heldPlan.flow,
    });
  });
  afterAll(() => on.close());
  const askAbout = async (who: string[]) =>
    answers.why.parse(await (await post("/api/members/prod/why", { who })).json());

  test("a class is summed up, and those come first who need something", async () => {
    const { summary, people: found } = await askAbout([
      "ada-north",
      "bo-south",
      "nobody-at-all",
      "dee-east",
      "ada-north",
    ]);
    expect(summary).toBe("1 fine, 1 to accept, 1 to correct, 1 unknown");
    expect(found.map(({ who }) => who)).toEqual(["dee-east", "bo-south", "nobody-at-all", "ada-north"]);
    expect((await post("/api/members/prod/why", { who: Array(501).fill("x") })).status).toBe(422);
  });

  test("the page has the sum, each letter, and how many were left out of too many", async () => {
    const on = async (who: string) =>
      textOf(await (await ask("/who", { method: "POST", body: new URLSearchParams({ who }) })).text());
    const shown = await on("ada-north\nbo-south");
    expect(shown).toContain("What was found: 1 fine, 1 to accept, 0 to correct, 0 unknown");
    expect(shown).toMatch(/bo-south F invited .* H in the team /);
    expect(shown).not.toContain("were looked for");
    const many = await on(Array.from({ length: 503 }, (_, index) => `p-${index}`).join("\n"));
    expect(many).toContain("The first 500 of 503 were looked for");
    expect(await page("/who")).toContain("Name, GitHub username or e-mail address");
  });

  test("a change that waits is on hold, and once rejected it is turned down", async () => {
    const [first] = (await askAbout(["ira-one"])).people[0]?.answers ?? [];
    expect(first).toMatchObject({ finding: "held", letter: "K", need: "to-correct" });
    expect(first?.sentence).toContain("4 people would be removed at once");
    await post("/api/plans/prod/0a1b2c3d4e5f/reject", { only: ["ira-one"] });
    const [then] = (await askAbout(["ira-one"])).people[0]?.answers ?? [];
    expect(then).toMatchObject({ finding: "turned-down", letter: "L" });
  });

  test("a home that has reached what is enforced is named before a browser is blamed", async () => {
    const home = {
      bytes: 49_000_000_000,
      complete: true,
      measuredAt: `${today}T06:00:00.000Z`,
      past: [],
      login: "ada-north",
      status: "urgent" as const,
      since: `${today}T06:00:00.000Z`,
      told: [],
      episode: 1,
      missing: 0,
    };
    const homes = QuotaState.parse({
      v: 1,
      at: `${today}T06:00:00.000Z`,
      volumeDays: [],
      homes: { "ada-north": home, "bo-south": { ...home, login: "bo-south", status: "warned" } },
      disputed: [],
      nobodyTold: [],
      toTell: [],
    });
    const withQuota = settingsOf({ hubs: { prod: { members: fewMembers, quota: { enforced: "50 GB" } } } });
    const inside = {
      ...head,
      people: head.people.map((person) => ({ ...person, status: "in-team" as const })),
    };
    const deps = {
      ...depsWith(inside),
      settings: withQuota,
      quotas: { all: async () => new Map([["prod", homes]]) },
    };
    const found = await why({ hubs: ["prod"], who: ["ada-north", "bo-south"] }, deps);
    expect(found.map(({ who, answers: [one] }) => [who, one?.finding, one?.need])).toEqual([
      ["ada-north", "home-full", "to-correct"],
      ["bo-south", "in-team", "fine"],
    ]);
    expect(found[0]?.answers[0]?.sentence).toContain("49 GB of the 50 GB");
    // The server may tell of another limit for this home, also where the settings have none.
    const own = { ...home, limit: 52_000_000_000 };
    const ofOwn = await why(
      { hubs: ["prod"], who: ["ada-north"] },
      {
        ...deps,
        settings: settingsOf({ hubs: { prod: { members: fewMembers, quota: {} } } }),
        quotas: { all: async () => new Map([["prod", { ...homes, homes: { "ada-north": own } }]]) },
      },
    );
    expect(ofOwn[0]?.answers[0]?.sentence).toContain("49 GB of the 52 GB");
  });
});

describe("what stands in the way now", () => {
  const [incident] = [{ what: "members are not compared", why: "GitHub answers 503", next: "wait" }];
  const at = (minute: string) => `${today}T08:${minute}:00.000Z`;
  const open = (seen: string, more: object = {}) => ({
    key: "prod/sync-members/github-503",
    hub: "prod",
    runbook: "",
    flow: "sync-members",
    cause: "github-503",
    kind: "failed" as const,
    reason: incident as NonNullable<typeof incident>,
    service: "github" as const,
    workers: [],
    needs: [],
    opened: seen,
    seen,
    lasting: false,
    waits: false,
    reach: "nobody" as const,
    told: 0,
    ...more,
  });
  const state = {
    ...head,
    people: [...people("Ada North"), { ...ada, login: "new", status: "to-invite" as const }],
  };
  const ask = async (...incidents: ReturnType<typeof open>[]) => {
    const deps = depsWith(state);
    deps.incidents.all = async () => ({ open: incidents as never[], over: [], unreadable: [] });
    const found = await why({ hubs: ["prod"], who: ["p-0", "new", "nobody-at-all"] }, deps);
    return Object.fromEntries(found.map(({ who, answers: [one] }) => [who, one]));
  };

  test("is told where it is newer than the last look", async () => {
    const found = await ask(open(at("03")));
    expect(found["p-0"]).toMatchObject({ finding: "outage", need: "to-wait" });
    expect(found["new"]).toMatchObject({ finding: "outage", next: "wait" });
    expect(found["nobody-at-all"]?.sentence).toContain(
      "What is newer is not known: members are not compared",
    );
  });

  test("is not told where a look has succeeded since, nor where it waits for a person or is another hub's", async () => {
    const before = open("2026-03-02T07:59:00.000Z");
    for (const one of [before, open(at("03"), { kind: "held" }), open(at("03"), { hub: "staging" })]) {
      const found = await ask(one);
      expect([found["p-0"]?.finding, found["new"]?.finding]).toEqual(["in-team", "to-invite"]);
    }
  });

  test("is not GitHub's outage where a person has to mend it, though runs do not get through", async () => {
    const found = await ask(open(at("03"), { lasting: true }));
    expect([found["p-0"]?.finding, found["new"]?.finding]).toEqual(["in-team", "outage"]);
  });
});

test("what no record tells is to be checked only where all else is well", () => {
  const state = {
    ...head,
    people: [...people("Ada North"), { ...ada, login: "asked", status: "invited" as const }],
  };
  const { check } = answerTo("p-0", { state, fullHomes: undefined });
  expect(check?.join()).toMatch(/second factor.*hub's app is allowed.*home is full/s);
  expect(answerTo("p-0", { state }).check?.join()).not.toContain("home is full");
  expect(answerTo("asked", { state }).check).toBeUndefined();
});
