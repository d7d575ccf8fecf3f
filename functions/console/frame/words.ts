// The team's words for what the code calls by other names. What an old record names and the code does not know any more is spelt out.
import type { EventName, Why } from "../../../shared/events.ts";
import type { IncidentKind } from "../../../shared/flow/incident-records.ts";
import type { FunctionName } from "../../../shared/functions.ts";
import type { Outcome } from "../../../shared/records.ts";

const flows: Record<FunctionName, string> = {
  console: "Console",
  "sheet-webhook": "News of the sheet",
  "record-dead-letter": "Recording what failed",
  "sync-members": "Members",
  "scan-quotas": "Homes",
  "forward-quota-report": "Reports about homes",
  "bump-image": "Images",
  "github-webhook": "Listening to GitHub",
  "send-notice": "Messages to people",
  "renew-watch": "Listening to the sheet",
  "run-transfer": "Transfers",
  "forward-transfer-report": "Listening to machines",
  "check-consent": "Looking after the sign-in for mails",
  "forget-person": "Forgetting people",
  "sweep-machines": "Sweeping machines away",
  "check-transfers": "Looking after what transfers need",
  "resume-work": "Going on with waiting work",
};

const topics: Record<EventName, string> = {
  "sheet-changed": "the sheet may have changed",
  "quota-scan-due": "time to look at the homes",
  "report-arrived": "a report about homes arrived",
  "release-published": "there may be a new release of the images",
  notice: "a message to people",
  "continue-due": "the minute's look at waiting work",
  "transfer-request": "a transfer is asked for, or is to be looked at",
  "transfer-reported": "a machine has left a report",
  "sweep-due": "time to look for machines that nobody needs",
  "consent-due": "time to ask whether mails can be sent",
  "transfer-check-due": "time to look whether a transfer could run",
  "forget-due": "somebody is to be forgotten",
  "watch-due": "time to renew the sheet's channel",
};

const wakers: Record<Why, string> = {
  edit: "an edit in the sheet",
  push: "Google said that the sheet changed",
  schedule: "the schedule",
  person: "a person pressed Run now",
  continue: "work that had waited",
  release: "a release on GitHub",
  approval: "a person's word on a plan",
  report: "a report arrived",
  cancel: "a person cancelled it",
};

export const outcomes: Record<Outcome, { word: string; sign: string }> = {
  done: { word: "done", sign: "✓" },
  held: { word: "on hold", sign: "‖" },
  blocked: { word: "blocked", sign: "◇" },
  failed: { word: "failed", sign: "✕" },
};

const incidents: Record<IncidentKind, string> = {
  undelivered: "could not be delivered",
  failed: "fails, and is tried again by itself",
  blocked: "is blocked",
  held: "waits for your word",
  refused: "could not be understood",
  overdue: "is overdue",
};

export const incidentWord = (kind: IncidentKind): string => incidents[kind];
export const flowWord = (flow: string): string => lookUp(flows, flow) ?? spelt(flow);
export const topicWord = (topic: string): string => lookUp(topics, topic) ?? spelt(topic);
export const wakerWord = (why: string): string => lookUp(wakers, why) ?? why;

function lookUp(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function spelt(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

/** "340 ms", "2.1 s", "3 min". */
export function duration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(1)} s`;
  return `${Math.round(milliseconds / 60_000)} min`;
}

/** "just now", "5 min ago", "in 12 min". Coarse, so that a page that is looked at again stays the same. */
export function fromNow(time: Date, now: Date): string {
  const seconds = (time.getTime() - now.getTime()) / 1000;
  const size = Math.abs(seconds);
  if (size < 60) return seconds > 5 ? "in a minute" : "just now";
  const amount =
    size < 3600
      ? `${Math.round(size / 60)} min`
      : size < 172_800
        ? `${Math.round(size / 3600)} h`
        : `${Math.round(size / 86_400)} days`;
  return seconds > 0 ? `in ${amount}` : `${amount} ago`;
}
