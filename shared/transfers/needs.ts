// Words on what a transfer needs and lacks, with the cure: before its machines are made, and at the daily look alike.
import { ownSubnetwork } from "../compute/placement.ts";
import type { RcloneSettings } from "../settings/machine.ts";

/** Something that is missing, and how to mend it. */
export type Lack = { why: string; next: string };

const deployAgain = "the project's owner deploys again, which makes it";

const namesOf = (path: string): { region: string; name: string } => {
  const [, region = "", , name = ""] = path.split("/");
  return { region, name };
};

/** A subnetwork from which a machine without an address of its own reaches nothing (https://cloud.google.com/vpc/docs/private-google-access). */
export function shutIn(path: string): Lack {
  const { region, name } = namesOf(path);
  return {
    why: `machines would reach nothing of Google's: the subnetwork ${name} in ${region} has no Private Google Access`,
    next: `the project's owner switches it on: gcloud compute networks subnets update ${name} --region=${region} --enable-private-ip-google-access`,
  };
}

/** A subnetwork that is not there. */
export function unthere(path: string): Lack {
  const { region, name } = namesOf(path);
  return {
    why: `the subnetwork ${name} in ${region}, in which machines are to be, is not there`,
    next:
      name === ownSubnetwork
        ? deployAgain
        : "correct transfers.machine.subnetwork in the settings, or let the project's owner make it",
  };
}

/** An rclone that the settings name, and that no deployment has brought. */
export const notStaged = ({ version }: Pick<RcloneSettings, "version">): Lack => ({
  why: `machines would find no rclone: ${version}, which the settings name, is not in Groundcrew's bucket`,
  next: "the project's owner deploys again, which brings it",
});
