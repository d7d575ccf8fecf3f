// Rules for a new machine: Google's own for names, and ours against machines left behind.
import * as z from "zod";
import { startUpScript } from "../../shared/compute/startup.ts";
import { machineIdentity } from "../../shared/functions.ts";
import type { Shape } from "../wire/vocabulary.ts";
import { partRules, partsOfBody } from "./parts.ts";

/** The parts of an instance that this far end acts on, or holds to what Google takes. */
export const OurBody = z.object({
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  scheduling: z.object({
    provisioningModel: z.string(),
    instanceTerminationAction: z.string(),
    maxRunDuration: z.object({ seconds: z.string() }),
    onHostMaintenance: z.string(),
    automaticRestart: z.boolean(),
  }),
  serviceAccounts: z.array(z.object({ email: z.string(), scopes: z.array(z.string()).default([]) })),
  ...partsOfBody,
  metadata: z.object({ items: z.array(z.object({ key: z.string(), value: z.string() })) }),
  deletionProtection: z.boolean().optional(),
});

/** Fields that a machine here may be made with. */
export const servedBody: Shape = {
  name: "whole",
  machineType: "whole",
  labels: "whole",
  disks: {
    boot: "whole",
    autoDelete: "whole",
    initializeParams: { sourceImage: "whole", diskSizeGb: "whole", diskType: "whole", labels: "whole" },
  },
  networkInterfaces: { subnetwork: "whole", accessConfigs: { type: "whole", name: "whole" } },
  serviceAccounts: { email: "whole", scopes: "whole" },
  shieldedInstanceConfig: "whole",
  scheduling: {
    provisioningModel: "whole",
    instanceTerminationAction: "whole",
    maxRunDuration: { seconds: "whole" },
    onHostMaintenance: "whole",
    automaticRestart: "whole",
  },
  deletionProtection: "whole",
  metadata: { items: { key: "whole", value: "whole" } },
};

/**
 * Keys of metadata that Google's images take for something to run
 * (https://cloud.google.com/compute/docs/metadata/predefined-metadata-keys, cloud-init's user-data).
 */
const runs = /script|^user-data$/i;

/** https://cloud.google.com/compute/docs/labeling-resources#requirements */
const labelKey = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const labelValue = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

const areOfTransfer = (labels: Record<string, string>): boolean =>
  labels["groundcrew"] === "transfer" &&
  ["hub", "transfer", "shard", "attempt"].every((key) => (labels[key] ?? "") !== "");

/** Gives the reason why a machine is not made; undefined when it may be. */
export function bodyProblem(
  body: unknown,
  { project, zone }: { project: string; zone: string },
): string | undefined {
  const read = OurBody.safeParse(body);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `Invalid value for field 'resource.${issue?.path.join(".")}': ${issue?.message}.`;
  }
  const { name, labels, scheduling, disks, serviceAccounts, metadata, deletionProtection } = read.data;
  const keys = metadata.items.map(({ key }) => key);
  const seconds = Number(scheduling.maxRunDuration.seconds);
  const bytes = metadata.items.reduce(
    (sum, { key, value }) => sum + key.length + Buffer.byteLength(value),
    0,
  );
  const rules: [boolean, string][] = [
    // https://cloud.google.com/compute/docs/naming-resources
    [
      /^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name),
      "resource.name: Must be a match of regex '(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)'",
    ],
    [
      [labels, ...disks.map(({ initializeParams }) => initializeParams.labels)].every((some) =>
        Object.entries(some).every(([key, value]) => labelKey.test(key) && labelValue.test(value)),
      ),
      "resource.labels: not a valid label",
    ],
    ...partRules(read.data, zone),
    [new Set(keys).size === keys.length, "resource.metadata: a key twice"],
    [
      metadata.items.every(
        ({ key, value }) => /^[a-zA-Z0-9_-]{1,128}$/.test(key) && Buffer.byteLength(value) <= 262_144,
      ) && bytes <= 524_288,
      "resource.metadata: too large, or not a valid key",
    ],
    // https://cloud.google.com/compute/docs/instances/limit-vm-runtime
    [
      seconds >= 30 && seconds <= 120 * 86_400,
      "resource.scheduling.maxRunDuration: must be 30 seconds to 120 days",
    ],
    // Ours: a machine that nothing would take away.
    [
      ["SPOT", "STANDARD"].includes(scheduling.provisioningModel),
      "resource.scheduling.provisioningModel: SPOT or STANDARD is required here",
    ],
    [
      scheduling.instanceTerminationAction === "DELETE",
      "resource.scheduling.instanceTerminationAction: DELETE is required here",
    ],
    [
      !scheduling.automaticRestart,
      "resource.scheduling.automaticRestart: a Spot machine cannot have it, and no other may have it here",
    ],
    // https://cloud.google.com/compute/docs/instances/spot
    [
      scheduling.provisioningModel !== "SPOT" || scheduling.onHostMaintenance === "TERMINATE",
      "resource.scheduling.onHostMaintenance: must be TERMINATE for a Spot machine",
    ],
    [disks.every(({ autoDelete }) => autoDelete), "resource.disks.autoDelete: is required here"],
    [deletionProtection !== true, "resource.deletionProtection: is refused here"],
    [
      [labels, ...disks.map(({ initializeParams }) => initializeParams.labels)].every(areOfTransfer),
      "resource.labels: a transfer's labels are required here, of its disk as well",
    ],
    [
      serviceAccounts.length === 1 && serviceAccounts[0]?.email === machineIdentity(project),
      "resource.serviceAccounts: the machines' own identity is required here",
    ],
    // Ours: what a machine runs here, it runs as whoever started this program.
    [
      metadata.items.every(
        ({ key, value }) => !runs.test(key) || (key === "startup-script" && value === startUpScript),
      ) && metadata.items.filter(({ key }) => key === "startup-script").length === 1,
      "resource.metadata: no script but Groundcrew's own start-up script is run here",
    ],
  ];
  const broken = rules.find(([holds]) => !holds);
  return broken === undefined ? undefined : `Invalid value for field '${broken[1]}'.`;
}
