// A burst of notices, more than the instances of send-notice take at once and every other one a mail: the real functions behind the
// front end's rules, by the movable clock, each delivery two seconds. Prints a line of JSON: what became of all of them.
// Asked for by their number and by what a service wants meanwhile: "alone", Gmail wants to be left alone for forty minutes;
// "slow", Slack takes a message a second and no more; else nothing.
import * as z from "zod";
import { takeOver } from "./wire.ts";

takeOver();
z.config({ jitless: true });
process.env["GCE_METADATA_HOST"] = "metadata.far";
process.env["METADATA_SERVER_DETECTION"] = "assume-present";
const { continuePrefix } = await import("../../shared/flow/continue.ts");
const { busyFrontEnd } = await import("./busy-front-end.ts");
const { settingsOf } = await import("./flows/members-hub.ts");
const { commonWorkers, makeHouse } = await import("./house.ts");
const { randomOf } = await import("./random.ts");
const { postsOf, readsSlack } = await import("./team.ts");
const { waits } = await import("./waits.ts");
const { calm } = await import("./weather.ts");
const { makeWorld } = await import("./world.ts");

type World = Awaited<ReturnType<typeof makeWorld>>;

const minute = 60_000;
const outageMinutes = 40;
/** Longer than any notice is tried. */
const longestMinutes = 4 * 24 * 60;

/** https://docs.slack.dev/apis/web-api/rate-limits has "about one message a second". */
function wants(world: World, what: string | undefined): World["strike"]["outage"] {
  const now = () => world.now().getTime();
  const end = now() + outageMinutes * minute;
  let posted = 0;
  return (host, call) => {
    if (what === "slow" && host === "slack") {
      if (now() - posted < 1000)
        return Response.json({ ok: false, error: "ratelimited" }, { status: 429, headers: after(1) });
      posted = now();
    }
    if (what === "alone" && call.includes(" /gmail/") && now() < end) {
      const error = { code: 429, message: "User-rate limit exceeded.", status: "RESOURCE_EXHAUSTED" };
      return Response.json({ error }, { status: 429, headers: after(outageMinutes * 60) });
    }
    return undefined;
  };
}

const after = (seconds: number) => ({ "retry-after": String(seconds) });

/** Gives the time at which the first of what waits may go on. */
const firstOf = (world: World): number | undefined =>
  waits(world).reduce<number | undefined>((a, b) => Math.min(a ?? b, b), undefined);

/** Lets time pass until nothing is under way and nothing waits. */
async function rest(world: World, frontEnd: ReturnType<typeof busyFrontEnd>): Promise<void> {
  const now = () => world.now().getTime();
  const end = now() + longestMinutes * minute;
  for (let tick = now() + minute; now() < end; ) {
    for (const held of world.pubsub.due()) frontEnd.push(held);
    await frontEnd.work();
    const next = [world.pubsub.next(), frontEnd.next()].filter((at) => at !== undefined);
    if (next.length === 0) {
      const first = firstOf(world);
      if (first === undefined) return;
      while (tick < first) tick += minute;
    }
    world.clock.moveBy(Math.max(0, Math.min(tick, ...next) - now()));
    frontEnd.look();
    if (now() < tick) continue;
    tick += minute;
    if ((firstOf(world) ?? end) <= now()) world.announce("continue-due", { v: 1 });
  }
}

async function burst(notices: number, what: string | undefined): Promise<object> {
  const random = randomOf(7);
  const world = await makeWorld({ random, weather: calm, settings: settingsOf(random) });
  const start = world.now().getTime();
  readsSlack(world);
  const logs: string[] = [];
  const frontEnd = busyFrontEnd(world, (name) => {
    const worker = commonWorkers[name];
    if (worker === undefined) throw new Error(`nobody simulates ${name}`);
    return worker(makeHouse(name, world, logs));
  });
  world.strike.outage = wants(world, what);
  for (let n = 0; n < notices; n += 1) {
    const to = n % 2 === 0 ? "team" : { mail: [`member${n}@example.org`] };
    const notice = { hub: "prod", key: `burst/${n}`, to, subject: `Hello ${n}`, text: "You are in." };
    world.announce("notice", { v: 1, ...notice });
  }
  await rest(world, frontEnd);
  const mails = z
    .array(z.object({ message_id: z.string() }))
    .parse(world.state.prepare("SELECT message_id FROM google_mail").all());
  // Leaves out what incidents tell: mails that wait for a day, and flows that nobody plays here.
  const posts = postsOf(world).flatMap(({ text }) => (text.includes("Hello") ? text : []));
  const end = {
    mails: [mails.length, new Set(mails.map(({ message_id }) => message_id)).size],
    posts: [posts.length, new Set(posts).size],
    undelivered: world.records("undelivered/").map(({ text }) => text),
    waiting: world.records(continuePrefix).length,
    pending: world.pubsub.pending(),
    hours: Math.ceil((world.now().getTime() - start) / (60 * minute)),
    ...frontEnd.countsOf("send-notice"),
  };
  world.close();
  return end;
}

const [notices, what] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await burst(Number(notices), what))}\n`);
