// Where a transfer's records lie, and reading and writing its lists. Every list is named by what is in it, so that whoever
// dies half-way and begins again finds it made.

import { hash } from "node:crypto";
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { z } from "zod";
import { isPermanent, passing } from "../../shared/errors.ts";
import type { Ledger, LedgerFiles, Versioned } from "../../shared/ledger.ts";
import {
  MachineReport,
  type RemoteObject,
  TransferAsked,
  TransferCancelled,
  TransferHead,
  TransferReceipt,
} from "../../shared/transfers/records.ts";
import type { Ended } from "./decide.ts";

export type Books = Ledger & LedgerFiles;

export const folderOf = (hub: string, id: string): string => `transfers/${hub}/${id}`;
export const headName = (hub: string, id: string): string => `head/transfers/${hub}/${id}.json`;
export const reportsOf = (hub: string, id: string): string => `${folderOf(hub, id)}/reports`;

export const readHead = (
  ledger: Ledger,
  hub: string,
  id: string,
): Promise<Versioned<TransferHead> | undefined> => ledger.read(headName(hub, id), TransferHead);

export const isOpen = ({ state }: TransferHead): boolean => state === "running";

/** Stores how it stands; what a list of transfers shows goes into the metadata. */
export async function storeHead(ledger: Ledger, head: TransferHead, generation: string): Promise<string> {
  const name = headName(head.hub, head.id);
  const { state, startedAt } = head;
  if ((await ledger.swap(name, head, generation, { state, startedAt })) === "changed")
    throw passing("the transfer was changed by another delivery, which goes on with the work");
  return (await readHead(ledger, head.hub, head.id))?.generation ?? "0";
}

export async function readAsked(ledger: Ledger, hub: string, id: string): Promise<TransferAsked | undefined> {
  return (await ledger.read(`${folderOf(hub, id)}/request.json`, TransferAsked))?.value;
}

export async function isCancelled(ledger: Ledger, hub: string, id: string): Promise<boolean> {
  return (await ledger.read(`${folderOf(hub, id)}/cancel.json`, TransferCancelled)) !== undefined;
}

const Line = z.tuple([z.string(), z.number(), z.string().nullable()]);

/** The manifest: a line an object, name, size and MD5. */
export async function keepManifest(
  ledger: Books,
  of: { hub: string; id: string },
  objects: readonly RemoteObject[],
): Promise<{ name: string; sha256: string }> {
  const text = objects
    .map(({ name, size, md5 }) => `${JSON.stringify([name, size, md5 ?? null])}\n`)
    .join("");
  const sha256 = hash("sha256", text);
  const name = `${folderOf(of.hub, of.id)}/manifest-${sha256.slice(0, 16)}.ndjson.gz`;
  await ledger.keep(name, await promisify(gzip)(text), "application/gzip");
  return { name, sha256 };
}

export async function readManifest(ledger: Books, name: string): Promise<RemoteObject[]> {
  const bytes = await ledger.bytes(name);
  if (bytes === undefined) throw passing("the transfer's manifest is missing from the ledger");
  const text = (await promisify(gunzip)(bytes)).toString();
  return text
    .split("\n")
    .slice(0, -1)
    .map((line) => {
      const [object, size, md5] = Line.parse(JSON.parse(line));
      return { name: object, size, ...(md5 === null ? {} : { md5 }) };
    });
}

/** What one machine is to copy: a name a line. Names with line ends never get here. */
export async function keepList(
  ledger: Books,
  of: { hub: string; id: string; shard: number; attempt: number },
  names: readonly string[],
): Promise<string> {
  const text = names.map((name) => `${name}\n`).join("");
  const digest = hash("sha256", text).slice(0, 16);
  const name = `${folderOf(of.hub, of.id)}/lists/${of.shard}-${of.attempt}-${digest}.txt`;
  await ledger.keep(name, Buffer.from(text), "text/plain; charset=utf-8");
  return name;
}

export async function readList(ledger: Books, name: string): Promise<string[]> {
  const bytes = await ledger.bytes(name);
  if (bytes === undefined) throw passing("a shard's list is missing from the ledger");
  return bytes.toString().split("\n").slice(0, -1);
}

const ReportName = /\/(\d+)-(\d+)-(done|failed|preempted)\.json$/;

/** The last words of machines, from the names of their reports alone. */
export async function endedOf(ledger: Ledger, hub: string, id: string): Promise<Ended[]> {
  const entries = await ledger.list(`${reportsOf(hub, id)}/`);
  return entries.flatMap(({ name }) => {
    const [, shard, attempt, state] = ReportName.exec(name) ?? [];
    return state === "done" || state === "failed" || state === "preempted"
      ? [{ shard: Number(shard), attempt: Number(attempt), state }]
      : [];
  });
}

/** What the machines said of themselves in the end. */
export async function lastReports(ledger: Ledger, hub: string, id: string): Promise<MachineReport[]> {
  const found: MachineReport[] = [];
  for (const { shard, attempt, state } of await endedOf(ledger, hub, id)) {
    const name = `${reportsOf(hub, id)}/${shard}-${attempt}-${state}.json`;
    const report = await ledger.read(name, MachineReport).catch((error: unknown) => {
      // What a machine wrote badly is no reason for a transfer never to end.
      if (!isPermanent(error)) throw error;
    });
    if (report !== undefined) found.push(report.value);
  }
  return found;
}

/** Why a machine gave up, in its own word. */
export async function failureOf(
  ledger: Ledger,
  hub: string,
  id: string,
  { n, attempt }: { n: number; attempt: number },
): Promise<string | undefined> {
  return (await ledger.read(`${reportsOf(hub, id)}/${n}-${attempt}-failed.json`, MachineReport))?.value.why;
}

const receiptName = (hub: string, id: string): string => `${folderOf(hub, id)}/receipt.json`;

export const readReceipt = async (
  ledger: Ledger,
  hub: string,
  id: string,
): Promise<TransferReceipt | undefined> => (await ledger.read(receiptName(hub, id), TransferReceipt))?.value;

/** Keeps the first receipt of a transfer, and gives the one that is kept. */
export async function keepReceipt(
  ledger: Ledger,
  hub: string,
  receipt: TransferReceipt,
): Promise<TransferReceipt> {
  if ((await ledger.create(receiptName(hub, receipt.id), receipt)) === "created") return receipt;
  return (await readReceipt(ledger, hub, receipt.id)) ?? receipt;
}
