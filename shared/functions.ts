// One row a function: what wakes it, what it may touch, and what people miss when it breaks. Pulumi, the sample hub and
// the tests read the wiring and the permissions from here; nothing else spells a function's, a topic's or a secret's name.
import { keysOf } from "./closed.ts";
import type { EventName } from "./events.ts";

/** Each is named after its worker. */
export const flowNames = ["sync-members", "scan-quotas", "bump-image", "run-transfer"] as const;
export type FlowName = (typeof flowNames)[number];

export type SecretName =
  | "console-token"
  | "github-app-key"
  | "github-fork-token"
  | "github-webhook-secret"
  | "gmail-oauth"
  | "metrics-token"
  | "sheet-webhook-secret"
  | "slack-bot-token"
  | "transfer-keys";

/** A folder of the ledger's bucket, and what the function may do in it. `change` includes replacing and deleting. */
export type LedgerGrant = { prefix: string; may: "read" | "create" | "change" };

/** On machines whose name begins with `transfer-`. */
export type MachineVerb = "make" | "look" | "delete";

/** Part of what machines stand on, and leave: read in the whole project, for none of it is secret. */
export type GroundPart = "disks" | "quotas" | "subnetworks";

export type Row = {
  /** A door is public and checks its callers itself; a worker hears one topic, pushed by Pub/Sub with an OIDC token. */
  kind: "door" | "worker";
  hears?: EventName | "undelivered";
  publishes: readonly EventName[];
  secrets: readonly SecretName[];
  ledger: readonly LedgerGrant[];
  /** Documents shared with this function's identity by a person, for no role of the cloud can grant them. */
  sharedWith?: readonly ("sheet" | "status sheet" | "applications")[];
  /** Rights on the machines of transfers, and on no other machine. */
  machines?: readonly MachineVerb[];
  ground?: readonly GroundPart[];
  /** Says whether it may list the buckets that transfers go between. */
  listsRemotes?: true;
  /** The flow it belongs to; a function whose flow is off is not deployed. Without one it serves them all. */
  flow?: FlowName;
  /** Bytes of a body that a door takes, before it knows whose it is. */
  bodyBytes?: number;
  /** Seconds a delivery may take; also the ack deadline (10 to 600). */
  timeoutSeconds: number;
  /** Of these many at most run at once, each with so many requests; more wait, and are answered 429 after ten seconds. */
  instances: number;
  concurrency: number;
  /** Things that people miss while it is broken: the text of its alert. */
  impact: string;
};

/** A bound on what a flood of calls can cost: https://owasp.org/www-project-serverless-top-10/ (denial of wallet). */
const door = { kind: "door", instances: 3, concurrency: 40 } as const;
const worker = { kind: "worker", instances: 5, concurrency: 1 } as const;

/** Pub/Sub pushes a message of at most 10 MB, in base64. */
export const pushBytes = 14 * 1024 * 1024;

/** Bytes of a body that a function takes. */
export const bodyBytesOf = ({ bodyBytes = pushBytes }: Row): number => bodyBytes;

const runs: LedgerGrant = { prefix: "runs/", may: "create" };
const undelivered: LedgerGrant = { prefix: "undelivered/", may: "create" };
const notBefore: LedgerGrant = { prefix: "head/not-before/", may: "change" };
const incidents: LedgerGrant = { prefix: "head/incidents/", may: "change" };

export const functions = {
  "sheet-webhook": {
    ...door,
    publishes: ["sheet-changed", "watch-due"],
    secrets: ["sheet-webhook-secret"],
    ledger: [],
    flow: "sync-members",
    // The sheet's script sends a hub's name, Drive nothing.
    bodyBytes: 4096,
    timeoutSeconds: 30,
    impact: "Edits in the sheet are noticed by the next heartbeat only, up to 15 minutes later.",
  },
  "github-webhook": {
    ...door,
    publishes: ["release-published"],
    secrets: ["github-webhook-secret"],
    ledger: [],
    flow: "bump-image",
    // GitHub sends up to 25 MB (https://docs.github.com/en/webhooks/webhook-events-and-payloads#payload-cap); news of a tag has
    // a few thousand bytes, and what is missed is seen at the next look.
    bodyBytes: 2 * 1024 * 1024,
    timeoutSeconds: 30,
    impact: "New releases of the images are noticed by the next look at the tags only, up to an hour later.",
  },
  console: {
    ...door,
    publishes: [
      "sheet-changed",
      "quota-scan-due",
      "release-published",
      "notice",
      "continue-due",
      "watch-due",
      "transfer-request",
      "transfer-reported",
      "sweep-due",
      "forget-due",
      "consent-due",
      "transfer-check-due",
    ],
    secrets: ["console-token"],
    ledger: [
      { prefix: "", may: "read" },
      { prefix: "transfers/", may: "create" },
      { prefix: "approvals/", may: "create" },
      { prefix: "classes/", may: "create" },
      { prefix: "resolved/", may: "create" },
      { prefix: "reports/", may: "create" },
      { prefix: "head/forget/", may: "create" },
      incidents,
    ],
    sharedWith: ["applications"],
    // A report of the homes; its pages take less.
    bodyBytes: 32 * 1024 * 1024,
    timeoutSeconds: 60,
    impact: "Nobody can look, approve or replay; the flows themselves go on.",
  },
  "sync-members": {
    ...worker,
    hears: "sheet-changed",
    publishes: ["notice"],
    secrets: ["github-app-key"],
    ledger: [
      runs,
      undelivered,
      { prefix: "head/", may: "change" },
      { prefix: "plans/", may: "create" },
      { prefix: "approvals/", may: "read" },
      { prefix: "classes/", may: "read" },
    ],
    sharedWith: ["sheet", "status sheet"],
    flow: "sync-members",
    // While one waits until a sheet is quiet, who wants a look at once comes in beside it, and needs no other instance to start.
    concurrency: 4,
    timeoutSeconds: 540,
    impact: "People added to the sheet do not get access to the hub.",
  },
  "renew-watch": {
    ...worker,
    hears: "watch-due",
    publishes: [],
    secrets: ["sheet-webhook-secret"],
    ledger: [runs, undelivered, { prefix: "head/", may: "change" }],
    sharedWith: ["sheet"],
    flow: "sync-members",
    timeoutSeconds: 60,
    impact: "Edits in the sheet are noticed by the next heartbeat only, up to 15 minutes later.",
  },
  "forget-person": {
    ...worker,
    hears: "forget-due",
    publishes: [],
    secrets: [],
    // The one that may change what is written once: see docs/adr/0015.
    ledger: [
      { prefix: "head/forget/", may: "change" },
      { prefix: "head/members/", may: "change" },
      { prefix: "head/quota/", may: "change" },
      { prefix: "head/continue/", may: "change" },
      { prefix: "head/budgets/", may: "change" },
      { prefix: "head/transfers/", may: "change" },
      { prefix: "transfers/", may: "change" },
      { prefix: "runs/", may: "change" },
      { prefix: "plans/", may: "change" },
      { prefix: "approvals/", may: "change" },
      { prefix: "classes/", may: "change" },
      { prefix: "undelivered/", may: "change" },
      { prefix: "notices/", may: "change" },
      { prefix: "history/", may: "change" },
      { prefix: "reports/", may: "change" },
      notBefore,
      incidents,
    ],
    flow: "sync-members",
    // One at a time: it goes through all of a hub's records.
    instances: 1,
    timeoutSeconds: 540,
    impact: "People who have left are not forgotten before the ledger's days are over.",
  },
  "scan-quotas": {
    ...worker,
    hears: "quota-scan-due",
    publishes: ["notice"],
    secrets: ["metrics-token"],
    ledger: [
      runs,
      undelivered,
      { prefix: "head/", may: "change" },
      { prefix: "history/", may: "create" },
      { prefix: "plans/", may: "create" },
      { prefix: "approvals/", may: "read" },
      { prefix: "reports/", may: "read" },
    ],
    flow: "scan-quotas",
    timeoutSeconds: 120,
    impact: "Nobody is told of a home above the limits or of a volume that fills up.",
  },
  "forward-quota-report": {
    ...worker,
    hears: "report-arrived",
    publishes: ["quota-scan-due"],
    secrets: [],
    ledger: [runs, undelivered, incidents],
    flow: "scan-quotas",
    timeoutSeconds: 30,
    impact: "Reports of the home volume are read by the next schedule only, up to a day later.",
  },
  "bump-image": {
    ...worker,
    hears: "release-published",
    publishes: ["notice"],
    secrets: ["github-fork-token"],
    ledger: [
      runs,
      undelivered,
      { prefix: "head/images/", may: "change" },
      { prefix: "head/lease/bump-image/", may: "change" },
      { prefix: "head/continue/bump-image/", may: "change" },
      { prefix: "plans/", may: "create" },
      { prefix: "approvals/", may: "read" },
      notBefore,
      incidents,
    ],
    flow: "bump-image",
    timeoutSeconds: 300,
    impact: "New releases of the images reach the hub only when somebody opens the pull request by hand.",
  },
  "run-transfer": {
    ...worker,
    hears: "transfer-request",
    publishes: ["notice", "transfer-request"],
    secrets: ["transfer-keys"],
    ledger: [
      runs,
      undelivered,
      { prefix: "head/", may: "change" },
      { prefix: "plans/", may: "create" },
      { prefix: "approvals/", may: "read" },
      { prefix: "transfers/", may: "create" },
      { prefix: "leases/", may: "change" },
      { prefix: "tools/", may: "read" },
    ],
    machines: ["make", "look", "delete"],
    ground: ["subnetworks"],
    listsRemotes: true,
    flow: "run-transfer",
    timeoutSeconds: 540,
    impact: "Requested transfers do not begin, and preempted machines are not replaced.",
  },
  "forward-transfer-report": {
    ...worker,
    hears: "transfer-reported",
    publishes: ["transfer-request"],
    secrets: [],
    ledger: [runs, undelivered, incidents],
    flow: "run-transfer",
    timeoutSeconds: 60,
    impact: "What a transfer's machine reports is seen at the next look only, a minute later.",
  },
  "sweep-machines": {
    ...worker,
    hears: "sweep-due",
    publishes: [],
    secrets: [],
    ledger: [
      runs,
      undelivered,
      { prefix: "head/transfers/", may: "read" },
      { prefix: "head/continue/sweep-machines/", may: "change" },
      notBefore,
      incidents,
    ],
    machines: ["look", "delete"],
    flow: "run-transfer",
    timeoutSeconds: 300,
    impact: "A machine that failed to delete itself costs money until its own time limit.",
  },
  "check-transfers": {
    ...worker,
    hears: "transfer-check-due",
    publishes: [],
    secrets: ["transfer-keys"],
    ledger: [
      runs,
      undelivered,
      { prefix: "head/transfer-check/", may: "change" },
      { prefix: "head/transfers/", may: "read" },
      { prefix: "tools/", may: "read" },
      { prefix: "head/continue/check-transfers/", may: "change" },
      notBefore,
      incidents,
    ],
    machines: ["look"],
    ground: ["disks", "quotas", "subnetworks"],
    listsRemotes: true,
    flow: "run-transfer",
    timeoutSeconds: 120,
    impact: "That a transfer could not run is noticed with the next one only.",
  },
  "send-notice": {
    ...worker,
    hears: "notice",
    publishes: [],
    secrets: ["gmail-oauth", "slack-bot-token"],
    ledger: [
      runs,
      undelivered,
      { prefix: "notices/", may: "create" },
      { prefix: "head/continue/send-notice/", may: "change" },
      { prefix: "head/budgets/", may: "change" },
      notBefore,
      incidents,
    ],
    timeoutSeconds: 60,
    impact: "Nobody is told anything: no invitations by mail, no warnings, no questions to the team.",
  },
  "check-consent": {
    ...worker,
    hears: "consent-due",
    publishes: [],
    secrets: ["gmail-oauth"],
    ledger: [
      runs,
      undelivered,
      { prefix: "head/consent/", may: "change" },
      { prefix: "head/continue/check-consent/", may: "change" },
      notBefore,
      incidents,
    ],
    instances: 1,
    timeoutSeconds: 60,
    impact: "That the mail account is signed out is noticed with the first mail that does not go out.",
  },
  "resume-work": {
    ...worker,
    hears: "continue-due",
    publishes: [
      "sheet-changed",
      "quota-scan-due",
      "release-published",
      "transfer-request",
      "notice",
      "watch-due",
      "sweep-due",
      "forget-due",
      "consent-due",
      "transfer-check-due",
    ],
    secrets: [],
    ledger: [runs, undelivered, { prefix: "head/", may: "change" }],
    timeoutSeconds: 60,
    impact: "Work that waits for a time goes on with its flow's next schedule only.",
  },
  "record-dead-letter": {
    ...worker,
    hears: "undelivered",
    publishes: [],
    secrets: [],
    ledger: [undelivered, incidents, { prefix: "runs/", may: "read" }],
    timeoutSeconds: 60,
    impact: "Events that failed for good are not listed under Undelivered.",
  },
} as const satisfies Record<string, Row> & Record<FlowName, Row & { hears: EventName }>;

export type FunctionName = keyof typeof functions;
export const functionNames = keysOf(functions);
/** A row by its name, with all that a row may have. */
export const rowOf = (name: FunctionName): Row => functions[name];

/**
 * Lists what a function may publish: its row's topics. A worker also tells people what it cannot finish, and publishes again what
 * it heard before its attempts are used up.
 */
export function mayPublish({ kind, hears, publishes }: Row): EventName[] {
  const own = hears === undefined || hears === "undelivered" ? [] : [hears];
  return kind === "door" ? [...publishes] : [...new Set<EventName>([...publishes, ...own, "notice"])];
}

/** The mail address of a function's own identity. */
export const identityOf = (name: FunctionName, project: string): string =>
  `${name}@${project}.iam.gserviceaccount.com`;

/** The identity that Pub/Sub pushes as. An identity's name has 6 to 30 letters. */
export const pushIdentity = (project: string): string => `pubsub-push@${project}.iam.gserviceaccount.com`;

/** The bucket of the ledger: names are global in the cloud, so it carries the project. */
export const ledgerBucket = (project: string): string => `${project}-ledger`;

/** The identity of the machines. */
export const machineIdentity = (project: string): string => `transfer-vm@${project}.iam.gserviceaccount.com`;
