// Tells whether a plan says what is then done: in a calm world, after edits by hand and words on what waits, a dry run, and then
// a run on the same world. A dry run changes nothing outside, and publishes nothing.
import { envelope } from "../../local/pubsub/push.ts";
import { approve } from "../../shared/flow/approvals.ts";
import type { FunctionName } from "../../shared/functions.ts";
import { type Approval, HeldPlan, Run } from "../../shared/records.ts";
import type { Flow, Harness, Hint } from "./flow.ts";
import { simulatedFrontEnd } from "./front-end.ts";
import { commonWorkers, makeHouse } from "./house.ts";
import { type Random, randomOf } from "./random.ts";
import type { Seeded } from "./run.ts";
import { calm } from "./weather.ts";
import type { World } from "./world.ts";

/** Deliveries after which something goes round in circles. */
const mostDeliveries = 200;

/** Plays one seed; a sentence for each time that a plan and what was done differ. */
export async function planned(flow: Flow, seed: number): Promise<Seeded> {
  const random = randomOf(seed);
  const harness = await flow.open(random, calm);
  const { world, foretold } = harness;
  try {
    if (foretold === undefined) throw new Error(`${flow.name} does not say what its plans foretell`);
    const broken: string[] = [];
    const deliver = deliverer(harness);
    const ask = async (hint: Hint): Promise<Run | undefined> => {
      world.announce(...hint);
      const id = world.published.at(-1)?.id;
      await deliver.rest();
      return runsOf(harness, flow).find(({ messageId }) => messageId === id);
    };
    for (let rounds = random.between(2, 5); rounds > 0; rounds -= 1) {
      for (let edits = random.between(0, 4); edits > 0; edits -= 1)
        world.timeline.note(`somebody ${harness.edit()}`);
      if (random.chance(0.5)) await sayWord(harness, flow, random);
      const published = world.published.length + 1;
      const plan = await ask(foretold.ask(true));
      if (plan === undefined) broken.push("a dry run left no record");
      if ((plan?.effects.length ?? 0) > 0) broken.push("a dry run has changed something outside");
      if (world.published.length > published) broken.push("a dry run has published something");
      const run = await ask(foretold.ask(false));
      const effects = [...(run?.effects ?? [])];
      const actions = [...(plan?.plan?.actions ?? [])];
      if (foretold.wake !== undefined && run?.outcome === "held") {
        if (effects.length > 0) broken.push("what waits for a person has changed something outside");
        if (plan?.plan?.hash !== run.plan?.hash)
          broken.push("a dry run has shown another plan than people are asked about");
        await approveAll(harness, flow, run);
        actions.push(...(plan?.plan?.held ?? []));
        effects.push(...((await ask(foretold.wake()))?.effects ?? []));
      }
      const told = [...new Set(actions.flatMap(foretold.ofPlan))].sort();
      const done = [...new Set(effects.flatMap(foretold.ofEffect))].sort();
      if (told.join() !== done.join())
        broken.push(`planned was [${told.join(", ")}], and done was [${done.join(", ")}]`);
      world.clock.moveBy(random.pick(1, 60, 24 * 60, 8 * 24 * 60) * 60_000);
    }
    const { digest, lines } = world.timeline;
    const counts = { ...world.strike.counts, deliveries: deliver.count(), duplicates: 0 };
    return { seed, digest: digest(), broken, parts: [], timeline: lines, ...counts };
  } finally {
    world.close();
  }
}

const runsOf = ({ world }: Harness, { name }: Flow): Run[] =>
  world
    .records("runs/")
    .map(({ text }) => Run.parse(JSON.parse(text)))
    .filter((run) => run.flow === name);

/** Delivers all that is due, once each, and moves no clock. */
function deliverer({ world, workers: own }: Harness) {
  const workers = { ...commonWorkers, ...own };
  const frontEnd = simulatedFrontEnd(world, (name) => {
    const worker = workers[name];
    if (worker === undefined) throw new Error(`nobody simulates ${name}`);
    return worker(makeHouse(name, world, []));
  });
  let count = 0;
  return {
    count: () => count,
    async rest(): Promise<void> {
      for (let due = world.pubsub.due(); due.length > 0; due = world.pubsub.due())
        for (const held of due)
          for (const leased of world.pubsub.lease(held, 100)) {
            count += 1;
            if (count > mostDeliveries) throw new Error("it goes round in circles");
            // A subscription is called as its function.
            const name = (held.is.name.split("/").at(-1) ?? "") as FunctionName;
            const raw = Buffer.from(JSON.stringify(envelope(leased, held)));
            const answer = await frontEnd.push(name, raw, {
              run: (process, request) => world.operate(name, () => process(request)),
              refused: (status) => {
                throw new Error(`the platform answers ${status} for ${name}`);
              },
            });
            if (answer?.status !== 204) throw new Error(`${name} answered ${answer?.status}`);
            world.pubsub.acknowledge(held, leased.message.id, leased.attempt);
          }
    },
  };
}

/** Somebody says a word on a part of a plan that was held. */
async function sayWord({ world }: Harness, { name }: Flow, random: Random): Promise<void> {
  const plans = world.records("plans/").map(({ text }) => HeldPlan.parse(JSON.parse(text)));
  const one = random.oneOf(plans);
  if (one === undefined) return;
  const items = random
    .shuffled(one.plan.held.map(({ hash }) => hash))
    .slice(0, random.between(1, one.plan.held.length));
  const verdict = random.pick("approved" as const, "rejected" as const);
  await say(world, { hub: one.hub, flow: name }, { verdict, plan: one.plan.hash, items });
}

/** Somebody approves all that a run has held, as it was stored. */
async function approveAll({ world }: Harness, { name }: Flow, { plan }: Run): Promise<void> {
  const stored = world
    .records("plans/")
    .map(({ text }) => HeldPlan.parse(JSON.parse(text)))
    .find((each) => each.plan.hash === plan?.hash);
  if (stored === undefined) return;
  const items = stored.plan.held.map(({ hash }) => hash);
  await say(world, { hub: stored.hub, flow: name }, { verdict: "approved", plan: stored.plan.hash, items });
}

async function say(
  world: World,
  of: { hub: string; flow: string },
  word: Pick<Approval, "verdict" | "plan" | "items">,
): Promise<void> {
  world.timeline.note(`somebody says ${word.verdict} to ${word.items.length} of what is held`);
  const { ledger } = makeHouse("console", world, []);
  // Of two words in one moment only the first one is kept.
  world.clock.moveBy(1);
  const at = world.now().toISOString();
  await world.operate("console", () => approve(ledger, of, { ...word, by: "console", at }));
}
