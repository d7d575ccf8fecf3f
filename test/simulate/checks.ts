// Rules that hold at the end of every simulation, whatever the flow: nothing lost, nobody told twice, no names where none
// belong, no answer of a far end that its vendor's description forbids, no call that a function's grants do not cover.
import * as z from "zod";
import { Incidents } from "../../shared/flow/incident-records.ts";
import { openIn } from "../../shared/flow/incidents.ts";
import { NoticeOutcome, Run, Undelivered } from "../../shared/records.ts";
import { limitsOf } from "../../shared/settings/limits.ts";
import { messageText } from "../../shared/slack/message.ts";
import type { Driven } from "./driver.ts";
import type { Harness } from "./flow.ts";
import { postsOf } from "./team.ts";

const Notice = z.object({
  hub: z.string(),
  key: z.string(),
  by: z.enum(["mail", "slack"]).optional(),
  to: z.unknown(),
  subject: z.string(),
  text: z.string(),
});
const Copies = z.object({ message_id: z.string(), n: z.number() });

export async function brokenAtTheEnd(harness: Harness, driven: Driven): Promise<string[]> {
  return [
    ...(driven.unrest ? ["the world does not come to rest: something goes on and on"] : []),
    ...harness.world.violations
      .flat()
      .map((each) => `a far end was given or gave what its vendor refuses: ${each}`),
    ...refusals(harness),
    ...late(harness, driven),
    ...lost(harness),
    ...undelivered(harness),
    ...overBudget(harness),
    ...toldTwice(harness),
    ...postedTwice(harness),
    ...bySameWay(harness),
    ...names(harness, driven),
    ...stillOpen(harness),
    ...planned(harness),
    ...(isPlanning(harness) ? [] : await harness.broken()),
  ];
}

/** Once all is calm a day is enough for everything, and then nothing is left to do. */
function late({ world }: Harness, driven: Driven): string[] {
  const limits = Object.values(world.settings.hubs).map(limitsOf);
  const isFew = (perDay: number): boolean => perDay > 0 && perDay < 10;
  // A hub that may invite or mail a few people a day takes as long as it has people.
  const isSlow = limits.some(({ mailsPerDay, invitationsPerDay, dollarsPerDay, dollarsPerMonth }) =>
    [mailsPerDay, invitationsPerDay, dollarsPerDay, dollarsPerMonth].some(isFew),
  );
  // Each machine may use up the dollars of a month.
  const machines = world.timeline.lines.filter((line) => / machine \S+ starts in /.test(line)).length;
  // All that are few a day wait for one another.
  const mailsPerDay = Math.min(...limits.map((each) => each.mailsPerDay).filter(isFew));
  const notices = world.published.flatMap(({ event }) => Notice.safeParse(event).data ?? []);
  const mails = new Set(notices.flatMap(({ key, to }) => (to === "team" ? [] : [key]))).size;
  const waitsForMonths = limits.some(({ dollarsPerMonth }) => isFew(dollarsPerMonth));
  const slowDays = waitsForMonths ? 31 * (machines + 1) : Math.max(30, mails / mailsPerDay);
  return [
    ...(driven.hoursToRest <= 24 * (isSlow ? slowDays : 1)
      ? []
      : [`all has been calm for ${driven.hoursToRest.toFixed(1)} hours, and only then does nothing wait`]),
    ...driven.onceMore.map((what) => `all was done, and one more look still does or says this: ${what}`),
  ];
}

/**
 * A day is longer than any trouble of a seed, so that nothing ends undelivered, but for a message of which nobody can know whether it
 * went out: whoever sent it died, or got no answer. Then that is what was kept of it.
 */
function undelivered({ world }: Harness): string[] {
  const outcomes = outcomesIn(world);
  return world.records("undelivered/").flatMap(({ text }) => {
    const { topic, payload, reason } = Undelivered.parse(JSON.parse(text));
    const notice = Notice.safeParse(payload).data;
    const kept =
      notice && outcomes.filter(({ name }) => name.startsWith(`notices/${notice.hub}/${notice.key}/`));
    if (topic === "notice" && kept?.at(-1)?.outcome === "unknown") return [];
    const end = kept?.at(-1)?.outcome ?? "without an outcome";
    return [`something is undelivered (${topic}, ${end}), and time would have mended it: ${reason.what}`];
  });
}

const outcomesIn = (world: Harness["world"]) =>
  world
    .records("notices/")
    .filter(({ name }) => name.endsWith("-outcome.json"))
    .map(({ name, text }) => ({ name, ...NoticeOutcome.parse(JSON.parse(text)) }));

/** People get no more mails in a day of UTC than their hub's budget has. */
function overBudget({ world }: Harness): string[] {
  const toPeople = new Set(
    world.published
      .filter(({ topic }) => topic === "notice")
      .map(({ event }) => Notice.parse(event))
      .filter(({ to }) => to !== "team")
      .map(({ hub, key }) => `notices/${hub}/${key}`),
  );
  const sent = outcomesIn(world)
    .filter(({ name, outcome }) => outcome === "sent" && toPeople.has(name.slice(0, name.lastIndexOf("/"))))
    .map(({ name, at }) => ({ hub: name.split("/")[1] ?? "", day: at.slice(0, 10) }));
  return Object.entries(Object.groupBy(sent, ({ hub, day }) => `${hub} ${day}`)).flatMap(
    ([where, mails = []]) => {
      const { mailsPerDay } = limitsOf(world.settings.hubs[mails[0]?.hub ?? ""]);
      return mails.length <= mailsPerDay
        ? []
        : [`${mails.length} mails went out (${where}), and ${mailsPerDay} a day are allowed`];
    },
  );
}

/** Says whether the flow only plans, by the settings. */
const isPlanning = ({ world }: Harness): boolean => Object.values(world.settings.flows).includes("plan");

/** A plan alone changes nothing outside, and tells nobody but of a trouble. */
function planned(harness: Harness): string[] {
  const { world } = harness;
  const whole = isPlanning(harness);
  const asked = new Set(
    world.published.flatMap(({ event, id }) => (DryRun.safeParse(event).success ? [id] : [])),
  );
  const works = (name: string): boolean => Object.hasOwn(world.settings.flows, name);
  const runs = world.records("runs/").map(({ text }) => Run.parse(JSON.parse(text)));
  const changed = runs.filter(
    ({ flow, messageId, effects }) => effects.length > 0 && (asked.has(messageId) || (whole && works(flow))),
  );
  const planning = new Set<string>();
  const calls = world.timeline.lines.filter((line) => {
    const [, who = "", id = ""] = /^\S+ (\S+ #\d+) gets message (\S+),/.exec(line) ?? [];
    if (asked.has(id) || (whole && works(who.split(" ")[0] ?? ""))) planning.add(who);
    const [, caller = ""] = writing.exec(line) ?? [];
    return planning.has(caller);
  });
  const told = world.published.filter(
    ({ topic, event }) =>
      whole && topic === "notice" && !/^(?:incident|by-hand)/.test(Notice.parse(event).key),
  );
  return [
    ...changed.map(({ effects }) => `a plan alone had effects: ${JSON.stringify(effects)}`),
    ...calls.map((line) => `a plan alone wrote to the world outside: ${line}`),
    ...told.map(({ event }) => `a flow that only plans tells somebody: ${JSON.stringify(event)}`),
  ];
}

const DryRun = z.looseObject({ dryRun: z.literal(true) });
/** A call that changes something outside: not a query, not a sign-in, not in the ledger. */
const writing =
  /^\S+ (\S+ #\d+) (?:(?:github|compute|google) (?:PUT|PATCH|DELETE|POST) (?!\/graphql|\S*access_tokens)|storage (?:PUT|PATCH|DELETE|POST) (?!\S*~))/;

/** Google's services refuse nothing that a function is meant to do: its row in shared/functions.ts covers all of it. */
function refusals({ world }: Harness): string[] {
  return world.timeline.lines
    .filter((line) => / (?:storage|google|compute) .* = 40[13](?:,|$)/.test(line))
    .map((line) => `a function was refused what it must be allowed: ${line}`);
}

/** A message reaches somebody, or a person finds it: undelivered, or, where an incident has no way, by its run and on Home. */
function lost({ world }: Harness): string[] {
  const pending = world.pubsub.pending();
  const undelivered = world
    .records("undelivered/")
    .map(({ text }) => Notice.safeParse(Undelivered.parse(JSON.parse(text)).payload).data?.key);
  const sent = outcomesIn(world).flatMap(({ name, outcome }) => (outcome === "sent" ? [name] : []));
  const { slack } = world.settings.team;
  const hasNoWay = ({ key, by }: z.infer<typeof Notice>): boolean =>
    by === "slack" && slack === undefined && key.startsWith("incident/") && untoldRuns.includes(key);
  const untoldRuns = world
    .records("runs/")
    .map(({ text }) => Run.parse(JSON.parse(text)))
    .filter(({ flow, outcome }) => flow === "send-notice" && outcome === "blocked")
    .map(({ payload }) => Notice.safeParse(payload).data?.key);
  const untold = world.published
    .filter(({ topic }) => topic === "notice")
    .map(({ event }) => Notice.parse(event))
    .filter((notice) => !undelivered.includes(notice.key) && !hasNoWay(notice))
    .filter(({ hub, key }) => !sent.some((name) => name.startsWith(`notices/${hub}/${key}/`)));
  return [
    ...(pending === 0 ? [] : [`${pending} messages were never acknowledged, nor recorded as undelivered`]),
    ...[...new Set(untold.map(({ key }) => key))].map(
      (key) => `a notice was published and is neither sent nor listed as undelivered: ${key}`,
    ),
  ];
}

/** The team's own name for what each channel stops; whoever reads Slack is told of it by the other one. */
const stopped = { slack: "The team is told nothing in Slack.", mail: "No mail goes out:" } as const;

/** Holds that what stops one way to the team is told by the other. */
function bySameWay({ world }: Harness): string[] {
  if (world.settings.team.slack === undefined) return [];
  return world.published
    .filter(({ topic }) => topic === "notice")
    .map(({ event }) => Notice.parse(event))
    .flatMap(({ by = "slack", key, to, text }) =>
      to === "team" && text.includes(stopped[by])
        ? [`the team was to hear by ${by} that ${by} does not work: ${key}`]
        : [],
    );
}

/** A message to the team in Slack stands there once for each that was published. */
function postedTwice({ world }: Harness): string[] {
  const keys = new Map<string, Set<string>>();
  for (const { topic, event } of world.published) {
    if (topic !== "notice") continue;
    const { hub, key, subject } = Notice.parse(event);
    const first = firstLine(messageText({ subject, text: "" }));
    keys.set(first, (keys.get(first) ?? new Set()).add(`${hub}/${key}`));
  }
  const posts = Object.groupBy(postsOf(world), ({ text }) => firstLine(text));
  return Object.entries(posts).flatMap(([first, copies = []]) =>
    copies.length <= (keys.get(first)?.size ?? 0)
      ? []
      : [`a message stands ${copies.length} times in Slack: ${first}`],
  );
}

const firstLine = (text: string): string => text.split("\n")[0] ?? "";

function toldTwice({ world }: Harness): string[] {
  const copies = z
    .array(Copies)
    .parse(
      world.state.prepare("SELECT message_id, count(*) AS n FROM google_mail GROUP BY message_id").all(),
    );
  return copies
    .filter(({ n }) => n > 1)
    .map(({ message_id, n }) => `a mail of one key went out ${n} times: ${message_id}`);
}

/**
 * Nobody plays the daily probe of Gmail's consent, nor renews a channel of Drive's, and some simulations last longer than either may. Access
 * that is only reported is put right by a person.
 */
const onesToStay = ["/overdue-watch-renewal", "/overdue-consent-probe", "/access-left"];

/** Once all is calm nothing stands but what waits for a person; how one transfer ended does, until they close it. */
function stillOpen({ world, missed = [] }: Harness): string[] {
  return world.records("head/incidents/").flatMap(({ name, text }) =>
    openIn(Incidents.parse(JSON.parse(text)))
      .filter(({ kind, waits, subject }) => kind !== "held" && kind !== "refused" && !waits && !subject)
      .filter(({ key }) => ![...onesToStay, ...missed].some((end) => key.endsWith(end)))
      .map(({ key, kind }) => `all is calm, and an incident of ${name} is open: ${key} (${kind})`),
  );
}

function names(harness: Harness, { logs, answers }: Driven): string[] {
  const { world } = harness;
  const texts: [string, string][] = [
    ...logs.map((line): [string, string] => ["a log line", line]),
    ...answers.map((body): [string, string] => ["an answer of a function", body]),
    ...world.records("undelivered/").map(({ text }): [string, string] => {
      return [
        "the reason of something undelivered",
        JSON.stringify(Undelivered.parse(JSON.parse(text)).reason),
      ];
    }),
    ...world.records("runs/").map(({ text }): [string, string] => {
      const { title, steps, error } = Run.parse(JSON.parse(text));
      return ["a run's title, steps or error", JSON.stringify({ title, steps, error })];
    }),
  ];
  const canaries = harness.canaries().map((canary) => canary.toLowerCase());
  return texts.flatMap(([where, text]) => {
    const lower = text.toLowerCase();
    const found = canaries.find((canary) => lower.includes(canary));
    return found === undefined ? [] : [`a name stands in ${where}: ${text}`];
  });
}
