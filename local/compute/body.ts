// Rules for a new machine: Google's own for names, and ours against machines left behind.
import { z } from "zod";
import { startUpScript } from "../../shared/compute/startup.ts";
import { machineIdentity } from "../../shared/functions.ts";
import type { Shape } from "../wire/vocabulary.ts";

/** The parts of an instance that this far end acts on. */
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
  disks: z.array(z.object({ boot: z.boolean(), autoDelete: z.boolean() })).min(1),
  serviceAccounts: z.array(z.object({ email: z.string() })),
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
    initializeParams: { sourceImage: "whole", diskSizeGb: "whole", diskType: "whole" },
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

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Gives the reason why a machine is not made; undefined when it may be. */
export function bodyProblem(
  body: unknown,
  { project, zone, requestId }: { project: string; zone: string; requestId: string },
): string | undefined {
  const read = OurBody.safeParse(body);
  if (!read.success) {
    const [issue] = read.error.issues;
    return `Invalid value for field 'resource.${issue?.path.join(".")}': ${issue?.message}.`;
  }
  const { name, labels, scheduling, disks, serviceAccounts, metadata, deletionProtection } = read.data;
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
      requestId === "" || (uuid.test(requestId) && !/^[0-]+$/.test(requestId)),
      "requestId: must be a valid UUID",
    ],
    [
      Object.entries(labels).every(
        ([key, value]) => /^[a-z][a-z0-9_-]{0,62}$/.test(key) && /^[a-z0-9_-]{0,63}$/.test(value),
      ),
      "resource.labels: not a valid label",
    ],
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
    [scheduling.provisioningModel === "SPOT", "resource.scheduling.provisioningModel: SPOT is required here"],
    [
      scheduling.instanceTerminationAction === "DELETE",
      "resource.scheduling.instanceTerminationAction: DELETE is required here",
    ],
    [!scheduling.automaticRestart, "resource.scheduling.automaticRestart: a Spot machine cannot have it"],
    [disks.every(({ autoDelete }) => autoDelete), "resource.disks.autoDelete: is required here"],
    [deletionProtection !== true, "resource.deletionProtection: is refused here"],
    [
      labels["groundcrew"] === "transfer" &&
        ["hub", "transfer", "shard", "attempt"].every((key) => labels[key]),
      "resource.labels: a transfer's labels are required here",
    ],
    [
      serviceAccounts.length === 1 && serviceAccounts[0]?.email === machineIdentity(project),
      "resource.serviceAccounts: the machines' own identity is required here",
    ],
    [zone !== "", "zone: is missing"],
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
