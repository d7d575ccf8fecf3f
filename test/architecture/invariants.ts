// Invariants, each with the tests that fail when it does not hold. ARCHITECTURE.md says the same in the same words.

export type Invariant = {
  /** As it stands in ARCHITECTURE.md. */
  says: string;
  /** Files that hold it: `npm run mutate` changes them and looks which tests see it. */
  guards: readonly string[];
  /** Test file, below test/, and the names of tests in it; a name that ends in a comma or colon goes on. */
  tests: Record<string, readonly string[]>;
};

export const invariants: readonly Invariant[] = [
  {
    says: "Only doors are public. Each function has its own identity with the fewest permissions; no default service account, no key files.",
    guards: [
      "shared/delivery/push-token.ts",
      "shared/delivery/webhook.ts",
      "functions/sheet-webhook/handler.ts",
      "functions/github-webhook/handler.ts",
      "functions/console/http/guard.ts",
      "infra/permissions.ts",
    ],
    tests: {
      "shared/events.test.ts": ["doors hear no topic, workers do; ack deadlines are what Pub/Sub allows"],
      "local/wire/identity.test.ts": ["a function publishes to its own topics alone"],
      "local/instance/provision.test.ts": ["no two functions share an audience"],
      "security/worker-door.test.ts": [
        "%s: 401, nothing read, nothing written",
        "%s: the front end refuses it, and no code runs",
      ],
      "local/run/front-end.test.ts": [
        "with a token for its address is let through, and the worker takes it",
        "behind it a function listens on a socket, where nobody else may enter",
      ],
      "shared/delivery/push-token.test.ts": [
        "exactly its marker is taken, by the claims",
        "elsewhere the platform's marker is no signature",
      ],
      "architecture/permissions.test.ts": [
        "each function has an identity of its own, and grants name one thing each",
        "no client takes a key file, nor the environment's own identity",
      ],
      "infra/stack.test.ts": [
        "only doors are public: anybody is bound to nothing but them",
        "nobody has a key file, and nobody has a basic role",
      ],
      "infra/permissions.test.ts": ["each identity may do what is written here, and nothing else"],
    },
  },
  {
    says: "A destructive or costly act is bounded in `decide`: share removed, VMs, hours, price, bytes deleted.",
    guards: [
      "functions/sync-members/removals.ts",
      "functions/sync-members/bounds.ts",
      "functions/sync-members/provenance.ts",
      "functions/sync-members/doubt.ts",
      "functions/sync-members/slips.ts",
      "functions/sync-members/decide.ts",
      "functions/sync-members/handler.ts",
      "functions/sync-members/undo-plan.ts",
      "functions/scan-quotas/decide.ts",
      "functions/run-transfer/decide.ts",
      "functions/run-transfer/budget.ts",
      "functions/run-transfer/cost.ts",
      "functions/run-transfer/steps.ts",
      "functions/run-transfer/handler.ts",
      "functions/run-transfer/approval.ts",
      "functions/run-transfer/part.ts",
      "functions/run-transfer/recount.ts",
      "shared/flow/hold.ts",
      "shared/flow/approvals.ts",
      "shared/flow/machine-budgets.ts",
      "shared/flow/people-budgets.ts",
    ],
    tests: {
      "functions/sync-members/cells.test.ts": [
        "in no cell is anything taken at the first look, under removals: report, or of somebody protected",
      ],
      "functions/sync-members/decide.property.test.ts": ["no more losses than the limit go through unasked"],
      "functions/sync-members/handler.fence.test.ts": [
        "fourteen saves of two rows each: ten people lose access in a day, and the rest waits",
        "whoever was in a team before us stays, whatever the sheet says, and their end is reported",
      ],
      "functions/sync-members/handler.slips.test.ts": [
        "the column %s sorted alone: nothing is written, nobody is mailed",
        "at the first read, with which nothing can be compared, many who would move up wait, too",
      ],
      "functions/sync-members/held.test.ts": ["one more, and all of them wait"],
      "functions/scan-quotas/held.test.ts": ["tell nobody, and are forgotten when they are mended"],
      "functions/run-transfer/steps.test.ts": ["never more machines than the limit"],
      "functions/run-transfer/budget.test.ts": ["what is just within every limit is within it"],
      "functions/run-transfer/compare.test.ts": ["what is not there is missing, and nothing else is"],
      "functions/run-transfer/approval.test.ts": [
        "approved, the stored plan is carried out: nothing is surveyed anew, and what came since is not copied",
        "an approval of another hash is refused, and nothing begins",
      ],
      "functions/run-transfer/modes.test.ts": [
        "without a mode what differs is left alone, and nothing is deleted",
        "what somebody writes after the plan is neither replaced nor deleted, and the receipt says so",
        "a sync that would delete more than is deleted at a time is refused, with what to do",
      ],
    },
  },
  {
    says: "No write after an incomplete read.",
    guards: [
      "shared/github/graphql.ts",
      "shared/github/lists.ts",
      "shared/github/people.ts",
      "shared/github/pending.ts",
      "shared/github/repositories.ts",
      "shared/prometheus/client.ts",
      "shared/remotes/list.ts",
      "functions/scan-quotas/gather.ts",
      "functions/bump-image/gather.ts",
    ],
    tests: {
      "shared/github/people.test.ts": [
        "what GitHub answers with errors, cut short, or changed meanwhile is refused",
      ],
      "shared/remotes/remotes.test.ts": ["a page that ends too early is no shorter list, wherever it ends"],
      "shared/prometheus/prometheus.test.ts": [
        "with a warning are incomplete; without the server's limits they are lengths, as old as the exporter says",
      ],
      "functions/scan-quotas/decide.test.ts": [
        "nobody is thanked or let down by a figure that is incomplete or missing",
      ],
      "functions/bump-image/decide.test.ts": ["opens only when every digest is there and agrees"],
      "flows/once.test.ts": ["whatever befalls the sheet, nobody loses access and the team is told once"],
    },
  },
  {
    says: "Delivering any event twice, late, out of order, or crashing anywhere, gives the same world in the end: no double mail or message, no double invitation, no double pull request, no orphan VM, no lost request.",
    guards: [
      "shared/flow/lease.ts",
      "shared/flow/one-at-a-time.ts",
      "shared/flow/quiet.ts",
      "shared/flow/continue.ts",
      "shared/flow/state.ts",
      "shared/delivery/passage.ts",
      "shared/delivery/settle.ts",
      "functions/send-notice/handler.ts",
      "functions/resume-work/handler.ts",
      "functions/bump-image/act.ts",
      "functions/sync-members/act.ts",
      "functions/sync-members/announce.ts",
      "functions/sync-members/mails.ts",
      "functions/sync-members/partings.ts",
      "functions/run-transfer/act.ts",
      "functions/run-transfer/launch.ts",
      "functions/run-transfer/complete.ts",
      "functions/run-transfer/receipt.ts",
    ],
    tests: {
      "flows/crash.test.ts": [
        "ends the same whether delivered once, twice, late or out of order",
        "ends the same when killed at a sixth of its writes, and is delivered again",
      ],
      "shared/flow/quiet.test.ts": [
        "its message that comes again waits in its place",
        "of twenty that come at once one waits, and all others go",
      ],
      "functions/sync-members/quiet.property.test.ts": [
        "late, twice, or killed in its wait: everybody is invited once, by the next tick at the latest",
      ],
      "flows/crash.long.ts": ["ends the same when killed before or after any write, and is delivered again"],
      "flows/quota-crash.test.ts": [
        "ends the same when killed at a sixth of its writes, and is delivered again",
      ],
      "flows/quota-faults.long.ts": [
        "scan-quotas ends the same when killed before or after any write, and is delivered again",
      ],
      "functions/bump-image/bump-image.test.ts": ["twice, late, out of order: the same end"],
      "functions/run-transfer/crash.test.ts": [
        "a transfer with three machines taken away, struck at some of its calls, before and after",
        "what the receipt says is the end, whoever cancels before it is over",
      ],
      "functions/run-transfer/queue.test.ts": [
        "of two that come at the same moment one goes and one waits",
        "struck at any call, the two still go one after the other to their ends",
      ],
      "shared/flow/one-at-a-time.test.ts": [
        "who finds it held does nothing, and comes again when a holder that has died is forgotten",
      ],
      "shared/delivery/settle.test.ts": [
        "died between publishing and acknowledging: both come, and both are the same event",
      ],
      "functions/send-notice/slack.test.ts": [
        "delivered twice, and again as another message: one message; a person's request makes one more",
      ],
      "functions/send-notice/send-notice.test.ts": [
        "delivered twice, and again as another message: one mail",
      ],
      "functions/resume-work/resume-work.test.ts": [
        "died between publishing and the mark: published twice, never lost",
      ],
    },
  },
  {
    says: "Nothing that a person typed reaches a shell, a remote name, a URL's host or a mention (GitHub's or Slack's) unchecked.",
    guards: [
      "functions/run-transfer/request.ts",
      "functions/bump-image/text.ts",
      "shared/mail/message.ts",
      "shared/registry/client.ts",
      "shared/slack/message.ts",
      "shared/sheets/login.ts",
      "shared/sheets/rows.ts",
    ],
    tests: {
      "functions/run-transfer/request.test.ts": [
        "what is refused is never quoted, and what passes has no part that could be anything else",
      ],
      "functions/bump-image/decide.test.ts": [
        "whatever stands in a file, the text mentions nobody, fits, and says which release it is about",
      ],
      "shared/registry/registry.test.ts": [
        "nobody is asked for a token but the registry's own giver, no redirect is followed, a digest is a digest",
      ],
      "shared/slack/message.test.ts": ["nothing begins a mention or a link but our own"],
      "shared/mail/mail.test.ts": ["has the same headers whatever is in subject and text"],
      "shared/sheets/rows.property.test.ts": ["it never throws, and each refusal names a cell"],
    },
  },
  {
    says: "No name, address or login in a log line, an error body or a dead letter's reason.",
    guards: [
      "shared/delivery/explain.ts",
      "shared/delivery/library-lines.ts",
      "shared/delivery/receive.ts",
      "shared/github/failures.ts",
    ],
    tests: {
      "security/nobody-named.long.ts": [
        "no log line names anybody",
        "no reason of a run, an undelivered event or a plan on hold names anybody",
        "no error answer of the console names anybody, whatever was typed",
      ],
      "security/error-bodies.test.ts": ["a service that fails behind a door is told without its words"],
      "shared/delivery/receive.test.ts": ["a run that takes a vendor's words along tells none of them"],
      "shared/delivery/library-lines.test.ts": ["%s: refused, and neither answer nor log repeats it"],
    },
  },
  {
    says: "Every wait, retry and invitation has a budget; every VM has three independent killers: itself (`instances.delete`, its only compute permission, conditioned on the name), the sweep, the platform's own limit. Never a poweroff: it disarms the third.",
    guards: [
      "shared/delivery/time-budget.ts",
      "shared/delivery/not-before.ts",
      "functions/bump-image/image-check.ts",
      "functions/sweep-machines/decide.ts",
      "functions/sweep-machines/handler.ts",
      "functions/run-transfer/steps.ts",
      "functions/run-transfer/room.ts",
      "functions/sync-members/decide.ts",
      "functions/sync-members/outcomes.ts",
    ],
    tests: {
      "shared/delivery/time-budget.test.ts": ["%s"],
      "shared/delivery/left-alone.test.ts": ["for a year: for a day at most"],
      "functions/sync-members/decide.property.test.ts": [
        "nobody is let in but by a row of theirs, nor twice, nor beyond the day's budget",
      ],
      "functions/bump-image/decide.test.ts": ["looks again after growing pauses, which end"],
      "functions/run-transfer/room.test.ts": [
        "a full place is not asked again until all have been; then another round begins, five minutes later",
      ],
      "functions/run-transfer/steps.property.test.ts": [
        "any history ends within its budgets: done where the cloud lets it, given up where not, and no machine left",
      ],
      "local/instance/provision.test.ts": [
        "as the settings say: pushed as one identity to one audience, backed off, then a dead letter",
      ],
      "local/compute/compute.test.ts": [
        "a machine may delete itself and make none; others may do neither",
        "one that nobody could find again is not asked for",
        "what runs for longer than it may is taken away",
        "the start-up script is bash, and never powers a machine off",
      ],
      "architecture/killers.test.ts": [
        "the first: its own script, which may delete it and do nothing else with machines",
        "the second: the sweep, of every machine that nobody needs",
        "the third: the platform, after a time that is always there",
      ],
      "functions/sweep-machines/sweep-machines.test.ts": [
        "one that cannot be deleted keeps no other alive, and the failure is told",
      ],
    },
  },
  {
    says: "Foreign data is parsed by a schema at the edge; `as` on it is forbidden.",
    guards: [
      "shared/ledger.ts",
      "shared/delivery/raw-body.ts",
      "shared/delivery/receive.ts",
      "functions/github-webhook/handler.ts",
    ],
    tests: {
      "architecture/rules.test.ts": ["is parsed, never cast"],
      "shared/ledger.test.ts": ["a record that cannot be understood"],
      "shared/delivery/receive.test.ts": ["not a message of ours"],
      "security/github-door.test.ts": ["%s: refused, nothing published, nothing told"],
      "security/body-memory.test.ts": [
        "a body reaches the function as it was sent, however it comes, up to the limit and not a byte beyond",
      ],
    },
  },
  {
    says: "Nothing lasting is silent: whatever ends blocked, held, failed or undelivered, or has not succeeded for twice its time, opens one incident by hub, flow and cause; the team is told of it, and the next good run closes it. Home is exactly the open incidents and what waits for approval.",
    guards: [
      "shared/flow/incidents.ts",
      "shared/flow/overdue.ts",
      "shared/flow/unseen.ts",
      "shared/flow/incident-stage.ts",
      "shared/flow/incident-text.ts",
      "shared/delivery/incidents.ts",
      "shared/delivery/note-lasting.ts",
      "shared/delivery/settle.ts",
      "functions/record-dead-letter/handler.ts",
      "functions/run-transfer/waits.ts",
    ],
    tests: {
      "shared/delivery/incidents-on-the-way.test.ts": [
        "died before the message was published: it is, under the same key, when the event comes again",
      ],
      "shared/delivery/incidents.test.ts": [
        "by what ends %s; the next good run closes it",
        "of what fails: after an hour, once a day, and when it is over",
        "what has not succeeded for twice its time, unless its flow is off",
        "what failed in a delivery that no other follows is over by the tick before anybody is told",
      ],
      "shared/flow/incidents.test.ts": [
        "whatever happens, in whatever order: the state fits its schema, what is open was seen, and once all is well nothing stands",
      ],
      "shared/flow/incident-text.test.ts": ["by which way"],
      "shared/flow/runbook.test.ts": [
        "whatever stands in the way, of each function, kind and service: the runbook has its heading",
      ],
      "shared/delivery/settle.test.ts": [
        "what cannot be told comes back, and is told then; the record is one",
        "a heartbeat that fails for good: one record and one message a day, over three days",
      ],
      "functions/console/console.test.ts": ["home says what needs a person and how the flows stand"],
      "functions/record-dead-letter/record-dead-letter.test.ts": ["delivered twice: one record, the first"],
      "functions/run-transfer/waits.test.ts": [
        "full zones for longer than its hours cost it none of them: it waits, says so, and copies",
        "a key that dies midway is said with since when, and it goes on by itself once there is another",
      ],
    },
  },
  {
    says: "No vendor client is built, and none of the heavy ones imported, when a module loads: first use does both (cold start).",
    guards: [
      "shared/bus/client.ts",
      "shared/bus/publish.ts",
      "shared/google-auth.ts",
      "shared/secrets.ts",
      "shared/storage-client.ts",
    ],
    tests: {
      "architecture/imports.test.ts": [
        "are imported as values by nobody while a module loads",
        "are not there when a handler has loaded, nor when what all are made of has",
      ],
    },
  },
];
