// Tells the team of what no attempt can finish, once a day for each hub, flow and cause. What stops a channel is told by the
// other one; of a message about a failure nobody is told, or it would go on for ever.
import type { Publish } from "../bus/publish.ts";
import type { Clock } from "../clock.ts";
import { type EventOf, Notice } from "../events.ts";
import type { Service } from "../failure.ts";
import { type FunctionName, functionNames, rowOf } from "../functions.ts";
import { everyHub } from "./not-before.ts";
import { causeOf, dayOf, type Trouble } from "./undelivered.ts";

/** How the keys of these notices begin. */
const keyPrefix = "lasting/";

type Channel = NonNullable<EventOf<"notice">["by"]>;
const channelOf: Partial<Record<Service, Channel>> = {
  gmail: "mail",
  "google-sign-in": "mail",
  slack: "slack",
};
const other = { mail: "slack", slack: "mail" } as const satisfies Record<Channel, Channel>;
const missed = {
  mail: "No mail goes out: no invitations, no warnings.",
  slack: "The team is told nothing in Slack.",
} as const satisfies Record<Channel, string>;

/** What is wrong with one mail and no other: its address, its size. The channel goes on; only the team's own address stops it. */
const ofOneMail: ReadonlySet<string> = new Set(["bad-address", "too-large"]);
const oneMissed = "its people have not got this message, or nobody knows.";

/**
 * Publishes the notice; gives false where nobody may be told. Throws when it could not be published; twice is harmless.
 * @param trouble `needs` are the services that the event's handler calls; `payload` is the event.
 */
export async function noteLasting(
  trouble: Trouble & { payload: unknown; needs?: readonly Service[] },
  { publish, now }: { publish: Publish; now: Clock },
): Promise<boolean> {
  const about = Notice.safeParse(trouble.payload).data;
  const ofOne = about?.to !== "team" && ofOneMail.has(trouble.failure?.cause ?? "");
  const stopped = trouble.function === "send-notice" && !ofOne ? stoppedChannel(trouble) : undefined;
  const isNote = about?.key.startsWith(keyPrefix) === true;
  if (isNote && (stopped === undefined || about.by !== undefined)) return false;
  await publish("notice", noticeOf(trouble, dayOf(now()), stopped));
  return true;
}

/** The channel that a notice failed in: a message of which nobody knows whether it went out stops none. */
function stoppedChannel({ failure, needs = [] }: Parameters<typeof noteLasting>[0]): Channel | undefined {
  if (failure === undefined) return undefined;
  return [failure.service, ...needs]
    .map((service) => channelOf[service])
    .find((channel) => channel !== undefined);
}

function noticeOf(trouble: Trouble, day: string, stopped: Channel | undefined): EventOf<"notice"> {
  const { hub, reason } = trouble;
  const name = functionNames.find((known) => known === trouble.function);
  const { what, why, next } = reason;
  const usual = name === "send-notice" ? oneMissed : impactOf(name);
  const misses = stopped === undefined ? usual : missed[stopped];
  return {
    v: 1,
    hub: hub ?? everyHub,
    key: `${keyPrefix}${flowOf(name)}/${causeOf(trouble)}/${day}`,
    to: "team",
    ...(stopped === undefined ? {} : { by: other[stopped] }),
    // Without the hub, which may be a word that somebody has typed: a run's title has the subject.
    subject: what.slice(0, 200),
    text: `Hello,

${hub === undefined ? "" : `Of the hub ${hub}: `}${sentence(what)} The reason: ${sentence(why)}

What to do: ${sentence(next)}

Until then: ${misses}

Whatever waits for you to send it again is on the console under Undelivered, or type

  npx groundcrew undelivered ls

You are told of this once a day, for as long as it goes on.
`,
  };
}

const flowOf = (name: FunctionName | undefined): string =>
  name === undefined ? "unknown" : (rowOf(name).flow ?? name);

const impactOf = (name: FunctionName | undefined): string =>
  name === undefined ? "it is not known what people miss." : rowOf(name).impact;

const sentence = (text: string): string => `${text.replace(/[.\s]+$/, "")}.`;
