// Tests of the pages and their forms: Members, Events, Schedules, and what holds of every page.
import { describe, expect, test } from "@jest/globals";
import { sampleEvents } from "../../../functions/console/events/samples.ts";
import { checkEvent } from "../../../functions/console/events/send.ts";
import { memberList } from "../../../functions/console/members/list.ts";
import { answers } from "../../../shared/control.ts";
import { rowOf } from "../../../shared/functions.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import { head, incidents, storeRun, today } from "./day.ts";
import { settings } from "./harness.ts";
import { goesTo, main, pagesHarness, textOf } from "./pages-harness.ts";

const { clock, on, published, ask, page, get, send } = pagesHarness();
const sentOf = (all: { topic: string; event: unknown }[]) => all.map(({ topic, event }) => [topic, event]);
const sent = () => sentOf(published());

describe("members", () => {
  test("are counted by status, those first who may need somebody", async () => {
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

  test("are filtered by status and text, and paged", async () => {
    const logins = async (query: string) =>
      (await get(`/api/members/prod?${query}`, answers.members)).people.map(({ login }) => login);
    expect(await logins("status=invited")).toEqual(["bo-south"]);
    expect((await ask("/api/members/prod?text=dee-east")).status).toBe(422);
    expect(await logins("limit=2&offset=5")).toEqual(["gus-old", "ada-north"]);
    expect((await ask("/api/members/prod?status=good")).status).toBe(422);
    expect((await ask("/api/members/nowhere")).status).toBe(404);
  });

  test("the mails that would go out are shown with their own values, and the texts below", async () => {
    const html = main(await page("/members/mails?hub=prod"));
    expect(textOf(html)).toContain("1 mail would go out on prod");
    expect(html).toMatch(/<pre>Hello Cy b,\n\nthe invitation of the GitHub account &quot;cy&quot;/);
    expect(html.match(/<details/g)?.length).toBe(12);
    const { mails } = answers.mails.parse(await (await ask("/api/members/prod/mails")).json());
    expect(mails).toMatchObject([
      { occasion: "reminder-3", to: "cy@example.org", template: "Groundcrew's own" },
    ]);
    expect((await ask("/api/members/nowhere/mails")).status).toBe(404);
  });

  test("the page has a picture that says its numbers, and rejected cells with a suggestion", async () => {
    const html = await page("/members");
    expect(html).toMatch(/<svg class="statuses"[^>]*role="img" aria-label="1 rejected, 1 no such user, /);
    expect(html.match(/<rect /g)?.length).toBe(7);
    expect(textOf(html)).toContain("a login has no spaces; perhaps fay-marsh");
    expect(textOf(html)).toContain("as of the last run, 5 min ago");
    expect(html).toContain('href="/who"');
    expect(main(await page("/members?hub=prod&status=invited")).match(/<tr>/g)?.length).toBe(2);
  });

  test("a name is looked for in a body, and never stands in an address", async () => {
    const find = async (text: string) => (await send("/members", { hub: "prod", text, status: "" })).text();
    const found = await find("BO-SOUTH");
    expect(main(found).match(/<code>[\w-]+<\/code>/g)).toEqual(["<code>bo-south</code>"]);
    expect(found).not.toContain("text=");
    for (const text of ["@DEE-EAST", "dee-east@example"])
      expect(main(await find(text)).match(/<code>[\w-]+<\/code>/g)).toEqual(["<code>dee-east</code>"]);
    expect(goesTo(await send("/members", { hub: "prod", text: " ", status: "invited" }))).toEqual([
      303,
      "/members?hub=prod&status=invited",
    ]);
    expect(await (await send("/members", { hub: "prod", text: "nobody-at-all" })).text()).toContain(
      "Nobody fits.",
    );
  });

  test("of three thousand a hundred are shown", () => {
    const [one] = head.people;
    if (one === undefined) throw new Error("the day has nobody");
    const crowd: MembersState = {
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
      { status: "no-such-user", why: why.why },
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
    expect(goesTo(done)).toEqual([303, `/messages/${published()[0]?.messageId}`]);
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
    expect(published().length).toBe(1);
  });

  test("one that was sent is the start of another", async () => {
    const html = await page("/events/send?message=103");
    expect(html).toContain("members/invited/bo-south");
    expect((await ask("/events/send?message=999")).status).toBe(404);
    expect((await ask("/events/send?topic=notice&name=nothing")).status).toBe(404);
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
    expect(goesTo(done)).toEqual([303, `/messages/${published()[0]?.messageId}`]);
    await ask("/api/schedules/tick/run", { method: "POST" });
    expect(sent()).toEqual([
      ["sheet-changed", { v: 1, hub: "prod", why: "schedule" }],
      ["continue-due", { v: 1 }],
    ]);
    expect((await send("/schedules/nothing/run", {})).status).toBe(404);
  });
});

describe("pages", () => {
  test("a payload shows whom it is about only when asked", async () => {
    const path = `/runs/${today}/075000000-send-notice-103-1`;
    const hidden = await page(path);
    expect(hidden).not.toContain("bo-south");
    expect(hidden).toContain("•••@example.org");
    expect(await page(`${path}?show=yes`)).toContain("bo-south@example.org");
    expect(await page("/undelivered")).not.toContain("bo-south");
  });

  test("a text of runs is looked for in a body, and never stands in an address", async () => {
    const found = await (await send("/runs", { text: "INVITED", day: today, flow: "", outcome: "" })).text();
    expect(main(found).match(/<tr id="r-[^"]+"/g)).toEqual([
      '<tr id="r-080000000-sync-members-104-1"',
      '<tr id="r-073000000-sync-members-101-1"',
    ]);
    expect(found).toContain('value="INVITED"');
    expect(found).not.toMatch(/text=|data-poll|method="get"/);
    expect(await page("/runs?text=nobody-at-all")).not.toContain("nobody-at-all");
    expect(goesTo(await send("/runs", { text: " ", day: today, flow: "", outcome: "failed" }))).toEqual([
      303,
      `/runs?day=${today}&outcome=failed`,
    ]);
  });

  test("a run that changed people has a button that undoes it, and no other run has one", async () => {
    const effects = [{ do: "invite", login: "ada-north", team: "full-access" }];
    await storeRun(on().records, { at: "06:10:00", messageId: "67", effects });
    const path = `/runs/${today}/061000000-sync-members-67-1`;
    const html = await page(path);
    expect(html).toContain(`action="${path}/undo"`);
    expect(await page(`/runs/${today}/075000000-send-notice-103-1`)).not.toContain("/undo");
    const pressed = await send(`${path}/undo`, { dryRun: "yes" });
    const undo = `${today}/061000000-sync-members-67-1`;
    expect(published().map(({ event }) => event)).toEqual([
      { v: 1, hub: "prod", why: "person", undo, dryRun: true },
    ]);
    expect(goesTo(pressed)).toEqual([303, `/messages/${published()[0]?.messageId}`]);
  });

  test("what was typed into the sheet stays text", async () => {
    await storeRun(on().records, { at: "06:00:00", messageId: "66", title: "<script>alert(1)</script>\"'&" });
    const html = await page(`/runs/${today}/060000000-sync-members-66-1`);
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;");
    expect(html).not.toContain("<script>alert");
  });
});

describe("a clock of its own, which moves", () => {
  const { clock, look, published, page, send } = pagesHarness();

  test("twice is two messages, lost is none, late comes when the clock has got there", async () => {
    const event = { topic: "sheet-changed", payload: '{"v":1,"hub":"prod","why":"edit"}' };
    const twice = await send("/events/send", { ...event, how: "twice" });
    expect(goesTo(twice)[1]).toBe(
      `/messages/${published()
        .map(({ messageId }) => messageId)
        .join(",")}`,
    );
    expect(sentOf(published())).toEqual(Array(2).fill(["sheet-changed", { v: 1, hub: "prod", why: "edit" }]));

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
    expect([published().length, look().published]).toEqual([2, []]);
    clock.moveBy(20 * 60_000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(look().published).toEqual([["sheet-changed", event.payload]]);
  });
});

describe("records of its own", () => {
  const { ask, on, page } = pagesHarness();

  test("a poll is answered with the page's main part, and with nothing while it stays the same", async () => {
    const poll = (etag = "") =>
      ask("/runs", { headers: { "x-groundcrew-part": "main", "if-none-match": etag } });
    const first = await poll();
    expect(await first.text()).not.toContain("<html");
    const etag = first.headers.get("etag") ?? "";
    expect((await poll(etag)).status).toBe(304);
    const whole = await page("/runs");
    expect(whole).toContain(`data-etag="${etag.replaceAll('"', "&quot;")}"`);
    await storeRun(on().records, {
      at: "",
      startedAt: on().clock.now().toISOString(),
      messageId: "201",
      title: "news",
    });
    const changed = await poll(etag);
    expect([changed.status, (await changed.text()).includes("news")]).toEqual([200, true]);
  });
});

describe("records of its own, which are damaged", () => {
  const { ask, get, on, page } = pagesHarness();

  test("a record of a newer version, or a damaged one, is named and hides nothing else", async () => {
    const current = await on().storage.operator();
    const file = current.bucket(`${on().project}-ledger`).file("head/incidents/prod.json");
    await file.save(JSON.stringify({ ...incidents, v: 2 }), { resumable: false });
    const [need] = (await get("/api/home", answers.home)).needsYou;
    expect(need).toMatchObject({ kind: "unreadable", hub: "prod" });
    expect(need?.text).toContain("newer Groundcrew");
    expect((await ask("/")).status).toBe(200);
    await file.save("{", { resumable: false });
    expect(await page("/")).toContain("it is not JSON: the object is damaged");
  });
});
