// Cloud Run's front end of a simulated burst: many requests under way at once, each of which keeps its instance for two seconds of
// the movable clock. What it does for one at a time, and how an instance dies, is front-end.ts.
import { envelope } from "../../local/pubsub/push.ts";
import { gate } from "../../local/run/gate.ts";
import { instances } from "../../local/run/instances.ts";
import { tokenReader } from "../../local/run/token.ts";
import { type FunctionName, functionNames, rowOf } from "../../shared/functions.ts";
import { type Answer, tokenFor } from "./house.ts";
import type { Held, Leased } from "./pubsub.ts";
import type { Delivery } from "./strikes.ts";
import { sender } from "./wire.ts";
import { issuer, project, type World } from "./world.ts";

/** As Pub/Sub's far end has it. */
const mostInFlight = 128;
const handlingMilliseconds = 2000;

const check = gate({
  project,
  read: tokenReader({ certificates: issuer.certificates, seconds: () => Date.now() / 1000 }),
});

/** `most` were at work at once; `tooMany` were answered 429. */
type Counts = { most: number; tooMany: number; deliveries: number };

export function busyFrontEnd(world: World, start: (name: FunctionName) => Answer) {
  const services = new Map<FunctionName, ReturnType<typeof service>>();
  const of = (name: FunctionName): ReturnType<typeof service> => {
    const found = services.get(name) ?? service(name, world, () => start(name));
    services.set(name, found);
    return found;
  };
  const all = () => [...services.values()];
  return {
    /** Pushes what is due of a subscription, as much as may be in flight. */
    push(held: Held): void {
      const name = functionNames.find((known) => held.is.name.endsWith(`/${known}`));
      if (name === undefined) throw new Error(`no function hears ${held.is.name}`);
      const asked = of(name);
      for (const leased of world.pubsub.lease(held, mostInFlight - asked.inFlight())) asked.ask(held, leased);
    },
    /** Does what was begun, in order: with two at once no run would be like another. */
    async work(): Promise<void> {
      for (const one of all()) await one.work();
    },
    /** Gives the moment at which time takes effect next. */
    next(): number | undefined {
      const times = all().flatMap((one) => one.next());
      return times.length === 0 ? undefined : Math.min(...times);
    },
    /** Lets time take effect. */
    look: () => {
      for (const one of all()) one.look();
    },
    countsOf: (name: FunctionName): Counts => of(name).counts,
  };
}

function service(name: FunctionName, world: World, start: () => Answer) {
  const { pubsub } = world;
  const counts: Counts = { most: 0, tooMany: 0, deliveries: 0 };
  const processes = new Map<number, Answer>();
  const starting: number[] = [];
  const taken = deliveries(name, world, counts);
  let inFlight = 0;
  const pool = instances(rowOf(name), {
    now: () => world.now().getTime(),
    start: (instance) => void starting.push(instance),
    stop: (instance) => void processes.delete(instance),
  });

  function ask(held: Held, leased: Leased): void {
    const { message, attempt } = leased;
    const request = { authorization: passed(name), raw: Buffer.from(JSON.stringify(envelope(leased, held))) };
    const answered = (status: number | undefined): void => {
      inFlight -= 1;
      (status === 204 ? pubsub.acknowledge : pubsub.fail)(held, message.id, attempt);
    };
    inFlight += 1;
    const over = pool.ask({
      begin(instance) {
        const answer = async () => processes.get(instance)?.(request);
        taken.begin(message.id, answer, (status) => {
          answered(status);
          over();
        });
      },
      end(status) {
        if (status !== 429) throw new Error(`the platform answers ${status}`);
        counts.tooMany += 1;
        answered(status);
      },
    });
  }

  return {
    counts,
    ask,
    inFlight: () => inFlight,
    async work(): Promise<void> {
      for (const instance of starting.splice(0)) {
        processes.set(instance, start());
        pool.ready(instance);
      }
      await taken.work();
    },
    next: (): number[] =>
      [taken.next(), inFlight > 0 ? pool.nextDue() : undefined].filter((at) => at !== undefined),
    look(): void {
      taken.look();
      pool.look();
    },
  };
}

/** Deliveries that the instances of one service have taken: begun in order, and at work for as long as a delivery is. */
function deliveries(name: FunctionName, world: World, counts: Counts) {
  const now = () => world.now().getTime();
  const begun: (() => Promise<void>)[] = [];
  const atWork: { until: number; end: () => void }[] = [];
  let busy = 0;
  return {
    /** `over` is told the status when the time is over. */
    begin(
      message: number,
      answer: () => Promise<{ status: number } | undefined>,
      over: (status: number | undefined) => void,
    ): void {
      busy += 1;
      counts.most = Math.max(counts.most, busy);
      begun.push(async () => {
        counts.deliveries += 1;
        const received = await sender.run(nobodyDies(name, counts.deliveries, message), answer);
        const end = () => {
          busy -= 1;
          over(received?.status);
        };
        atWork.push({ until: now() + handlingMilliseconds, end });
      });
    },
    async work(): Promise<void> {
      for (let one = begun.shift(); one !== undefined; one = begun.shift()) await one();
    },
    /** Gives the time at which the first of them is over. */
    next: (): number | undefined => atWork[0]?.until,
    look(): void {
      while (atWork[0] !== undefined && atWork[0].until <= now()) atWork.shift()?.end();
    },
  };
}

/** Pub/Sub's token as the gate lets it through. */
function passed(name: FunctionName): string {
  const checked = check(name, { path: "/", rawHeaders: ["authorization", tokenFor(name)] });
  if ("refused" in checked) throw new Error(`the platform answers ${checked.refused.status} to a push`);
  return checked.rawHeaders[1] ?? "";
}

const nobodyDies = (name: FunctionName, number: number, message: number): Delivery => ({
  number,
  name,
  messageId: String(message),
  dead: false,
  die: () => undefined,
  blind: false,
  checked: false,
  wrote: [],
});
