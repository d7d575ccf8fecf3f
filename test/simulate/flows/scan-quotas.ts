// scan-quotas in simulation: homes that grow and shrink, figures from Prometheus and from reports that arrive in the bucket.
import { scanQuotas } from "../../../functions/scan-quotas/handler.ts";
import { levelOf } from "../../../functions/scan-quotas/home.ts";
import { takeReport } from "../../../functions/take-report/handler.ts";
import { prometheusFarEnd } from "../../../local/prometheus/far-end.ts";
import { faultBook } from "../../../local/wire/faults.ts";
import { ledgerBucket } from "../../../shared/functions.ts";
import { prometheusClient } from "../../../shared/prometheus/client.ts";
import { QuotaHead } from "../../../shared/quota/records.ts";
import type { QuotaReport } from "../../../shared/quota/report.ts";
import type { MembersHead } from "../../../shared/records.ts";
import { Settings } from "../../../shared/settings.ts";
import type { Flow, Harness } from "../flow.ts";
import { type House, makeHouse } from "../house.ts";
import type { Random } from "../random.ts";
import { endpoints, makeWorld, project, type World } from "../world.ts";
import { hub, simulatedHub, stackWith } from "./settings.ts";

const volumeBytes = 200_000;
const token = "metrics";

function settingsOf(random: Random): Settings {
  return Settings.parse({
    ...stackWith("scan-quotas", random),
    hubs: {
      [hub]: {
        ...simulatedHub,
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

type Homes = { bytes: Map<string, number>; most: Map<string, number>; known: string[] };

function makeHomes(random: Random): Homes {
  const bytes = new Map<string, number>();
  for (let count = random.between(1, 5); count > 0; count -= 1)
    bytes.set(`zqhome${bytes.size}`, random.pick(1000, 20_000, 30_000, 60_000));
  return { bytes, most: new Map(bytes), known: [...bytes.keys()].filter(() => random.chance(0.8)) };
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

/** The sheet's people, as sync-members leaves them. */
const peopleOf = ({ known }: Homes, at: string): MembersHead => ({
  v: 1,
  at,
  goodRows: known.length,
  people: known.map((login, row) => ({
    login,
    email: `${login}@person.example`,
    name: `Nomen ${login}`,
    tier: "Research",
    team: "full-access",
    cell: `C${row + 2}`,
    standing: "in-team",
    since: at,
  })),
  rejected: [],
  known: {},
  announce: {},
  unmanaged: [],
});

function scanner(house: House) {
  const at = house.settings.hubs[hub]?.quota?.prometheus;
  if (at === undefined) throw new Error("the hub asks no Prometheus");
  const prometheus = prometheusClient({
    settings: at,
    endpoint: endpoints.prometheus,
    token: async () => token,
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
    takeReport(object, run, { ...house, bucket: ledgerBucket(project) }),
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
    world.hosts.set(
      "prometheus.far",
      prometheusFarEnd({
        faults: faultBook(),
        now: world.now,
        token: () => token,
        datasource: "none",
        volumes: [volumeOf(homes)],
      }),
    );
    const { ledger } = makeHouse("console", world, []);
    const keeper = makeHouse("sync-members", world, []).ledger;
    await world.operate("sync-members", () =>
      keeper.create(`head/members/${hub}.json`, peopleOf(homes, world.now().toISOString())),
    );
    const report = (minutesAgo: number): void => {
      const at = new Date(world.now().getTime() - minutesAgo * 60_000);
      const name = `reports/${hub}/${at.toISOString().replace(/[:.]/g, "")}-x.json`;
      waiting.push(() => world.operate("console", () => ledger.create(name, reportOf(homes, at))));
    };
    /** Done when time next moves, for an edit is made at once. */
    const waiting: (() => Promise<unknown>)[] = [];
    const due = (why: string) =>
      ["quota-scan-due", { v: 1, hub, why }] as ["quota-scan-due", Record<string, unknown>];
    return {
      world,
      steps: [8, 26],
      workers: { "scan-quotas": scanner, "take-report": taker },
      hint: () => due(random.pick("schedule", "person", "approval", "report")),
      edit() {
        const name = random.oneOf([...homes.bytes.keys()]);
        if (name === undefined || random.chance(0.25)) {
          report(random.pick(0, 0, 20, 200));
          return "has the homes measured";
        }
        const bytes = random.pick(1000, 24_000, 26_000, 48_000, 60_000);
        homes.bytes.set(name, bytes);
        homes.most.set(name, Math.max(bytes, homes.most.get(name) ?? 0));
        return `makes ${name} ${bytes} bytes large`;
      },
      schedules: [{ everyMinutes: 24 * 60, hint: () => due("schedule") }],
      settle: () => true,
      async moved() {
        for (const work of waiting.splice(0)) await work();
      },
      broken: async () => broken(world, homes),
      canaries: () => [...homes.bytes.keys()].flatMap((name) => [`${name}@person.example`, `Nomen ${name}`]),
    };
  },
};

/** In the end each home stands where its bytes put it, unless the change is on hold, and each mail has its reason. */
function broken(world: World, homes: Homes): string[] {
  const [stored] = world.records(`head/quota/${hub}.json`);
  if (stored === undefined) return ["no scan has left a memory"];
  const head = QuotaHead.parse(JSON.parse(stored.text));
  const settings = world.settings.hubs[hub]?.quota;
  if (settings === undefined) return ["the settings have no quota"];
  const found = head.toTell.length === 0 ? [] : ["messages were written down and never handed over"];
  if (head.trouble !== undefined) found.push(`the figures are said to be in trouble: ${head.trouble.what}`);
  if (head.waiting !== undefined && world.records(`plans/${hub}/${head.waiting.hash}`).length === 0)
    found.push("a scan is on hold and no plan can be looked at");
  const rank = (standing: string): number => ["ok", "advised", "warned", "urgent"].indexOf(standing);
  for (const [name, bytes] of homes.bytes) {
    const home = head.homes[name];
    if (home === undefined) {
      found.push(`a home is not in the memory: ${name}`);
      continue;
    }
    const level = levelOf(bytes, settings);
    // Between a mark and a little under it a home keeps its standing.
    const near =
      bytes > 0.95 * 25_000 && bytes <= 25_000
        ? "advised"
        : bytes > 47_500 && bytes <= 50_000
          ? "warned"
          : level;
    if (
      head.waiting === undefined &&
      home.rising === undefined &&
      (rank(home.standing) < rank(level) || rank(home.standing) > rank(near))
    )
      found.push(`${name} has ${bytes} bytes and stands as ${home.standing}, not ${level}`);
    if (
      head.waiting === undefined &&
      home.standing !== "ok" &&
      homes.known.includes(name) &&
      !home.told.includes(home.standing)
    )
      found.push(`${name} is ${home.standing} and its person was never told`);
  }
  const mailed = world.published.flatMap(({ topic, event }) =>
    topic === "notice" ? [JSON.stringify(event)] : [],
  );
  for (const [name, most] of homes.most)
    if (most <= 25_000 && mailed.some((text) => text.includes(`${name}@person.example`)))
      found.push(`somebody was told of a home that was never too large: ${name}`);
  return found;
}
