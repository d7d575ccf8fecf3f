// Places where a machine may be asked for: a zone, a type, Spot or standard; with the subnetwork and the price of each. Pure.
import type { TransferSettings } from "../settings.ts";

type MachineSettings = TransferSettings["machine"];

/** Placement of one machine. `standard`: one that Google does not take away, in place of a Spot one. */
export type Placement = { zone: string; type: string; standard?: true };

/** Type of machines, with what it has and what a Spot one costs. */
export type MachineType = Pick<MachineSettings, "type" | "vcpus" | "memoryGB" | "dollarsPerHour">;

/** Lists the types in the order in which they are tried. */
export const typesOf = (machine: MachineSettings): [MachineType, ...MachineType[]] => [
  machine,
  ...machine.otherTypes,
];

/** Gives a type by its name; the first one where the settings know it no more. */
export const typeNamed = (name: string | undefined, machine: MachineSettings): MachineType =>
  typesOf(machine).find(({ type }) => type === name) ?? machine;

/** Gives what even the smallest type has: the flags of rclone are a whole transfer's, and fit each of its machines. */
export function smallestOf(machine: MachineSettings): Pick<MachineType, "vcpus" | "memoryGB"> {
  const types = typesOf(machine);
  return {
    vcpus: Math.min(...types.map(({ vcpus }) => vcpus)),
    memoryGB: Math.min(...types.map(({ memoryGB }) => memoryGB)),
  };
}

/** Dollars of an hour of a machine at a place. */
export const dollarsPerHourAt = (
  { type, standard }: Omit<Placement, "zone">,
  machine: MachineSettings,
): number =>
  standard === true && machine.standard !== undefined
    ? machine.standard.dollarsPerHour
    : typeNamed(type, machine).dollarsPerHour;

/** Dollars that a machine of another type, or a standard one, costs an hour beyond a Spot one of the first type. */
export const morePerHour = (
  { type, standard }: { type?: string | undefined; standard?: true | undefined },
  machine: MachineSettings,
): number =>
  dollarsPerHourAt({ type: type ?? machine.type, ...(standard && { standard }) }, machine) -
  machine.dollarsPerHour;

/** Dollars of an hour of the dearest machine that the settings allow: what a plan reckons with. */
export const dearestPerHour = (machine: MachineSettings): number =>
  Math.max(
    ...typesOf(machine).map(({ dollarsPerHour }) => dollarsPerHour),
    machine.standard?.dollarsPerHour ?? 0,
  );

/** `us-central1` of `us-central1-a` (https://cloud.google.com/compute/docs/regions-zones#identifying_a_region_or_zone). */
export const regionOf = (zone: string): string => zone.replace(/-[a-z]$/, "");

/** The subnetwork that a deployment makes in a region, in a network of its own. */
export const ownSubnetwork = "groundcrew-transfers";

/** Path of the subnetwork of machines in a zone, within the project. */
export const subnetworkIn = (zone: string, { subnetwork }: Pick<MachineSettings, "subnetwork">): string =>
  subnetwork ?? `regions/${regionOf(zone)}/subnetworks/${ownSubnetwork}`;

/** Paths of the subnetworks of all zones, each once. */
export const subnetworksOf = (machine: Pick<MachineSettings, "subnetwork" | "zones">): string[] => [
  ...new Set(machine.zones.map((zone) => subnetworkIn(zone, machine))),
];
