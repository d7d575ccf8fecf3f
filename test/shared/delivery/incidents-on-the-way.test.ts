// The troubles of a hub, whatever happens on the way: deaths between two steps, a ledger that fails, a run that overlaps, many
// processes at once; and what a good delivery costs.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Publish } from "../../../shared/bus/publish.ts";
import { type ReceiveDeps, receive } from "../../../shared/delivery/receive.ts";
import type { Result } from "../../../shared/delivery/recorder.ts";
import { another, done, incidentHarness } from "./incident-harness.ts";
import { pushOf } from "./receive-harness.ts";
import { broken, hint, minutes } from "./settle-harness.ts";

let on: Awaited<ReturnType<typeof incidentHarness>>;
beforeAll(async () => {
  on = await incidentHarness();
});
beforeEach(() => on.fresh());
afterAll(() => on.close());

describe("whatever happens on the way", () => {
  const refused = () => broken({ lasts: "lasting", cause: "suspended" });

  test("died before the message was published: it is, under the same key, when the event comes again", async () => {
    const deaf: Publish = () => Promise.reject(new Error("no answer"));
    expect(await on.ends(refused, { id: "1", by: another({ publish: deaf }) })).toBe(503);
    expect([await on.open(), on.told()]).toEqual([[["sync-members/github-suspended", "undelivered"]], []]);
    on.clock.moveBy(minutes(10));
    expect(await on.ends(refused, { id: "1", by: another() })).toBe(204);
    expect(on.told()).toEqual(["incident/sync-members/github-suspended/1"]);
  });

  test("died before the message was published, and the event does not come again: the tick does it", async () => {
    const deaf: Publish = () => Promise.reject(new Error("no answer"));
    await on.ends(refused, { by: another({ publish: deaf }) });
    on.clock.moveBy(minutes(10));
    await on.tick();
    expect(on.told()).toEqual(["incident/sync-members/github-suspended/1"]);
  });

  test("what is blocked and cannot be written down comes back; what is done and cannot close does not", async () => {
    await on.ends({ outcome: "held", title: "1 on hold" });
    // The run's record is the first that is written, the incident's the second.
    const second = {
      farEnd: "storage",
      match: "POST",
      at: 2,
      failure: { kind: "status", status: 425 },
    } as const;
    on.faults.add(second);
    expect(await on.ends({ outcome: "blocked", title: "no tab" })).toBe(503);
    const both = [
      ["sync-members/held", "held"],
      ["sync-members/storage-425", "failed"],
    ];
    expect(await on.open()).toEqual(both);
    on.faults.clear();
    on.faults.add(second);
    expect(await on.ends(done)).toBe(204);
    expect(await on.open()).toEqual(both);
    on.faults.clear();
    await on.ends(done);
    expect(await on.open()).toEqual([]);
  });

  test("a good run that began before the trouble was met and ends after it closes nothing", async () => {
    const met = async () => {
      on.clock.moveBy(1000);
      await on.ends({ outcome: "blocked", title: "no tab" });
    };
    await on.ends(done, { while: met });
    expect(await on.open()).toHaveLength(1);
    await on.ends(done);
    expect(await on.open()).toEqual([]);
  });

  test("met by twenty processes at once: one incident, one message's key", async () => {
    await Promise.all(Array.from({ length: 20 }, () => on.ends(refused, { by: another() })));
    expect([await on.open(), [...new Set(on.told())]]).toEqual([
      [["sync-members/github-suspended", "undelivered"]],
      ["incident/sync-members/github-suspended/1"],
    ]);
  });

  test("closed by a process that has not seen it open, within a minute of its last look", async () => {
    const [one, two] = [another(), another()];
    await on.ends(done, { by: two });
    await on.ends({ outcome: "blocked", title: "no tab" }, { by: one });
    on.clock.moveBy(60_000);
    await on.ends(done, { by: two });
    expect(await on.open()).toEqual([]);
  });

  const fails = () => broken({ lasts: "transient", cause: "503" });

  test("an event that comes again is its end, though this process has just seen that nothing was open", async () => {
    const [one, two] = [another(), another()];
    await on.ends(done, { by: two });
    expect(await on.ends(fails, { id: "1", by: one })).toBe(503);
    expect(await on.ends(done, { id: "1", attempt: 2, by: two })).toBe(204);
    expect(await on.open()).toEqual([]);
  });

  test("an event that comes again comes once more where its end cannot be written down", async () => {
    expect(await on.ends(fails, { id: "1", by: another() })).toBe(503);
    on.faults.add({ farEnd: "storage", match: "incidents", failure: { kind: "status", status: 425 } });
    expect(await on.ends(done, { id: "1", attempt: 2, by: another() })).toBe(503);
    on.faults.clear();
    expect(await on.ends(done, { id: "1", attempt: 3, by: another() })).toBe(204);
    expect(await on.open()).toEqual([]);
  });

  test("written down, with the answer lost on its way: the same process closes it within the minute", async () => {
    const by = another();
    await on.ends(done, { by });
    const swap: ReceiveDeps["ledger"]["swap"] = async (...given) => {
      await on.deps.ledger.swap(...given);
      throw new Error("no answer");
    };
    const deaf = { ...by, ledger: { ...on.deps.ledger, swap } };
    await on.ends(() => broken({ lasts: "transient", cause: "503" }), { by: deaf });
    expect(await on.open()).toHaveLength(1);
    await on.ends(done, { by });
    expect(await on.open()).toEqual([]);
  });

  test("what a person has asked for is seen anew: it closes whatever another process has opened just now", async () => {
    const [one, two] = [another(), another()];
    await on.ends(done, { by: two });
    await on.ends({ outcome: "held", title: "1 on hold" }, { by: one });
    await on.ends(done, { by: two, event: { ...hint, why: "approval" } });
    expect(await on.open()).toEqual([]);
  });

  test("a state that cannot be read is written over, and ends no event", async () => {
    await on.plant("head/incidents/prod.json", "{");
    expect(await on.ends({ outcome: "blocked", title: "no tab" }, { by: another() })).toBe(204);
    expect(await on.open()).toEqual([["sync-members/no-tab", "blocked"]]);
  });
});

test("a burst of good deliveries costs one read, and no writing", async () => {
  let reads = 0;
  const ledger: ReceiveDeps["ledger"] = {
    ...on.deps.ledger,
    read: (...given) => {
      reads += 1;
      return on.deps.ledger.read(...given);
    },
    swap: () => Promise.reject(new Error("nothing is to be written")),
  };
  const notice = { v: 1, hub: "prod", key: "welcome/1", to: "team", subject: "s", text: "t" };
  const by = { ...on.deps, ...another({ ledger, name: "send-notice" }) };
  for (let n = 0; n < 50; n += 1) {
    const raw = pushOf(notice, { id: `n${n}` });
    const handle = async (): Promise<Result> => ({ outcome: "done", title: "mail sent" });
    await receive("notice", { authorization: on.bearer(), raw }, handle, by);
  }
  expect(reads).toBe(1);
});
