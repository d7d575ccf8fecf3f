// Under which heading docs/runbook.md speaks of an incident. Pure; a test holds the two to each other.
import { type FunctionName, functionNames } from "../functions.ts";
import type { Incident } from "./incident-records.ts";

type Of = Pick<Incident, "flow" | "cause" | "kind"> & Partial<Pick<Incident, "service" | "workers">>;
/** The names as the compiler knows them; undefined for one that no table has. */
type Known = Omit<Of, "flow" | "workers"> & Record<"flow" | "worker", FunctionName | undefined>;
type Rule = { heading: string; when: (incident: Known) => boolean };

/** The first rule that fits speaks: what is alike in every flow before what only one has. */
const rules: readonly Rule[] = [
  { heading: "Nothing happens any more", when: ({ kind }) => kind === "overdue" },
  {
    heading: "A run says that a service asks to be left alone",
    when: ({ cause }) => cause.endsWith("-left-alone"),
  },
  { heading: "Access that the sheet does not give", when: ({ cause }) => cause === "access-left" },
  { heading: "The member sheet is in the trash", when: ({ cause }) => cause === "sheet-in-trash" },
  { heading: "The status sheet cannot be written", when: ({ cause }) => cause.startsWith("status-sheet") },
  { heading: "Mails wait until tomorrow", when: ({ cause }) => cause.startsWith("mails-used-up") },
  {
    heading: "It is not known whether a message went out",
    when: ({ cause }) => cause.startsWith("it-is-not-known-whether"),
  },
  {
    heading: "A record cannot be read",
    when: ({ cause }) => cause.startsWith("the-record-") || cause === "waiting-unreadable",
  },
  { heading: "A secret is missing or not accepted", when: ({ service }) => service === "secret-manager" },
  {
    heading: "An identity lacks a permission",
    when: ({ cause, service }) => service !== "github" && cause.endsWith("-permission"),
  },
  {
    heading: "GitHub refuses the fork's account",
    when: ({ flow, service }) => flow === "bump-image" && service === "github",
  },
  { heading: "GitHub did not let the App in", when: ({ service }) => service === "github" },
  {
    heading: "Cells of the sheet cannot be used",
    when: ({ flow, kind }) => flow === "sync-members" && kind === "refused",
  },
  {
    heading: "Changes of members wait for you",
    when: ({ flow, kind }) => flow === "sync-members" && kind === "held",
  },
  {
    heading: "The member sheet cannot be read",
    when: ({ flow, kind, service }) =>
      flow === "sync-members" && (kind === "blocked" || service === "sheets" || service === "drive"),
  },
  { heading: "Little of the home volume is free", when: ({ cause }) => cause === "volume-low" },
  {
    heading: "Homes seem to have changed at once",
    when: ({ flow, kind }) => flow === "scan-quotas" && kind === "held",
  },
  {
    heading: "The sizes of the homes cannot be had",
    when: ({ flow, kind, service }) =>
      flow === "scan-quotas" && (kind === "blocked" || service === "prometheus" || service === "grafana"),
  },
  {
    heading: "The branch is left alone",
    when: ({ flow, cause }) => flow === "bump-image" && cause === "hands-off",
  },
  {
    heading: "Images are on hold",
    when: ({ flow, kind }) => flow === "bump-image" && (kind === "held" || kind === "blocked"),
  },
  {
    heading: "A machine does not go away",
    when: ({ worker }) => worker === "sweep-machines",
  },
  {
    heading: "Transfers need a hand",
    when: ({ worker }) => worker === "check-transfers",
  },
  {
    heading: "A transfer waits",
    when: ({ flow, cause }) => flow === "run-transfer" && /^(?:waits|taken-away)-/.test(cause),
  },
  {
    heading: "A transfer waits for your approval",
    when: ({ flow, kind }) => flow === "run-transfer" && kind === "held",
  },
  {
    heading: "A transfer was not begun",
    when: ({ flow, kind }) => flow === "run-transfer" && kind === "blocked",
  },
  { heading: "Events could not be delivered", when: ({ kind }) => kind === "undelivered" },
];

/** For whatever no other heading speaks of. */
const anyOther = "Something does not work, and a message says so";

export const runbookHeadings: readonly string[] = [
  ...new Set([...rules.map(({ heading }) => heading), anyOther]),
];

/** The heading under which the runbook says what to do. */
export function headingOf({ flow, workers = [], ...rest }: Of): string {
  const known = {
    ...rest,
    flow: functionNames.find((name) => name === flow),
    worker: functionNames.find((name) => workers.includes(name)),
  };
  return rules.find(({ when }) => when(known))?.heading ?? anyOther;
}
