// run-transfer in simulation: requests, machines that are taken away, fail or go dumb, zones without room, and the sweep.
import { join } from "node:path";
import { checkTransfers } from "../../../functions/check-transfers/handler.ts";
import { forwardTransferReport } from "../../../functions/forward-transfer-report/handler.ts";
import { runTransfer } from "../../../functions/run-transfer/handler.ts";
import { sweepMachines } from "../../../functions/sweep-machines/handler.ts";
import { computeFarEnd } from "../../../local/compute/far-end.ts";
import { s3FarEnd } from "../../../local/s3/far-end.ts";
import { ground } from "../../../shared/compute/ground.ts";
import { machines } from "../../../shared/compute/machines.ts";
import { budgetStore } from "../../../shared/flow/budget-store.ts";
import { describer, sumsAsker } from "../../../shared/remotes/heads.ts";
import { remoteLister } from "../../../shared/remotes/list.ts";
import { locator } from "../../../shared/remotes/location.ts";
import { prober } from "../../../shared/remotes/probe.ts";
import { folderFinder, rangeFinder } from "../../../shared/remotes/ranges.ts";
import { uploadEnder } from "../../../shared/remotes/uploads.ts";
import { Settings } from "../../../shared/settings.ts";
import type { Flow, Harness, Hint } from "../flow.ts";
import { type House, storageOf } from "../house.ts";
import type { Random } from "../random.ts";
import { calm, hasSpell, type Weather } from "../weather.ts";
import { endpoints, makeWorld, project, putSecret, type World } from "../world.ts";
import { killersOf, limitHours } from "./killers.ts";
import { makeFleet } from "./machines.ts";
import { hub, simulatedHub, stackWith } from "./settings.ts";
import { ids, targetBuckets, transferEnds } from "./transfer-ends.ts";
import { due, foretoldTransfers } from "./transfer-foretold.ts";
import { transferPeople } from "./transfer-people.ts";
import { transferRules } from "./transfer-rules.ts";
import { writeRules } from "./transfer-writes.ts";

const zones = ["us-central1-a", "us-central1-b", "us-central1-c"] as const;

function settingsOf(random: Random, weather: Weather): Settings {
  return Settings.parse({
    ...stackWith("run-transfer", random),
    hubs: {
      [hub]: {
        ...simulatedHub,
        // A machine costs a dollar to begin with, and mostly some more in the end.
        limits: {
          machines: random.pick(1, 3, 6),
          dollarsPerDay: random.pick(200, 200, 3, 2),
          dollarsPerMonth: random.pick(2000, 2000, 3),
        },
        transfers: {
          remotes: {
            persistent:
              random.chance(0.3) || hasSpell(weather, "s3-down")
                ? { kind: "s3", bucket: "persistent", endpoint: "https://s3.example.org" }
                : { kind: "gcs", bucket: "persistent" },
            scratch: { kind: "gcs", bucket: "scratch" },
            mirror: { kind: "gcs", bucket: "mirror", replaceable: true },
          },
          machine: { zones, dollarsPerHour: 20 },
          rclone: { from: "image" },
          prices: { asOf: "2031-03-01" },
          gigabytesPerMachine: 0.000_002,
          lookSeconds: 300,
          approveAbove: random.pick({}, {}, { objects: 2 }, { gigabytes: 0.000_001 }),
          approvalHours: random.pick(1, 24),
          requestDays: random.pick(0.1, 0.2),
          limits: {
            machines: random.between(1, 3),
            hours: limitHours,
            dollars: 200,
            gigabytes: 1,
            preemptions: 3,
            errors: 2,
          },
        },
      },
    },
  });
}

// Each client signs in once, as the function that it belongs to.
const ofTransfers = machines({ project, endpoints });
const ofSweeps = machines({ project, endpoints });
const network = ground({ project, endpoints });

const ofChecks = { machines: machines({ project, endpoints }), ground: ground({ project, endpoints }) };

const workersOf = (wait: (milliseconds: number) => Promise<void>) => ({
  "run-transfer"(house: House) {
    const stores = {
      storage: storageOf("run-transfer"),
      keys: () => house.secrets.read("transfer-keys"),
      s3Endpoint: endpoints.s3,
      // Leaves other tries to the next delivery, by the movable clock.
      s3Patience: { timeoutMs: 30_000, retries: 0 },
    };
    const list = remoteLister(stores);
    const ranges = rangeFinder(stores);
    const folders = folderFinder(stores);
    const askSums = sumsAsker(stores);
    const describe = describer(stores);
    const locate = locator(stores);
    const endUploads = uploadEnder(stores);
    const { ledger, settings, publish, now } = house;
    return house.worker(
      "transfer-request",
      (event, run, delivery) =>
        runTransfer(event, run, delivery, {
          ledger,
          settings,
          publish,
          now,
          budgets: budgetStore({ ledger, now, random: () => 0.5, pause: () => wait(100) }),
          machines: ofTransfers,
          ground: network,
          list,
          ranges,
          folders,
          askSums,
          describe,
          locate,
          endUploads,
          pause: () => wait(5000),
          wires: endpoints,
        }),
      () => ["compute"],
    );
  },
  "forward-transfer-report": (house: House) =>
    house.worker("transfer-reported", (event) => forwardTransferReport(event, house)),
  "sweep-machines": (house: House) =>
    house.worker(
      "sweep-due",
      (_tick, run) => sweepMachines(run, { ...house, machines: ofSweeps }),
      () => ["compute"],
    ),
  "check-transfers"(house: House) {
    const probe = prober({
      storage: storageOf("check-transfers"),
      keys: () => house.secrets.read("transfer-keys"),
      s3Endpoint: endpoints.s3,
      s3Patience: { timeoutMs: 30_000, retries: 0 },
    });
    return house.worker(
      "transfer-check-due",
      (event, run) => checkTransfers(event, run, { ...house, ...ofChecks, probe }),
      () => [],
    );
  },
});

/** A store outside, over the folder that its people fill. */
function addOutside(world: World): void {
  const key = { keyId: "AKIASIMULATED", secret: "secret-of-outside" };
  putSecret(world.folder, "transfer-keys", `persistent ${key.keyId} ${key.secret}\n`);
  const folder = join(world.folder, "persistent");
  const s3 = s3FarEnd({ ...world, buckets: { persistent: { folder, ...key } } });
  world.violations.push(s3.violations);
  world.hosts.set("s3.far", {
    fetch(request) {
      const named = new Request(request);
      named.headers.set("host", new URL(request.url).host);
      return s3.fetch(named);
    },
  });
}

const sweepDue = (): Hint => ["sweep-due", { v: 1 }];

export const runTransferFlow: Flow = {
  name: "run-transfer",
  async open(random, weather): Promise<Harness> {
    const settings = settingsOf(random, weather);
    const isOutside = settings.hubs[hub]?.transfers?.remotes["persistent"]?.kind === "s3";
    const targets = Object.fromEntries(targetBuckets.map((bucket) => [bucket, bucket]));
    const buckets = { ...(isOutside ? {} : { persistent: "persistent" }), ...targets };
    const world = await makeWorld({ random, weather, settings, buckets });
    if (isOutside) addOutside(world);
    const found: string[] = [];
    const ends = transferEnds(world, random);
    const people = transferPeople(world, random, ends);
    const writes = writeRules(world, { ends, people, found });
    const killers = killersOf(random);
    if (killers.disabled !== undefined) world.timeline.note(`the ${killers.disabled} deletes no machine`);
    const fleet = makeFleet(world, random, {
      there: ends.there,
      wrote: writes.wrote,
      deletesItself: killers.acts("script"),
    });
    const compute = computeFarEnd({
      ...world,
      project,
      folder: `${world.folder}/machines`,
      path: async () => "",
      runner: fleet.runner,
      after: fleet.after,
      forgetsLimits: !killers.acts("platform"),
    });
    world.hosts.set("compute.far", compute);
    world.violations.push(compute.violations);
    const { lives } = fleet;
    const rules = transferRules(world, {
      compute,
      ends,
      people,
      found,
      lives,
      hasWritten: writes.hasWritten,
    });
    world.strike.watch = rules.watch;
    world.strike.told = rules.told;
    await ends.fill();
    const asked = new Set<string>();
    return {
      world,
      steps: [10, 32],
      workers: workersOf(async (milliseconds) => {
        // Schedules go on where all is calm: a machine that nobody but the sweep ends is waited for.
        if (world.strike.weather === calm)
          return world.strike.passing(new Date(world.now().getTime() + milliseconds));
        world.clock.moveBy(milliseconds);
        await fleet.tick();
      }),
      hint() {
        const id = random.oneOf(ids.filter((one) => !asked.has(one))) ?? random.pick(...ids);
        const typed = ends.asked(id);
        // Nothing of a plan alone may show in the end.
        if (random.chance(0.15)) return due({ id, ...typed, why: "person", dryRun: true });
        if (!asked.has(id) || random.chance(0.3)) {
          asked.add(id);
          return due({ id, ...typed, why: "person" });
        }
        return random.chance(0.5) ? due({ id, why: "continue" }) : due({ why: "schedule" });
      },
      edit() {
        const names = compute.machines().map(({ name }) => name);
        const name = random.oneOf(names);
        const drawn = random.next();
        if (name !== undefined && drawn < 0.4) {
          if (!compute.preempt(name)) return `fails to take ${name} away`;
          ends.soon(() => fleet.notice(name));
          return `takes ${name} away`;
        }
        if (drawn < 0.6) {
          const zone = random.pick(...zones);
          const code = random.pick(undefined, "ZONE_RESOURCE_POOL_EXHAUSTED", "QUOTA_EXCEEDED");
          compute.exhaust(zone, code);
          return `${code === undefined ? "makes" : `leaves no (${code})`} room in ${zone}`;
        }
        if (drawn < 0.65) {
          const id = random.pick(...ids);
          ends.soon(() => ends.cancel(id));
          return `cancels ${id}`;
        }
        if (drawn < 0.82) {
          ends.soon(ends.stranger);
          return "changes an object at a target";
        }
        ends.soon(ends.owner);
        return "changes an object at a source";
      },
      schedules: [
        ...(killers.acts("sweep") ? [{ everyMinutes: 10, hint: sweepDue }] : []),
        { everyMinutes: 15, hint: () => due({ why: "schedule" }) },
        { everyMinutes: 1440, hint: () => ["transfer-check-due", { v: 1, hub }] },
      ],
      calmed() {
        // Most seeds play two transfers or all three: whoever has waited for calm asks now.
        const late = random.chance(0.5) ? ids.find((id) => !asked.has(id)) : undefined;
        if (late !== undefined) {
          asked.add(late);
          world.announce(...due({ id: late, ...ends.asked(late), why: "person" }));
        }
        for (const zone of zones) compute.exhaust(zone);
        fleet.calmed();
      },
      next: people.next,
      missed: killers.acts("sweep") ? [] : ["/overdue-machine-sweep"],
      // Looks often enough for the time of the last machine to be over.
      settle: () => (killers.acts("sweep") ? 0 : limitHours + 2),
      async moved() {
        await ends.happen();
        await people.moved();
        compute.enforceLimits();
        await fleet.tick();
        rules.outlived(fleet.idleFor(killers.within));
      },
      foretold: foretoldTransfers(ends),
      broken: async () => rules.broken(asked),
      canaries: () => ["crew@example.org"],
    };
  },
};
