// Mails to the team when something waits for a person and no flow can say so itself. The words are the tables': what people
// miss while a function is broken.
import * as gcp from "@pulumi/gcp";
import { deadLetterTopic } from "../shared/events.ts";
import { type FunctionName, type Row, rowOf } from "../shared/functions.ts";
import type { Ground } from "./ground.ts";

/** Metric that is counted over five minutes, and the count above which it is told. */
type Watched = { title: string; filter: string; above: number; aligner: "ALIGN_SUM" | "ALIGN_MAX" };

/** Seconds for which an event that failed for good may wait to be listed. */
const recordedWithinSeconds = 1800;

export function alerts({ project, settings, deployed, after }: Ground): void {
  const channels = settings.team.mail.map(
    (address, index) =>
      new gcp.monitoring.NotificationChannel(
        `team-${index + 1}`,
        {
          project,
          type: "email",
          displayName: `${settings.name}: the team`,
          labels: { email_address: address },
        },
        after,
      ),
  );
  for (const name of deployed.functions) {
    const row = rowOf(name);
    const { title, filter, above, aligner } = watched(name, row);
    new gcp.monitoring.AlertPolicy(
      `alert-${name}`,
      {
        project,
        displayName: `${settings.name}: ${title}`,
        combiner: "OR",
        severity: "WARNING",
        documentation: {
          content: `${row.impact}\n\nWhat to do: docs/runbook.md.`,
          mimeType: "text/markdown",
        },
        notificationChannels: channels.map(({ id }) => id),
        conditions: [
          {
            displayName: title,
            conditionThreshold: {
              filter,
              comparison: "COMPARISON_GT",
              thresholdValue: above,
              duration: "0s",
              aggregations: [{ alignmentPeriod: "300s", perSeriesAligner: aligner }],
            },
          },
        ],
        alertStrategy: { autoClose: "86400s" },
      },
      after,
    );
  }
}

function watched(name: FunctionName, row: Row): Watched {
  if (row.kind === "door")
    return {
      title: `${name} fails`,
      filter: `metric.type="run.googleapis.com/request_count" AND resource.type="cloud_run_revision" AND resource.label.service_name="${name}" AND metric.label.response_code_class="5xx"`,
      above: 5,
      aligner: "ALIGN_SUM",
    };
  const of = `resource.type="pubsub_subscription" AND resource.label.subscription_id="${name}"`;
  if (row.hears === deadLetterTopic)
    return {
      title: `${name} falls behind`,
      filter: `metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age" AND ${of}`,
      above: recordedWithinSeconds,
      aligner: "ALIGN_MAX",
    };
  return {
    title: `${name} gave an event up`,
    filter: `metric.type="pubsub.googleapis.com/subscription/dead_letter_message_count" AND ${of}`,
    above: 0,
    aligner: "ALIGN_SUM",
  };
}
