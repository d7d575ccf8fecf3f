// A used ledger's records of one hub, each kind of them telling of the one who leaves and of one who stays, with the schema of each.
import type * as z from "zod";
import { Budgets } from "../../../shared/flow/budgets.ts";
import { Incidents } from "../../../shared/flow/incident-records.ts";
import { ClassRecord } from "../../../shared/members/classes.ts";
import { MembersState } from "../../../shared/members/records.ts";
import { QuotaHistory, QuotaState } from "../../../shared/quota/records.ts";
import * as records from "../../../shared/records.ts";
import { TransferAsked } from "../../../shared/transfers/records.ts";
import { state } from "../sync-members/facts-harness.ts";

export type Person = { login: string; name: string; email: string };
export type Stored = { name: string; schema: z.ZodType; value: unknown; metadata?: Record<string, string> };

const at = "2026-11-21T12:00:00.000Z";
const hash = "0123456789abcdef";

/** Records about these people, who are known and in no row: of each of them alone, and of all together. */
export function usedLedger(people: readonly Person[]): Stored[] {
  const of = <T>(make: (person: Person, index: number) => T): T[] => people.map(make);
  const notice = ({ login, email }: Person) => ({
    v: 1,
    hub: "prod",
    key: `invited/${login}/1`,
    to: { mail: [email] },
    subject: "Your access",
    text: `Hello,\n\nGitHub has invited the account "${login}".`,
  });
  const run = (id: string, flow: string, rest: object): Stored => ({
    name: `runs/2026-11-21/${id}.json`,
    schema: records.Run,
    metadata: { flow, hub: "prod", title: "told somebody" },
    value: {
      v: 1,
      id: `2026-11-21/${id}`,
      flow,
      hub: "prod",
      event: "sheet-changed",
      messageId: id,
      attempt: 1,
      payload: { v: 1, hub: "prod", why: "schedule" },
      outcome: "done",
      title: "told somebody",
      steps: [],
      effects: [],
      startedAt: at,
      durationMs: 3,
      ...rest,
    },
  });
  const plan = {
    hash,
    actions: of(({ login }) => ({
      do: "add",
      about: login,
      team: "full-access",
      why: "the sheet gives Research",
    })),
    held: of(({ login }, n) => ({
      do: "remove",
      about: login,
      team: "full-access",
      why: "no longer in the sheet",
      hash: `${hash.slice(0, 15)}${n}`,
      because: "many at once",
    })),
    refused: of(({ email }) => ({ about: "C2", value: email, why: "not a login" })),
  };
  return [
    {
      name: "head/members/prod.json",
      schema: MembersState,
      value: {
        ...state({
          known: Object.fromEntries(
            of(({ login, email }, n) => [
              login,
              {
                id: 100 + n,
                invitations: 1,
                memberships: {
                  "full-access": {
                    how: "given",
                    at,
                    absentSince: at,
                    mailed: { key: `invited/${login}/1`, email },
                  },
                },
              },
            ]),
          ),
        }),
        leaving: Object.fromEntries(of(({ login }) => [`remove ${login} full-access`, at])),
        changes: Object.fromEntries(of(({ login }) => [login, at])),
        announce: Object.fromEntries(
          of(({ login, email }) => [login, { key: `added/${login}/1`, email, team: "full-access" }]),
        ),
        waiting: { plan: hash, since: Object.fromEntries(plan.held.map((one) => [one.hash, at])) },
      },
    },
    {
      name: "head/quota/prod.json",
      schema: QuotaState,
      value: {
        v: 1,
        at,
        volumeDays: [],
        homes: Object.fromEntries(
          of(({ login }) => [
            login,
            {
              bytes: 3,
              complete: true,
              measuredAt: at,
              past: [],
              login,
              status: "ok",
              since: at,
              told: [],
              episode: 0,
              missing: 0,
            },
          ]),
        ),
        disputed: of(({ login }) => login),
        nobodyTold: [],
        toTell: of(notice),
      },
    },
    {
      name: "head/budgets/prod.json",
      schema: Budgets,
      value: {
        v: 1,
        machines: {},
        dollars: {},
        invitations: { "2026-11-21": Object.fromEntries(of(({ login }) => [login, 1])) },
        mails: { day: "2026-11-21", used: 0, blocks: {} },
      },
    },
    {
      name: "head/incidents/prod.json",
      schema: Incidents,
      value: { v: 1, incidents: {}, good: { "sync-members": at } },
    },
    ...of(
      (person, n): Stored => ({
        name: `head/continue/send-notice/prod/_${n}.json`,
        schema: records.Continue,
        value: { v: 1, at, topic: "notice", payload: notice(person), published: false },
      }),
    ),
    run("1-sync-members-1-1", "sync-members", {
      plan,
      steps: of(({ login }) => ({ at, what: `left as it is: ${login}, taken back already` })),
      effects: of(({ login }) => ({ do: "invite", login, team: "full-access" })),
    }),
    ...of((person, n) =>
      run(`2-send-notice-${n}-1`, "send-notice", {
        event: "notice",
        payload: notice(person),
        title: `mailed: Your access`,
      }),
    ),
    {
      name: `plans/prod/${hash}.json`,
      schema: records.HeldPlan,
      value: { v: 2, hub: "prod", flow: "sync-members", plan, madeAt: at },
    },
    {
      name: `approvals/prod/sync-members/${at}.json`,
      schema: records.Approval,
      value: {
        v: 1,
        verdict: "rejected",
        by: "console",
        at,
        plan: hash,
        items: plan.held.map((one) => one.hash),
      },
    },
    {
      name: `classes/prod/2026-12-05/intro/${at}.json`,
      schema: ClassRecord,
      value: {
        v: 1,
        hub: "prod",
        on: "2026-12-05",
        name: "intro",
        people: of(({ name, email, login }, n) => (n === 0 ? `${name}, ${email}, ${login}` : login)),
        by: "console",
        at,
      },
    },
    ...of(
      (person, n): Stored => ({
        name: `undelivered/${n}.json`,
        schema: records.Undelivered,
        value: {
          v: 1,
          id: String(n),
          topic: "notice",
          function: "send-notice",
          hub: "prod",
          payload: notice(person),
          attempts: 1,
          reason: {
            what: "a mail may not have gone out",
            why: "Gmail did not answer",
            next: "send it again",
          },
          at,
        },
      }),
    ),
    ...of(
      ({ login }): Stored => ({
        name: `notices/prod/invited/${login}/1/1-claim.json`,
        schema: records.NoticeClaim,
        value: { v: 1, messageId: "9", at },
      }),
    ),
    ...of(
      ({ login }, n): Stored => ({
        name: `transfers/prod/t${n}/request.json`,
        schema: TransferAsked,
        value: { v: 1, from: "a:b", to: "c:d", at, by: login },
      }),
    ),
    {
      name: "history/quota/prod/2026-11-21/120000.json",
      schema: QuotaHistory,
      value: {
        v: 1,
        hub: "prod",
        measuredAt: at,
        source: "report",
        kind: "apparent",
        complete: true,
        homes: of(({ login }) => ({ directory: login, bytes: 3, complete: true })),
      },
    },
  ];
}
