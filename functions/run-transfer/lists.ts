// The lists of a transfer: what is to be there in the end, and what each machine is to copy. Every list is named by what is in
// it, so that whoever dies half-way and begins again finds it made.
import { hash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import * as z from "zod";
import { transient } from "../../shared/errors.ts";
import type { LedgerFiles } from "../../shared/ledger.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import type { RemoteObject } from "../../shared/transfers/records.ts";

const Line = z.tuple([z.string(), z.number(), z.string().nullable()]);

/** Stores the manifest: a line an object, with name, size and MD5. */
export async function keepManifest(
  ledger: LedgerFiles,
  of: { hub: string; id: string },
  objects: readonly RemoteObject[],
): Promise<{ manifest: string; sha256: string }> {
  const text = objects
    .map(({ name, size, md5 }) => `${JSON.stringify([name, size, md5 ?? null])}\n`)
    .join("");
  const sha256 = hash("sha256", text);
  const manifest = `${transferFolder(of.hub, of.id)}/manifest-${sha256.slice(0, 16)}.ndjson.gz`;
  await ledger.keep(manifest, await promisify(gzip)(text), "application/gzip");
  return { manifest, sha256 };
}

export async function readManifest(ledger: LedgerFiles, name: string): Promise<RemoteObject[]> {
  const bytes = await ledger.bytes(name);
  if (bytes === undefined) throw transient("the transfer's manifest is missing from the ledger");
  const text = (await promisify(gunzip)(bytes)).toString();
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [object, size, md5] = Line.parse(JSON.parse(line));
      return { name: object, size, ...(md5 === null ? {} : { md5 }) };
    });
}

/** Stores what one machine is to copy: a name a line. Names with line ends never get here. */
export async function keepList(
  ledger: LedgerFiles,
  of: { hub: string; id: string; shard: number; attempt: number },
  names: readonly string[],
): Promise<string> {
  const text = names.map((name) => `${name}\n`).join("");
  const digest = hash("sha256", text).slice(0, 16);
  const name = `${transferFolder(of.hub, of.id)}/lists/${of.shard}-${of.attempt}-${digest}.txt`;
  await ledger.keep(name, Buffer.from(text), "text/plain; charset=utf-8");
  return name;
}

export async function readList(ledger: LedgerFiles, name: string): Promise<string[]> {
  const bytes = await ledger.bytes(name);
  if (bytes === undefined) throw transient("a shard's list is missing from the ledger");
  return bytes.toString().split("\n").slice(0, -1);
}
