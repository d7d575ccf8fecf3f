// A script that checks a transfer's target with rclone and the person's own keys, where nothing of ours is: it goes with a receipt, beside
// the sums that it reads. Pure.
import { isMovable } from "./rclone-names.ts";
import type { ReceiptLine } from "./receipt-lines.ts";
import type { TransferReceipt } from "./receipt-records.ts";
import { targetText } from "./receipt-words.ts";

/**
 * Gives the line of an object as md5sum writes it; nothing of one that did not arrive, of which no MD5 is known, or whose name rclone reads
 * as another.
 */
export function sumLine({ name, md5, how }: ReceiptLine): string | undefined {
  if (how === undefined || how === "size" || md5 === undefined || !isMovable(name)) return undefined;
  return `${md5}  ${name}\n`;
}

/** Quotes for a shell whatever a name may have in it. */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** Writes the script; undefined where the receipt does not say where the target is. */
export function checkScript(receipt: TransferReceipt): string | undefined {
  const { target, id } = receipt;
  if (target === undefined) return undefined;
  const { kind, bucket, path } = target;
  const isS3 = kind === "s3";
  const settings: [string, string][] = isS3
    ? [
        ["TYPE", "s3"],
        ["PROVIDER", target.provider ?? "Other"],
        ["ENDPOINT", target.endpoint ?? ""],
        ["REGION", target.region ?? ""],
        ["ENV_AUTH", "true"],
        ["NO_CHECK_BUCKET", "true"],
      ]
    : [
        ["TYPE", "google cloud storage"],
        ["ENV_AUTH", "true"],
        ["BUCKET_POLICY_ONLY", "true"],
      ];
  const keys = isS3
    ? "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    : "those that `gcloud auth application-default login` leaves";
  return `#!/bin/sh
# Checks what the transfer ${id} left at ${commented(targetText(receipt) ?? "")}.
# Needs rclone 1.60 or newer, and your own keys: ${keys}. It only reads.
#
#   sh check-${id}.sh sums-${id}.txt              compares the sums that the store knows
#   sh check-${id}.sh sums-${id}.txt --download   reads every byte back, and compares those
#
# The sums have every object that was proved to have arrived, but for those without an MD5 and those whose names rclone changes; the
# lines of the receipt have them all. It ends with 0 where each of the sums was found.
set -eu
sums=\${1:?name the file of sums}
shift
${settings.map(([name, value]) => `export RCLONE_CONFIG_TARGET_${name}=${quoted(value)}`).join("\n")}
echo "$(wc -l <"$sums") objects to check" >&2
exec rclone checksum md5 "$sums" ${quoted(`target:${[bucket, path].filter((part) => part !== "").join("/")}`)} --one-way "$@"
`;
}

/** Keeps a text within its line: a comment ends with it. */
const commented = (text: string): string => text.replaceAll(/\p{Cc}/gu, " ");
