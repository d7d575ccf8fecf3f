// The lists of a transfer: what is to be there in the end, and what each machine is to copy. Every list is named by what is in
// it, so that whoever dies half-way and begins again finds it made.
import { createHash, type Hash, hash } from "node:crypto";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { createGunzip, createGzip } from "node:zlib";
import * as z from "zod";
import { transient } from "../../shared/errors.ts";
import type { Ledger, LedgerFiles } from "../../shared/ledger.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import { transferFolder } from "../../shared/transfers/names.ts";
import { isPlainSum } from "../../shared/transfers/proof.ts";
import type { RemoteObject, Shard } from "../../shared/transfers/records.ts";
import { isInParts } from "./plan.ts";
import type { Request } from "./request.ts";

/** The ETag comes last, where the source's store has one. */
const Line = z.union([
  z.tuple([z.string(), z.number(), z.string().nullable()]),
  z.tuple([z.string(), z.number(), z.string().nullable(), z.string()]),
]);

/** Lines that are written at once: all of a million objects would be three texts of a hundred megabytes. */
const linesAtOnce = 10_000;

/** Stores the manifest: a line an object, with name, size, MD5 and ETag. */
export async function keepManifest(
  ledger: Pick<LedgerFiles, "keep">,
  of: { hub: string; id: string },
  objects: readonly RemoteObject[],
): Promise<{ manifest: string; sha256: string }> {
  const digest = createHash("sha256");
  const packed = Readable.from(linesOf(objects, digest)).pipe(createGzip());
  const bytes = await buffer(packed);
  const sha256 = digest.digest("hex");
  const manifest = `${transferFolder(of.hub, of.id)}/manifest-${sha256.slice(0, 16)}.ndjson.gz`;
  await ledger.keep(manifest, bytes, "application/gzip");
  return { manifest, sha256 };
}

function* linesOf(objects: readonly RemoteObject[], digest: Hash): Generator<string> {
  for (let from = 0; from < objects.length; from += linesAtOnce) {
    const text = objects
      .slice(from, from + linesAtOnce)
      .map(
        ({ name, size, md5, etag }) =>
          `${JSON.stringify([name, size, md5 ?? null, ...(etag === undefined ? [] : [etag])])}\n`,
      )
      .join("");
    digest.update(text);
    yield text;
  }
}

export async function readManifest(ledger: LedgerFiles, name: string): Promise<RemoteObject[]> {
  const bytes = await ledger.bytes(name);
  if (bytes === undefined) throw transient("the transfer's manifest is missing from the ledger");
  const found: RemoteObject[] = [];
  let rest = "";
  for await (const piece of Readable.from([bytes]).pipe(createGunzip()).setEncoding("utf8")) {
    const lines = `${rest}${piece}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) found.push(objectIn(line));
  }
  return found;
}

function objectIn(line: string): RemoteObject {
  const [name, size, md5, etag] = Line.parse(JSON.parse(line));
  return { name, size, ...(md5 === null ? {} : { md5 }), ...(etag === undefined ? {} : { etag }) };
}

/** Work of a machine: objects that are not at the target, and those that are there and not proved. */
export type ToDo = { missing: readonly RemoteObject[]; unproved: readonly RemoteObject[] };

/** Counts what a machine is to do. */
export function sizeOf({ missing, unproved }: ToDo): Shard["left"] {
  const bytesOf = (objects: readonly RemoteObject[]): number =>
    objects.reduce((sum, { size }) => sum + size, 0);
  const copyBytes = bytesOf(missing);
  const size = { objects: missing.length + unproved.length, bytes: copyBytes + bytesOf(unproved) };
  return unproved.length === 0 ? size : { ...size, copyBytes };
}

/**
 * Stores what one machine is to do: what it copies, and what it reads back at each end, because no listing will prove it. Of what it
 * copies that is where the source has no MD5; at the target, where its store will have none either.
 */
export async function keepWork(
  ledger: Pick<LedgerFiles, "keep">,
  of: { hub: string; id: string; shard: number; attempt: number },
  { missing, unproved, request }: ToDo & { request: Request },
): Promise<Pick<Shard, "list" | "lines" | "readBack">> {
  const unsummed = missing.filter((object) => !isPlainSum(object));
  const isOutside = !isInGoogle(request.to.store);
  const source = [...unproved, ...unsummed].filter(({ md5 }) => md5 === undefined);
  const target = [...unproved, ...unsummed.filter(({ size }) => isOutside && isInParts(size))];
  const kept = async (what: "" | "-source" | "-target", objects: readonly RemoteObject[]) => ({
    list: await keepList(ledger, { ...of, what }, objects),
    lines: objects.length,
  });
  return {
    ...(await kept("", missing)),
    readBack: {
      ...(source.length === 0 ? {} : { source: await kept("-source", source) }),
      ...(target.length === 0 ? {} : { target: await kept("-target", target) }),
    },
  };
}

/** Names a line. Names with line ends never get here. */
async function keepList(
  ledger: Pick<LedgerFiles, "keep">,
  of: { hub: string; id: string; shard: number; attempt: number; what: string },
  objects: readonly RemoteObject[],
): Promise<string> {
  const text = objects.map(({ name }) => `${name}\n`).join("");
  const digest = hash("sha256", text).slice(0, 16);
  const name = `${transferFolder(of.hub, of.id)}/lists/${of.shard}-${of.attempt}${of.what}-${digest}.txt`;
  await ledger.keep(name, Buffer.from(text), "text/plain; charset=utf-8");
  return name;
}

/** Reads the names of all that a shard's machine was to copy or to read back. */
export async function readWork(
  ledger: LedgerFiles,
  { list, readBack }: Pick<Shard, "list" | "readBack">,
): Promise<string[]> {
  const lists = [list, readBack?.source?.list, readBack?.target?.list].filter((name) => name !== undefined);
  const names = await Promise.all(lists.map((name) => readList(ledger, name)));
  return [...new Set(names.flat())];
}

/** Reads the names of all that a transfer was to copy, from the first lists of its shards. */
export async function readFirstLists(
  ledger: Pick<Ledger, "list"> & LedgerFiles,
  of: { hub: string; id: string },
): Promise<Set<string>> {
  const entries = await ledger.list(`${transferFolder(of.hub, of.id)}/lists/`);
  const first = entries.filter(({ name }) => /\/\d+-1-[0-9a-f]{16}\.txt$/.test(name));
  const names = await Promise.all(first.map(({ name }) => readList(ledger, name)));
  return new Set(names.flat());
}

async function readList(ledger: LedgerFiles, name: string): Promise<string[]> {
  const bytes = await ledger.bytes(name);
  if (bytes === undefined) throw transient("a shard's list is missing from the ledger");
  return bytes.toString().split("\n").slice(0, -1);
}
