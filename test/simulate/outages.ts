// Each service that we call is out of order for forty minutes, or wants to be left alone for that long, while its flow has work
// to do; on the movable clock. Prints a line of JSON for each: what became of it.
import * as z from "zod";
import type { SpellName } from "../../local/wire/spells.ts";
import { skyOver } from "../../local/wire/weather.ts";
import { keysOf } from "../../shared/closed.ts";
import type { Flow } from "./flow.ts";
import { takeOver } from "./wire.ts";
import type { World } from "./world.ts";

takeOver();
z.config({ jitless: true });
process.env["GCE_METADATA_HOST"] = "metadata.far";
process.env["METADATA_SERVER_DETECTION"] = "assume-present";
const { brokenAtTheEnd } = await import("./checks.ts");
const { drive } = await import("./driver.ts");
const { outOfOrder } = await import("./strikes.ts");
const { randomOf } = await import("./random.ts");
const { calm } = await import("./weather.ts");
const { postsOf, readsSlack } = await import("./team.ts");
const { syncMembersFlow } = await import("./flows/sync-members.ts");
const { scanQuotasFlow } = await import("./flows/scan-quotas.ts");
const { bumpImageFlow } = await import("./flows/bump-image.ts");
const { runTransferFlow } = await import("./flows/run-transfer.ts");

/** A trouble that goes by itself is told after an hour. */
const minutes = { down: 40, limits: 40, untold: 100 };
const notices = 10;

/** Nothing works, or it says for how long it wants to be left alone; by the flow that has work to do. */
const outages = {
  down: [
    ["github-down", syncMembersFlow],
    ["sheet-down", syncMembersFlow],
    ["gmail-down", syncMembersFlow],
    ["slack-down", syncMembersFlow],
    ["prometheus-down", scanQuotasFlow],
    ["registry-down", bumpImageFlow],
    ["compute-down", runTransferFlow],
    ["storage-down", syncMembersFlow],
    ["secrets-down", syncMembersFlow],
  ],
  limits: [
    ["github-limit", syncMembersFlow],
    ["sheet-limit", syncMembersFlow],
    ["gmail-limit", syncMembersFlow],
    ["slack-limit", syncMembersFlow],
    ["registry-limit", bumpImageFlow],
  ],
  untold: [
    ["slack-down", syncMembersFlow],
    ["gmail-down", syncMembersFlow],
  ],
} satisfies Record<keyof typeof minutes, [SpellName, Flow][]>;

/** A message that an incident sends by a way of its own. */
const Incident = z.object({ key: z.string().startsWith("incident/"), by: z.string() });

/** Lists the messages of incidents: under one key people get one. */
function toldIn(world: World): string[] {
  const told = world.published.flatMap(({ event }) => Incident.safeParse(event).data ?? []);
  const by = new Map(told.map((message) => [message.key, message.by]));
  return [...by].map(([key, way]) => `${way}: ${key.endsWith("/over") ? "over" : "stands"}`);
}

async function suffer(name: SpellName, flow: Flow, forMinutes: number): Promise<object> {
  const random = randomOf(7);
  const harness = await flow.open(random, calm);
  const { world } = harness;
  try {
    readsSlack(world);
    const from = world.now().getTime();
    const sky = skyOver(
      () => world.now().getTime(),
      () => [{ name, from, until: from + forMinutes * 60_000 }],
    );
    world.strike.outage = (host, call) => outOfOrder(sky, host, call);
    for (let n = 0; n < notices; n += 1) {
      const to = n % 2 === 0 ? "team" : { mail: ["ada@example.org"] };
      world.announce("notice", {
        v: 1,
        hub: "prod",
        key: `outage/${n}`,
        to,
        subject: "Hello",
        text: "You are in.",
      });
    }
    if (harness.join === undefined) for (let n = 0; n < 4; n += 1) harness.edit();
    else harness.join();
    world.announce(...harness.hint());
    const driven = await drive({ ...harness, steps: [0, 0] }, random);
    return {
      name,
      refused: world.strike.counts.faults,
      undelivered: world.records("undelivered/").map(({ text }) => text),
      broken: await brokenAtTheEnd(harness, driven),
      waiting: world.records("head/continue/").filter(({ metadata }) => metadata["published"] === "false")
        .length,
      posts: postsOf(world).length,
      told: toldIn(world),
    };
  } finally {
    world.close();
  }
}

const which = z.enum(keysOf(outages)).parse(process.argv[2]);
for (const [name, flow] of outages[which])
  process.stdout.write(`${JSON.stringify(await suffer(name, flow, minutes[which]))}\n`);
