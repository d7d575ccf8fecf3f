// scan-quotas over its far ends, with send-notice behind it: delivered with a fuse, and what stands in the end.
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { scanQuotas } from "../../functions/scan-quotas/handler.ts";
import { sendNotice } from "../../functions/send-notice/handler.ts";
import { farEnds } from "../../local/far-ends.ts";
import type { FarEndName } from "../../local/faults.ts";
import { listen } from "../../local/function-runner.ts";
import { movableClock } from "../../local/movable-clock.ts";
import { readLines } from "../../local/slack/log.ts";
import { openState } from "../../local/state.ts";
import { makeWorld, readSettings } from "../../local/world.ts";
import { bus } from "../../shared/bus/publish.ts";
import type { EventOf } from "../../shared/events.ts";
import { functionNames, type Row, rowOf } from "../../shared/functions.ts";
import { ledger as makeLedger } from "../../shared/ledger.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { prometheusClient } from "../../shared/prometheus/client.ts";
import { scanFolder } from "../../shared/quota/report.ts";
import { QuotaHead } from "../../shared/quota-records.ts";
import { receive } from "../../shared/receive.ts";
import type { MembersHead } from "../../shared/records.ts";
import { secrets as makeSecrets } from "../../shared/secrets.ts";
import type { Settings } from "../../shared/settings.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import { storageClient } from "../../shared/storage-client.ts";

/** Ada is above the limit, Bo above the advice, Cy small; nobody knows Left, who is above the advice too. */
const homes = { ada: 60_000, bo: 30_000, cy: 1000, left: 30_000 };
const members: MembersHead = {
  v: 1,
  at: "2026-03-02T06:00:00.000Z",
  goodRows: 3,
  people: ["ada", "bo", "cy"].map((login, row) => ({
    login,
    email: `${login}@example.org`,
    name: login,
    tier: "Research",
    team: "full-access",
    cell: `C${row + 2}`,
    standing: "in-team",
    since: "2026-03-02T06:00:00.000Z",
  })),
  rejected: [],
  known: {},
  announce: {},
  unmanaged: [],
};
export const theEnd = {
  mails: [
    "ada@example.org: over the limit",
    "bo@example.org: over the advice",
    "slack: nobody",
    "slack: volume",
  ],
  standings: { ada: "warned", bo: "advised", cy: "ok", left: "advised" },
  stillToTell: [],
  low: true,
};

type Fuse = { at: number; when: "before" | "after" };
type Event = EventOf<"quota-scan-due">;

export type Stand = Awaited<ReturnType<typeof stand>>;

/** The flow over its far ends in a folder of its own, which a stand may be copied from: keys take a while to make. */
export async function stand(folder: string) {
  const world = makeWorld(join(folder, "hub"), 1);
  rmSync(world.homes, { recursive: true });
  for (const [name, bytes] of Object.entries(homes)) {
    mkdirSync(join(world.homes, name), { recursive: true });
    writeFileSync(join(world.homes, name, "data"), Buffer.alloc(bytes, 1));
  }
  const read = readSettings(world);
  const sampleHub = read.hubs["sample"];
  if (sampleHub?.quota === undefined) throw new Error("the sample has a quota section");
  const quota = { ...sampleHub.quota, volumeSize: "150 kB" };
  const settings: Settings = { ...read, hubs: { sample: { ...sampleHub, quota } } };
  const { project } = settings;
  const state = openState(world.state);
  const clock = movableClock(world.clock);
  // One identity runs both workers here.
  const both: Row = {
    ...rowOf("scan-quotas"),
    secrets: ["metrics-token", "gmail-oauth", "slack-bot-token"],
    ledger: [{ prefix: "", may: "change" }],
  };
  const rows = Object.fromEntries(
    functionNames.map((name) => [name, name === "scan-quotas" ? both : rowOf(name)]),
  );
  const far = await farEnds({
    world,
    settings,
    state,
    clock,
    random: Math.random,
    rows,
    onRecord: () => undefined,
  });
  process.env["GCE_METADATA_HOST"] = far.metadataHostOf("scan-quotas");
  process.env["METADATA_SERVER_DETECTION"] = "assume-present";
  const { endpoints } = far;
  const ledger = makeLedger({ project, storage: storageClient({ project, endpoints }) });
  const secrets = makeSecrets({ project, endpoints });
  const { publish, close: closeBus } = bus({ project, endpoints });
  const mail = gmail({ endpoints, oauth: () => secrets.read("gmail-oauth"), sender: settings.team.sender });
  const slack = slackChat({ endpoints, token: () => secrets.read("slack-bot-token") });
  const prometheus = prometheusClient({
    settings: { ...quota.prometheus, url: "", namespace: "sample", mountpoint: "/shared-volume" },
    endpoint: endpoints.prometheus,
    token: () => secrets.read("metrics-token"),
  });
  const server = createServer(async (request, response) => {
    const raw = Buffer.concat(await Array.fromAsync(request));
    const deps = {
      name: "send-notice",
      ledger,
      now: clock.now,
      log: () => undefined,
      verify: async () => true,
    } as const;
    const { status } = await receive(
      "notice",
      { authorization: undefined, raw },
      (notice, run, delivery) =>
        sendNotice(notice, run, delivery, { ledger, mail, now: clock.now, settings, slack }),
      deps,
    );
    response.writeHead(status).end();
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}/`;
  for (const topic of ["notice", "report-arrived"]) await far.pubsub.createTopic(topic);
  const retry = { minimumMilliseconds: 0, maximumMilliseconds: 0 };
  await far.pubsub.createSubscription({ name: "send-notice", topic: "notice", push: { endpoint }, retry });
  far.pubsub.release();
  const memberName = "head/members/sample.json";
  const known = await ledger.read("head/members/sample.json", QuotaHead.partial().loose());
  if (known === undefined) await ledger.create(memberName, members);
  let calls = 0;

  async function deliver(
    messageId: string,
    options: { fuse?: Fuse; event?: Partial<Event> } = {},
  ): Promise<string> {
    const { fuse } = options;
    calls = 0;
    const fused =
      <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        calls += 1;
        if (fuse !== undefined && (calls > fuse.at || (fuse.at === calls && fuse.when === "before"))) {
          calls = Number.POSITIVE_INFINITY;
          throw new Error("killed");
        }
        const result = await call(...given);
        if (fuse?.at === calls) {
          calls = Number.POSITIVE_INFINITY;
          throw new Error("killed");
        }
        return result;
      };
    try {
      const { outcome } = await scanQuotas(
        { v: 1, hub: "sample", why: "schedule", ...options.event },
        { step: () => undefined, effect: () => undefined },
        { messageId },
        {
          ledger: { ...ledger, create: fused(ledger.create), swap: fused(ledger.swap) },
          prometheus,
          publish: fused(publish) as typeof publish,
          now: clock.now,
          settings,
          pause: async () => undefined,
        },
      );
      return outcome;
    } catch (error) {
      return error instanceof Error ? error.message : "thrown";
    }
  }

  /** A report as it lies in the bucket, measured so many minutes from now. */
  async function report(minutes: number): Promise<string> {
    const now = () => new Date(clock.now().getTime() + minutes * 60_000);
    const name = `reports/sample/${now().toISOString().replace(/[:.]/g, "")}-x.json`;
    await ledger.create(name, scanFolder(world.homes, { now }));
    return name;
  }

  async function end() {
    far.faults.clear();
    await far.pubsub.idle();
    const head = (await ledger.read("head/quota/sample.json", QuotaHead))?.value;
    const about = (subject: string) => subjects.find(([pattern]) => pattern.test(subject))?.[1] ?? subject;
    return {
      mails: [
        ...readdirSync(world.mailbox)
          .map((name) => readFileSync(join(world.mailbox, name), "utf8"))
          .map((text) => {
            const subject = /^Subject: (.*(?:\r?\n .*)*)/m.exec(text)?.[1] ?? "";
            return `${/^To: (.*)$/m.exec(text)?.[1]?.trim()}: ${about(subject)}`;
          }),
        ...readLines(world.slackLog, 100).posts.map(
          ({ text }) => `slack: ${about(text.split("\n")[0] ?? "")}`,
        ),
      ].sort(),
      standings: Object.fromEntries(
        Object.entries(head?.homes ?? {}).map(([name, each]) => [name, each.standing]),
      ),
      stillToTell: head?.toTell,
      low: head?.volumeLow,
    };
  }

  return {
    deliver,
    report,
    end,
    far,
    world,
    clock,
    ledger,
    writesMade: () => calls,
    async close(keep = false): Promise<void> {
      // What is under way when its far ends go would try again after the test.
      far.faults.clear();
      await far.pubsub.idle();
      await closeBus();
      server.close();
      server.closeAllConnections();
      await far.close();
      state.close();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

const subjects: [RegExp, string][] = [
  [/50 kB is the limit/, "over the limit"],
  [/25 kB is recommended/, "over the advice"],
  [/nobody in the/, "nobody"],
  [/volume is free/, "volume"],
];

/** Stands that begin as the first one did: each a copy, and one at a time. */
export function stands() {
  const template = mkdtempSync(join(tmpdir(), "quota-template-"));
  let standing: Stand | undefined;
  return {
    /** Once, before the first. */
    prepare: async () => (await stand(template)).close(true),
    async fresh(): Promise<Stand> {
      await standing?.close();
      const folder = mkdtempSync(join(tmpdir(), "quota-crash-"));
      cpSync(template, folder, { recursive: true });
      standing = await stand(folder);
      return standing;
    },
    async close(): Promise<void> {
      await standing?.close();
      rmSync(template, { recursive: true, force: true });
    },
  };
}

/** Calls of one far end that a delivery makes; each of them fails once, and the end must be the same. */
export async function failAtEachCall(fresh: () => Promise<Stand>, farEnd: FarEndName): Promise<void> {
  const first = await fresh();
  first.far.faults.forget();
  await first.deliver("1");
  const calls = [...first.far.faults.calls()]
    .filter(([name]) => name.startsWith(`${farEnd} `))
    .reduce((sum, [, count]) => sum + count, 0);
  expect(calls).toBeGreaterThan(0);
  for (let at = 1; at <= calls; at += 1) {
    const one = await fresh();
    // A status that the vendors' clients do not try again by themselves: the delivery has to.
    const status = farEnd === "prometheus" ? 503 : 418;
    one.far.faults.add({ farEnd, at, failure: { kind: "status", status } });
    await one.deliver("1");
    await one.deliver("1");
    expect([at, await one.end()]).toEqual([at, theEnd]);
  }
}
