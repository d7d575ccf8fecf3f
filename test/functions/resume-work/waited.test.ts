// Events that wait as they are for a service: each goes on by itself, none before its service may be called, and not all at once.
import { expect, test } from "@jest/globals";
import type { Publish } from "../../../shared/bus/publish.ts";
import { leaveAlone } from "../../../shared/delivery/not-before.ts";
import { eventNames } from "../../../shared/events.ts";
import { continueAt, waiting } from "../../../shared/flow/continue.ts";
import { at, continueHarness, now } from "./harness.ts";

const { hub, publish, published, harness, tick, worker } = continueHarness();

const parked = (key: string, time: string, service?: "github", of = hub()) =>
  continueAt(worker(), {
    function: "sync-members",
    hub: of,
    key,
    ...(service === undefined ? {} : { service }),
    at: at(time),
    topic: "sheet-changed",
    event: { v: 1, hub: of, why: "person" },
    attributes: { "first-id": key },
  });
const left = () => harness().names("head/continue/");

test("each goes on by itself, with what it came from, and leaves nothing behind", async () => {
  const attributes: unknown[] = [];
  const noting: Publish = async (topic, event, given) => {
    attributes.push(given);
    return publish(topic, event);
  };
  for (const key of ["1", "2", "3"]) await parked(key, "08:00:00");
  await parked("4", "08:00:01");
  expect(await tick(noting)).toMatchObject({ title: "3 gone on with" });
  expect(new Set(attributes)).toEqual(new Set(["1", "2", "3"].map((id) => ({ "first-id": id }))));
  expect(await left()).toEqual([`head/continue/sync-members/${hub()}/_4.json`]);
});

test("each is read once, for its writing gives the generation", async () => {
  for (const key of ["1", "2", "3"]) await parked(key, "08:00:00");
  const { ledger } = harness().deps;
  const read: string[] = [];
  const counting: typeof ledger.read = (name, schema) => {
    read.push(name);
    return ledger.read(name, schema);
  };
  await tick(undefined, undefined, undefined, { ledger: { ...ledger, read: counting } });
  expect(read.filter((name) => name.startsWith("head/continue/")).sort()).toEqual(
    ["1", "2", "3"].map((key) => `head/continue/sync-members/${hub()}/_${key}.json`),
  );
});

test("one that asks to wait again while it is published stays", async () => {
  await parked("1", "08:00:00");
  const again: Publish = async (topic, event) => {
    await parked("1", "09:00:00");
    return publish(topic, event);
  };
  expect(await tick(again)).toMatchObject({ title: "1 gone on with" });
  expect(await waiting(worker())).toEqual([
    {
      name: `head/continue/sync-members/${hub()}/_1.json`,
      of: "sync-members",
      hub: hub(),
      at: at("09:00:00"),
    },
  ]);
});

test("one that is asked for twice at the same time stays as it was", async () => {
  const asked = { function: "sync-members", hub: hub(), at: at("09:00:00"), topic: "sheet-changed" } as const;
  await continueAt(worker(), { ...asked, event: { v: 1, hub: hub(), why: "schedule" } });
  await continueAt(worker(), { ...asked, event: { v: 1, hub: hub(), why: "person" } });
  expect(await harness().jsonOf(`head/continue/sync-members/${hub()}.json`)).toMatchObject({
    payload: { why: "schedule" },
  });
});

test("while the service is left alone they stay as they are, and hold up nobody else", async () => {
  await leaveAlone({ ledger: worker(), now }, { hub: hub(), service: "github", seconds: 60 });
  await parked("1", "07:00:00", "github");
  expect(await tick()).toEqual({ outcome: "idle" });
  await parked("2", "07:30:00");
  await parked("3", "07:30:00", "github", `${hub()}-b`);
  expect(await tick()).toMatchObject({ title: "2 gone on with" });
  expect(await waiting(worker())).toEqual([
    {
      name: `head/continue/sync-members/${hub()}/_1.json`,
      of: "sync-members",
      hub: hub(),
      at: at("07:00:00"),
      service: "github",
    },
  ]);
  const later = () => new Date(now().getTime() + 60_000);
  expect(await tick(publish, eventNames, later)).toMatchObject({ title: "1 gone on with" });
  expect(await left()).toEqual([]);
});

test("fifty a tick call a service again, the oldest first; what waits for none is not held up", async () => {
  const all = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));
  await Promise.all(all.map((key) => parked(key, `07:00:${key}`, "github")));
  await parked("other", "07:59:00");
  expect(await tick()).toMatchObject({ title: "51 gone on with" });
  expect(await left()).toEqual(
    all.slice(50).map((key) => `head/continue/sync-members/${hub()}/_${key}.json`),
  );
  expect(await tick()).toMatchObject({ title: "10 gone on with" });
  expect(published()).toHaveLength(61);
});

test("more than fifty that wait for no service go on with one tick", async () => {
  const all = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, "0"));
  await Promise.all(all.map((key) => parked(key, `07:00:${key}`)));
  expect(await tick()).toMatchObject({ title: "60 gone on with" });
  expect(await left()).toEqual([]);
});

test("one whose publishing failed is still known to wait for its service", async () => {
  await parked("1", "08:00:00", "github");
  await expect(tick(() => Promise.reject(new Error("no bus")))).rejects.toThrow("no bus");
  expect(await waiting(worker())).toMatchObject([{ service: "github" }]);
});

test("more than a tick has time for: the oldest first, the rest with the next, none lost", async () => {
  const all = Array.from({ length: 35 }, (_, n) => String(n).padStart(2, "0"));
  for (const key of all) await parked(key, `07:59:${59 - Number(key)}`);
  const ids: string[] = [];
  const slow: Publish = async (topic, event, attributes) => {
    ids.push(attributes?.["first-id"] ?? "");
    moved += 3000;
    return publish(topic, event);
  };
  let moved = 0;
  const later = () => new Date(now().getTime() + moved);
  for (const count of [20, 15]) {
    moved = 0;
    expect(await tick(slow, eventNames, later)).toMatchObject({ title: `${count} gone on with` });
  }
  expect(ids.slice(0, 20).sort()).toEqual(all.slice(15));
  expect([...ids].sort()).toEqual(all);
  expect(await left()).toEqual([]);
});
