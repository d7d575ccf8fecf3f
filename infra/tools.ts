// Brings the rclone that machines run: the release that the settings name, from its makers, compared with its SHA-256 before it is
// kept, and laid into the ledger's bucket as it is. Machines compare it again: they reach no other place than Google's.
import { hash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { RcloneSettings } from "../shared/settings/machine.ts";
import type { Settings } from "../shared/settings.ts";
import { rcloneAddress, rcloneFile, rcloneObject } from "../shared/transfers/tools.ts";
import type { Ledger } from "./ledger.ts";

/** Lists the releases that the hubs' settings name, each once. */
export function releasesIn({ hubs }: Settings): RcloneSettings[] {
  const named = Object.values(hubs).flatMap(({ transfers }) =>
    transfers === undefined || transfers.rclone.from === "image" ? [] : [transfers.rclone],
  );
  const byVersion = new Map<string, RcloneSettings>();
  for (const release of named) {
    const { sha256 } = byVersion.get(release.version) ?? release;
    if (sha256 !== release.sha256)
      throw new pulumi.RunError(
        `two hubs name rclone ${release.version} with different SHA-256: one of them is wrong; compare both with ${sumsOf(release)}`,
      );
    byVersion.set(release.version, release);
  }
  return [...byVersion.values()];
}

/** Gives the file of a release: the one in the folder, where somebody without this network may put it, else its makers'. */
export async function releaseIn(
  folder: string,
  release: RcloneSettings,
  fetched: (address: string) => Promise<Uint8Array> = download,
): Promise<string> {
  const file = join(folder, rcloneFile(release));
  const kept = read(file);
  if (kept !== undefined) {
    compare(kept, release, file);
    return file;
  }
  const address = rcloneAddress(release);
  const bytes = await fetched(address).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    throw new pulumi.RunError(
      `rclone ${release.version} could not be fetched from ${address}: ${why}. Try again, or put it there by hand: ${file}`,
    );
  });
  compare(bytes, release, address);
  mkdirSync(folder, { recursive: true });
  // Whole or not at all: whoever dies here leaves no half of it under its name.
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
  return file;
}

/** Lays releases into the ledger's bucket. */
export function tools({ bucket }: Ledger, files: ReadonlyMap<RcloneSettings, string>): void {
  for (const [release, file] of files)
    new gcp.storage.BucketObject(`rclone-${release.version}`, {
      bucket: bucket.name,
      name: rcloneObject(release),
      source: new pulumi.asset.FileAsset(file),
      contentType: "application/zip",
    });
}

/** Address where its makers have the sums of a release's files. */
const sumsOf = (release: RcloneSettings): string => new URL("SHA256SUMS", rcloneAddress(release)).href;

function compare(bytes: Uint8Array, release: RcloneSettings, from: string): void {
  const found = hash("sha256", bytes);
  if (found !== release.sha256)
    throw new pulumi.RunError(
      `${from} is not the rclone that transfers.rclone names: its SHA-256 is ${found}; compare the settings with ${sumsOf(release)}`,
    );
}

function read(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

/** For 30 MB over a slow line. */
const patienceMs = 600_000;

async function download(address: string): Promise<Uint8Array> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(patienceMs) });
  if (!answer.ok) throw new Error(`it answered ${answer.status}`);
  return answer.bytes();
}
