// The quota section of a hub's settings.
import * as z from "zod";
import { bytesOf, Size } from "../sizes.ts";

const Share = z.number().min(0).max(1);

const Prometheus = z.strictObject({
  url: z.url().describe("Grafana's address, or Prometheus's own."),
  datasource: z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .optional()
    .describe("The uid of Grafana's data source: asks through Grafana. Left out: asks Prometheus itself."),
  namespace: z
    .string()
    .regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/)
    .describe("The label `namespace` of the hub's series."),
  mountpoint: z
    .string()
    .regex(/^\/[\w./-]{0,200}$/)
    .default("/shared-volume")
    .describe("The label `mountpoint` of the home volume."),
});

export const QuotaSettings = z
  .strictObject({
    scheme: z
      .enum(["legacy", "safe"])
      .default("legacy")
      .describe("How the hub spells a login as a folder's name: KubeSpawner's old way, or its new one."),
    advice: Size.default("25 GB").describe("What is recommended: whoever takes more is told once."),
    limit: Size.default("50 GB").describe("The team's limit."),
    enforced: Size.optional().describe(
      "What the server enforces. Nearing it is urgent: a full home cannot start the server that could empty it.",
    ),
    freeBelow: Share.default(0.2).describe(
      "The team is told when less than this share of the volume is free.",
    ),
    freeAgain: Share.default(0.22).describe("And once more when this share is free again."),
    volumeSize: Size.optional().describe("The volume's size, where what measures it cannot tell."),
    scansBefore: z
      .number()
      .int()
      .min(1)
      .max(5)
      .default(2)
      .describe("How many scans must find a home too large before its person is told."),
    maximumAgeHours: z.number().min(1).max(720).default(36).describe("Older figures change nothing."),
    holdChanges: z
      .strictObject({
        above: z.number().int().min(0).default(5).describe("Up to this many homes change unasked."),
        share: Share.default(0.2).describe("Or up to this share of all homes."),
      })
      .prefault({})
      .describe(
        "When more homes than the larger of the two (a number, a share of all) change where they stand in one scan, nobody is told and the team is asked.",
      ),
    approvalHours: z.number().int().min(1).max(168).default(24).describe("How long an approval counts."),
    guide: z.url().optional().describe("The page about storage, for the mails."),
    prometheus: Prometheus.optional().describe(
      "Where to ask. Without it, only reports of `groundcrew quota scan` are read.",
    ),
  })
  .refine(({ advice, limit }) => bytesOf(advice) < bytesOf(limit), {
    path: ["limit"],
    message: "the limit is above the advice",
  })
  .refine(({ limit, enforced }) => enforced === undefined || bytesOf(limit) <= bytesOf(enforced), {
    path: ["enforced"],
    message: "what is enforced is not below the limit",
  })
  .refine(({ freeBelow, freeAgain }) => freeBelow <= freeAgain, {
    path: ["freeAgain"],
    message: "it is not below freeBelow",
  });
export type QuotaSettings = z.infer<typeof QuotaSettings>;
export type PrometheusSettings = z.infer<typeof Prometheus>;
