// The real compute client and far end under a transfer, whose zones are full as long as a test says, and whose listings lag.
import { expect } from "@jest/globals";
import * as z from "zod";
import type { ComputeFarEnd } from "../../../local/compute/far-end.ts";
import type { FarEnd } from "../../../local/wire/far-end.ts";
import { identities } from "../../../local/wire/identity.ts";
import { type MovableClock, stoppedClock } from "../../../local/wire/movable-clock.ts";
import { Continue } from "../../../shared/records.ts";
import { computeHarness, sampleTransfers } from "../../local/compute/harness.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { until } from "../../patience.ts";
import { ledgerHarness, project } from "../../shared/ledger-harness.ts";
import { asked, transferHarness } from "./harness.ts";
import { worker } from "./worker.ts";

const Item = z.looseObject({ id: z.string(), creationTimestamp: z.string(), zone: z.string() });
const Zone = z.object({ instances: z.array(Item).default([]) });
const Listing = z.looseObject({ items: z.record(z.string(), Zone) });
export const { zones } = sampleTransfers().machine;

/** The sample hub, whose transfers are looked at as seldom as a hub's in the cloud. */
function settings() {
  const sample = sampleSettings();
  const transfers = sample.hubs["sample"]?.transfers;
  if (transfers !== undefined) transfers.lookSeconds = 60;
  return sample;
}

/** Answers listings as they were some time ago: what was made since is not there yet, what has gone since still is. */
function lagging(clock: MovableClock, lagMs: () => number) {
  const seen = new Map<string, { item: z.infer<typeof Item>; gone?: number }>();
  return (far: ComputeFarEnd): FarEnd => ({
    async fetch(request) {
      const answer = await far.fetch(request);
      if (!request.url.includes("/aggregated/instances") || !answer.ok) return answer;
      const body = Listing.parse(await answer.json());
      const real = Object.values(body.items).flatMap(({ instances }) => instances);
      const now = clock.now().getTime();
      for (const item of real) seen.set(item.id, { item });
      for (const [id, entry] of seen)
        if (!real.some((one) => one.id === id)) seen.set(id, { ...entry, gone: entry.gone ?? now });
      const then = now - lagMs();
      const shown = [...seen.values()].filter(
        ({ item, gone }) => (gone === undefined || gone > then) && Date.parse(item.creationTimestamp) <= then,
      );
      const items = Object.groupBy(shown, ({ item }) => `zones/${item.zone.split("/").at(-1)}`);
      const listed = Object.entries(items).map(([name, some = []]) => [
        name,
        { instances: some.map(({ item }) => item) },
      ]);
      const empty = Object.keys(body.items).map((zone) => [zone, {}]);
      return Response.json({ ...body, items: Object.fromEntries([...empty, ...listed]) });
    },
  });
}

/** Opens a transfer on Compute Engine's far end, by a clock that stands still. */
export async function openLooks() {
  const clock = stoppedClock(new Date("2026-11-21T10:00:00Z"));
  const served = await ledgerHarness();
  let lagMs = 0;
  const guests: Record<string, string>[] = [];
  const compute = await computeHarness("run-transfer", {
    clock,
    graceMs: 0,
    within: { project, identities: identities({ state: served.state, project }) },
    front: lagging(clock, () => lagMs),
    runner({ attributes }) {
      guests.push(attributes);
      return { pid: 1, kill: () => undefined, ended: Promise.resolve() };
    },
  });
  const on = await transferHarness({
    compute: { adapter: compute.adapter, clock },
    served,
    settings: settings(),
  });
  return {
    ...on,
    compute,
    clock,
    lag(milliseconds: number): void {
      lagMs = milliseconds;
    },
    /**
     * Goes to the time of the next look, and looks; gives the minutes since the beginning. A machine that was told to go has gone
     * by then, however slow the system is.
     */
    async look(): Promise<number> {
      await until(() => compute.far.machines().every(({ status }) => status !== "STOPPING"));
      const { at } = Continue.parse(await on.jsonOf("head/continue/run-transfer/sample/t1.json"));
      await served.operator.file("head/continue/run-transfer/sample/t1.json").delete();
      clock.moveBy(Math.max(0, Date.parse(at) - clock.now().getTime()));
      await on.deliver({ v: 1, hub: "sample", id: "t1", why: "continue" });
      return (clock.now().getTime() - Date.parse("2026-11-21T10:00:00Z")) / 60_000;
    },
    /** Machines copy all lists, say so and go. */
    async finish(): Promise<void> {
      for (const parameters of guests) {
        const { reports, shard, attempt } = parameters;
        const by = worker(on.books, parameters);
        for (let list = await by.take(); list !== undefined; list = await by.take()) {
          for (const name of list.copy) on.copy(name);
          await by.end(list);
        }
        await on.books.create(`${reports}/${shard}-${attempt}-done.json`, { v: 1, state: "done", exit: 0 });
      }
      for (const { name } of compute.far.machines()) compute.far.preempt(name);
      await compute.far.idle();
    },
    deleted: () => on.effects.filter((effect) => effect.do === "delete-machine"),
    async close(): Promise<void> {
      await compute.close();
      await on.close();
    },
  };
}

/** Plays a transfer whose zones are full for so long: machines come with the next round once there is room. */
export async function fullZones(on: Awaited<ReturnType<typeof openLooks>>, fullMinutes: number) {
  for (const zone of zones) on.compute.far.exhaust(zone, "ZONE_RESOURCE_POOL_EXHAUSTED");
  await on.deliver(asked, { messageId: "first" });
  let minutes = 0;
  while (minutes < fullMinutes) minutes = await on.look();
  expect(on.compute.far.machines()).toEqual([]);
  for (const zone of zones) on.compute.far.exhaust(zone);
  const roundMinutes = 5;
  for (const until = minutes + roundMinutes; minutes < until; ) minutes = await on.look();
  expect(on.compute.far.machines().map(({ name }) => name)).toEqual([
    "transfer-sample-t1-0",
    "transfer-sample-t1-1",
    "transfer-sample-t1-2",
  ]);
  await on.deliver(asked, { messageId: "first" });
  await on.finish();
  await on.look();
  expect([(await on.state())?.state, on.compute.far.made()]).toEqual(["done", 3]);
}
