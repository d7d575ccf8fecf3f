// The messages of an incident: that it stands, and that it is over. Pure.
import { everyHub } from "../delivery/not-before.ts";
import { type EventOf, Notice } from "../events.ts";
import type { Service } from "../failure.ts";
import { functionNames, rowOf } from "../functions.ts";
import type { Incident, Reach } from "./incident-records.ts";
import type { Telling } from "./incidents.ts";

/** Beginning of the keys of these messages. */
const keyPrefix = "incident/";

/** Tells whether an event is one of these messages: of a trouble with it nobody is told, or it would go on for ever. */
export const isOfIncident = (event: unknown): boolean =>
  Notice.safeParse(event).data?.key.startsWith(keyPrefix) === true;

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

/** Causes that lie in one mail and no other: its address, its size. The channel goes on; only the team's own address stops it. */
const ofOneMail: ReadonlySet<string> = new Set(["bad-address", "too-large"]);
const oneMissed = "its people have not got this message, or nobody knows.";

/**
 * Says by which way the team is told of a trouble. What stops a channel is told by the other one; of a message about an incident
 * nobody is.
 * @param trouble `needs` are the services that the event's handler calls; `payload` is the event.
 */
export function reachOf(trouble: {
  function: string;
  failure?: { service: Service; cause: string } | undefined;
  needs?: readonly Service[];
  payload: unknown;
}): Reach {
  const about = Notice.safeParse(trouble.payload).data;
  const ofOne = about?.to !== "team" && ofOneMail.has(trouble.failure?.cause ?? "");
  const stopped = trouble.function === "send-notice" && !ofOne ? stoppedChannel(trouble) : undefined;
  if (isOfIncident(about) && (stopped === undefined || about?.by !== undefined)) return "nobody";
  return stopped === undefined ? "team" : other[stopped];
}

/** The channel that a notice failed in: a message of which nobody knows whether it went out stops none. */
function stoppedChannel({ failure, needs = [] }: Parameters<typeof reachOf>[0]): Channel | undefined {
  if (failure === undefined) return undefined;
  return [failure.service, ...needs]
    .map((service) => channelOf[service])
    .find((channel) => channel !== undefined);
}

/** The message of one telling. Its key says which incident it is, and which time it is told of it. */
export function noticeOf(hub: string, { key, incident, over }: Telling): EventOf<"notice"> {
  const { reach, opened, told, reason } = incident;
  const which = `${keyPrefix}${key}/${opened.toLowerCase().replaceAll(":", "-")}`;
  return {
    v: 1,
    hub,
    key: `${which}/${over ? "over" : told}`,
    to: "team",
    ...(reach === "mail" || reach === "slack" ? { by: reach } : {}),
    // Without the hub, which may be a word that somebody has typed: a run's title has the subject.
    subject: `${over ? "Over: " : ""}${reason.what}`.slice(0, 200),
    text: over ? overText(hub, incident) : openText(hub, key, incident),
  };
}

const overText = (hub: string, { reason, closed, opened }: Incident): string => `Hello,

It is over: ${ofHub(hub)}${sentence(reason.what)} That was so from ${timeOf(opened)} to ${timeOf(closed ?? opened)}.

Nothing is to be done.
`;

function openText(hub: string, key: string, incident: Incident): string {
  const { reason, waits, workers } = incident;
  const { what, why, next } = reason;
  const works = waits && workers.length === 0;
  return `Hello,

${ofHub(hub)}${sentence(what)} The reason: ${sentence(why)}
${works ? "\nIt works again, but what it stopped still waits for you.\n" : ""}
What to do: ${sentence(next)}

Until then: ${works ? "it is not done." : impactOf(incident)}
${waits ? underUndelivered : ""}
You are told of this once a day, for as long as it goes on. Say that you have seen it, and you are left alone for a week:

  npx groundcrew incidents acknowledge ${hub}/${key}
`;
}

const underUndelivered = `
Whatever waits for you to send it again is on the console under Undelivered, or type

  npx groundcrew undelivered ls
`;

function impactOf({ workers, reach, beside }: Incident): string {
  if (beside === true) return "everything else goes on.";
  const name = functionNames.find((known) => workers.includes(known));
  if (reach === "mail" || reach === "slack") return missed[other[reach]];
  if (name === "send-notice") return oneMissed;
  return name === undefined ? "it is not known what people miss." : rowOf(name).impact;
}

const ofHub = (hub: string): string => (hub === everyHub ? "" : `Of the hub ${hub}: `);
const timeOf = (at: string): string => `${at.slice(0, 16).replace("T", " ")} UTC`;
const sentence = (text: string): string => `${text.replace(/[.\s]+$/, "")}.`;
