// Every way a push can end: what Pub/Sub is answered, what is kept, and that nothing of a person gets into a log line.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { payloadOf, type Received, receive } from "../../../shared/delivery/receive.ts";
import type { Recorder } from "../../../shared/delivery/recorder.ts";
import { Permanent } from "../../../shared/errors.ts";
import { Run, Undelivered } from "../../../shared/records.ts";
import { pushOf, receiveHarness } from "./receive-harness.ts";

let harness: Awaited<ReturnType<typeof receiveHarness>>;
let deps: Awaited<ReturnType<(typeof harness)["depsOf"]>>["deps"];
let lines: string[];

beforeAll(async () => {
  harness = await receiveHarness();
  ({ deps, lines } = await harness.depsOf("send-notice"));
});
afterEach(async () => {
  for (const name of [...(await harness.names("runs/")), ...(await harness.names("undelivered/"))])
    await harness.operator.file(name).delete();
  expect(lines.join("\n")).not.toContain("canary");
  lines.length = 0;
});
afterAll(() => harness.close());

const notice = {
  v: 1,
  hub: "prod",
  key: "welcome/1",
  to: { mail: ["canary@example.org"] },
  subject: "Hello canary",
  text: "Welcome, canary.",
};
type Handler = (run: Recorder) => Promise<{ outcome: "idle" } | { outcome: "done" | "held"; title: string }>;
const push = (raw: Buffer, handle: Handler = async () => ({ outcome: "idle" })): Promise<Received> =>
  receive("notice", { authorization: harness.bearer(), raw }, (_event, run) => handle(run), deps);
const stored = async (prefix: string) => Promise.all((await harness.names(prefix)).map(harness.jsonOf));

describe("handled", () => {
  test("done: acknowledged, with a record of its steps and effects", async () => {
    const answer = await push(pushOf(notice, { attempt: 3 }), async (run) => {
      run.step("claimed");
      harness.clock.moveBy(1000);
      run.effect({ do: "mail", to: "member" });
      return { outcome: "done", title: "mail sent" };
    });
    expect(answer).toEqual({ status: 204 });
    expect(await harness.names("runs/")).toEqual(["runs/2026-11-21/080000123-send-notice-1001-3.json"]);
    const [run] = await stored("runs/");
    expect(run).toEqual({
      v: 1,
      id: "2026-11-21/080000123-send-notice-1001-3",
      flow: "send-notice",
      hub: "prod",
      event: "notice",
      messageId: "1001",
      attempt: 3,
      payload: notice,
      outcome: "done",
      title: "mail sent",
      steps: [{ at: "2026-11-21T08:00:00.123Z", what: "claimed" }],
      effects: [{ do: "mail", to: "member" }],
      startedAt: "2026-11-21T08:00:00.123Z",
      durationMs: expect.any(Number),
    });
    expect(Run.safeParse(run).success).toBe(true);
    expect(lines).toEqual(['["INFO","delivery done",{"messageId":"1001","attempt":3,"outcome":"done"}]']);
    const [entry] = await deps.ledger.list("runs/");
    expect(entry?.metadata).toMatchObject({ flow: "send-notice", hub: "prod", attempt: "3", effects: "1" });
  });

  test("idle: acknowledged, and no record", async () => {
    expect(await push(pushOf(notice))).toEqual({ status: 204 });
    expect(await stored("runs/")).toEqual([]);
  });

  test("threw: to come back, with a failed record that keeps the steps and effects until then", async () => {
    const answer = await push(pushOf(notice), async (run) => {
      run.step("claimed");
      run.effect({ do: "mail" });
      throw Object.assign(new Error("canary@example.org refused"), { code: "ECONNRESET" });
    });
    expect(answer).toEqual({ status: 503 });
    expect(await stored("runs/")).toMatchObject([
      {
        outcome: "failed",
        title: "send-notice failed",
        steps: [{ what: "claimed" }],
        effects: [{ do: "mail" }],
        error: {
          what: "send-notice failed",
          why: "a connection broke or was not made (ECONNRESET)",
          next: "it is tried again by itself; when it goes on, open the run and read its steps",
        },
      },
    ]);
    expect(await stored("undelivered/")).toEqual([]);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^\["WARNING","delivery failed"/);
  });

  test("Permanent: kept as undelivered with its reason, acknowledged, an ERROR in the log", async () => {
    const reason = { what: "mails cannot be sent", why: "signed out", next: "sign in" };
    const answer = await push(pushOf(notice, { attempt: 2 }), () => Promise.reject(new Permanent(reason)));
    expect(answer).toEqual({ status: 204 });
    const [record] = await stored("undelivered/");
    expect(record).toEqual({
      v: 1,
      id: "1001",
      topic: "notice",
      function: "send-notice",
      hub: "prod",
      payload: notice,
      attempts: 2,
      reason,
      firstAt: "2026-11-21T07:59:59.000Z",
      at: harness.clock.now().toISOString(),
    });
    expect(Undelivered.safeParse(record).success).toBe(true);
    expect(await stored("runs/")).toMatchObject([{ outcome: "failed", error: reason }]);
    expect(lines[0]).toMatch(/^\["ERROR","delivery refused for good"/);
  });

  test("Permanent twice: one record", async () => {
    const refuse = () => Promise.reject(new Permanent({ what: "a", why: "b", next: "c" }));
    await push(pushOf(notice), refuse);
    await push(pushOf(notice, { attempt: 2 }), refuse);
    expect(await stored("undelivered/")).toMatchObject([{ attempts: 1 }]);
  });
});

describe("not a message of ours", () => {
  test.each<[string, Buffer, number]>([
    ["not JSON", Buffer.from("canary"), 400],
    ["empty", Buffer.alloc(0), 400],
    ["null", Buffer.from("null"), 400],
    ["truncated", pushOf(notice).subarray(0, 60), 400],
    ["no message", Buffer.from('{"subscription":"s"}'), 400],
    ["no message id", Buffer.from('{"message":{"data":""},"subscription":"s"}'), 400],
    ["a message id that is a path", pushOf(notice, { id: "../head/x" }), 400],
    ["a message id without end", pushOf(notice, { id: "1".repeat(65) }), 400],
    ["attempt 0", pushOf(notice, { attempt: 0 }), 400],
    ["more than 14 MB", Buffer.alloc(14 * 1024 * 1024 + 1, 0x20), 413],
  ])("%s: refused, nothing kept", async (_, raw, status) => {
    expect(await push(raw)).toMatchObject({ status });
    expect([await stored("runs/"), await stored("undelivered/")]).toEqual([[], []]);
    const said = '["ERROR","push refused: its body is not a Pub/Sub message"]';
    expect(lines).toEqual(status === 400 ? [said] : []);
  });

  const schema = (where: string) => ({
    what: "an event on notice was not understood",
    why: `it does not fit its schema at: ${where}`,
    next: "mend it and send it again from Undelivered, or drop it",
  });
  test.each<[string, string | Buffer | object, unknown, unknown]>([
    ["plain text", "hello canary", "hello canary", schema("the event")],
    ["nothing at all", "", "", schema("the event")],
    ["null", "null", null, schema("the event")],
    ["a number", "7", 7, schema("the event")],
    ["bytes", Buffer.from([0xff, 0x00, 0x80]), "base64:/wCA", schema("the event")],
    ["text of control characters", "a\u0000b", "base64:YQBi", schema("the event")],
    ["a wrong type", { ...notice, to: "canary" }, { ...notice, to: "canary" }, schema("to")],
    [
      "a wrong address",
      { ...notice, to: { mail: ["canary"] } },
      { ...notice, to: { mail: ["canary"] } },
      schema("to.mail.0"),
    ],
    ["a field too many", { ...notice, canary: 1 }, { ...notice, canary: 1 }, schema("the event")],
    [
      "a newer version",
      { ...notice, v: 2 },
      { ...notice, v: 2 },
      {
        what: "an event on notice was not understood",
        why: "it is of version 2, published by a newer Groundcrew",
        next: "deploy the newer version here too, then replay it",
      },
    ],
  ])("%s: kept as it came, with the reason, and acknowledged", async (_, payload, kept, reason) => {
    let handled = 0;
    const answer = await push(pushOf(payload), async () => {
      handled += 1;
      return { outcome: "idle" };
    });
    expect([answer, handled]).toEqual([{ status: 204 }, 0]);
    expect(await stored("undelivered/")).toMatchObject([{ id: "1001", payload: kept, reason }]);
    expect(await stored("runs/")).toMatchObject([{ outcome: "failed", error: reason, payload: kept }]);
  });

  test("a hub that is no hub's name is not taken for one", async () => {
    await push(pushOf({ ...notice, hub: "../canary" }));
    const [record] = await stored("undelivered/");
    expect(record).not.toHaveProperty("hub");
    expect(Undelivered.safeParse(record).success).toBe(true);
  });

  test("10 MB of anything fit into a record", async () => {
    const bytes = Buffer.alloc(10_000_000, 1);
    expect(await push(pushOf(bytes))).toEqual({ status: 204 });
    expect(await stored("undelivered/")).toMatchObject([{ payload: payloadOf(bytes.toString("base64")) }]);
  });
});

describe("the ledger fails too", () => {
  test("a missing grant: to come back, and the log says which permission is missing", async () => {
    // The console may write no run; here it plays a worker that was deployed without its grants.
    const { deps: other, lines: said } = await harness.depsOf("console");
    const answer = await receive(
      "notice",
      { authorization: harness.bearer(), raw: pushOf(notice) },
      async () => ({ outcome: "done", title: "canary" }),
      { ...other, name: "send-notice" },
    );
    expect(answer).toEqual({ status: 503 });
    expect(said).toHaveLength(2);
    expect(said[1]).toBe(
      '["ERROR","record not stored",{"messageId":"1001","attempt":1,"why":"the function\'s service account lacks the permission storage.objects.create"}]',
    );
    expect(said.join()).not.toContain("canary");
    expect(await stored("runs/")).toEqual([]);
  });

  test("Permanent that cannot be kept is not acknowledged", async () => {
    harness.faults.add({ farEnd: "storage", match: "POST", at: 2, failure: { kind: "status", status: 400 } });
    const answer = await push(pushOf(notice), () =>
      Promise.reject(new Permanent({ what: "a", why: "b", next: "c" })),
    );
    expect(answer).toEqual({ status: 503 });
    expect(await stored("undelivered/")).toEqual([]);
    expect(lines.at(-1)).toContain('"why":"Cloud Storage answered 400"');
  });
});

test("a run that takes a vendor's words along tells none of them", async () => {
  const vendor = Object.assign(new Error("invitation to canary@example.org failed"), {
    name: "canary@example.org",
    code: "canary@example.org",
    cause: new Error("canary"),
  });
  expect(await push(pushOf(notice), () => Promise.reject(vendor))).toEqual({ status: 503 });
  const [run] = await stored("runs/");
  expect(run).toMatchObject({ error: { why: "Error in the program" } });
});
