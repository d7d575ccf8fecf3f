// What sync-members is killed on: the real adapters and clients over the far ends, one delivery at a time, with a fuse before or
// after each write. What must stand in the end is written by hand, and is always the same.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "@jest/globals";
import { sendNotice } from "../../functions/send-notice/handler.ts";
import { syncMembers } from "../../functions/sync-members/handler.ts";
import { farEnds } from "../../local/far-ends.ts";
import { listen } from "../../local/function-runner.ts";
import { movableClock } from "../../local/movable-clock.ts";
import { readLines } from "../../local/slack/log.ts";
import { openState } from "../../local/state.ts";
import { makeWorld, readSettings } from "../../local/world.ts";
import { bus } from "../../shared/bus/publish.ts";
import { functionNames, type Row, rowOf } from "../../shared/functions.ts";
import { githubClient } from "../../shared/github/client.ts";
import { resolveLogins } from "../../shared/github/logins.ts";
import { readTeams } from "../../shared/github/people.ts";
import { teamWrites } from "../../shared/github/team-writes.ts";
import { ledger as makeLedger } from "../../shared/ledger.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { receive } from "../../shared/receive.ts";
import { MembersHead } from "../../shared/records.ts";
import { secrets as makeSecrets } from "../../shared/secrets.ts";
import { sheetReader } from "../../shared/sheets/read.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import { storageClient } from "../../shared/storage-client.ts";

const sheet = `Name,Email,GitHub username,Membership tier,Membership expires
Ada,ada@example.org,ada-a,Research,
Bo,bo@example.org,bo-b,Education,
Cy,cy@example.org,cy-c,Public,
Dee,dee@example.org,dee-d,Education,2020-01-31
`;
/** Ada and Bo are new, Cy is in the organisation's staff, Dee's membership is over, Guest was added by hand. */
const organisation = {
  organisation: "sample-hub",
  ageDays: 900,
  owners: ["sample-owner"],
  users: ["sample-owner", "ada-a", "bo-b", "cy-c", "dee-d", "guest-g"].map((login) => ({ login })),
  teams: [
    { slug: "staff", name: "Staff", members: ["cy-c"] },
    { slug: "public-access", name: "Public", members: [] },
    { slug: "base-access", name: "Base", members: ["dee-d", "guest-g"] },
    { slug: "full-access", name: "Full", members: [] },
  ],
};
export const theEnd = {
  teams: { "base-access": ["guest-g"], "full-access": [], "public-access": ["cy-c"], staff: ["cy-c"] },
  pending: ["ada-a -> full-access", "bo-b -> base-access"],
  mails: ["ada@example.org", "bo@example.org", "cy@example.org"],
  stillToTell: {},
};

type Fuse = { at: number; when: "before" | "after" };
export type Stand = Awaited<ReturnType<typeof stand>>;
let standing: { close: () => Promise<void> } | undefined;
/** The one at work is closed after its test, however that ends. */
afterEach(() => standing?.close());

// Keys and secrets take a while to make: each stand is a copy of one that has them.
const template = mkdtempSync(join(tmpdir(), "crash-template-"));
beforeAll(async () => {
  await (await stand(template)).close(true);
});
afterAll(() => rmSync(template, { recursive: true, force: true }));

export async function stand(folder = copyOf(template)) {
  const world = makeWorld(join(folder, "hub"), 1);
  writeFileSync(world.members, sheet);
  const settings = readSettings(world);
  const { project } = settings;
  const state = openState(world.state);
  const clock = movableClock(world.clock);
  // One identity runs both workers here; that each has no more than it needs is shown elsewhere.
  const both: Row = {
    ...rowOf("sync-members"),
    secrets: ["github-app-key", "gmail-oauth", "slack-bot-token"],
    ledger: [{ prefix: "", may: "change" }],
  };
  const rows = Object.fromEntries(
    functionNames.map((name) => [name, name === "sync-members" ? both : rowOf(name)]),
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
  far.github.seed(organisation);
  process.env["GCE_METADATA_HOST"] = far.metadataHostOf("sync-members");
  process.env["METADATA_SERVER_DETECTION"] = "assume-present";
  const { endpoints } = far;
  const ledger = makeLedger({ project, storage: storageClient({ project, endpoints }) });
  const secrets = makeSecrets({ project, endpoints });
  const { publish, close: closeBus } = bus({ project, endpoints });
  const github = githubClient({
    endpoints,
    appId: settings.github.appId,
    organisation: "sample-hub",
    privateKey: () => secrets.read("github-app-key"),
    permissions: { members: "write" },
  });
  const mail = gmail({ endpoints, oauth: () => secrets.read("gmail-oauth"), sender: settings.team.sender });
  const slack = slackChat({ endpoints, token: () => secrets.read("slack-bot-token") });
  const server = createServer(async (request, response) => {
    const raw = Buffer.concat(await Array.fromAsync(request));
    const { status } = await receive(
      "notice",
      { authorization: undefined, raw },
      (notice, run, delivery) =>
        sendNotice(notice, run, delivery, { ledger, mail, now: clock.now, settings, slack }),
      { name: "send-notice", ledger, now: clock.now, log: () => undefined, verify: async () => true },
    );
    response.writeHead(status).end();
  });
  const endpoint = `http://127.0.0.1:${await listen(server)}/`;
  await far.pubsub.createTopic("notice");
  await far.pubsub.createSubscription({ name: "send-notice", topic: "notice", push: { endpoint } });
  far.pubsub.release();

  const writes = teamWrites(github, "sample-hub");
  const sheets = sheetReader({ endpoints });
  let calls = 0;

  /** One delivery; with a fuse, the process is dead from that write on: nothing more gets out of it. */
  async function deliver(
    messageId: string,
    options: { fuse?: Fuse; why?: "edit" | "schedule" } = {},
  ): Promise<string> {
    const { fuse } = options;
    calls = 0;
    const dead = () => fuse !== undefined && calls > fuse.at;
    const fused =
      <A extends unknown[], R>(call: (...given: A) => Promise<R>) =>
      async (...given: A): Promise<R> => {
        calls += 1;
        if (dead() || (fuse?.at === calls && fuse.when === "before")) {
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
      const result = await syncMembers(
        { v: 1, hub: "sample", why: options.why ?? "edit" },
        { step: () => undefined, effect: () => undefined },
        { messageId },
        {
          ledger: { ...ledger, create: fused(ledger.create), swap: fused(ledger.swap) },
          now: clock.now,
          settings,
          pause: async () => undefined,
          publish: fused(publish) as typeof publish,
          readSheet: sheets.readRows,
          readTeams: (slugs) => readTeams(github, "sample-hub", slugs),
          resolveLogins: (logins) => resolveLogins(github, "sample-hub", logins),
          writes: {
            invite: fused(writes.invite),
            addToTeam: fused(writes.addToTeam),
            removeFromTeam: fused(writes.removeFromTeam),
            cancelInvitation: fused(writes.cancelInvitation),
          },
        },
      );
      return result.outcome;
    } catch (error) {
      return error instanceof Error ? error.message : "thrown";
    }
  }

  async function end() {
    await far.pubsub.idle();
    const { teams, pending } = far.github.snapshot();
    const mails = readdirSync(world.mailbox).map((name) => readFileSync(join(world.mailbox, name), "utf8"));
    return {
      teams,
      pending: pending.map(({ login, teams: to }) => `${login} -> ${to.join()}`).sort(),
      mails: [
        ...mails.map((text) => /^To: (.*)$/m.exec(text)?.[1] ?? ""),
        ...readLines(world.slackLog, 100).posts.map(({ text }) => `slack: ${text.split("\n")[0]}`),
      ].sort(),
      stillToTell: (await ledger.read("head/members/sample.json", MembersHead))?.value.announce,
    };
  }

  const made = {
    deliver,
    end,
    /** Mails of which nobody knows whether they went out. */
    unknown: async () => (await ledger.list("undelivered/")).length,
    writesMade: () => calls,
    far,
    async close(keep = false): Promise<void> {
      await closeBus();
      server.close();
      server.closeAllConnections();
      await far.close();
      state.close();
      if (!keep) rmSync(folder, { recursive: true, force: true });
      standing = undefined;
    },
  };
  standing = made;
  return made;
}

function copyOf(original: string): string {
  const folder = mkdtempSync(join(tmpdir(), "crash-"));
  cpSync(original, folder, { recursive: true });
  return folder;
}
