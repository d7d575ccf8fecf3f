// Tells whether a project's quotas let a hub have the machines that its settings allow. Pure.
import type { Quota } from "./ground.ts";
import type { MachineType } from "./placement.ts";

/** Gigabytes of a machine's disk, which counts as one on SSD (https://cloud.google.com/compute/docs/disks#disk-types). */
export const diskGB = 20;

type Wanted = {
  /** At a time. */
  machines: number;
  types: readonly Pick<MachineType, "type" | "vcpus">[];
  /** Says whether machines have an address of their own. */
  reachesOut: boolean;
};

/** A quota that is smaller than what may be wanted of it. */
export type TooSmall = Quota & { wanted: number };

/**
 * Lists the quotas that are too small. Spot machines take of the project's quota for them where it has one, and of that for others
 * where it has none (https://docs.cloud.google.com/compute/docs/instances/create-use-spot). What a region does not list is no quota.
 */
export function tooSmall(quotas: readonly Quota[], { machines, types, reachesOut }: Wanted): TooSmall[] {
  const named = (metric: string): Quota | undefined => quotas.find((quota) => quota.metric === metric);
  const ofSpot = named("PREEMPTIBLE_CPUS");
  const cpus = types.map(({ type, vcpus }): [Quota | undefined, number] => {
    const family = `${type.split("-")[0]?.toUpperCase()}_CPUS`;
    const quota = (ofSpot?.limit ?? 0) > 0 ? ofSpot : (named(family) ?? named("CPUS"));
    return [quota, machines * vcpus];
  });
  const wanted: [Quota | undefined, number][] = [
    ...cpus,
    [named("INSTANCES"), machines],
    [named("SSD_TOTAL_GB"), machines * diskGB],
    ...(reachesOut ? [[named("IN_USE_ADDRESSES"), machines] as [Quota | undefined, number]] : []),
  ];
  const most = new Map<string, TooSmall>();
  for (const [quota, count] of wanted)
    if (quota !== undefined && count > Math.max(quota.limit, most.get(quota.metric)?.wanted ?? 0))
      most.set(quota.metric, { ...quota, wanted: count });
  return [...most.values()];
}
