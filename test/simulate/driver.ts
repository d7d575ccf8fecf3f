// Runs a scene: first what chance brings - events, edits, deliveries out of order, late and twice, time that passes - and
// then rest, until nothing waits any more.

import { envelope } from "../../local/pubsub/push.ts";
import type { Subscription } from "../../local/pubsub/resource.ts";
import type { FunctionName } from "../../shared/functions.ts";
import { Run } from "../../shared/records.ts";
import type { Harness } from "./flow.ts";
import { hub } from "./flows/settings.ts";
import { simulatedFrontEnd } from "./front-end.ts";
import { commonWorkers, makeHouse } from "./house.ts";
import type { Held, Leased } from "./pubsub.ts";
import type { Random } from "./random.ts";
import type { Delivery } from "./strikes.ts";
import { waits } from "./waits.ts";
import { calm } from "./weather.ts";
import { sender } from "./wire.ts";

export type Driven = {
  deliveries: number;
  duplicates: number;
  logs: string[];
  answers: string[];
  unrest: boolean;
  /** Every step and strike that there was, by its name: what may be left out when the seed is played again. */
  parts: string[];
  /** Time from when all is calm to when nothing waits any more. */
  hoursToRest: number;
  /** Effects and notices of one more look, when all was done. */
  onceMore: string[];
};

const second = 1000;
const minute = 60 * second;
const deepest = 2;
const roundsOfRest = 400;
/** Longer than a failure stands that nothing meets any more. */
const sweepMinutes = 50;

export async function drive(
  harness: Harness,
  random: Random,
  without: ReadonlySet<string> = new Set(),
): Promise<Driven> {
  const { world } = harness;
  const { pubsub, timeline, weather } = world;
  const driven: Driven = {
    deliveries: 0,
    duplicates: 0,
    logs: [],
    answers: [],
    unrest: false,
    parts: [],
    hoursToRest: 0,
    onceMore: [],
  };
  const workers = { ...commonWorkers, ...harness.workers };
  const frontEnd = simulatedFrontEnd(world, (name) => {
    const worker = workers[name];
    if (worker === undefined) throw new Error(`nobody simulates ${name}`);
    return worker(makeHouse(name, world, driven.logs));
  });
  /** Leased, and on their way for longer than usual. */
  let late: { held: Held; leased: Leased }[] = [];
  const past: { held: Held; leased: Leased }[] = [];
  const ticked = new Map<unknown, number>();
  /** Functions that have a delivery in hand. */
  const running = new Set<FunctionName>();
  let depth = 0;
  let current = weather;
  const now = (): number => world.now().getTime();

  async function deliver(held: Held, leased: Leased, again = false): Promise<void> {
    const name = functionOf(held.is);
    const { id } = leased.message;
    driven.deliveries += 1;
    const number = driven.deliveries;
    timeline.note(
      `${name} #${number} gets message ${id}, attempt ${leased.attempt}${again ? ", once more" : ""}`,
    );
    let end = (): void => undefined;
    const died = new Promise<"died">((resolve) => {
      end = () => resolve("died");
    });
    const who: Delivery = {
      number,
      name,
      messageId: String(id),
      dead: false,
      die() {
        who.dead = true;
        end();
      },
      blind: false,
      checked: false,
      wrote: [],
    };
    const raw = Buffer.from(JSON.stringify(envelope(leased, held)));
    running.add(name);
    const outcome = await frontEnd.push(name, raw, {
      async run(process, request) {
        const ended = await Promise.race([sender.run(who, () => process(request)), died]);
        if (ended !== "died") return ended;
        // The platform sees the connection break, or only the deadline.
        return random.chance(0.7) ? "dies" : "hangs";
      },
      refused(status) {
        timeline.note(`the platform answers ${status} for ${name} #${number}`);
        if (!again) pubsub.fail(held, id, leased.attempt);
      },
    });
    running.delete(name);
    if (outcome === undefined) return;
    driven.answers.push(`${outcome.status} ${outcome.body ?? ""}`);
    timeline.note(`${name} #${number} answers ${outcome.status}`);
    if (again) return;
    if (outcome.status !== 204) pubsub.fail(held, id, leased.attempt);
    else if (random.chance(current.lost)) timeline.note(`that answer is lost`);
    else {
      pubsub.acknowledge(held, id, leased.attempt);
      past.push({ held, leased });
    }
  }

  /** One of the due subscriptions; of several messages the order is chance's, and some stay on their way. */
  async function deliverSome(): Promise<void> {
    const held = random.oneOf(pubsub.due());
    if (held === undefined) return;
    for (const leased of random.shuffled(pubsub.lease(held, random.between(1, 3)))) {
      if (random.chance(current.late)) late.push({ held, leased });
      else await deliver(held, leased);
    }
  }

  async function deliverLate(): Promise<void> {
    const one = random.oneOf(late);
    if (one === undefined) return;
    late = late.filter((each) => each !== one);
    await deliver(one.held, one.leased);
  }

  async function deliverAgain(): Promise<void> {
    const one = random.oneOf(past);
    if (one === undefined) return;
    driven.duplicates += 1;
    await deliver(one.held, one.leased, true);
  }

  async function moveBy(milliseconds: number): Promise<void> {
    world.clock.moveBy(milliseconds);
    // A minute's tick finds nothing where nothing waits: only those that find something are worth their time.
    if (waits(world).some((at) => at <= now()) && !random.chance(current.lost))
      world.announce("continue-due", { v: 1 });
    for (const schedule of harness.schedules) {
      const tick = Math.floor(now() / (schedule.everyMinutes * minute));
      const before = ticked.get(schedule);
      ticked.set(schedule, tick);
      if (before === undefined || before === tick || random.chance(current.lost)) continue;
      world.announce(...schedule.hint());
    }
    await harness.moved?.();
  }

  async function step(): Promise<void> {
    const drawn = random.next();
    if (drawn < 0.5) await deliverSome();
    else if (drawn < 0.56) await deliverLate();
    else if (drawn < 0.56 + current.duplicate / 4) await deliverAgain();
    else if (drawn < 0.76)
      await moveBy(
        random.pick(
          random.below(5 * second),
          random.below(minute),
          random.below(5 * minute),
          random.below(30 * minute),
        ),
      );
    else if (drawn < 0.88) timeline.note(`somebody ${harness.edit()}`);
    else world.announce(...harness.hint());
  }

  world.strike.meanwhile = async () => {
    if (depth >= deepest) return;
    depth += 1;
    // Some wait for longer than a lease lasts, or than the platform waits for them.
    if (random.chance(0.4)) {
      await moveBy(random.between(3, 15) * minute);
      world.announce(...harness.hint());
    }
    // A process that was given up may be at this call still when all is calm.
    for (let steps = random.between(1, 4); steps > 0 && current !== calm; steps -= 1) await step();
    depth -= 1;
  };

  // Deliveries come, and people go on editing, while one waits; where all is calm they come to functions that wait for nothing.
  world.strike.passing = async (until) => {
    if (current !== calm && depth < deepest) {
      depth += 1;
      for (let steps = random.between(0, 4); steps > 0 && world.now() < until; steps -= 1) {
        await moveBy(random.below(15 * second));
        if (random.chance(0.5)) world.announce(...harness.hint());
        await step();
      }
      depth -= 1;
    }
    await moveBy(Math.max(until.getTime() - now(), 0));
    if (current !== calm || depth >= deepest) return;
    depth += 1;
    for (const held of pubsub.due().filter(({ is }) => !running.has(functionOf(is))))
      for (const leased of pubsub.lease(held, 100)) await deliver(held, leased);
    depth -= 1;
  };

  async function rest(): Promise<void> {
    for (let rounds = 0; rounds < roundsOfRest; rounds += 1) {
      const due = pubsub.due();
      for (const held of due) for (const leased of pubsub.lease(held, 100)) await deliver(held, leased);
      if (due.length > 0) continue;
      const times = [pubsub.next(), harness.next?.(), ...waits(world)].filter((at) => at !== undefined);
      if (times.length === 0) return;
      await moveBy(Math.max(Math.min(...times) - now(), 0) + second);
    }
    driven.unrest = true;
  }

  /** Wakes the flow once more, a while later: where all is as it is to be there is nothing to do, and nobody to tell. */
  async function lookOnceMore(): Promise<string[]> {
    const before = new Set(world.records("runs/").map(({ name }) => name));
    const told = world.published.length;
    await moveBy(sweepMinutes * minute);
    for (const { hint } of harness.schedules) world.announce(...hint());
    await rest();
    const effects = world
      .records("runs/")
      .filter(({ name }) => !before.has(name))
      .flatMap(({ text }) => Run.parse(JSON.parse(text)).effects);
    const words = world.published
      .slice(told)
      .flatMap(({ topic, event }) => (topic === "notice" ? [event] : []));
    // Leaves out what is told by the clock alone: an incident stands for an hour, whoever looks.
    return [...effects, ...words]
      .map((each) => JSON.stringify(each))
      .filter((each) => !each.includes('"key":"incident/'));
  }

  /** Does what every schedule would do next. */
  async function sweep(): Promise<void> {
    await moveBy(sweepMinutes * minute);
    world.announce("continue-due", { v: 1 });
    for (const { everyMinutes, hint } of harness.schedules)
      if (everyMinutes > sweepMinutes) world.announce(...hint());
    await rest();
  }

  for (const schedule of harness.schedules)
    ticked.set(schedule, Math.floor(now() / (schedule.everyMinutes * minute)));
  world.strike.weather = weather;
  const steps = random.between(...harness.steps);
  for (let number = 1; number <= steps; number += 1) {
    let struck = 0;
    const isLeftOut = (part: string): boolean => {
      driven.parts.push(part);
      return without.has(part);
    };
    world.strike.isLeftOut = () => isLeftOut(`strike ${++struck} of step ${number}`);
    // Each step draws its own chance, and does the same when others are left out.
    random.begin(number);
    if (!isLeftOut(`step ${number}`)) await step();
  }
  random.begin(steps + 1);

  current = calm;
  world.strike.weather = calm;
  harness.calmed?.();
  timeline.note("all is calm from here on");
  const calmAt = now();
  for (const { held, leased } of late) await deliver(held, leased);
  late = [];
  await rest();
  driven.hoursToRest = (now() - calmAt) / (60 * minute);
  // Ends what stood in the way of mails, or of messages in Slack: the next one that goes out shows that it is over.
  for (const by of [{}, { by: "mail" }])
    world.announce("notice", {
      ...{
        v: 1,
        hub,
        key: `by-hand/${by.by ?? "usual"}`,
        to: "team",
        subject: "Hello",
        text: "All is calm.",
      },
      ...by,
    });
  await sweep();
  for (let sweeps = harness.settle?.() ?? 0; sweeps > 0; sweeps -= 1) await sweep();
  driven.onceMore = await lookOnceMore();
  return driven;
}

/** A subscription is called as its function. */
const functionOf = ({ name }: Subscription): FunctionName => (name.split("/").at(-1) ?? "") as FunctionName;
