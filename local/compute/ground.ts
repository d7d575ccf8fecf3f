// Ground that machines stand on, as the project has it, in Compute Engine's words: subnetworks, a region's quotas, disks. Pure.
import { ownSubnetwork } from "../../shared/compute/placement.ts";
import { OurBody } from "./body.ts";
import type { Instance } from "./state.ts";

export type Ground = {
  /** By its path, `regions/<region>/subnetworks/<name>`: whether machines without an address of their own reach Google from it. */
  subnetworks: Readonly<Record<string, boolean>>;
  /** The most of each metric that a region has at a time. */
  quotas: Readonly<Record<string, number>>;
};

/** Ground as a deployment makes it, in a project with quotas as projects have them (no Spot quota of its own). */
export const usualGround: Ground = {
  subnetworks: { [`regions/us-central1/subnetworks/${ownSubnetwork}`]: true },
  quotas: {
    CPUS: 200,
    E2_CPUS: 200,
    IN_USE_ADDRESSES: 64,
    INSTANCES: 640,
    PREEMPTIBLE_CPUS: 0,
    SSD_TOTAL_GB: 500,
  },
};

type Place = { origin: string; project: string };
const base = ({ origin, project }: Place): string => `${origin}/compute/v1/projects/${project}`;

const networkOf = (instance: Instance) => OurBody.parse(instance.body).networkInterfaces[0];

/** Path of a machine's subnetwork, within the project. */
export const subnetworkOf = (instance: Instance): string =>
  (networkOf(instance)?.subnetwork ?? "").replace(/^projects\/[^/]+\//, "");

/** Tells whether a machine reaches Google: by an address of its own, or by its subnetwork's Private Google Access. */
export const reachesGoogle = (instance: Instance, { subnetworks }: Ground): boolean =>
  (networkOf(instance)?.accessConfigs.length ?? 0) > 0 || subnetworks[subnetworkOf(instance)] === true;

export function subnetworkResource(path: string, ground: Ground, place: Place): object | undefined {
  const reaches = ground.subnetworks[path];
  const [, region = "", , name = ""] = path.split("/");
  if (reaches === undefined) return undefined;
  return {
    kind: "compute#subnetwork",
    id: "1",
    name,
    network: `${base(place)}/global/networks/${name}`,
    ipCidrRange: "10.0.0.0/22",
    gatewayAddress: "10.0.0.1",
    region: `${base(place)}/regions/${region}`,
    selfLink: `${base(place)}/${path}`,
    privateIpGoogleAccess: reaches,
  };
}

/** Counts what a machine takes of a metric. Processors are the last number of its type, as in e2-standard-8. */
function takes(metric: string, instance: Instance): number {
  const { machineType, networkInterfaces, disks, scheduling } = OurBody.parse(instance.body);
  const type = machineType.slice(machineType.lastIndexOf("/") + 1);
  const [family = ""] = type.split("-");
  const processors = Number(/\d+$/.exec(type)?.[0] ?? 1);
  const gigabytes = disks.reduce((sum, { initializeParams }) => sum + Number(initializeParams.diskSizeGb), 0);
  switch (metric) {
    case "INSTANCES":
      return 1;
    case "IN_USE_ADDRESSES":
      return networkInterfaces.reduce((sum, { accessConfigs }) => sum + accessConfigs.length, 0);
    case "SSD_TOTAL_GB":
      return gigabytes;
    case "PREEMPTIBLE_CPUS":
      return scheduling.provisioningModel === "SPOT" ? processors : 0;
    default:
      return metric === `${family.toUpperCase()}_CPUS` || metric === "CPUS" ? processors : 0;
  }
}

export function regionResource(
  region: string,
  { quotas }: Ground,
  instances: readonly Instance[],
  place: Place,
): object {
  const here = instances.filter(({ zone }) => zone.startsWith(`${region}-`));
  return {
    kind: "compute#region",
    id: "1",
    name: region,
    status: "UP",
    selfLink: `${base(place)}/regions/${region}`,
    quotas: Object.entries(quotas).map(([metric, limit]) => ({
      metric,
      limit,
      usage: here.reduce((sum, instance) => sum + takes(metric, instance), 0),
    })),
  };
}

/** The boot disk of a machine, which has its name and is there for as long. */
export function diskResource({ id, zone, name, createdAt, body }: Instance, place: Place): object {
  const [disk] = OurBody.parse(body).disks;
  const root = `${base(place)}/zones/${zone}`;
  return {
    kind: "compute#disk",
    id: `${id}0`,
    name,
    zone: root,
    creationTimestamp: createdAt,
    sizeGb: disk?.initializeParams.diskSizeGb ?? "10",
    status: "READY",
    labels: disk?.initializeParams.labels ?? {},
    users: [`${root}/instances/${name}`],
    selfLink: `${root}/disks/${name}`,
  };
}
