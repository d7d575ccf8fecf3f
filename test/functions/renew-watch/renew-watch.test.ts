// The push channel of a sheet is renewed in time and when the door has moved; the old one is stopped.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { renewWatch } from "../../../functions/renew-watch/handler.ts";
import { Permanent } from "../../../shared/errors.ts";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import { channelToken } from "../../../shared/sheets/channel.ts";
import type { DriveWatch } from "../../../shared/sheets/drive.ts";
import { fewMembers, settingsOf } from "../../local/sample/sample-settings.ts";
import { project } from "../../shared/ledger-harness.ts";
import { flowHarness } from "../flow-harness.ts";

const secret = "secret-of-the-door";
const address = "https://door.example.org/sheet-webhook";
const hour = 3600_000;
const settings = settingsOf({ project, hubs: { prod: { members: fewMembers }, bare: {} } });

let harness: Awaited<ReturnType<typeof flowHarness<"renew-watch">>>;
let open: string[] = [];
let calls: string[] = [];
let trashed = false;

beforeAll(async () => {
  harness = await flowHarness("renew-watch", new Date("2026-11-21T08:00:00Z"));
});
beforeEach(async () => {
  await harness.fresh();
  open = [];
  calls = [];
  trashed = false;
});
afterAll(() => harness.close());

/** Drive, as far as channels and the trash go: what is open, and what was asked. */
function drive(changed: Partial<DriveWatch> = {}): DriveWatch {
  return {
    async watch({ channelId, token, address: to, expires, spreadsheetId }) {
      expect([spreadsheetId, token]).toEqual(["1ExampleSpreadsheet", channelToken(secret, channelId)]);
      expect(expires.getTime() - harness.clock.now().getTime()).toBe(24 * hour);
      calls.push(`watch ${to}`);
      open.push(channelId);
      return { resourceId: `resource of ${channelId}`, expires };
    },
    async stop({ channelId, resourceId }) {
      expect(resourceId).toBe(`resource of ${channelId}`);
      calls.push("stop");
      open = open.filter((one) => one !== channelId);
    },
    async isTrashed(spreadsheetId) {
      expect(spreadsheetId).toBe("1ExampleSpreadsheet");
      return trashed;
    },
    ...changed,
  };
}

/** Gives what the worker says to an event; throws what it throws. */
async function renew(options: { hub?: string; address?: string; drive?: DriveWatch } = {}) {
  const ended = await harness.deliver(
    ({ hub: name }, run) =>
      renewWatch(name, run, {
        ...harness.deps,
        address: options.address ?? address,
        drive: options.drive ?? drive(),
        secret: async () => secret,
        settings,
      }),
    { v: 1, hub: options.hub ?? "prod" },
  );
  if (ended.thrown !== undefined) throw ended.thrown;
  expect(ended.status).toBe(204);
  return ended.result;
}
const done = { outcome: "done", title: "the sheet's push channel was renewed" };
const record = () => harness.jsonOf("head/watch/prod.json");

describe("renewed", () => {
  test("at first: opened and written down", async () => {
    expect(await renew()).toEqual(done);
    expect(calls).toEqual([`watch ${address}`]);
    expect(await record()).toEqual({
      v: 1,
      channelId: "prod-1795248000000",
      resourceId: "resource of prod-1795248000000",
      address,
      expires: "2026-11-22T08:00:00.000Z",
    });
  });

  test.each([
    ["12 h and a bit are left", 12 * hour - 1, "idle", []],
    ["12 h are left", 12 * hour, "done", [`watch ${address}`, "stop"]],
    ["an hour is left", 23 * hour, "done", [`watch ${address}`, "stop"]],
    ["it has just lapsed", 24 * hour, "done", [`watch ${address}`]],
    ["it lapsed long ago", 100 * hour, "done", [`watch ${address}`]],
  ])("%s: %d ms on, %s", async (_, ms, outcome, expected) => {
    await renew();
    calls = [];
    harness.clock.moveBy(ms);
    expect(await renew()).toMatchObject({ outcome });
    expect(calls).toEqual(expected);
    expect(await renew()).toEqual({ outcome: "idle" });
  });

  test("the door has moved: at once, and only the new channel is open", async () => {
    await renew();
    harness.clock.moveBy(60_000);
    expect(await renew({ address: "https://other.example.org/" })).toEqual(done);
    expect(open).toEqual(["prod-1795248060000"]);
    expect(await record()).toMatchObject({ address: "https://other.example.org/" });
  });
});

describe("not renewed", () => {
  test.each(["bare", "nowhere"])("the hub %s has no sheet: idle", async (name) => {
    expect(await renew({ hub: name })).toEqual({ outcome: "idle" });
    expect(calls).toEqual([]);
  });

  test("Drive refuses: nothing is written, the old channel stays open", async () => {
    await renew();
    harness.clock.moveBy(20 * hour);
    const before = await record();
    const refusing = drive({ watch: () => Promise.reject(new Error("no")) });
    await expect(renew({ drive: refusing })).rejects.toThrow("no");
    expect([await record(), open]).toEqual([before, ["prod-1795248000000"]]);
  });

  test("the old channel cannot be stopped: the new one is written down, and the next time all is well", async () => {
    await renew();
    harness.clock.moveBy(20 * hour);
    const stuck = drive({ stop: () => Promise.reject(new Error("stuck")) });
    await expect(renew({ drive: stuck })).rejects.toThrow("stuck");
    expect(await record()).toMatchObject({ channelId: "prod-1795320000000" });
    expect(await renew()).toEqual({ outcome: "idle" });
  });

  test("the old channel is another's: nobody has anything to mend, and nobody is bothered", async () => {
    await renew();
    harness.clock.moveBy(20 * hour);
    const words = { what: "no", why: "the channel is another's", next: "nothing" };
    const refusing = drive({ stop: () => Promise.reject(new Permanent(words)) });
    expect(await renew({ drive: refusing })).toEqual(done);
    expect(await record()).toMatchObject({ channelId: "prod-1795320000000" });
  });

  test("two at once: one channel is written down, the other one is stopped again", async () => {
    const slow = drive();
    const meanwhile = drive({
      async watch(channel) {
        harness.clock.moveBy(1);
        await renew({ drive: slow });
        open.push(channel.channelId);
        return { resourceId: `resource of ${channel.channelId}`, expires: channel.expires };
      },
    });
    expect(await renew({ drive: meanwhile })).toMatchObject({
      title: "the sheet's push channel was renewed by another delivery",
    });
    expect(open).toEqual(["prod-1795248000001"]);
    expect(await record()).toMatchObject({ channelId: "prod-1795248000001" });
  });
});

describe("in Drive's trash", () => {
  const incidents = async () => Incidents.parse(await harness.jsonOf("head/incidents/prod.json")).incidents;
  const key = "sync-members/sheet-in-trash";

  test("told at once and once, the channel goes on, and over when the sheet is restored", async () => {
    trashed = true;
    expect(await renew()).toMatchObject(done);
    expect(open).toEqual(["prod-1795248000000"]);
    expect(harness.notices().map(({ subject, to }) => [subject, to])).toEqual([
      ["the member sheet is in Drive's trash", "team"],
    ]);
    expect(harness.notices()[0]?.text).toMatch(
      /deletes it for good 30 days after it went there.*presses Restore.*everything else goes on/s,
    );
    // Nothing to renew, and the trouble still stands: no second incident, and no message before a day is over.
    harness.clock.moveBy(11 * hour);
    expect(await renew()).toMatchObject({ outcome: "done", title: "the member sheet is in Drive's trash" });
    expect(new Set(harness.notices().map((each) => each.key)).size).toBe(1);
    harness.clock.moveBy(13 * hour);
    await renew();
    expect(new Set(harness.notices().map((each) => each.key)).size).toBe(2);
    expect(Object.keys(await incidents())).toEqual([key]);
    expect((await incidents())[key]).toMatchObject({ lasting: true, beside: true });
    expect((await incidents())[key]).not.toHaveProperty("closed");

    trashed = false;
    harness.clock.moveBy(hour);
    expect(await renew()).toEqual({ outcome: "idle" });
    expect((await incidents())[key]).toHaveProperty("closed", "2026-11-22T09:00:00.000Z");
  });

  test("Drive does not say: the channel is renewed all the same, and the event comes again", async () => {
    const silent = drive({ isTrashed: () => Promise.reject(new Error("no answer")) });
    await expect(renew({ drive: silent })).rejects.toThrow("no answer");
    expect([open, await record()]).toMatchObject([["prod-1795248000000"], { channelId: open[0] }]);
  });
});
