// scan-quotas in simulation: homes that grow and shrink, figures from Prometheus and from reports that arrive in the bucket.
import { forwardQuotaReport } from "../../../functions/forward-quota-report/handler.ts";
import { scanQuotas } from "../../../functions/scan-quotas/handler.ts";
import { levelOf } from "../../../functions/scan-quotas/home.ts";
import { prometheusFarEnd } from "../../../local/prometheus/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { Notice } from "../../../shared/events.ts";
import { stillHeld } from "../../../shared/flow/hold.ts";
import { ledgerBucket } from "../../../shared/functions.ts";
import { prometheusClient } from "../../../shared/prometheus/client.ts";
import { QuotaState } from "../../../shared/quota/records.ts";
import type { QuotaReport } from "../../../shared/quota/report.ts";
import { Settings } from "../../../shared/settings.ts";
import { inUnitOf } from "../../../shared/sizes.ts";
import { sheetOf } from "../../functions/scan-quotas/harness.ts";
import type { Flow, Harness } from "../flow.ts";
import { type House, makeHouse } from "../house.ts";
import type { Random } from "../random.ts";
import { endpoints, makeWorld, project, putSecret, type World } from "../world.ts";
import { hub, mailLimits, simulatedHub, stackWith } from "./settings.ts";
import { type Words, wordsOn } from "./words.ts";

const volumeBytes = 200_000;
const token = "metrics";

function settingsOf(random: Random): Settings {
  return Settings.parse({
    ...stackWith("scan-quotas", random),
    hubs: {
      [hub]: {
        ...simulatedHub,
        limits: mailLimits(random),
        quota: {
          scheme: "safe",
          advice: "25 kB",
          limit: "50 kB",
          volumeSize: "200 kB",
          scansBefore: random.pick(1, 2),
          holdChanges: { above: random.pick(1, 3, 5), share: 0.2 },
          prometheus: { url: endpoints.prometheus, namespace: hub },
        },
      },
    },
  });
}

/** `ever`: every size that a home has had. */
type Homes = { bytes: Map<string, number>; ever: Map<string, Set<number>>; known: string[] };

function makeHomes(random: Random): Homes {
  const bytes = new Map<string, number>();
  for (let count = random.between(1, 5); count > 0; count -= 1)
    bytes.set(`zqhome${bytes.size}`, random.pick(1000, 20_000, 30_000, 60_000));
  const ever = new Map([...bytes].map(([name, size]) => [name, new Set([size])]));
  return { bytes, ever, known: [...bytes.keys()].filter(() => random.chance(0.8)) };
}

function volumeOf(homes: Homes) {
  const of = (name: string, labels: Record<string, string>, value: number) => ({
    labels: { __name__: name, namespace: hub, ...labels },
    value,
  });
  return {
    namespace: hub,
    now: (at: Date) => {
      const used = [...homes.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
      return [
        ...[...homes.bytes].flatMap(([directory, bytes]) => [
          of("dirsize_total_size_bytes", { directory }, bytes),
          of("dirsize_hard_limit_bytes", { directory }, 0),
          of("dirsize_last_updated_ns", { directory }, Math.floor(at.getTime() / 1000)),
        ]),
        of("node_filesystem_avail_bytes", { mountpoint: "/shared-volume" }, Math.max(volumeBytes - used, 0)),
        of("node_filesystem_size_bytes", { mountpoint: "/shared-volume" }, volumeBytes),
      ];
    },
    before: () => [],
  };
}

const reportOf = ({ bytes }: Homes, at: Date): QuotaReport => ({
  v: 1,
  measuredAt: at.toISOString(),
  kind: "allocated",
  volume: {
    bytes: volumeBytes,
    free: Math.max(volumeBytes - [...bytes.values()].reduce((sum, each) => sum + each, 0), 0),
  },
  directories: [...bytes].map(([name, each]) => ({
    name,
    bytes: each,
    entries: 1,
    lastTouched: at.toISOString(),
    complete: true,
    top: [],
  })),
  problems: [],
});

function scanner(house: House) {
  const at = house.settings.hubs[hub]?.quota?.prometheus;
  if (at === undefined) throw new Error("the hub asks no Prometheus");
  const prometheus = prometheusClient({
    settings: at,
    endpoint: endpoints.prometheus,
    token: () => house.secrets.read("metrics-token"),
  });
  return house.worker(
    "quota-scan-due",
    (event, run, delivery) =>
      scanQuotas(event, run, delivery, { ...house, prometheus, pause: async () => undefined }),
    () => [at.datasource === undefined ? "prometheus" : "grafana"],
  );
}

const taker = (house: House) =>
  house.worker("report-arrived", (object, run) =>
    forwardQuotaReport(object, run, { ...house, bucket: ledgerBucket(project) }),
  );

export const scanQuotasFlow: Flow = {
  name: "scan-quotas",
  async open(random, weather): Promise<Harness> {
    const homes = makeHomes(random);
    const world = await makeWorld({
      random,
      weather,
      settings: settingsOf(random),
    });
    putSecret(world.folder, "metrics-token", token);
    world.hosts.set(
      "prometheus.far",
      prometheusFarEnd({
        faults: faultStore(),
        now: world.now,
        token: () => token,
        datasource: "none",
        volumes: [volumeOf(homes)],
      }),
    );
    const { ledger } = makeHouse("console", world, []);
    const keeper = makeHouse("sync-members", world, []).ledger;
    await world.operate("sync-members", () =>
      keeper.create(`head/members/${hub}.json`, sheetOf(homes.known, world.now().toISOString())),
    );
    const report = (minutesAgo: number): void => {
      const at = new Date(world.now().getTime() - minutesAgo * 60_000);
      const name = `reports/${hub}/${at.toISOString().replace(/[:.]/g, "")}-x.json`;
      waiting.push(() => world.operate("console", () => ledger.create(name, reportOf(homes, at))));
    };
    /** Done when time next moves, for an edit is made at once. */
    const waiting: (() => Promise<unknown>)[] = [];
    const words = wordsOn(world, "scan-quotas", `head/quota/${hub}.json`);
    const due = (why: string) =>
      ["quota-scan-due", { v: 1, hub, why }] as ["quota-scan-due", Record<string, unknown>];
    const found: string[] = [];
    world.strike.told = (message) => void found.push(...falseOf(message, homes));
    return {
      world,
      steps: [8, 26],
      workers: { "scan-quotas": scanner, "forward-quota-report": taker },
      hint() {
        const [topic, event] = due(random.pick("schedule", "person", "approval", "report"));
        return [topic, random.chance(0.1) ? { ...event, dryRun: true } : event];
      },
      edit() {
        const verdict = random.pick("approved", "approved", "rejected");
        if (random.chance(0.2) && words.say(verdict, () => random.chance(0.6)))
          return `says ${verdict} to a part of what is on hold`;
        const name = random.oneOf([...homes.bytes.keys()]);
        if (name === undefined || random.chance(0.25)) {
          report(random.pick(0, 0, 20, 200));
          return "has the homes measured";
        }
        const bytes = random.pick(1000, 24_000, 26_000, 48_000, 60_000);
        homes.bytes.set(name, bytes);
        homes.ever.get(name)?.add(bytes);
        return `makes ${name} ${bytes} bytes large`;
      },
      join() {
        const [name = ""] = homes.bytes.keys();
        homes.bytes.set(name, 60_000);
        homes.ever.get(name)?.add(60_000);
      },
      schedules: [{ everyMinutes: 24 * 60, hint: () => due("schedule") }],
      settle() {
        const share = random.pick(0.5, 1, 1);
        words.say(random.pick("approved", "approved", "rejected"), () => random.chance(share));
        // Figures in doubt count for no home: what stands beside them rises once they are settled.
        return 1 + (world.settings.hubs[hub]?.quota?.scansBefore ?? 0);
      },
      async moved() {
        await words.moved();
        for (const work of waiting.splice(0)) await work();
      },
      foretold: {
        ask: (dryRun) => ["quota-scan-due", { v: 1, hub, why: "approval", ...(dryRun ? { dryRun } : {}) }],
        ofPlan: (action) => (action.do === "note" ? [] : `${action.do} ${action.about}`),
        ofEffect: (effect) => (effect.do === "ask" ? [] : `${effect.do} ${effect["about"]}`),
      },
      // A volume that is low stays so, until somebody makes room.
      get missed() {
        return stateOf(world)?.volumeLevel?.mark === undefined ? [] : ["scan-quotas/volume-low"];
      },
      broken: async () => [...found, ...broken(world, homes, words.held())],
      canaries: () => [...homes.bytes.keys()].flatMap((name) => [`${name}@example.org`, `Name of ${name}`]),
    };
  },
};

/** In the end each home stands where its bytes put it, unless the change is on hold, and each mail has its reason. */
function broken(world: World, homes: Homes, held: ReturnType<Words["held"]>): string[] {
  const state = stateOf(world);
  if (state === undefined) return ["no scan has left a state"];
  const settings = world.settings.hubs[hub]?.quota;
  if (settings === undefined) return ["the settings have no quota"];
  const found = state.toTell.length === 0 ? [] : ["messages were written down and never handed over"];
  if (state.trouble !== undefined) found.push(`the figures are said to be in trouble: ${state.trouble.what}`);
  if (state.waiting !== undefined && world.records(`plans/${hub}/${state.waiting.plan}`).length === 0)
    found.push("a scan is on hold and no plan can be looked at");
  found.push(...untoldRoom(world, state, homes));
  // While the figures are doubted, no home moves that nobody has approved.
  const doubted = held.some(({ because }) => because !== stillHeld);
  const stays = new Set(held.map(({ about }) => about));
  const rank = (status: string): number => ["ok", "advised", "warned", "urgent"].indexOf(status);
  for (const [name, bytes] of homes.bytes) {
    const home = state.homes[name];
    if (home === undefined) {
      found.push(`a home is not in the state: ${name}`);
      continue;
    }
    const level = levelOf(bytes, settings);
    // Between a mark and a little under it a home keeps its status.
    const near =
      bytes > 0.95 * 25_000 && bytes <= 25_000
        ? "advised"
        : bytes > 47_500 && bytes <= 50_000
          ? "warned"
          : level;
    if (!doubted && !stays.has(name) && (rank(home.status) < rank(level) || rank(home.status) > rank(near)))
      found.push(`${name} has ${bytes} bytes and stands as ${home.status}, not ${level}`);
    if (
      !doubted &&
      !stays.has(name) &&
      home.status !== "ok" &&
      homes.known.includes(name) &&
      !home.told.includes(home.status)
    )
      found.push(`${name} is ${home.status} and its person was never told`);
  }
  return found;
}

function stateOf(world: World): QuotaState | undefined {
  const [stored] = world.records(`head/quota/${hub}.json`);
  return stored && QuotaState.parse(JSON.parse(stored.text));
}

/** A volume that is below a mark in the end stands so, and the team has heard that it came below one. */
function untoldRoom(world: World, { volumeLevel }: QuotaState, homes: Homes): string[] {
  const used = [...homes.bytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  const free = Math.max(volumeBytes - used, 0) / volumeBytes;
  const mark = [0.2, 0.1, 0.05, 0.02, 0].findLast((one) => (one === 0.2 ? free < one : free <= one));
  if (mark === undefined) return [];
  if (volumeLevel?.mark === undefined || volumeLevel.mark > mark)
    return [`${free} of the volume is free, and it stands at ${volumeLevel?.mark}`];
  const key = `quota/volume/${volumeLevel.episode}/crossed/`;
  const isTold = world.published.some(
    ({ topic, event }) => topic === "notice" && JSON.stringify(event).includes(key),
  );
  return isTold ? [] : [`${free} of the volume is free, and nobody was told`];
}

/** Tells whoever was told of a home's size whether it had that size, and stood where that puts it. */
function falseOf({ topic, event }: { topic: string; event: unknown }, homes: Homes): string[] {
  const notice = topic === "notice" ? Notice.parse(event) : undefined;
  if (notice === undefined || notice.to === "team" || !notice.key.startsWith("quota/home/")) return [];
  const [name = ""] = notice.to.mail[0]?.split("@") ?? [];
  const [, said = ""] = /takes (?:at least )?([\d.]+ k?B)/.exec(`${notice.subject} ${notice.text}`) ?? [];
  const what = notice.key.split("/").at(-1) ?? "";
  const isSo = (bytes: number): boolean =>
    inUnitOf(bytes, "25 kB") === said &&
    (what === "back" ? bytes <= 25_000 : bytes > (what === "advised" ? 25_000 : 50_000) * 0.95);
  return [...(homes.ever.get(name) ?? [])].some(isSo)
    ? []
    : [`somebody was told of a size (${said}, ${what}) that ${name} never had`];
}
