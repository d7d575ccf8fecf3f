// Tests of record-dead-letter: what Pub/Sub gave up on is kept, whatever it is, with the last word on why it failed.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { recordDeadLetter } from "../../../functions/record-dead-letter/handler.ts";
import type { FunctionName } from "../../../shared/functions.ts";
import { Undelivered } from "../../../shared/records.ts";
import { project, pushOf } from "../../shared/delivery/receive-harness.ts";
import { flowHarness } from "../flow-harness.ts";

let harness: Awaited<ReturnType<typeof flowHarness<"sync-members">>>;
let recording: Awaited<ReturnType<(typeof harness)["depsOf"]>>;

beforeAll(async () => {
  harness = await flowHarness("sync-members");
  recording = await harness.depsOf("record-dead-letter");
});
beforeEach(() => harness.fresh());
afterEach(() => {
  expect(recording.lines.join("\n")).not.toContain("canary");
  recording.lines.length = 0;
});
afterAll(() => harness.close());

const event = { v: 1, hub: "prod", why: "edit" };
const deadLetter = (payload: string | Buffer | object, attributes: Record<string, string> = {}, id = "77") =>
  recordDeadLetter(
    { authorization: harness.bearer(), raw: pushOf(payload, { id, attributes }) },
    recording.deps,
  );
const deadOf = (worker: string, attempts: number | string = 5, since = new Date("2026-11-21T08:00:00Z")) => ({
  CloudPubSubDeadLetterSourceSubscription: `projects/${project}/subscriptions/${worker}`,
  CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
  CloudPubSubDeadLetterSourceTopicPublishTime: since.toISOString(),
});
/** Name of the record of events that only say "look again": it tells what happened to them, and there is one a day. */
const ofHint = "sync-members.prod.unfinished.2026-11-21";
const recorded = async (id = ofHint) => Undelivered.parse(await harness.jsonOf(`undelivered/${id}.json`));

/** A delivery to sync-members that fails for this reason. */
async function fail(
  why: string,
  attempt: number,
  payload: object = event,
  name: FunctionName = "sync-members",
) {
  const explanation = { what: "it failed", why, next: "mend it" };
  await harness.deliver(() => Promise.reject(Object.assign(new Error(), { explanation })), payload, {
    id: "55",
    attempt,
    by: { name },
  });
  harness.clock.moveBy(1000);
}

const without = (since: string) => ({
  what: "sync-members did not finish this event",
  why: `5 attempts since ${since} UTC were refused by the platform, or cut off, before they could say why`,
  next: "look at the function's log and at its number of instances, mend the cause, then replay it",
});

test("what a person has sent again is kept by itself, though the day has a record of the same", async () => {
  await deadLetter(event, deadOf("sync-members"), "77");
  await deadLetter(event, { ...deadOf("sync-members"), replays: ofHint }, "78");
  expect(await harness.names("undelivered/")).toEqual(["undelivered/78.json", `undelivered/${ofHint}.json`]);
});

describe("kept with its reason", () => {
  test("the last attempt's", async () => {
    const since = harness.clock.now();
    for (const attempt of [1, 2, 3]) await fail(`attempt ${attempt}`, attempt);
    expect(await deadLetter(event, deadOf("sync-members", 3, since))).toEqual({ status: 204 });
    expect(await harness.jsonOf(`undelivered/${ofHint}.json`)).toEqual({
      v: 1,
      id: ofHint,
      topic: "sheet-changed",
      function: "sync-members",
      hub: "prod",
      payload: event,
      attempts: 3,
      reason: {
        what: "it failed",
        why: "attempt 3",
        next: "mend the cause, of which its last run says more; then replay it",
      },
      firstAt: since.toISOString(),
      at: harness.clock.now().toISOString(),
    });
    expect(recording.lines).toEqual([
      '["ERROR","event undelivered",{"messageId":"77","worker":"sync-members","attempts":3}]',
    ]);
  });

  test("the one before, where the last attempt was cut off", async () => {
    const since = harness.clock.now();
    await fail("attempt 4", 4);
    await deadLetter(event, deadOf("sync-members", 5, since));
    expect((await recorded()).reason.why).toBe("attempt 4");
  });

  test("not that of another event, another function, or the same event of an hour ago", async () => {
    await fail("an hour ago", 5);
    harness.clock.moveBy(3600_000);
    const since = harness.clock.now();
    await fail("another event", 5, { ...event, hub: "stage" });
    await fail("another function", 5, event, "renew-watch");
    await deadLetter(event, deadOf("sync-members", 5, since));
    expect((await recorded()).reason).toEqual(without(since.toISOString().slice(0, 16).replace("T", " ")));
  });

  test("a damaged run hides a reason and nothing else", async () => {
    const since = harness.clock.now();
    await fail("attempt 4", 4);
    await fail("attempt 5", 5);
    const last = (await harness.names("runs/")).at(-1) ?? "";
    const { metadata } = (await harness.operator.file(last).getMetadata())[0];
    await harness.plant(
      last,
      "{",
      Object.fromEntries(Object.entries(metadata ?? {}).map(([k, v]) => [k, String(v)])),
    );
    expect(await deadLetter(event, deadOf("sync-members", 5, since))).toEqual({ status: 204 });
    expect((await recorded()).reason.why).toBe("attempt 4");
  });

  test("a run that cannot be read just now hides none: the event comes back", async () => {
    const since = harness.clock.now();
    await fail("attempt 5", 5);
    const { ledger } = recording.deps;
    const read = () => Promise.reject(new Error("Cloud Storage is away"));
    const request = {
      authorization: harness.bearer(),
      raw: pushOf(event, { id: "77", attributes: deadOf("sync-members", 5, since) }),
    };
    expect(await recordDeadLetter(request, { ...recording.deps, ledger: { ...ledger, read } })).toEqual({
      status: 503,
    });
    expect(await harness.names("undelivered/")).toEqual([]);
  });

  test("delivered twice: one record, the first", async () => {
    await deadLetter(event, deadOf("sync-members", 5));
    await fail("later", 5);
    expect(await deadLetter(event, deadOf("sync-members", 5))).toEqual({ status: 204 });
    expect(await harness.names("undelivered/")).toEqual([`undelivered/${ofHint}.json`]);
    expect((await recorded()).reason).toEqual(without("2026-11-21 08:00"));
  });
});

describe("told", () => {
  test("to the team, once a day for each hub and flow; what cannot be told comes back, and is kept once", async () => {
    recording.published.length = 0;
    const raw = pushOf(event, { id: "77", attributes: deadOf("renew-watch") });
    const deaf = { ...recording.deps, publish: () => Promise.reject(new Error("no answer")) };
    expect(await recordDeadLetter({ authorization: harness.bearer(), raw }, deaf)).toEqual({ status: 503 });
    expect(await harness.names("undelivered/")).toHaveLength(1);
    for (const id of ["77", "78"])
      expect(await deadLetter(event, deadOf("renew-watch"), id)).toEqual({ status: 204 });
    expect(await harness.names("undelivered/")).toHaveLength(1);
    expect(recording.published).toMatchObject([
      {
        topic: "notice",
        event: {
          hub: "prod",
          key: expect.stringMatching(/^incident\/sync-members\/unfinished\/2026-11-21t\S+\/1$/),
          to: "team",
          subject: "renew-watch did not finish this event",
        },
      },
    ]);
    recording.lines.length = 0;
  });

  test("a copy that was published again is kept as the event that it is, from its first day on", async () => {
    const person = { ...event, why: "person" };
    const copy = { "first-id": "5", "first-time": "2026-11-20T08:00:00.000Z", tries: "90" };
    await deadLetter(person, { ...deadOf("sync-members", 100), ...copy });
    expect(await recorded("5")).toMatchObject({ attempts: 190, firstAt: "2026-11-20T08:00:00.000Z" });
  });
});

describe("whatever it is", () => {
  test.each<[string, string | Buffer | object, unknown]>([
    ["not JSON", "hello", "hello"],
    ["nothing", "", ""],
    ["null", "null", null],
    ["a list", [1, 2], [1, 2]],
    ["bytes", Buffer.from([0, 255]), "base64:AP8="],
    ["a hub that is none", { hub: "../canary" }, { hub: "../canary" }],
    ["an event of tomorrow", { v: 9, hub: "prod", new: true }, { v: 9, hub: "prod", new: true }],
  ])("%s", async (_, payload, kept) => {
    expect(await deadLetter(payload, deadOf("send-notice"))).toEqual({ status: 204 });
    const record = await recorded("77");
    expect([record.payload, record.topic, record.function]).toEqual([kept, "notice", "send-notice"]);
  });

  test("10 MB, of letters and of bytes", async () => {
    expect(await deadLetter("x".repeat(10_000_000), deadOf("send-notice"), "a")).toEqual({ status: 204 });
    expect(await deadLetter(Buffer.alloc(10_000_000, 1), deadOf("send-notice"), "b")).toEqual({
      status: 204,
    });
    expect((await recorded("a")).payload).toHaveLength(10_000_000);
    expect((await recorded("b")).payload).toHaveLength("base64:".length + 13_333_336);
  });

  test.each<[string, Record<string, string>, { function: string; attempts: number }]>([
    ["no attributes", {}, { function: "unknown", attempts: 0 }],
    ["a worker that is none", deadOf("canary"), { function: "unknown", attempts: 5 }],
    ["a worker of every object", deadOf("constructor"), { function: "unknown", attempts: 5 }],
    ["a count that is none", deadOf("sync-members", "canary"), { function: "sync-members", attempts: 0 }],
    [
      "a time that is none",
      { ...deadOf("sync-members"), CloudPubSubDeadLetterSourceTopicPublishTime: "canary" },
      { function: "sync-members", attempts: 5 },
    ],
  ])("%s", async (_, attributes, expected) => {
    expect(await deadLetter(event, attributes)).toEqual({ status: 204 });
    const [name = ""] = await harness.names("undelivered/");
    expect(await harness.jsonOf(name)).toMatchObject(expected);
  });
});

describe("what cannot be kept goes back", () => {
  test("without a token: 401", async () => {
    expect(
      await recordDeadLetter({ authorization: undefined, raw: pushOf(event) }, recording.deps),
    ).toMatchObject({
      status: 401,
    });
    expect(await harness.names("undelivered/")).toEqual([]);
  });

  test.each(["GET", "POST"])("storage refuses %s: 503, and the log says so", async (match) => {
    harness.faults.add({ farEnd: "storage", match, failure: { kind: "status", status: 400 } });
    expect(await deadLetter(event, deadOf("sync-members"))).toEqual({ status: 503 });
    expect(recording.lines).toEqual([
      '["ERROR","undelivered event not stored",{"why":"Cloud Storage answered 400"}]',
    ]);
    expect(await deadLetter(event, deadOf("sync-members"))).toEqual({ status: 204 });
  });
});
