// A flow's worker over its far ends, with send-notice behind it: the real adapters and clients, one delivery at a time, with a
// fuse before or after each write. Each harness begins as the first one did, and the one before it is closed.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "@jest/globals";
import { sendNotice } from "../../functions/send-notice/handler.ts";
import { mailBudget } from "../../functions/send-notice/mail-budget.ts";
import { farEnds } from "../../local/instance/far-ends.ts";
import { makeWorld, type WorldFolder } from "../../local/sample/world.ts";
import { readLines } from "../../local/slack/log.ts";
import { listen } from "../../local/wire/listen.ts";
import { movableClock } from "../../local/wire/movable-clock.ts";
import { openState } from "../../local/wire/state.ts";
import { bus } from "../../shared/bus/publish.ts";
import { receive } from "../../shared/delivery/receive.ts";
import { budgetStore } from "../../shared/flow/budget-store.ts";
import { nothingKnown } from "../../shared/flow/incident-stage.ts";
import {
  type FunctionName,
  functionNames,
  type Row,
  rowOf,
  type SecretName,
} from "../../shared/functions.ts";
import { ledger as makeLedger } from "../../shared/ledger.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { secrets as makeSecrets } from "../../shared/secrets.ts";
import type { Settings } from "../../shared/settings.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import { storageClient } from "../../shared/storage-client.ts";
import { ackDeadlineSeconds } from "../patience.ts";

export type Fuse = { at: number; when: "before" | "after" };

/** Opens a flow in a folder. `prepare` writes what its people have written, and gives the settings. */
export async function openHarness(
  folder: string,
  flow: {
    worker: FunctionName;
    /**
     * Secrets that the worker and send-notice read: one identity runs both here. Tests elsewhere show that each has no more
     * than it needs.
     */
    secrets: readonly SecretName[];
    topics: readonly string[];
    prepare: (world: WorldFolder) => Settings;
  },
) {
  const world = makeWorld(join(folder, "hub"), 1);
  const settings = flow.prepare(world);
  const { project } = settings;
  const state = openState(world.state);
  const clock = movableClock(world.clock);
  const both: Row = {
    ...rowOf(flow.worker),
    secrets: flow.secrets,
    ledger: [{ prefix: "", may: "change" }],
  };
  const rows = Object.fromEntries(
    functionNames.map((name) => [name, name === flow.worker ? both : rowOf(name)]),
  );
  const random = Math.random;
  const far = await farEnds({ world, settings, state, clock, random, rows, onRecord: () => undefined });
  process.env["GCE_METADATA_HOST"] = far.metadataHostOf(flow.worker);
  process.env["METADATA_SERVER_DETECTION"] = "assume-present";
  const { endpoints } = far;
  const ledger = makeLedger({ project, storage: storageClient({ project, endpoints }) });
  const secrets = makeSecrets({ project, endpoints });
  const { publish, close: closeBus } = bus({ project, endpoints });
  const mail = gmail({ endpoints, oauth: () => secrets.read("gmail-oauth"), sender: settings.team.sender });
  const { now } = clock;
  const mails = mailBudget({
    budgets: budgetStore({ ledger, now, random: () => 0.5, pause: async () => undefined }),
    now,
    settings,
    instance: "one",
  });
  const slack = slackChat({ endpoints, token: () => secrets.read("slack-bot-token") });
  const server = createServer(async (request, response) => {
    const raw = Buffer.concat(await Array.fromAsync(request));
    const { status } = await receive(
      "notice",
      { authorization: undefined, raw },
      (notice, run, delivery) =>
        sendNotice(notice, run, delivery, { ledger, mail, mails, now: clock.now, settings, slack }),
      {
        name: "send-notice",
        ledger,
        now: clock.now,
        log: () => undefined,
        publish,
        knownIncidents: nothingKnown(),
        verify: async () => true,
      },
    );
    response.writeHead(status).end();
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}/`;
  for (const topic of ["notice", ...flow.topics]) await far.pubsub.createTopic(topic);
  const retry = { minimumMilliseconds: 0, maximumMilliseconds: 0 };
  const subscription = {
    name: "send-notice",
    topic: "notice",
    push: { endpoint },
    retry,
    ackDeadlineSeconds,
  };
  await far.pubsub.createSubscription(subscription);
  let calls = 0;

  /** Gives the end of one delivery. With a fuse, its process is dead from that write on: nothing more gets out of it. */
  async function delivered(
    fuse: Fuse | undefined,
    work: (writes: {
      ledger: typeof ledger;
      publish: typeof publish;
      fused: <A extends unknown[], R>(call: (...given: A) => Promise<R>) => (...given: A) => Promise<R>;
    }) => Promise<{ outcome: string }>,
  ): Promise<string> {
    calls = 0;
    const die = (): never => {
      calls = Number.POSITIVE_INFINITY;
      throw new Error("killed");
    };
    const fused =
      <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        calls += 1;
        if (fuse !== undefined && (calls > fuse.at || (fuse.at === calls && fuse.when === "before"))) die();
        const result = await call(...given);
        if (fuse?.at === calls) die();
        return result;
      };
    try {
      const { outcome } = await work({
        ledger: { ...ledger, create: fused(ledger.create), swap: fused(ledger.swap) },
        publish: fused(publish) as typeof publish,
        fused,
      });
      return outcome;
    } catch (error) {
      return error instanceof Error ? error.message : "thrown";
    }
  }

  /**
   * Sends what was published, and lets it come to its end. Messages wait for this, or a failure that is meant for a call of the worker's
   * might meet one of theirs.
   */
  async function sent(): Promise<void> {
    far.pubsub.release();
    await far.pubsub.idle();
  }

  /** The same with nothing in the way: it would try again after the test, when far ends go. */
  async function rest(): Promise<void> {
    far.faults.clear();
    await sent();
  }

  return {
    world,
    settings,
    clock,
    far,
    ledger,
    secrets,
    delivered,
    sent,
    rest,
    writesMade: () => calls,
    mails: (): string[] =>
      readdirSync(world.mailbox).map((name) => readFileSync(join(world.mailbox, name), "utf8")),
    /** The first line of each message to the team. */
    posts: (): string[] => readLines(world.slackLog, 100).posts.map(({ text }) => text.split("\n")[0] ?? ""),
    async close(): Promise<void> {
      await rest();
      await closeBus();
      server.close();
      server.closeAllConnections();
      await far.close();
      state.close();
    },
  };
}

/** Gives stands of one flow, one at a time: keys and secrets take a while to make, so each is a copy of one that has them. */
export function eachHarness<S extends { close: () => Promise<void> }>(open: (folder: string) => Promise<S>) {
  const folder = mkdtempSync(join(tmpdir(), "stands-"));
  let opened: S | undefined;
  let count = 0;
  beforeAll(async () => {
    await (await open(join(folder, "first"))).close();
    // No flow of these reads them, and each stand would copy them.
    rmSync(join(folder, "first", "hub", "buckets"), { recursive: true });
  });
  afterAll(async () => {
    await opened?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return async function fresh(): Promise<S> {
    await opened?.close();
    opened = undefined;
    rmSync(join(folder, `${count}`), { recursive: true, force: true });
    count += 1;
    cpSync(join(folder, "first"), join(folder, `${count}`), { recursive: true });
    opened = await open(join(folder, `${count}`));
    return opened;
  };
}

type Killed = {
  deliver: (messageId: string, options?: { fuse: Fuse }) => Promise<string>;
  end: () => Promise<unknown>;
  writesMade: () => number;
};

/**
 * Kills a delivery before its first write and after each, or every so many, for the world after one is the world before the
 * next.
 */
export async function killAtWrites(
  fresh: () => Promise<Killed>,
  theEnd: unknown,
  { every = 1 } = {},
): Promise<void> {
  const first = await fresh();
  await first.deliver("1");
  const writes = first.writesMade();
  expect(writes).toBeGreaterThan(8);
  const cuts: Fuse[] = [{ at: 1, when: "before" }];
  for (let at = every; at <= writes; at += every) cuts.push({ at, when: "after" });
  for (const fuse of cuts) {
    const one = await fresh();
    expect([fuse, await one.deliver("1", { fuse })]).toEqual([fuse, "killed"]);
    // Somebody else's event comes first: it finds the lease held, and leaves a mark.
    await one.deliver("2");
    await one.deliver("1");
    expect([fuse, await one.end()]).toEqual([fuse, theEnd]);
  }
}
