// Tests of what people are told stands in the way, and of the runbook's headings: each has the other.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { flowOf } from "../../../shared/delivery/undelivered.ts";
import { serviceNames } from "../../../shared/failure.ts";
import { incidentKinds } from "../../../shared/flow/incident-records.ts";
import { headingOf, runbookHeadings } from "../../../shared/flow/runbook.ts";
import { functionNames, rowOf } from "../../../shared/functions.ts";

const page = readFileSync(join(import.meta.dirname, "../../../docs/runbook.md"), "utf8");
const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, heading = ""]) => heading);

/** Headings that ask something of people and are no incident: the flow did its work, and says so; or a person asks. */
const noIncident = new Set([
  "A run gave people what they were not to have",
  "Somebody cannot log in",
  "A class is near",
  "Mails to members",
  "An invitation lapsed",
  "A home above a limit belongs to nobody in the sheet",
  "Images are proposed",
  "Images are ready to be proposed",
  "A transfer is incomplete, or failed",
  "A membership given by hand",
]);

/** The causes that the code names by itself, as each flow and service may have them. */
const ownCauses = [
  "held",
  "refused",
  "waiting-unreadable",
  "the-record-head-members-cannot-be-read",
  "it-is-not-known-whether-a-mail-went-out",
  "unfinished",
  "overdue-heartbeat",
  "hands-off",
  "mails-used-up",
  "status-sheet-not-shared",
  "sheet-in-trash",
  "access-left",
  "volume-low",
  "waits-t1",
  "anything-else",
];
const workers = functionNames.filter((name) => rowOf(name).kind === "worker");
const incidents = workers.flatMap((worker) =>
  incidentKinds.flatMap((kind) => {
    const flow = flowOf(worker);
    const of = { flow, kind, workers: [worker] };
    return [
      ...ownCauses.map((cause) => ({ ...of, cause })),
      ...serviceNames.flatMap((service) =>
        ["500", "permission", "left-alone"].map((cause) => ({
          ...of,
          service,
          cause: `${service}-${cause}`,
        })),
      ),
    ];
  }),
);

test("whatever stands in the way, of each function, kind and service: the runbook has its heading", () => {
  const without = incidents.filter((incident) => !headings.includes(headingOf(incident)));
  expect(without).toEqual([]);
});

test("each heading of the runbook is that of an incident, or of something that is none", () => {
  const reached = new Set(incidents.map(headingOf));
  expect(headings.filter((heading) => !reached.has(heading) && !noIncident.has(heading))).toEqual([]);
  expect([...noIncident].filter((heading) => reached.has(heading) || !headings.includes(heading))).toEqual(
    [],
  );
  expect(runbookHeadings.filter((heading) => !reached.has(heading))).toEqual([]);
});

describe("the one that helps", () => {
  test.each([
    [{ flow: "sync-members", kind: "held", cause: "held" }, "Changes of members wait for you"],
    [
      { flow: "sync-members", kind: "blocked", cause: "the-tab-is-missing" },
      "The member sheet cannot be read",
    ],
    [
      { flow: "sync-members", kind: "undelivered", cause: "github-suspended", service: "github" },
      "GitHub did not let the App in",
    ],
    [
      { flow: "bump-image", kind: "undelivered", cause: "github-token-expired", service: "github" },
      "GitHub refuses the fork's account",
    ],
    [
      { flow: "bump-image", kind: "blocked", cause: "github-left-alone", service: "github" },
      "A run says that a service asks to be left alone",
    ],
    [
      { flow: "scan-quotas", kind: "failed", cause: "prometheus-500", service: "prometheus" },
      "The sizes of the homes cannot be had",
    ],
    [
      { flow: "send-notice", kind: "undelivered", cause: "gmail-signed-out", service: "gmail" },
      "Events could not be delivered",
    ],
    [
      {
        flow: "send-notice",
        kind: "undelivered",
        cause: "secret-manager-no-secret",
        service: "secret-manager",
      },
      "A secret is missing or not accepted",
    ],
    [{ flow: "run-transfer", kind: "blocked", cause: "not-begun" }, "A transfer was not begun"],
    [{ flow: "run-transfer", kind: "blocked", cause: "waits-t1" }, "A transfer waits"],
    [{ flow: "run-transfer", kind: "blocked", cause: "taken-away-t1" }, "A transfer waits"],
    [{ flow: "sync-members", kind: "overdue", cause: "overdue-heartbeat" }, "Nothing happens any more"],
  ] as const)("%j: %s", (incident, heading) => {
    expect(headingOf(incident)).toBe(heading);
  });
});
