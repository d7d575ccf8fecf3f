// Settings of the machines that copy: their types and prices, where they stand, what they start from and what they run.
import * as z from "zod";
import { regionOf } from "../compute/placement.ts";

const TypeName = z.string().regex(/^[a-z0-9-]{1,40}$/, "not a machine type");
const Vcpus = z.number().int().min(1).max(64);
const MemoryGB = z.number().min(1).max(1024);
const Dollars = z.number().min(0);

export const MachineSettings = z
  .strictObject({
    type: TypeName.default("e2-standard-8").describe("The machine type of Compute Engine."),
    vcpus: Vcpus.default(8).describe("What that type has: rclone's streams follow it."),
    memoryGB: MemoryGB.default(32).describe("What that type has: rclone's buffers follow it."),
    // 0.107 for the machine, 0.003 for 20 GB of disk (https://cloud.google.com/compute/disks-image-pricing), 0.0025 for its address
    // (https://cloud.google.com/vpc/network-pricing#ipaddress).
    dollarsPerHour: Dollars.default(0.113).describe("Of one Spot machine, with its disk and its address."),
    otherTypes: z
      .array(
        z.strictObject({
          type: TypeName.describe("The machine type of Compute Engine."),
          vcpus: Vcpus.describe("What that type has."),
          memoryGB: MemoryGB.describe("What that type has."),
          dollarsPerHour: Dollars.describe("Of one Spot machine of that type."),
        }),
      )
      .max(5)
      .default([])
      .describe(
        "Tried in this order where no zone has a machine of the first type; rclone's flags fit the smallest.",
      ),
    standard: z
      .strictObject({
        dollarsPerHour: Dollars.describe("Of one standard machine of the first type."),
      })
      .optional()
      .describe(
        "Approves standard machines, which Google does not take away, where Spot ones are taken away again and again, or none is to be had for an hour. Without it: never.",
      ),
    zones: z
      .array(z.string().regex(/^[a-z]+-[a-z]+\d+-[a-z]$/, "not a zone"))
      .min(1)
      .max(10)
      .default(["us-central1-a", "us-central1-b", "us-central1-c", "us-central1-f"])
      .describe("Tried in turn where machines are short."),
    image: z
      .string()
      .regex(/^projects\/[\w.:-]+\/global\/images\/(?:family\/)?[\w-]+$/, "not an image's path")
      .default("projects/debian-cloud/global/images/family/debian-12")
      .describe("Has bash, curl and Python 3."),
    subnetwork: z
      .string()
      .regex(
        /^regions\/[\w-]+\/subnetworks\/[\w-]+$/,
        "not a subnetwork: regions/<region>/subnetworks/<name>",
      )
      .optional()
      .describe(
        "The subnetwork that machines are in; it needs Private Google Access. Without it, the deployment makes one.",
      ),
  })
  .superRefine(({ subnetwork, zones }, context) => {
    const region = subnetwork?.split("/")[1];
    for (const [index, zone] of zones.entries())
      if (region !== undefined && regionOf(zone) !== region)
        context.addIssue({
          code: "custom",
          path: ["zones", index],
          message: `is not in the region of the subnetwork, ${region}`,
          input: zone,
        });
  });

/** https://downloads.rclone.org/v1.75.1/SHA256SUMS */
const known = {
  version: "1.75.1",
  sha256: "982b5aa772841168f8e380f139e9e787b2a105403e32b94da8676a0e1c0a13ab",
};

export const RcloneSettings = z
  .strictObject({
    from: z
      .enum(["release", "image"])
      .default("release")
      .describe(
        "release: what its makers released, which a deployment brings into Groundcrew's own bucket, and each machine fetches from there. image: what the machines' image has, 1.60 or newer.",
      ),
    version: z
      .string()
      .regex(/^\d+\.\d+\.\d+$/, "not a version, such as 1.75.1")
      .default(known.version)
      .describe("Of the release."),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "not a SHA-256, which has 64 hex digits")
      .default(known.sha256)
      .describe("Of the release's zip for 64-bit Linux, as the file `SHA256SUMS` beside it says."),
  })
  .refine(({ version, sha256 }) => (version === known.version) === (sha256 === known.sha256), {
    path: ["sha256"],
    error: "is that of another version: give both",
  });
export type RcloneSettings = z.infer<typeof RcloneSettings>;
