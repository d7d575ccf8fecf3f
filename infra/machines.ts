// The transfers' machines are made by run-transfer; here is only what keeps them shut: nothing may call them.
import * as gcp from "@pulumi/gcp";
import { machineIdentity } from "../shared/functions.ts";
import { subnetworkOf } from "./grants.ts";
import type { Ground } from "./ground.ts";
import type { Identities } from "./identities.ts";

export function machines({ project, settings, deployed, after }: Ground, who: Identities): void {
  if (!deployed.machines) return;
  const paths = Object.values(settings.hubs).flatMap(({ transfers }) => transfers?.machine.subnetwork ?? []);
  for (const path of new Set(paths)) {
    const { region, subnetwork } = subnetworkOf(path);
    const { network } = gcp.compute.getSubnetworkOutput({ project, region, name: subnetwork }, after);
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
