// The transfers' machines are made by run-transfer; here is only what they stand in: where the settings name no subnetwork, one of
// their own, and what keeps each of them shut, for nothing may call them.
import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { ownSubnetwork, subnetworksOf } from "../shared/compute/placement.ts";
import { machineIdentity } from "../shared/functions.ts";
import { subnetworkOf } from "./grants.ts";
import type { Ground } from "./ground.ts";
import type { Identities } from "./identities.ts";

/** The subnetworks that are made here, by their paths. */
export type Subnetworks = ReadonlyMap<string, gcp.compute.Subnetwork>;

/** Room for a thousand machines; each of these networks stands alone, so that all of them have the same. */
const addresses = "10.0.0.0/22";

/** Makes the subnetworks that no settings name, each in a network of its own, which has the route to Google that comes with it. */
export function subnetworks({ project, settings, deployed, after }: Ground): Subnetworks {
  const made = new Map<string, gcp.compute.Subnetwork>();
  if (!deployed.machines) return made;
  const machines = Object.values(settings.hubs).flatMap(({ transfers }) => transfers?.machine ?? []);
  for (const path of new Set(
    machines.filter(({ subnetwork }) => subnetwork === undefined).flatMap(subnetworksOf),
  )) {
    const { region } = subnetworkOf(path);
    const name = `${ownSubnetwork}-${region}`;
    const network = new gcp.compute.Network(
      name,
      {
        project,
        name,
        description: "Machines of Groundcrew's transfers, and nothing else",
        autoCreateSubnetworks: false,
      },
      after,
    );
    made.set(
      path,
      new gcp.compute.Subnetwork(name, {
        project,
        region,
        name: ownSubnetwork,
        network: network.id,
        ipCidrRange: addresses,
        // Without it a machine that has no address of its own reaches nothing of Google's, and cannot even delete itself.
        privateIpGoogleAccess: true,
      }),
    );
  }
  return made;
}

export function machines(
  { project, settings, deployed, after }: Ground,
  who: Identities,
  own: Subnetworks,
): void {
  if (!deployed.machines) return;
  const paths = Object.values(settings.hubs).flatMap(({ transfers }) =>
    transfers === undefined ? [] : subnetworksOf(transfers.machine),
  );
  for (const path of new Set(paths)) {
    const { region, subnetwork } = subnetworkOf(path);
    const network: pulumi.Input<string> =
      own.get(path)?.network ??
      gcp.compute.getSubnetworkOutput({ project, region, name: subnetwork }, after).network;
    new gcp.compute.Firewall(
      `no-calls-${region}-${subnetwork}`,
      {
        project,
        name: `groundcrew-no-calls-${region}-${subnetwork}`.slice(0, 63).replace(/-$/, ""),
        description: "Nothing may call the machines of Groundcrew's transfers",
        network,
        direction: "INGRESS",
        // Before any rule that lets in, such as the default network's for SSH.
        priority: 0,
        denies: [{ protocol: "all" }],
        sourceRanges: ["0.0.0.0/0"],
        targetServiceAccounts: [who.of(machineIdentity(project)).email],
      },
      after,
    );
  }
}
