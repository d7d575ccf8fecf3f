// A day of records of an invented hub, stored as the workers store them.
import type { Incident, Incidents } from "../../../shared/flow/incident-records.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { HeldPlan, Run, Undelivered } from "../../../shared/records.ts";

export const today = "2026-03-02";

export type RunSeed = Partial<Run> & { at: string; messageId: string };

/** Stores a run as the functions do: the record, and its line as metadata. */
export async function storeRun(records: Ledger, { at, ...seed }: RunSeed): Promise<string> {
  const flow = seed.flow ?? "sync-members";
  const attempt = seed.attempt ?? 1;
  const startedAt = seed.startedAt ?? `${today}T${at}.000Z`;
  const time = startedAt.slice(11, 23).replace(/[:.]/g, "");
  const id = `${startedAt.slice(0, 10)}/${time}-${flow}-${seed.messageId}-${attempt}`;
  const run: Run = {
    v: 1,
    id,
    flow,
    hub: "prod",
    event: "sheet-changed",
    attempt,
    payload: { v: 1, hub: "prod", why: "edit" },
    outcome: "done",
    title: "nothing to change",
    steps: [{ at: startedAt, what: "read the sheet" }],
    effects: [],
    startedAt,
    durationMs: 340,
    ...seed,
  };
  await records.create(`runs/${id}.json`, run, {
    flow,
    hub: "prod",
    event: run.event,
    messageId: run.messageId,
    attempt: String(attempt),
    outcome: run.outcome,
    title: run.title,
    startedAt,
    durationMs: String(run.durationMs),
    effects: String(run.effects.length),
  });
  return id;
}

const person = (login: string, status: MembersState["people"][number]["status"], row: number) => ({
  login,
  email: `${login}@example.org`,
  name: login,
  tier: "Research",
  team: "full-access",
  cell: `C${row}`,
  status,
  since: "2026-02-20T09:00:00.000Z",
});

export const head: MembersState = {
  outgoing: [
    {
      occasion: "reminder-3",
      key: "reminded/cy/2026-11-18/3",
      email: "cy@example.org",
      login: "cy",
      name: "Cy <b>",
      until: "2026-11-25",
      from: `${today}T00:00:00.000Z`,
    },
  ],
  v: 1,
  at: `${today}T08:00:02.000Z`,
  goodRows: 5,
  people: [
    person("ada-north", "in-team", 2),
    person("bo-south", "invited", 3),
    person("cy-west", "expired", 4),
    person("dee-east", "no-such-user", 5),
    person("eli-hill", "failed-invitation", 6),
  ],
  rejected: [{ cell: "C7", value: "fay marsh", why: "a login has no spaces", suggestion: "fay-marsh" }],
  known: {},
  announce: {},
  unmanaged: [{ login: "gus-old", team: "full-access" }],
  waiting: {
    plan: "0a1b2c3d4e5f",
    since: Object.fromEntries(
      [0, 1, 2, 3].map((index) => [`000000000000000${index}`, `${today}T08:00:00.000Z`]),
    ),
  },
};

export const heldPlan: HeldPlan = {
  v: 2,
  hub: "prod",
  flow: "sync-members",
  plan: {
    hash: "0a1b2c3d4e5f",
    actions: [{ do: "invite", about: "hal-new", team: "full-access", why: "new in the sheet" }],
    held: ["ira-one", "jo-two", "kit-three", "lou-four"].map((about, index) => ({
      do: "remove",
      about,
      team: "full-access",
      why: "no longer in the sheet",
      hash: `000000000000000${index}`,
      because: "4 people would be removed at once, and up to 3 go through unasked",
    })),
    refused: [{ about: "C7", value: "fay marsh", why: "a login has no spaces", suggestion: "fay-marsh" }],
  },
  madeAt: `${today}T08:00:01.000Z`,
};

const undeliveredReasons = [
  {
    what: "sync-members was refused",
    why: "the function's service account lacks the permission storage.objects.create",
    next: "grant it in its row of shared/functions.ts and deploy, then send the event again",
  },
  {
    what: "nobody knows whether a mail was sent",
    why: "the mail service did not answer in time",
    next: "look into the sender's outbox; if it is not there, send it once more",
  },
] as const;

export const undelivered: Undelivered[] = [
  {
    v: 1,
    id: "501",
    topic: "sheet-changed",
    function: "sync-members",
    hub: "prod",
    payload: { v: 1, hub: "prod", why: "edit" },
    attempts: 5,
    reason: undeliveredReasons[0],
    at: `${today}T07:40:00.000Z`,
  },
  {
    v: 1,
    id: "502",
    topic: "notice",
    function: "send-notice",
    hub: "prod",
    payload: {
      v: 1,
      hub: "prod",
      key: "members/invited/bo-south",
      to: { mail: ["bo-south@example.org"] },
      subject: "Your access to the hub",
      text: "Dear bo-south, you are invited.",
    },
    attempts: 1,
    reason: undeliveredReasons[1],
    at: `${today}T07:50:00.000Z`,
  },
];

const since = `${today}T07:40:00.000Z`;
const incident = (flow: "sync-members" | "send-notice", given: Partial<Incident>): Incident => ({
  flow,
  cause: "held",
  kind: "held",
  reason: {
    what: "1 invited, 4 removals on hold",
    why: "it waits for a person",
    next: "look at Plans",
  },
  workers: [flow],
  needs: [],
  opened: since,
  seen: since,
  lasting: true,
  waits: false,
  reach: "team",
  told: 1,
  toldAt: since,
  ...given,
});

/** A hold, which is listed as what waits; cells; an event that a look mends; a mail that a person has to decide about; one that is over. */
export const incidents: Incidents = {
  v: 1,
  good: {},
  incidents: {
    "sync-members/held": incident("sync-members", {}),
    "sync-members/refused": incident("sync-members", {
      cause: "refused",
      kind: "refused",
      reach: "nobody",
      reason: {
        what: "1 cell cannot be used",
        why: "what stands there was not understood: C7",
        next: "correct it",
      },
    }),
    "sync-members/storage-permission": incident("sync-members", {
      cause: "storage-permission",
      kind: "undelivered",
      service: "storage",
      reason: undeliveredReasons[0],
    }),
    "send-notice/unknown-outcome": incident("send-notice", {
      cause: "unknown-outcome",
      kind: "undelivered",
      waits: true,
      workers: [],
      reason: undeliveredReasons[1],
    }),
    "sync-members/github-500": incident("sync-members", {
      cause: "github-500",
      kind: "failed",
      closed: `${today}T07:50:00.000Z`,
    }),
  },
};

/** A morning: a run with effects, one that failed twice and then went through, one on hold, and what needs a person. */
export async function seed(records: Ledger): Promise<void> {
  await storeRun(records, { at: "07:15:00", messageId: "90" });
  await storeRun(records, {
    at: "07:30:00",
    messageId: "101",
    title: "2 invited, 1 cell rejected",
    effects: [
      { do: "invite", login: "bo-south", team: "full-access" },
      { do: "invite", login: "hal-new", team: "full-access" },
    ],
    steps: [
      { at: `${today}T07:30:00.100Z`, what: "read 5 good rows of the sheet" },
      { at: `${today}T07:30:01.100Z`, what: "read 2 teams and 1 invitation" },
    ],
    durationMs: 2140,
  });
  const error = {
    what: "sync-members failed",
    why: "Cloud Storage answered 503",
    next: "it is tried again by itself; when it goes on, open the run and read its steps",
  };
  await storeRun(records, { at: "07:45:00", messageId: "102", outcome: "failed", title: error.what, error });
  await storeRun(records, { at: "07:45:12", messageId: "102", attempt: 2 });
  await storeRun(records, {
    at: "07:50:00",
    messageId: "103",
    flow: "send-notice",
    event: "notice",
    title: "1 mail sent",
    payload: undelivered[1]?.payload,
    effects: [{ do: "send-mail", count: 1 }],
  });
  await storeRun(records, {
    at: "08:00:00",
    messageId: "104",
    outcome: "held",
    title: "1 invited, 4 removals on hold",
    effects: [{ do: "invite", login: "hal-new", team: "full-access" }],
    plan: heldPlan.plan,
    payload: { v: 1, hub: "prod", why: "schedule" },
  });
  await records.create("head/members/prod.json", head);
  await records.create(`plans/prod/${heldPlan.plan.hash}.json`, heldPlan, { madeAt: heldPlan.madeAt });
  const over: HeldPlan = {
    ...heldPlan,
    plan: {
      ...heldPlan.plan,
      hash: "ffee00112233",
      held: heldPlan.plan.held.map((action) => ({
        ...action,
        because: "9 people would be removed at once, and up to 3 go through unasked",
      })),
    },
    madeAt: "2026-02-27T10:00:00.000Z",
  };
  await records.create(`plans/prod/${over.plan.hash}.json`, over, { madeAt: over.madeAt });
  await records.create("head/incidents/prod.json", incidents);
  for (const record of undelivered)
    await records.create(`undelivered/${record.id}.json`, record, {
      hub: "prod",
      incident: record.id === "501" ? "sync-members/storage-permission" : "send-notice/unknown-outcome",
    });
}
