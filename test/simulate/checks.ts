// Rules that hold at the end of every simulation, whatever the flow: nothing lost, nobody told twice, no names where none
// belong, no answer of a far end that its vendor's description forbids, no call that a function's grants do not cover.
import { z } from "zod";
import { Incidents } from "../../shared/flow/incident-records.ts";
import { openIn } from "../../shared/flow/incidents.ts";
import { NoticeOutcome, Run, Undelivered } from "../../shared/records.ts";
import type { Driven } from "./driver.ts";
import type { Harness } from "./flow.ts";

const Notice = z.object({ hub: z.string(), key: z.string() });
const Copies = z.object({ message_id: z.string(), n: z.number() });

export async function brokenAtTheEnd(harness: Harness, driven: Driven): Promise<string[]> {
  return [
    ...(driven.unrest ? ["the world does not come to rest: something goes on and on"] : []),
    ...harness.world.violations
      .flat()
      .map((each) => `a far end was given or gave what its vendor refuses: ${each}`),
    ...refusals(harness),
    ...lost(harness),
    ...toldTwice(harness),
    ...names(harness, driven),
    ...stillOpen(harness),
    ...(await harness.broken()),
  ];
}

/** Google's services refuse nothing that a function is meant to do: its row in shared/functions.ts covers all of it. */
function refusals({ world }: Harness): string[] {
  return world.timeline.lines
    .filter((line) => / (?:storage|google|compute) .* = 40[13](?:,|$)/.test(line))
    .map((line) => `a function was refused what it must be allowed: ${line}`);
}

function lost({ world }: Harness): string[] {
  const pending = world.pubsub.pending();
  const undelivered = world
    .records("undelivered/")
    .map(({ text }) => Notice.safeParse(Undelivered.parse(JSON.parse(text)).payload).data?.key);
  const outcomes = world.records("notices/").filter(({ name }) => name.endsWith("-outcome.json"));
  const sent = outcomes
    .filter(({ text }) => NoticeOutcome.parse(JSON.parse(text)).outcome === "sent")
    .map(({ name }) => name);
  const untold = world.published
    .filter(({ topic }) => topic === "notice")
    .map(({ event }) => Notice.parse(event))
    .filter(
      ({ hub, key }) =>
        !undelivered.includes(key) && !sent.some((name) => name.startsWith(`notices/${hub}/${key}/`)),
    );
  return [
    ...(pending === 0 ? [] : [`${pending} messages were never acknowledged, nor recorded as undelivered`]),
    ...[...new Set(untold.map(({ key }) => key))].map(
      (key) => `a notice was published and is neither sent nor listed as undelivered: ${key}`,
    ),
  ];
}

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

/** Once all is calm nothing stands but what waits for a person; how one transfer ended does, until they close it. */
function stillOpen({ world }: Harness): string[] {
  return world.records("head/incidents/").flatMap(({ name, text }) =>
    openIn(Incidents.parse(JSON.parse(text)))
      .filter(({ kind, waits, subject }) => kind !== "held" && kind !== "refused" && !waits && !subject)
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
