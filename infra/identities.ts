// One identity a function, one for the pushes, one for the machines, one that builds. Nothing runs as a default identity,
// and no identity has a key.
import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { identityOf, machineIdentity, pushIdentity } from "../shared/functions.ts";
import type { Ground } from "./ground.ts";

export type Identities = {
  /** The identity of this address, which must be one of ours. */
  of: (email: string) => gcp.serviceaccount.Account;
  builder: gcp.serviceaccount.Account;
};

export function identities({ project, deployed, after }: Ground): Identities {
  const made = new Map<string, gcp.serviceaccount.Account>();
  const make = (email: string, displayName: string): gcp.serviceaccount.Account => {
    const accountId = labelOf(email);
    const identity = new gcp.serviceaccount.Account(accountId, { project, accountId, displayName }, after);
    made.set(email, identity);
    return identity;
  };
  for (const name of deployed.functions) make(identityOf(name, project), `Groundcrew: the function ${name}`);
  make(pushIdentity(project), "Groundcrew: pushes of Pub/Sub");
  if (deployed.machines) make(machineIdentity(project), "Groundcrew: machines of transfers");
  return {
    builder: make(builderIdentity(project), "Groundcrew: builds the functions"),
    of(email) {
      const identity = made.get(email);
      if (identity === undefined) throw new Error(`no identity ${email} is made here`);
      return identity;
    },
  };
}

/** Identity that builds the functions' images; the platform would take the default one. */
const builderIdentity = (project: string): string => `groundcrew-build@${project}.iam.gserviceaccount.com`;

/** Gives the part of an identity before the @, which says whose function it is, for the names of resources. */
export const labelOf = (email: string): string => email.split("@")[0] ?? email;

/** The builder reads archives, writes images and logs. The platform copies archives to a bucket that it names itself. */
export function letBuild(
  { project, region, after }: Ground,
  builder: gcp.serviceaccount.Account,
  places: { archives: gcp.storage.Bucket; images: gcp.artifactregistry.Repository },
): pulumi.Resource[] {
  const member = builder.member;
  const read = "roles/storage.objectViewer";
  return [
    new gcp.projects.IAMMember("build-logs", { project, member, role: "roles/logging.logWriter" }, after),
    new gcp.storage.BucketIAMMember("build-archives", { bucket: places.archives.name, member, role: read }),
    new gcp.projects.IAMMember(
      "build-sources",
      {
        project,
        member,
        role: read,
        condition: {
          title: "sources of functions",
          expression: 'resource.name.startsWith("projects/_/buckets/gcf-v2-sources-")',
        },
      },
      after,
    ),
    new gcp.artifactregistry.RepositoryIamMember("build-images", {
      project,
      location: region,
      repository: places.images.repositoryId,
      member,
      role: "roles/artifactregistry.writer",
    }),
  ];
}
