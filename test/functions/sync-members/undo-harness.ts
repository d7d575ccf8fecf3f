// sync-members from the delivery to the far end, with a GitHub of plain values that keeps GitHub's rules: an organisation, teams, and
// invitations that lead into them. Runs leave their records, so that they can be undone.
import { syncMembers } from "../../../functions/sync-members/handler.ts";
import type { EventOf } from "../../../shared/events.ts";
import { budgetStore } from "../../../shared/flow/budget-store.ts";
import type { TeamWrites } from "../../../shared/github/team-writes.ts";
import { MembersState } from "../../../shared/members/records.ts";
import type { MembersSettings } from "../../../shared/members/settings.ts";
import { Run } from "../../../shared/records.ts";
import type { MemberRow } from "../../../shared/sheets/row.ts";
import { settingsOf } from "../../local/sample/sample-settings.ts";
import { flowHarness } from "../flow-harness.ts";
import { account, github, idOf, membersSettings, row, teamIds } from "./facts-harness.ts";

export const slugs = ["public-access", "base-access", "full-access"] as const;
export type Slug = (typeof slugs)[number];
type Invitation = {
  login: string;
  teams: Slug[];
  createdAt: string;
  role?: string;
  isByPerson?: boolean;
  others?: number;
};

const headName = "head/members/prod.json";
const begins = new Date("2026-11-21T08:00:00.000Z");

/** A world of members. `fresh` before each test: nobody is in, and nothing is remembered. */
export async function undoHub() {
  const flow = await flowHarness("sync-members", begins);
  const { now } = flow.deps;
  const world = {
    rows: [] as MemberRow[],
    org: new Set<string>(),
    teams: { "public-access": [], "base-access": [], "full-access": [] } as Record<Slug, string[]>,
    invitations: [] as Invitation[],
    owners: [] as string[],
    mode: "apply" as "plan" | "apply",
    settings: {} as Partial<MembersSettings>,
    /** Is called before each write, which it may stop. */
    refusesToAdd: false,
    /** Logins that others have taken over. */
    renamed: [] as string[],
    beforeWrite: undefined as ((what: string) => void) | undefined,
    /** Is called before each notice is handed over. */
    beforeNotice: undefined as (() => void) | undefined,
  };
  const settings = () =>
    settingsOf({
      flows: { "sync-members": world.mode },
      hubs: {
        prod: {
          timeZone: "UTC",
          members: { ...membersSettings, quietSeconds: 0, removalGraceHours: 0, ...world.settings },
        },
      },
    });
  const loginOf = (id: number): string =>
    [...world.rows.map(({ login }) => login), ...world.org, ...known].find((login) => idOf(login) === id) ??
    "";
  const known = new Set<string>();
  const slugOf = (teamId: number): Slug => slugs.find((slug) => teamIds[slug] === teamId) ?? "public-access";
  const without = (list: readonly string[], login: string): string[] => list.filter((each) => each !== login);
  const writes: TeamWrites = {
    async invite({ userId, teamIds: ids }) {
      const login = loginOf(userId);
      world.beforeWrite?.(`invite ${login}`);
      if (world.org.has(login)) return "already";
      world.invitations.push({ login, teams: ids.map(slugOf), createdAt: now().toISOString() });
      return "invited";
    },
    async addToTeam({ slug, login }) {
      world.beforeWrite?.(`add ${login} ${slug}`);
      const team = slug as Slug;
      if (world.refusesToAdd) return "no-such-user";
      if (world.org.has(login)) {
        world.teams[team] = [...without(world.teams[team], login), login].sort();
        return "added";
      }
      const pending = world.invitations.find((one) => one.login === login);
      if (pending === undefined)
        world.invitations.push({ login, teams: [team], createdAt: now().toISOString() });
      else pending.teams.push(team);
      return "invited";
    },
    async removeFromTeam({ slug, login }) {
      world.beforeWrite?.(`remove ${login} ${slug}`);
      const team = slug as Slug;
      const pending = world.invitations.find((one) => one.login === login && one.teams.includes(team));
      if (pending === undefined && !world.teams[team].includes(login)) return "not-there";
      if (pending !== undefined) pending.teams = pending.teams.filter((each) => each !== team);
      world.teams[team] = without(world.teams[team], login);
      return "removed";
    },
    async cancelInvitation(id) {
      const found = world.invitations.find(({ login }) => idOf(login) === id);
      world.beforeWrite?.(`cancel ${found?.login}`);
      world.invitations = world.invitations.filter((one) => one !== found);
      return found === undefined ? "not-there" : "cancelled";
    },
  };
  const read = () =>
    github(world.teams, {
      owners: world.owners,
      pending: world.invitations.map(({ others = 0, ...one }) => ({
        ...one,
        invitationId: idOf(one.login),
        teamCount: one.teams.length + others,
      })),
    });
  const handle = async (
    event: EventOf<"sheet-changed">,
    run: Parameters<typeof syncMembers>[1],
    delivery: Parameters<typeof syncMembers>[2],
  ) =>
    syncMembers(event, run, delivery, {
      ledger: flow.deps.ledger,
      budgets: budgetStore({
        ledger: flow.deps.ledger,
        now,
        random: () => 0.5,
        pause: async () => undefined,
      }),
      now,
      wait: async () => undefined,
      settings: settings(),
      publish: async (topic, notice) => {
        world.beforeNotice?.();
        return flow.deps.publish(topic, notice);
      },
      pause: async () => undefined,
      readSheet: async () => ({ rows: structuredClone(world.rows), rejected: [], named: [], unreadable: [] }),
      readTeams: async () => read(),
      resolveLogins: async (logins) =>
        new Map(
          logins.map((login) => {
            const id = world.renamed.includes(login) ? 99 : idOf(login);
            return [login, account(login, { id, member: world.org.has(login) })];
          }),
        ),
      writes,
      writeStatus: async () => undefined,
    });
  let messages = 0;
  async function deliver(event: Omit<EventOf<"sheet-changed">, "v" | "hub">, id?: string) {
    messages += 1;
    const messageId = id ?? String(2000 + messages);
    const ended = await flow.deliver(handle, { v: 1, hub: "prod", ...event }, { id: messageId });
    const name = (await flow.names("runs/")).findLast((each) => each.includes(`-sync-members-${messageId}-`));
    const run = name === undefined ? undefined : Run.parse(await flow.jsonOf(name));
    return { ...ended, run, effects: run?.effects ?? [] };
  }
  return {
    ...flow,
    world,
    /** Lets so many minutes pass, then looks at the sheet, as the clock does. */
    async sync(minutes = 1) {
      flow.clock.moveBy(minutes * 60_000);
      for (const { login } of world.rows) known.add(login);
      return deliver({ why: "schedule" });
    },
    async undo(run: Run | undefined, more: { dryRun?: boolean; id?: string } = {}) {
      flow.clock.moveBy(60_000);
      const dryRun = more.dryRun === true ? { dryRun: true } : {};
      return deliver({ why: "person", undo: run?.id ?? "2026-11-21/none", ...dryRun }, more.id);
    },
    /** Somebody accepts their invitation. */
    accepts(login: string) {
      const found = world.invitations.find((one) => one.login === login);
      world.org.add(login);
      for (const team of found?.teams ?? []) world.teams[team] = [...world.teams[team], login].sort();
      world.invitations = world.invitations.filter((one) => one !== found);
    },
    /** Teams and invitations as GitHub has them. */
    farEnd: () => ({
      org: [...world.org].sort(),
      teams: structuredClone(world.teams),
      invitations: world.invitations.map(({ login, teams }) => `${login} -> ${[...teams].sort()}`).sort(),
    }),
    /** Puts people into the organisation, who are in no team of ours. */
    inOrganisation(...logins: string[]): void {
      for (const login of logins) world.org.add(login);
    },
    /** Takes somebody out of full-access by hand. */
    remove(login: string): void {
      world.teams["full-access"] = world.teams["full-access"].filter((each) => each !== login);
    },
    async approve(plan: string, items: string[], verdict = "approved"): Promise<void> {
      const at = now().toISOString();
      const word = { v: 1, verdict, by: "console", at, plan, items };
      await flow.plant(`approvals/prod/sync-members/${at}.json`, JSON.stringify(word));
    },
    mails: () => flow.notices().flatMap(({ to, key }) => (to === "team" ? [] : [`${key} ${to.mail}`])),
    state: async () => MembersState.parse(await flow.jsonOf(headName)),
    async fresh(): Promise<void> {
      await flow.fresh();
      Object.assign(world, {
        rows: [],
        org: new Set(),
        teams: { "public-access": [], "base-access": [], "full-access": [] },
        invitations: [],
        owners: [],
        mode: "apply",
        settings: {},
        refusesToAdd: false,
        renamed: [],
        beforeWrite: undefined,
        beforeNotice: undefined,
      });
    },
  };
}

export const rowsOf = (tiers: Record<string, string>): MemberRow[] =>
  Object.entries(tiers).map(([login, tier], n) => row(login, tier, { cell: `C${n + 2}` }));

/** Names whom an undo left as they are, each with the reason. */
export const leftOf = (run: {
  run?: { plan?: { refused: { about: string; why: string }[] } | undefined } | undefined;
}): string[] => (run.run?.plan?.refused ?? []).map(({ about, why }) => `${about} ${why}`);
