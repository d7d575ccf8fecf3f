// Parts of a machine: its type, its disk, its network. Google has rules for their values, and not all of these are served here.
import * as z from "zod";

/** Fields of an instance that say what it is made of. */
export const partsOfBody = {
  machineType: z.string(),
  disks: z
    .array(
      z.object({
        boot: z.boolean(),
        autoDelete: z.boolean(),
        initializeParams: z.object({
          sourceImage: z.string(),
          diskSizeGb: z.string().default("10"),
          diskType: z.string().optional(),
          labels: z.record(z.string(), z.string()).default({}),
        }),
      }),
    )
    .min(1),
  networkInterfaces: z
    .array(
      z.object({
        subnetwork: z.string().default(""),
        accessConfigs: z.array(z.object({ type: z.string().optional() })).default([]),
      }),
    )
    .min(1),
};
const Parts = z.object(partsOfBody);
type Parts = z.infer<typeof Parts>;

const regionOf = (zone: string): string => zone.replace(/-[a-z]$/, "");

/** Tells whether a path names no place, or this one. */
const liesIn = (kind: "zones" | "regions", place: string, path = ""): boolean =>
  [...path.matchAll(/(zones|regions)\/([^/]*)/g)].every(([, of, name]) => of !== kind || name === place);

/** Google's rules; each is false where it is broken. */
export function partRules(parts: Parts, zone: string): [boolean, string][] {
  const { machineType, disks, networkInterfaces } = parts;
  return [
    [liesIn("zones", zone, machineType), "resource.machineType: is not of this zone"],
    [
      disks.every(({ boot }, at) => boot === (at === 0)),
      "resource.disks: the first one, and no other, is the boot disk",
    ],
    ...disks.flatMap(({ initializeParams: { diskSizeGb, diskType } }): [boolean, string][] => [
      // https://cloud.google.com/compute/docs/disks#disk-types
      [
        Number(diskSizeGb) >= 1 && Number(diskSizeGb) <= 65_536,
        "resource.disks.initializeParams.diskSizeGb: must be 1 to 65536",
      ],
      [liesIn("zones", zone, diskType), "resource.disks.initializeParams.diskType: is not of this zone"],
    ]),
    ...networkInterfaces.map(({ subnetwork }): [boolean, string] => [
      liesIn("regions", regionOf(zone), subnetwork),
      "resource.networkInterfaces.subnetwork: is not of this zone's region",
    ]),
  ];
}

const Served = Parts.extend({
  serviceAccounts: z.array(z.object({ scopes: z.array(z.string()).default([]) })),
});
const allScopes = "https://www.googleapis.com/auth/cloud-platform";

/** Families of types that copying machines may be of (https://cloud.google.com/compute/docs/machine-resource). */
const type =
  /^(?:e2-(?:micro|small|medium)|(?:c2d?|c3d?|c4[ad]?|e2|n1|n2d?|n4|t2[ad])-(?:standard|highmem|highcpu)-[1-9]\d{0,2})$/;

/**
 * Names a value that Google may take and that nothing here acts on: another form of a path, a second disk or network, less than all scopes.
 * Whether there is an image or a network of that name nobody knows here, nor how many processors a family comes with.
 */
export function unservedValue(
  body: unknown,
  { project, zone }: { project: string; zone: string },
): string | undefined {
  const { machineType, disks, networkInterfaces, serviceAccounts } = Served.parse(body);
  const image = /^projects\/[\w.:-]+\/global\/images\/(?:family\/)?[\w-]+$/;
  const isOfZone = (kind: string, path: string): boolean =>
    path.startsWith(`zones/${zone}/${kind}/`) &&
    /^[a-z0-9-]+$/.test(path.slice(`zones/${zone}/${kind}/`.length));
  const subnetworks = `projects/${project}/regions/${regionOf(zone)}/subnetworks/`;
  const served: [boolean, string][] = [
    [
      isOfZone("machineTypes", machineType) && type.test(machineType.slice(machineType.lastIndexOf("/") + 1)),
      "machineType",
    ],
    [disks.length === 1 && networkInterfaces.length === 1, "disks or networkInterfaces beyond the first"],
    ...disks.flatMap(({ initializeParams: { sourceImage, diskType } }): [boolean, string][] => [
      [image.test(sourceImage), "disks.initializeParams.sourceImage"],
      [diskType === undefined || isOfZone("diskTypes", diskType), "disks.initializeParams.diskType"],
    ]),
    ...networkInterfaces.flatMap(({ subnetwork, accessConfigs }): [boolean, string][] => [
      [
        subnetwork.startsWith(subnetworks) && /^[\w-]+$/.test(subnetwork.slice(subnetworks.length)),
        "networkInterfaces.subnetwork",
      ],
      [
        accessConfigs.length <= 1 &&
          accessConfigs.every(({ type = "ONE_TO_ONE_NAT" }) => type === "ONE_TO_ONE_NAT"),
        "networkInterfaces.accessConfigs",
      ],
    ]),
    ...serviceAccounts.map(({ scopes }): [boolean, string] => [
      scopes.length === 1 && scopes[0] === allScopes,
      "serviceAccounts.scopes",
    ]),
  ];
  return served.find(([is]) => !is)?.[1];
}
