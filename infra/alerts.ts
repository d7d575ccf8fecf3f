// Mails to the team when something waits for a person and no flow can say so itself. The words are the tables': what people
// miss while a function is broken.
import * as gcp from "@pulumi/gcp";
import { deadLetterTopic } from "../shared/events.ts";
import { type FunctionName, functionNames, type Row, rowOf } from "../shared/functions.ts";
import { schedules } from "../shared/schedules.ts";
import type { Ground } from "./ground.ts";

/** Metric that is counted over five minutes, when its count is told, and what people miss then. */
type Watched = {
  title: string;
  impact: string;
  filter: string;
  aligner: "ALIGN_SUM" | "ALIGN_MAX";
  when: Pick<
    gcp.types.input.monitoring.AlertPolicyConditionConditionThreshold,
    "comparison" | "thresholdValue" | "duration" | "evaluationMissingData"
  >;
};

/** Seconds for which an event that failed for good may wait to be listed. */
const recordedWithinSeconds = 1800;
/** Seconds for which nothing may come on time. */
const silentSeconds = 1800;

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
  const all = deployed.functions.map((name) => [name, watched(name, rowOf(name))] as const);
  for (const [name, { title, impact, filter, aligner, when }] of [...all, ["time", noTick] as const])
    new gcp.monitoring.AlertPolicy(
      `alert-${name}`,
      {
        project,
        displayName: `${settings.name}: ${title}`,
        combiner: "OR",
        severity: "WARNING",
        documentation: {
          content: `${impact}\n\nWhat to do: docs/runbook.md.`,
          mimeType: "text/markdown",
        },
        notificationChannels: channels.map(({ id }) => id),
        conditions: [
          {
            displayName: title,
            conditionThreshold: {
              filter,
              ...when,
              // Answers of each code are a series of their own.
              aggregations: [
                { alignmentPeriod: "300s", perSeriesAligner: aligner, crossSeriesReducer: "REDUCE_SUM" },
              ],
            },
          },
        ],
        alertStrategy: { autoClose: "86400s" },
      },
      after,
    );
}

const above = (thresholdValue: number): Watched["when"] => ({
  comparison: "COMPARISON_GT",
  thresholdValue,
  duration: "0s",
});

const pushedTo = (name: string): string =>
  `resource.type="pubsub_subscription" AND resource.label.subscription_id="${name}"`;

/** Functions that the minute's tick calls. */
const ticked = functionNames.filter((name) => rowOf(name).hears === schedules.tick.publishes);

/**
 * The minute's tick tells what has not succeeded for long, and goes by Cloud Scheduler itself: nobody but the platform can say that
 * it is gone. No data is no tick (https://docs.cloud.google.com/monitoring/alerts/concepts-partial-metric-data).
 */
const noTick: Watched = {
  title: "nothing begins on time",
  impact:
    "Cloud Scheduler publishes nothing: no flow looks again by itself, nothing that waits goes on, and nobody is told what is overdue. See there whether its jobs are paused or fail, and whether billing and the API are on.",
  filter: `metric.type="pubsub.googleapis.com/subscription/push_request_count" AND ${pushedTo(ticked.join())}`,
  aligner: "ALIGN_SUM",
  when: {
    comparison: "COMPARISON_LT",
    thresholdValue: 1,
    duration: `${silentSeconds}s`,
    evaluationMissingData: "EVALUATION_MISSING_DATA_ACTIVE",
  },
};

function watched(name: FunctionName, row: Row): Watched {
  const { impact } = row;
  if (row.kind === "door")
    return {
      impact,
      title: `${name} fails`,
      filter: `metric.type="run.googleapis.com/request_count" AND resource.type="cloud_run_revision" AND resource.label.service_name="${name}" AND metric.label.response_code_class="5xx"`,
      when: above(5),
      aligner: "ALIGN_SUM",
    };
  const of = pushedTo(name);
  if (row.hears === deadLetterTopic)
    return {
      impact,
      title: `${name} falls behind`,
      filter: `metric.type="pubsub.googleapis.com/subscription/oldest_unacked_message_age" AND ${of}`,
      when: above(recordedWithinSeconds),
      aligner: "ALIGN_MAX",
    };
  return {
    impact,
    title: `${name} gave an event up`,
    filter: `metric.type="pubsub.googleapis.com/subscription/dead_letter_message_count" AND ${of}`,
    when: above(0),
    aligner: "ALIGN_SUM",
  };
}
