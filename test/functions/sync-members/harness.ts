// sync-members as a whole on the real ledger, with a sheet and a GitHub that are plain values, and the console's readings of it.

import { incidentStore } from "../../../functions/console/incidents/incidents.ts";
import { why } from "../../../functions/console/members/why.ts";
import { plans } from "../../../functions/console/plans/plans.ts";
import { incidentHeads, quotaStates, states } from "../../../functions/console/states.ts";
import { type SyncMembersDeps, syncMembers } from "../../../functions/sync-members/handler.ts";
import type { Publish } from "../../../shared/bus/publish.ts";
import { tableOf } from "../../../shared/closed.ts";
import type { EventOf } from "../../../shared/events.ts";
import { type Failure, failed } from "../../../shared/failure.ts";
import { budgetStore } from "../../../shared/flow/budget-store.ts";
import { flowNames } from "../../../shared/functions.ts";
import type { Refused } from "../../../shared/github/team-writes.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { MembersSettings } from "../../../shared/members/settings.ts";
import type { Effect, Verdict } from "../../../shared/records.ts";
import type { MemberRow } from "../../../shared/sheets/row.ts";
import type { SheetRows } from "../../../shared/sheets/rows.ts";
import type { Table } from "../../../shared/sheets/write.ts";
import { settingsOf } from "../../local/sample/sample-settings.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { account, github, idOf, membersSettings, state } from "./facts-harness.ts";

/** As GitHub's adapter tells of a person who is refused. */
function refusedWith({ cause, concerns = "person" }: Refusing): Refused {
  const explanation = { what: "a person could not be invited", why: `why: ${cause}`, next: "ask an owner" };
  return {
    refused: explanation.why,
    concerns,
    failure: { service: "github", cause, lasts: "lasting", explanation },
  };
}
type Refusing = { cause: string; concerns?: Refused["concerns"] };

const leftAlone = (waitSeconds: number): Error =>
  failed({
    service: "github",
    cause: "limit",
    lasts: "transient",
    waitSeconds,
    explanation: { what: "a person could not be invited", why: "GitHub's limit", next: "nothing" },
  });

const headName = "head/members/prod.json";

/** Memory of a hub whose members were all let in by us. */
function givenState(members: readonly string[]): MembersState {
  const at = "2026-11-01T12:00:00.000Z";
  const memberships = { "full-access": { how: "given", at } } as const;
  const known = members.map((login) => [login, { id: idOf(login), invitations: 0, memberships }] as const);
  return { ...state({ known: Object.fromEntries(known) }), at, provenanceSince: at };
}

type Team = "public-access" | "base-access" | "full-access";

/** A hub whose sheet and teams a test changes; time stands still until it is moved. */
export async function membersHub(
  given: {
    members?: readonly string[];
    /** Ours, unless told: by whom they became members. */
    whose?: "ours" | "before";
    mode?: "plan" | "apply";
    quietSeconds?: number;
    settings?: Partial<MembersSettings>;
    timeZone?: string;
  } = {},
) {
  const stand = await ledgerHarness();
  const ledger = await stand.ledgerOf("sync-members");
  const records = await stand.ledgerOf("console");
  if (given.members !== undefined && given.whose !== "before")
    await stand.plant(headName, JSON.stringify(givenState(given.members)));
  const world = {
    rows: [] as MemberRow[],
    /** Rest of what is read of the sheet. */
    beside: {} as Partial<SheetRows>,
    teams: { "public-access": [], "base-access": [], "full-access": [...(given.members ?? [])] } as Record<
      Team,
      string[]
    >,
    pending: [] as { login: string; teams: string[]; at?: Date }[],
    mode: given.mode ?? ("apply" as "plan" | "apply"),
    now: new Date("2026-11-21T12:00:00.000Z"),
    notices: [] as string[],
    /** The same messages whole. */
    messages: [] as EventOf<"notice">[],
    problem: undefined as string | undefined,
    /** Seconds for which GitHub, asked to invite somebody, wants to be left alone. */
    waitSeconds: undefined as number | undefined,
    /** Number of people whom GitHub invites before its limit of the day is reached. */
    limit: Number.POSITIVE_INFINITY,
    /** Milliseconds of each pause between two writes; `takes` of them go by meanwhile. */
    pauses: [] as number[],
    takes: 0,
    /** Event that happens while an edit waits until it is quiet; the time passes afterwards. */
    whileWaiting: undefined as (() => Promise<unknown>) | undefined,
    /** Looks at the teams. */
    looks: 0,
    /** Reason why GitHub invites nobody. */
    refuses: undefined as Refusing | undefined,
    /** Reason why it lets nobody into a team. */
    refusesAdding: undefined as Refusing | undefined,
    /** People whom GitHub was asked to invite. */
    tried: [] as string[],
    /** Event that happens while a run reads the teams. */
    meanwhile: undefined as (() => Promise<void>) | undefined,
    /** Failure of each write to the status sheet. */
    statusRefuses: undefined as Failure | undefined,
    /** Tables that were written to the status sheet. */
    status: [] as Table[],
    /** Event that happens while a run invites somebody. */
    whileInviting: undefined as (() => Promise<void>) | undefined,
  };
  const now = () => world.now;
  const settings = () =>
    settingsOf({
      flows: { "sync-members": world.mode },
      hubs: {
        prod: {
          timeZone: given.timeZone ?? "UTC",
          members: { ...membersSettings, quietSeconds: given.quietSeconds ?? 0, ...given.settings },
        },
      },
    });
  const publish: Publish = async (_, event) => {
    if ("key" in event) {
      world.notices.push(event.key);
      world.messages.push(event);
    }
    return "message";
  };
  const nameOf = (id: number): string =>
    world.rows.map(({ login }) => login).find((login) => idOf(login) === id) ?? "";
  const without = (list: string[], login: string): string[] =>
    list.filter((each) => each.toLowerCase() !== login.toLowerCase());
  const writes = {
    invite: async ({ userId, teamIds }: { userId: number; teamIds: readonly number[] }) => {
      world.tried.push(nameOf(userId));
      if (world.refuses !== undefined) return refusedWith(world.refuses);
      if (world.waitSeconds !== undefined) throw leftAlone(world.waitSeconds);
      if (world.pending.length >= world.limit) return "over-limit" as const;
      const slug = ({ 11: "public-access", 12: "base-access", 13: "full-access" } as Record<number, string>)[
        teamIds[0] ?? 0
      ];
      world.pending.push({ login: nameOf(userId), teams: [slug ?? ""], at: world.now });
      const { whileInviting } = world;
      world.whileInviting = undefined;
      await whileInviting?.();
      return "invited" as const;
    },
    addToTeam: async ({ slug, login }: { slug: string; login: string }) => {
      world.tried.push(login);
      if (world.refusesAdding !== undefined) return refusedWith(world.refusesAdding);
      world.teams[slug as Team].push(login);
      return "added" as const;
    },
    removeFromTeam: async ({ slug, login }: { slug: string; login: string }) => {
      world.teams[slug as Team] = without(world.teams[slug as Team], login);
      return "removed" as const;
    },
    cancelInvitation: async () => "cancelled" as const,
  };
  let messages = 0;
  async function runs(why: EventOf<"sheet-changed">["why"] = "schedule", dryRun = false, adopt = false) {
    messages += 1;
    world.now = new Date(world.now.getTime() + 60_000);
    return deliver(
      { v: 1, hub: "prod", why, ...(dryRun ? { dryRun } : {}), ...(adopt ? { adopt } : {}) },
      { messageId: String(messages), attempt: 1, first: world.now },
    );
  }
  async function deliver(
    event: EventOf<"sheet-changed">,
    delivery: Parameters<typeof syncMembers>[2],
    by: Partial<SyncMembersDeps> = {},
  ) {
    const steps: string[] = [];
    const effects: Effect[] = [];
    const result = await syncMembers(
      event,
      { step: (what) => steps.push(what), effect: (effect) => effects.push(effect) },
      delivery,
      {
        ledger,
        budgets: budgetStore({ ledger, now, random: () => 0.5, pause: async () => undefined }),
        now,
        settings: settings(),
        publish,
        pause: async (milliseconds) => {
          world.pauses.push(milliseconds);
          world.now = new Date(world.now.getTime() + world.takes);
        },
        wait: async (until) => {
          const { whileWaiting } = world;
          world.whileWaiting = undefined;
          await whileWaiting?.();
          if (world.now < until) world.now = until;
        },
        readSheet: async () => ({
          rows: world.rows,
          rejected: [],
          named: [],
          unreadable: [],
          ...world.beside,
          ...(world.problem === undefined ? {} : { problem: world.problem }),
        }),
        readTeams: async () => {
          world.looks += 1;
          const { meanwhile } = world;
          world.meanwhile = undefined;
          await meanwhile?.();
          return github(world.teams, {
            pending: world.pending.map((one) => ({ ...one, createdAt: now().toISOString() })),
          });
        },
        resolveLogins: async (logins) => new Map(logins.map((login) => [login, account(login)])),
        writes,
        writeStatus: async (_, table) => {
          if (world.statusRefuses !== undefined) throw failed(world.statusRefuses);
          world.status.push(table);
        },
        ...by,
      },
    );
    const plan = "plan" in result ? result.plan : undefined;
    return { ...result, plan, effects, steps };
  }
  const members = states(records);
  const waiting = { ...tableOf(flowNames, () => undefined), "sync-members": members };
  const shown = plans({ settings: settings(), ledger: records, now, publish }, waiting);
  return {
    ...stand,
    world,
    ledger,
    records,
    runs,
    /** Delivers an event now; `by` is what differs of the process that takes it. */
    deliver,
    plans: shown,
    hours: (hours: number) => {
      world.now = new Date(world.now.getTime() + hours * 3_600_000);
    },
    says: (hash: string, verdict: Verdict, only?: readonly string[]) => {
      world.now = new Date(world.now.getTime() + 1000);
      return shown.decide({ hub: "prod", hash, verdict, by: "console", only });
    },
    why: async (who: string) => {
      const [person] = await why(
        { hubs: ["prod"], who: [who] },
        {
          settings: settings(),
          states: states(records),
          quotas: quotaStates(records),
          plans: shown,
          incidents: incidentStore({ ledger: records, publish, now }, incidentHeads(records)),
          applications: async () => ({ rows: [] }),
        },
      );
      const [answer] = person?.answers ?? [];
      if (answer === undefined) throw new Error("no answer");
      return answer;
    },
  };
}
