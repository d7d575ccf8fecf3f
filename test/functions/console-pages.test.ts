// Members, Events, Schedules and Sample hub: what the pages show and what their forms do, with the sample hub's own switches
// behind them.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { z } from "zod";
import { memberList } from "../../functions/console/members.ts";
import { sampleEvents } from "../../functions/console/samples.ts";
import { checkEvent } from "../../functions/console/send.ts";
import { faultBook } from "../../local/faults.ts";
import { stoppedClock } from "../../local/movable-clock.ts";
import { answers, ControlError } from "../../shared/control.ts";
import { rowOf } from "../../shared/functions.ts";
import type { MembersHead } from "../../shared/records.ts";
import { type LookStand, lookStand, switchesOver } from "../local/look-stand.ts";
import { head, origin, seed, settings, stand, today, token } from "./console.stand.ts";

const clock = stoppedClock(new Date(`${today}T08:05:00Z`));
const faults = faultBook();
let on: Awaited<ReturnType<typeof stand>>;
let look: LookStand;
beforeAll(async () => {
  look = await lookStand(clock);
  const schedules = () => [
    {
      name: "heartbeat-prod",
      schedule: "heartbeat",
      next: `${today}T08:15:00.000Z`,
      last: `${today}T08:00:00.000Z`,
    },
  ];
  on = await stand({ world: switchesOver(look, { token, clock, faults, schedules }) });
  await seed(on.records);
});
afterAll(async () => {
  look.close();
  await on.close();
});
beforeEach(() => {
  on.published.length = 0;
  faults.clear();
});

const ask = async (path: string, init: RequestInit = {}, app = on.app): Promise<Response> =>
  app.fetch(
    new Request(`${origin}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${token}`, ...init.headers },
    }),
  );
const page = async (path: string): Promise<string> => (await ask(path)).text();
const get = async <T>(path: string, shape: z.ZodType<T>): Promise<T> =>
  shape.parse(await (await ask(path)).json());
const send = (path: string, fields: Record<string, string>): Promise<Response> =>
  ask(path, { method: "POST", body: new URLSearchParams(fields) });
const goesTo = (answer: Response) => [answer.status, answer.headers.get("location")];
const sent = () => on.published.map(({ topic, event }) => [topic, event]);
const main = (whole: string): string => whole.slice(whole.indexOf("<main"), whole.indexOf("</main>"));
const textOf = (html: string): string => html.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");

describe("members", () => {
  test("are counted by standing, those first who may need somebody", async () => {
    const { counts, total, people, asOf } = await get("/api/members/prod", answers.members);
    expect([total, asOf, counts]).toEqual([
      7,
      `${today}T08:00:02.000Z`,
      {
        rejected: 1,
        "no-such-user": 1,
        "failed-invitation": 1,
        held: 0,
        expired: 1,
        "to-invite": 0,
        invited: 1,
        unmanaged: 1,
        "in-team": 1,
      },
    ]);
    expect(people.map(({ login }) => login)).toEqual([
      "fay marsh",
      "dee-east",
      "eli-hill",
      "cy-west",
      "bo-south",
      "gus-old",
      "ada-north",
    ]);
  });

  test("are filtered by standing and text, and paged", async () => {
    const logins = async (query: string) =>
      (await get(`/api/members/prod?${query}`, answers.members)).people.map(({ login }) => login);
    expect(await logins("standing=invited")).toEqual(["bo-south"]);
    expect(await logins("text=@DEE-EAST")).toEqual(["dee-east"]);
    expect(await logins("text=bo-south@example")).toEqual(["bo-south"]);
    expect(await logins("limit=2&offset=5")).toEqual(["gus-old", "ada-north"]);
    expect((await ask("/api/members/prod?standing=good")).status).toBe(422);
    expect((await ask("/api/members/nowhere")).status).toBe(404);
  });

  test("the page has a picture that says its numbers, and rejected cells with a suggestion", async () => {
    const html = await page("/members");
    expect(html).toMatch(/<svg class="standings"[^>]*role="img" aria-label="1 rejected, 1 no such user, /);
    expect(html.match(/<rect /g)?.length).toBe(7);
    expect(textOf(html)).toContain("a login has no spaces; perhaps fay-marsh");
    expect(textOf(html)).toContain("as of the last run, 5 min ago");
    expect(html).toContain('href="/who"');
    expect(main(await page("/members?hub=prod&standing=invited")).match(/<tr>/g)?.length).toBe(2);
  });

  test("a name is looked for in a body, and never stands in an address", async () => {
    const found = await (await send("/members", { hub: "prod", text: "BO-SOUTH", standing: "" })).text();
    expect(main(found).match(/<code>[\w-]+<\/code>/g)).toEqual(["<code>bo-south</code>"]);
    expect(found).not.toContain("text=");
    expect(goesTo(await send("/members", { hub: "prod", text: " ", standing: "invited" }))).toEqual([
      303,
      "/members?hub=prod&standing=invited",
    ]);
    expect(await (await send("/members", { hub: "prod", text: "nobody-at-all" })).text()).toContain(
      "Nobody fits.",
    );
  });

  test("of three thousand a hundred are shown", () => {
    const [one] = head.people;
    if (one === undefined) throw new Error("the stand has nobody");
    const crowd: MembersHead = {
      ...head,
      people: Array.from({ length: 3000 }, (_, index) => ({
        ...one,
        login: `p-${index}`,
        cell: `C${index + 2}`,
      })),
    };
    const list = memberList("prod", crowd, { text: "p-29", limit: 100 });
    expect([list.total, list.people.length, list.counts["in-team"]]).toEqual([111, 100, 3000]);
  });

  test("a login that GitHub does not know is a cell and a person, and told once", () => {
    const [one] = head.people;
    const why = { cell: "C5", value: "dee-east", why: "no such account" };
    const { people, counts } = memberList(
      "prod",
      { ...head, rejected: [...head.rejected, why] },
      { limit: 10 },
    );
    expect(people.filter(({ cell }) => cell === "C5")).toMatchObject([
      { standing: "no-such-user", why: why.why },
    ]);
    expect([counts.rejected, one?.cell]).toEqual([1, "C2"]);
  });
});

describe("events", () => {
  test("there is a sample for every event that the console may send, and each fits", async () => {
    const { samples } = await get("/api/samples", answers.samples);
    expect(new Set(samples.map(({ topic }) => topic))).toEqual(new Set(rowOf("console").publishes));
    for (const { topic, payload } of sampleEvents("prod", settings, clock.now()))
      expect(checkEvent(topic, payload, settings)).toMatchObject({ topic, event: payload });
    const html = await page("/events");
    for (const [, address = ""] of html.matchAll(/href="(\/events\/send\?[^"]+)"/g))
      expect([address, (await ask(address.replaceAll("&amp;", "&"))).status]).toEqual([address, 200]);
  });

  test("one is sent as it is; what is wrong is named, and what was typed stays", async () => {
    const payload = JSON.stringify({ v: 1, hub: "prod", why: "edit" });
    const done = await send("/events/send", { topic: "sheet-changed", payload });
    expect(goesTo(done)).toEqual([303, `/messages/${on.published[0]?.messageId}`]);
    expect(sent()).toEqual([["sheet-changed", { v: 1, hub: "prod", why: "edit" }]]);
    for (const [typed, named] of [
      ['{"v":1,"hub":"prod","why":"boredom"}', "payload.why: "],
      ['{"v":1,"hub":"nowhere","why":"edit"}', "payload.hub: the settings know no such hub"],
      ['{"v":1,', "it is not JSON"],
    ] as const) {
      const refused = await send("/events/send", { topic: "sheet-changed", payload: typed });
      const html = await refused.text();
      expect([refused.status, html.includes(named)]).toEqual([422, true]);
      expect(html).toContain(typed.replaceAll('"', "&quot;"));
    }
    expect(on.published.length).toBe(1);
  });

  test("one that was sent is the start of another", async () => {
    const html = await page("/events/send?message=103");
    expect(html).toContain("members/invited/bo-south");
    expect((await ask("/events/send?message=999")).status).toBe(404);
    expect((await ask("/events/send?topic=notice&name=nothing")).status).toBe(404);
  });

  test("twice is two messages, lost is none, late comes when the clock has got there", async () => {
    const event = { topic: "sheet-changed", payload: '{"v":1,"hub":"prod","why":"edit"}' };
    const twice = await send("/events/send", { ...event, how: "twice" });
    expect(goesTo(twice)[1]).toBe(`/messages/${on.published.map(({ messageId }) => messageId).join(",")}`);
    expect(sent()).toEqual(Array(2).fill(["sheet-changed", { v: 1, hub: "prod", why: "edit" }]));

    const lost = await (await send("/events/send", { ...event, how: "lost" })).text();
    expect(textOf(lost)).toContain("Every 15 minutes a schedule sends the same event");
    const mail = sampleEvents("prod", settings, clock.now()).find(({ topic }) => topic === "notice");
    const gone = await send("/events/send", {
      topic: "notice",
      payload: JSON.stringify(mail?.payload),
      how: "lost",
    });
    expect(textOf(await gone.text())).toContain("Nothing sends it again by itself");

    for (const after of ["", "soon", "0s"])
      expect((await send("/events/send", { ...event, how: "late", after })).status).toBe(422);
    expect(goesTo(await send("/events/send", { ...event, how: "late", after: "20m" }))).toEqual([
      303,
      "/events",
    ]);
    expect(textOf(await page("/events"))).toContain(`sent in 20 min , at ${today} 08:25:00`);
    expect([on.published.length, look.published]).toEqual([2, []]);
    clock.moveBy(20 * 60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(look.published).toEqual([["sheet-changed", event.payload]]);
  });
});

describe("schedules", () => {
  test("say in words when they run, and when they did", async () => {
    const text = textOf(main(await page("/schedules")));
    expect(text).toContain("every 15 minutes, for each hub */15 * * * *");
    expect(text).toContain(`Last fired`);
    const { schedules } = await get("/api/schedules", answers.schedules);
    expect(schedules.find(({ schedule }) => schedule === "heartbeat")).toMatchObject({
      lastFired: `${today}T08:00:00.000Z`,
      lastRun: { messageId: "104" },
    });
  });

  test("are run now, for each hub", async () => {
    const done = await send("/schedules/heartbeat/run", {});
    expect(goesTo(done)).toEqual([303, `/messages/${on.published[0]?.messageId}`]);
    await ask("/api/schedules/tick/run", { method: "POST" });
    expect(sent()).toEqual([
      ["sheet-changed", { v: 1, hub: "prod", why: "schedule" }],
      ["continue-due", { v: 1 }],
    ]);
    expect((await send("/schedules/nothing/run", {})).status).toBe(404);
  });
});

describe("the sample hub", () => {
  test("shows sheet, organisation and mailbox as they are now", async () => {
    const text = textOf(main(await page("/sample")));
    for (const part of [
      "30 rows",
      "The organisation Sample-Hub",
      "base 2 members",
      "2 invitations not accepted yet",
      "Zugang f\u00fcr S\u00f8ren \u2013 fast da",
      "1 cell rejected",
      "prod: 3 removals wait for you because a &lt;b&gt;cell&lt;/b&gt; is empty",
      "prod: images 2026.03 are proposed",
      "scratch 2 entries on top",
      "No machine runs",
    ])
      expect(text).toContain(part);
    // The cell that the last run could not use is marked where it stands.
    expect(await page("/sample")).toMatch(/<td class="wrong"><mark>p-7<\/mark> <span>a login has no spaces/);
    expect(textOf(main(await page("/sample?from=24")))).toContain("rows 26 to 31 of 31");
    expect(textOf(main(await page("/sample?from=999")))).toContain("rows 20 to 31 of 31");
    expect(textOf(main(await page("/members?page=99")))).toContain("ada-north");
    expect(text).not.toMatch(/world|far end|ledger|dead letter/i);
  });

  test("a mail is opened as text", async () => {
    const html = await page("/sample/mails/20260302T070000000Z-first-0a.eml");
    expect(html).toContain("Hello &lt;b&gt;you&lt;/b&gt;,");
    expect((await ask("/sample/mails/..%2Fmembers.csv")).status).toBe(404);
  });

  test("the clock is moved by what people type", async () => {
    const before = clock.now().getTime();
    expect(goesTo(await send("/sample/clock", { span: "7d" }))).toEqual([303, "/sample?said=clock#clock"]);
    await send("/sample/clock", { span: " 1h30m " });
    expect(clock.now().getTime() - before).toBe((7 * 24 + 1.5) * 3_600_000);
    for (const span of ["", "yesterday", "-1h", "0s", "999d"]) {
      const refused = await send("/sample/clock", { span });
      const html = await refused.text();
      expect([refused.status, html.includes(`value="${span}"`), html.includes("data-poll")]).toEqual([
        422,
        true,
        false,
      ]);
    }
    expect(clock.now().getTime() - before).toBe((7 * 24 + 1.5) * 3_600_000);
  });

  test("something is made to fail, shows, and works again", async () => {
    const github = {
      farEnd: "github",
      kind: "status",
      status: "503",
      match: "PUT /orgs",
      times: "3",
      at: "2",
    };
    expect(goesTo(await send("/sample/faults", github))).toEqual([303, "/sample?said=faults#faults"]);
    await send("/sample/faults", { farEnd: "google", kind: "delay", delay: "1.5s", times: "", at: "" });
    await send("/sample/faults", { farEnd: "storage", kind: "lost-answer", status: "503", delay: "5s" });
    expect(faults.list()).toEqual([
      { farEnd: "github", match: "PUT /orgs", at: 2, times: 3, failure: { kind: "status", status: 503 } },
      { farEnd: "google", times: 1, failure: { kind: "delay", milliseconds: 1500 } },
      { farEnd: "storage", times: 1, failure: { kind: "lost-answer" } },
    ]);
    const text = textOf(main(await page("/sample")));
    expect(text).toContain(
      "GitHub answers with an error (503), 3 times, from call 2 on, calls with PUT /orgs",
    );
    await send("/sample/faults/clear", {});
    expect(faults.list()).toEqual([]);
  });

  test.each([
    { farEnd: "github", kind: "status", status: "200" },
    { farEnd: "github", kind: "status", status: "" },
    { farEnd: "github", kind: "delay", delay: "a while" },
    { farEnd: "github", kind: "truncated", times: "often" },
    { farEnd: "github", kind: "truncated", times: "0" },
    { farEnd: "gitlab", kind: "truncated" },
    { farEnd: "github", kind: "explode" },
    {},
  ])("nothing fails by %j, and why is said", async (fields) => {
    const refused = await send("/sample/faults", fields);
    expect([refused.status, (await refused.text()).includes("What to do")]).toEqual([422, true]);
    expect(faults.list()).toEqual([]);
  });

  test("an invitation is accepted as the invited person, once", async () => {
    const answer = await send("/sample/accept", { hub: "prod", login: "dee-d" });
    expect(goesTo(answer)).toEqual([303, "/sample?said=accepted#organisation-prod"]);
    expect(look.organisation.snapshot().teams["base"]).toEqual(["ada-a", "Bo-B", "dee-d"]);
    expect((await send("/sample/accept", { hub: "prod", login: "dee-d" })).status).toBe(422);
  });

  test("a deployment has none of it", async () => {
    const real = await stand();
    try {
      for (const path of ["/sample", "/sample/mails/x.eml"])
        expect((await ask(path, {}, real.app)).status).toBe(404);
      const form = { method: "POST", body: new URLSearchParams({ span: "1h" }) };
      expect((await ask("/sample/clock", form, real.app)).status).toBe(404);
      const home = await (await ask("/", {}, real.app)).text();
      expect([home.includes('href="/sample"'), home.includes('href="/schedules"')]).toEqual([false, true]);
      const draft = await (
        await ask("/events/send?topic=continue-due&name=as+the+schedule+tick+sends+it", {}, real.app)
      ).text();
      expect([draft.includes("Deliver twice"), draft.includes(">Send<")]).toEqual([false, true]);
      const fields = { topic: "continue-due", payload: '{"v":1}', how: "twice" };
      const twice = await ask(
        "/events/send",
        { method: "POST", body: new URLSearchParams(fields) },
        real.app,
      );
      expect([twice.status, real.published]).toEqual([422, []]);
    } finally {
      await real.close();
    }
  });

  test("a form without the page's mark turns nothing", async () => {
    const opened = await on.app.fetch(new Request(`${origin}/?token=${token}`));
    const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    for (const path of [
      "/sample/clock",
      "/sample/faults",
      "/sample/faults/clear",
      "/sample/accept",
      "/events/send",
      "/schedules/tick/run",
      "/members",
    ]) {
      const answer = await on.app.fetch(
        new Request(`${origin}${path}`, {
          method: "POST",
          headers: { cookie },
          body: new URLSearchParams({ span: "1h" }),
        }),
      );
      expect([path, answer.status]).toEqual([path, 403]);
    }
    const error = ControlError.parse(
      await (await ask("/api/world/late", { method: "POST", body: "{" })).json(),
    );
    expect(error.error.what).toBe("the event was not sent");
  });
});
