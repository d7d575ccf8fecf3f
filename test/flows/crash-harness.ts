// Harness of the tests that kill sync-members, and what must stand in the end: written by hand, and always the same.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { syncMembers } from "../../functions/sync-members/handler.ts";
import { readSettings } from "../../local/sample/world.ts";
import { budgetStore } from "../../shared/flow/budget-store.ts";
import { githubClient } from "../../shared/github/client.ts";
import { resolveLogins } from "../../shared/github/logins.ts";
import { readTeams } from "../../shared/github/people.ts";
import { teamWrites } from "../../shared/github/team-writes.ts";
import { MembersState } from "../../shared/members/records.ts";
import type { Settings } from "../../shared/settings.ts";
import { sheetReader } from "../../shared/sheets/read.ts";
import { sheetWriter } from "../../shared/sheets/write.ts";
import { eachHarness, type Fuse, openHarness } from "./harness.ts";

const sheet = `Name,Email,GitHub username,Membership tier,Membership expires
Ada,ada@example.org,ada-a,Research,
Bo,bo@example.org,bo-b,Education,
Cy,cy@example.org,cy-c,Public,
Dee,dee@example.org,dee-d,Education,2020-01-31
`;
/** Ada and Bo are new, Cy is in the organisation's staff, Dee's membership, which we gave, is over, Guest was added by hand. */
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
  mails: [
    "ada@example.org",
    "bo@example.org",
    "cy@example.org",
    "dee@example.org",
    "slack: sample: a membership given by hand",
  ],
  status: ["2,ada-a,invited", "3,bo-b,invited", "4,cy-c,in the team", "5,dee-d,run out"],
  stillToTell: {},
};

/** The state of a read that found Dee's membership over for the first time. */
function twoDaysAgo(time: Date): MembersState {
  const at = time.toISOString();
  return {
    ...{ v: 1, at, goodRows: 4, people: [], rejected: [], announce: {}, unmanaged: [] },
    known: { "dee-d": { invitations: 0, memberships: { "base-access": { how: "given", at } } } },
    provenanceSince: at,
    leaving: { "remove dee-d base-access": at },
  };
}

/** Gives row, login and status of each line of the status sheet. */
function statusIn(file: string): string[] {
  const lines: string[][] = existsSync(file) ? parse(readFileSync(file), { relax_column_count: true }) : [];
  return lines.slice(4).map((line) => line.slice(0, 3).join());
}

/** Gives the hub a status sheet. */
function withStatus(settings: Settings): Settings {
  const { sample, ...others } = settings.hubs;
  if (sample?.members === undefined) throw new Error("the sample hub has members");
  const members = { ...sample.members, status: { spreadsheet: "1StatusOfTheSampleHub", gid: 0 } };
  return { ...settings, hubs: { ...others, sample: { ...sample, members } } };
}

async function open(folder: string) {
  const harness = await openHarness(folder, {
    worker: "sync-members",
    secrets: ["github-app-key", "gmail-oauth", "slack-bot-token"],
    topics: [],
    prepare(world) {
      writeFileSync(world.members, sheet);
      return withStatus(readSettings(world));
    },
  });
  const { settings, far, clock, ledger, secrets } = harness;
  const { endpoints } = far;
  far.github.seed(organisation);
  await ledger.create(
    "head/members/sample.json",
    twoDaysAgo(new Date(clock.now().getTime() - 2 * 86_400_000)),
  );
  const github = githubClient({
    endpoints,
    appId: settings.github.appId,
    organisation: "sample-hub",
    privateKey: () => secrets.read("github-app-key"),
    permissions: { members: "write" },
  });
  const writes = teamWrites(github, "sample-hub");
  const sheets = sheetReader({ endpoints });
  const status = sheetWriter({ endpoints });

  return {
    ...harness,
    deliver: (messageId: string, options: { fuse?: Fuse; why?: "edit" | "schedule" } = {}): Promise<string> =>
      harness.delivered(options.fuse, ({ fused, ...through }) =>
        syncMembers(
          { v: 1, hub: "sample", why: options.why ?? "edit" },
          { step: () => undefined, effect: () => undefined },
          { messageId, attempt: 1, first: clock.now() },
          {
            ...through,
            budgets: budgetStore({
              ...through,
              now: clock.now,
              random: () => 0.5,
              pause: async () => undefined,
            }),
            now: clock.now,
            settings,
            pause: async () => undefined,
            wait: () => Promise.reject(new Error("the sample hub waits for no quiet")),
            readSheet: sheets.readRows,
            readTeams: (slugs) => readTeams(github, "sample-hub", slugs),
            resolveLogins: (logins) => resolveLogins(github, "sample-hub", logins),
            writes: {
              invite: fused(writes.invite),
              addToTeam: fused(writes.addToTeam),
              removeFromTeam: fused(writes.removeFromTeam),
              cancelInvitation: fused(writes.cancelInvitation),
            },
            writeStatus: fused(status.write),
          },
        ),
      ),
    async end() {
      // Lets the mails go out with the faults still in force, for some are to strike them.
      await harness.sent();
      const { teams, pending } = far.github.snapshot();
      return {
        teams,
        pending: pending.map(({ login, teams: to }) => `${login} -> ${to.join()}`).sort(),
        mails: [
          ...harness.mails().map((text) => /^To: (.*)$/m.exec(text)?.[1] ?? ""),
          ...harness.posts().map((line) => `slack: ${line}`),
        ].sort(),
        status: statusIn(join(harness.world.root, "status.csv")),
        stillToTell: (await ledger.read("head/members/sample.json", MembersState))?.value.announce,
      };
    },
    /** Mails of which nobody knows whether they went out. */
    unknown: async () => (await ledger.list("undelivered/")).length,
  };
}

/** Stands of a small organisation and its sheet. */
export const crashHarness = () => eachHarness(open);
