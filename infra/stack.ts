// The whole of a stack, from the tables and the settings. It asks no environment and no file: main.ts does.
import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { deployedBy } from "../shared/deployed.ts";
import { type FunctionName, rowOf } from "../shared/functions.ts";
import type { RcloneSettings } from "../shared/settings/machine.ts";
import type { Settings } from "../shared/settings.ts";
import { alerts } from "./alerts.ts";
import type { Archive } from "./bundles/archive.ts";
import { functions, textOf } from "./functions.ts";
import { grants } from "./grants.ts";
import { ground } from "./ground.ts";
import { identities } from "./identities.ts";
import { ledger } from "./ledger.ts";
import { machines, subnetworks } from "./machines.ts";
import { notifications, schedules, subscriptions, topics } from "./messaging.ts";
import { releasesIn, tools } from "./tools.ts";

export type StackOptions = {
  settings: Settings;
  region: string;
  archiveOf: (name: FunctionName) => Promise<Archive>;
  /** Gives the file of a release of rclone. */
  releaseOf: (release: RcloneSettings) => Promise<string>;
  /** Folder where archives are written for the upload. */
  archiveFolder: string;
  /** Remotes of other projects; their owners grant by hand. */
  foreignBuckets?: readonly string[];
  /** Says whether the console's token has a value. */
  consoleOpen?: boolean;
};

/** Makes everything, and gives the addresses of the doors. */
export async function stack(options: StackOptions): Promise<Record<string, pulumi.Output<string>>> {
  const { settings, region, foreignBuckets = [] } = options;
  // Before anything is made.
  textOf(settings);
  const names = deployedBy(settings).functions;
  const archives = new Map(
    await Promise.all(
      names.map(async (name): Promise<[FunctionName, Archive]> => [name, await options.archiveOf(name)]),
    ),
  );
  const releases = new Map(
    await Promise.all(
      (deployedBy(settings).machines ? releasesIn(settings) : []).map(
        async (release): Promise<[RcloneSettings, string]> => [release, await options.releaseOf(release)],
      ),
    ),
  );
  const base = ground(settings, region);
  const { project, deployed, after } = base;
  const who = identities(base);
  const records = ledger(base);
  const messaging = topics(base);
  // Containers only: people put the values, and no value is ever in the state.
  const secrets = new Map(
    deployed.secrets.map((name) => [
      name,
      new gcp.secretmanager.Secret(name, { project, secretId: name, replication: { auto: {} } }, after),
    ]),
  );
  const own = subnetworks(base);
  const places = { ledger: records, topics: messaging, secrets, subnetworks: own };
  const granted = grants(base, who, places, foreignBuckets);
  const callable = functions(base, {
    who,
    archives,
    folder: options.archiveFolder,
    grants: granted,
    consoleOpen: options.consoleOpen ?? false,
  });
  subscriptions(base, messaging, who, callable);
  schedules(base, messaging);
  notifications(base, messaging, records.bucket);
  machines(base, who, own);
  tools(records, releases);
  alerts(base);
  return Object.fromEntries(
    names.filter((name) => rowOf(name).kind === "door").map((name) => [name, base.addressOf(name)]),
  );
}
