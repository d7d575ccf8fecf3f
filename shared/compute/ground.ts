// Ground that machines stand on, through the real @google-cloud/compute: subnetworks, a region's quotas, disks. It reads and changes nothing.
import * as z from "zod";
import { type ComputeOptions, clientsOf, patient } from "./clients.ts";
import { computeFailure, isGone } from "./refusals.ts";
import { inZones, ZoneOf } from "./zones.ts";

/** The most of something that the project may use in a region at a time, and what it uses now. */
export type Quota = { metric: string; limit: number; usage: number };

/** Disk that has a transfer's labels. */
export type Disk = { name: string; zone: string; labels: Record<string, string>; isAttached: boolean };

export type Ground = {
  /** Tells whether machines without an address of their own reach Google from a subnetwork (`regions/<region>/subnetworks/<name>`). */
  subnetwork: (path: string) => Promise<"reaches-google" | "shut-in" | "missing">;
  quotas: (region: string) => Promise<Quota[]>;
  /** Every disk of a transfer's machine in the project, in all zones. */
  disks: () => Promise<Disk[]>;
};

const ofSubnetwork = "the subnetwork of the transfer machines cannot be looked at";
const ofQuotas = "the project's quotas cannot be read";
const ofDisks = "the disks of transfer machines cannot be listed";

const Subnetwork = z.object({ name: z.string(), privateIpGoogleAccess: z.boolean().nullish() });
const Region = z.object({
  name: z.string(),
  quotas: z
    .array(
      z.object({ metric: z.string().nullish(), limit: z.number().nullish(), usage: z.number().nullish() }),
    )
    .nullish(),
});
const Disks = z.object({
  disks: z
    .array(
      z.object({
        name: z.string(),
        zone: ZoneOf,
        labels: z.record(z.string(), z.string()).nullish(),
        users: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
});

export function ground(options: ComputeOptions): Ground {
  const { project } = options;
  const callOptions = patient(options);
  const built = clientsOf(options, async (settings) => {
    const [{ SubnetworksClient }, { RegionsClient }, { DisksClient }] = await Promise.all([
      import("@google-cloud/compute/build/src/v1/subnetworks_client.js"),
      import("@google-cloud/compute/build/src/v1/regions_client.js"),
      import("@google-cloud/compute/build/src/v1/disks_client.js"),
    ]);
    return {
      subnetworks: new SubnetworksClient(settings),
      regions: new RegionsClient(settings),
      disks: new DisksClient(settings),
    };
  });

  return {
    async subnetwork(path) {
      const { subnetworks } = await built(ofSubnetwork);
      const [, region = "", , subnetwork = ""] = path.split("/");
      try {
        const [found] = await subnetworks.get({ project, region, subnetwork }, callOptions);
        return Subnetwork.parse(found).privateIpGoogleAccess === true ? "reaches-google" : "shut-in";
      } catch (error) {
        if (isGone(error)) return "missing";
        throw computeFailure(ofSubnetwork, error);
      }
    },

    async quotas(region) {
      const { regions } = await built(ofQuotas);
      try {
        const [found] = await regions.get({ project, region }, callOptions);
        return (Region.parse(found).quotas ?? []).flatMap(({ metric, limit, usage }) =>
          typeof metric !== "string" ? [] : [{ metric, limit: limit ?? 0, usage: usage ?? 0 }],
        );
      } catch (error) {
        throw computeFailure(ofQuotas, error);
      }
    },

    async disks() {
      const { disks } = await built(ofDisks);
      const request = { project, filter: "(labels.groundcrew = transfer)" };
      const zones = disks.aggregatedListAsync(request, { ...callOptions, autoPaginate: false });
      const parts = await inZones(zones, Disks, ofDisks);
      return parts.flatMap(({ disks: some }) =>
        (some ?? []).map(({ users, labels, ...disk }) => ({
          ...disk,
          labels: labels ?? {},
          isAttached: (users ?? []).length > 0,
        })),
      );
    },
  };
}
