// rclone as machines get it: a release of its makers, unchanged, in Groundcrew's own bucket; or what their image has.
import type { RcloneSettings } from "../settings/machine.ts";

type Release = Pick<RcloneSettings, "version">;

/** Folder of the ledger's bucket; only a deployment writes there. */
const folder = "tools/";

/** The file that rclone's makers release, by their own name (https://rclone.org/downloads/). */
export const rcloneFile = ({ version }: Release): string => `rclone-v${version}-linux-amd64.zip`;

/** The object of the ledger's bucket that machines fetch. */
export const rcloneObject = (release: Release): string => `${folder}${rcloneFile(release)}`;

/** Address where its makers have it. */
export const rcloneAddress = (release: Release): string =>
  `https://downloads.rclone.org/v${release.version}/${rcloneFile(release)}`;
