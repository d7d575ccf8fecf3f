// Weather by name: what reigns strikes, the clock ends it, a restart does not; and reads that lag show what was.
import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { deliveries } from "../../../local/pubsub/deliveries.ts";
import { directory } from "../../../local/pubsub/directory.ts";
import { createSubscription } from "../../../local/pubsub/operations.ts";
import { newTopic, subscriptionName, topicName } from "../../../local/pubsub/resource.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { spells } from "../../../local/wire/spells.ts";
import { openState } from "../../../local/wire/state.ts";
import { calendarIn, lagging, laggingLooks, skyOver } from "../../../local/wire/weather.ts";
import { keysOf } from "../../../shared/closed.ts";
import { readTeams } from "../../../shared/github/people.ts";
import { teamWrites } from "../../../shared/github/team-writes.ts";
import { randomOf } from "../../simulate/random.ts";
import { computeHarness, order, sampleTransfers } from "../compute/harness.ts";
import { githubHarness, organisation } from "../github/harness.ts";
import { harness, spreadsheet } from "../google/harness.ts";

const minute = 60_000;
const clock = () => stoppedClock(new Date("2031-03-03T10:00:00Z"));
function over(time = clock()) {
  const state = openState(":memory:");
  const now = () => time.now().getTime();
  const weather = calendarIn(state, now);
  return { state, time, now, weather, sky: skyOver(now, weather.list) };
}

test("a service that is down answers so until the clock has moved past it", () => {
  const { time, weather, sky } = over();
  const faults = faultStore(sky);
  expect(faults.strike("github", "GET /x")).toBeUndefined();
  weather.begin("github-down", 40 * minute);
  expect(faults.strike("github", "GET /x")).toMatchObject({ kind: "status", status: 503 });
  expect(faults.strike("slack", "POST /chat.postMessage")).toBeUndefined();
  time.moveBy(40 * minute - 1);
  expect(faults.strike("github", "GET /x")).toMatchObject({ status: 503 });
  time.moveBy(1);
  expect(faults.strike("github", "GET /x")).toBeUndefined();
});

test("only the calls of that service are struck, and what was asked for comes first", () => {
  const { weather, sky } = over();
  const faults = faultStore(sky);
  weather.begin("gmail-limit", 30 * minute);
  expect(faults.strike("google", "GET /v4/spreadsheets/1")).toBeUndefined();
  expect(faults.strike("google", "POST /gmail/v1/users/me/messages/send")).toMatchObject({
    status: 429,
    body: expect.stringContaining("Retry after 2031-03-03T10:30:00.000Z"),
    headers: { date: "Mon, 03 Mar 2031 10:00:00 GMT" },
  });
  faults.add({ farEnd: "google", failure: { kind: "lost-answer" } });
  expect(faults.strike("google", "POST /gmail/v1/users/me/messages/send")).toEqual({ kind: "lost-answer" });
});

test("it asks to be left alone for as long as it lasts", () => {
  const { time, weather, sky } = over();
  weather.begin("slack-limit", 10 * minute);
  time.moveBy(4 * minute);
  expect(sky.strike("slack", "POST /chat.postMessage")).toMatchObject({ headers: { "retry-after": "360" } });
});

test("the calendar outlives a restart; a spell begun again lasts from then on; calm ends all", () => {
  const { state, time, now, weather } = over();
  weather.begin("github-down", 10 * minute);
  time.moveBy(5 * minute);
  weather.begin("github-down", 10 * minute);
  weather.begin("no-spot", 1);
  time.moveBy(1);
  const again = calendarIn(state, now);
  const begun = Date.parse("2031-03-03T10:05:00Z");
  expect(again.list()).toEqual([{ name: "github-down", from: begun, until: begun + 10 * minute }]);
  again.clear();
  expect([again.list(), calendarIn(state, now).list()]).toEqual([[], []]);
});

test("how far reads lag can be said, and outlives a restart", () => {
  const { state, time, now, weather, sky } = over();
  const past = lagging<string>(sky, "github");
  weather.begin("github-lag", 10 * minute, 10_000);
  past.keep(() => "before");
  time.moveBy(9999);
  expect(past.seen()).toBe("before");
  expect(calendarIn(state, now).list()).toEqual(weather.list());
  expect(skyOver(now, calendarIn(state, now).list).behindMs("github")).toBe(10_000);
  time.moveBy(1);
  expect(past.seen()).toBeUndefined();
});

test("each spell lasts for a while and has a sentence of its own", () => {
  const words = keysOf(spells).map((name) => spells[name].word);
  expect(new Set(words).size).toBe(words.length);
  for (const name of keysOf(spells)) expect(spells[name].minutes).toBeGreaterThanOrEqual(10);
});

test("what lags shows how it was so long ago, the oldest first, and nothing while it is calm", () => {
  const { time, weather, sky } = over();
  const past = lagging<string>(sky, "github");
  past.keep(() => "never seen");
  expect(past.seen()).toBeUndefined();
  weather.begin("github-lag", 10 * minute);
  expect(past.seen()).toBeUndefined();
  past.keep(() => "first");
  time.moveBy(1000);
  past.keep(() => "second");
  expect(past.seen()).toBe("first");
  time.moveBy(999);
  expect(past.seen()).toBe("first");
  time.moveBy(1);
  expect(past.seen()).toBe("second");
  time.moveBy(1000);
  expect(past.seen()).toBeUndefined();
  past.keep(() => "third");
  weather.clear();
  expect(past.seen()).toBeUndefined();
});

test("what people write is new from when it is looked at", () => {
  const { time, weather, sky } = over();
  const look = laggingLooks<string>(sky, "registry");
  expect(look("a", "one")).toBe("one");
  weather.begin("registry-lag", 10 * minute);
  expect([look("a", "one"), look("a", "two"), look("b", "other")]).toEqual(["one", "one", "other"]);
  time.moveBy(2000);
  expect(look("a", "two")).toBe("two");
});

test("GitHub's reads, over REST and GraphQL, show what was before the write; the write itself counts", async () => {
  const hub = githubHarness();
  const github = hub.client("write");
  const writes = teamWrites(github, organisation);
  const read = async () => {
    const { teams, pending } = await readTeams(github, organisation, ["base"]);
    return [teams["base"]?.members.map(({ login }) => login), pending.map(({ login }) => login)];
  };
  hub.weather.begin("github-lag", 10 * minute);
  expect(await writes.addToTeam({ slug: "base", login: "cy-c" })).toBe("added");
  hub.clock.moveBy(1000);
  expect(await writes.addToTeam({ slug: "base", login: "dee-d" })).toBe("invited");
  hub.farEnd.people.leave("ada-a");
  expect(await read()).toEqual([["ada-a", "Bo-B"], []]);
  hub.clock.moveBy(1000);
  expect(await read()).toEqual([["ada-a", "Bo-B", "cy-c"], []]);
  hub.clock.moveBy(1000);
  expect(await read()).toEqual([["Bo-B", "cy-c"], ["dee-d"]]);
  expect(hub.farEnd.violations).toEqual([]);
});

test("machines are listed as they were, and made all the same", async () => {
  const hub = await computeHarness();
  try {
    hub.weather.begin("compute-lag", 60 * minute);
    expect(await hub.adapter.make(order(), sampleTransfers())).toBe("made");
    expect([await hub.adapter.list(), hub.far.machines().length]).toEqual([[], 1]);
    hub.clock.moveBy(20 * minute);
    expect((await hub.adapter.list()).map(({ name }) => name)).toEqual([order().name]);
  } finally {
    await hub.close();
  }
});

test("no zone has room until it is over", async () => {
  const hub = await computeHarness();
  try {
    hub.weather.begin("no-spot", 90 * minute);
    expect(await hub.adapter.make(order(), sampleTransfers())).toBe("no-capacity");
    expect(hub.far.machines()).toEqual([]);
    hub.clock.moveBy(90 * minute);
    expect(await hub.adapter.make(order({ attempt: 2 }), sampleTransfers())).toBe("made");
  } finally {
    await hub.close();
  }
});

test("the sheet is read as it was before the edit", async () => {
  await using hub = await harness({ csv: "Name\nAda\n" });
  const Shown = z.object({
    sheets: z.tuple([
      z.object({
        data: z.tuple([
          z.object({
            rowData: z.array(z.object({ values: z.array(z.object({ formattedValue: z.string() })) })),
          }),
        ]),
      }),
    ]),
  });
  const read = async () => {
    const answer = await hub.call(`/v4/spreadsheets/${spreadsheet}?ranges=Members&fields=sheets/data`);
    const [{ data }] = Shown.parse(await answer.json()).sheets;
    return data[0].rowData.flatMap(({ values }) => values.map(({ formattedValue }) => formattedValue));
  };
  expect(await read()).toEqual(["Name", "Ada"]);
  hub.weather.begin("sheet-lag", 10 * minute);
  writeFileSync(hub.file, "Name\nBo\n");
  expect(await read()).toEqual(["Name", "Ada"]);
  hub.clock.moveBy(2000);
  expect(await read()).toEqual(["Name", "Bo"]);
});

test("unruly Pub/Sub delivers late, out of order, and again what was acknowledged; afterwards each once", () => {
  const { state, time, now, weather, sky } = over();
  const draws = randomOf(1);
  const known = directory(state);
  const flow = deliveries({ state, directory: known, now, random: draws.next, isUnruly: sky.isUnruly });
  known.putTopic(newTopic("p", { name: topicName("p", "notice") }));
  const held = createSubscription({ directory: known, now }, "p", {
    name: subscriptionName("p", "send-notice"),
    topic: topicName("p", "notice"),
  });
  const send = () =>
    flow.publish(
      topicName("p", "notice"),
      [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ data: Buffer.from([n]), attributes: {}, orderingKey: "" })),
    );
  const deliverAll = () => {
    const got = flow.lease(held, 100, now() + minute);
    for (const { message, attempt } of got) flow.acknowledge(held, message.id, attempt);
    return got.map(({ message }) => message.data[0] ?? 0);
  };
  weather.begin("pubsub-unruly", 30 * minute);
  send();
  const seen: number[][] = [];
  for (let second = 0; second < 200; second += 10) {
    seen.push(deliverAll());
    time.moveBy(10_000);
  }
  const order = seen.flat();
  expect(seen[0]?.length).toBeLessThan(8);
  expect(order.length).toBeGreaterThan(8);
  expect(order).not.toEqual([...order].sort());
  expect([...new Set(order)].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  weather.clear();
  deliverAll();
  send();
  expect(deliverAll()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(flow.pending()).toBe(0);
});
