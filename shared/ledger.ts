// The ledger: JSON objects in one bucket. Journals are create-only, heads are compared and swapped on their generation;
// both are the bucket's own preconditions, so two functions can never overwrite each other unseen.
import { randomUUID } from "node:crypto";
import type { Bucket, File, Storage } from "@google-cloud/storage";
import * as z from "zod";
import { Permanent, transient } from "./errors.ts";
import { ledgerBucket } from "./functions.ts";
import { isMissing, isOvertaken, storageFailure } from "./storage-calls.ts";
import { download } from "./storage-download.ts";
import { listed } from "./storage-pages.ts";
import { type Unknown, understand, withUnknown } from "./unknown-fields.ts";

/** A record and which writing of it: what a swap compares. */
export type Versioned<T> = { value: T; generation: string };
export type Entry = { name: string; generation: string; metadata: Record<string, string> };

export type Ledger = {
  /** Stores a record that must not be there yet. `metadata` comes back in listings, so that lists need no reads. */
  create: (name: string, value: unknown, metadata?: Record<string, string>) => Promise<"created" | "exists">;
  /** Reads a record by its schema; undefined when it is not there. Throws Permanent when it cannot be understood. */
  read: <T>(name: string, schema: z.ZodType<T>) => Promise<Versioned<T> | undefined>;
  /**
   * Replaces a record if nobody has since `generation` was read ("0": if there is none); gives the one that it has now. What a
   * newer version has left in it, and this one did not understand when it read it, stays.
   */
  swap: (
    name: string,
    value: unknown,
    generation: string,
    metadata?: Record<string, string>,
  ) => Promise<{ generation: string } | "changed">;
  /** Deletes a record if nobody has changed it since `generation` was read; one that is gone already counts as removed. */
  remove: (name: string, generation: string) => Promise<"removed" | "changed">;
  /** All of that prefix, in the order of names; `from` is the first name to be told. */
  list: (prefix: string, options?: { from?: string }) => Promise<Entry[]>;
};

/** Lists that are too long for a record. */
export type LedgerFiles = {
  /** Stores bytes that must not be there yet. */
  keep: (name: string, bytes: Buffer, contentType: string) => Promise<"created" | "exists">;
  /** Stores bytes in place of those that are there, if nobody does meanwhile; `check` throws where somebody else is to do it. */
  replace: (name: string, bytes: Buffer, contentType: string, check: () => Promise<void>) => Promise<void>;
  /** The bytes of such an object; undefined when it is not there. */
  bytes: (name: string) => Promise<Buffer | undefined>;
};

/** Bytes of one record or list; a head of 10,000 people is about 2 MB. */
const maximumBytes = 32 * 1024 * 1024;

/** Records with something unknown in them, whose generation is remembered: a process has fewer at hand. */
const mostUnknown = 1000;

const reading = { what: "the records cannot be read", whose: "ledger" } as const;
const writing = { what: "a record cannot be written", whose: "ledger" } as const;

/** In each object's metadata: which write made it, so that a write whose answer was lost is known again. */
const writeKey = "groundcrew-write";

/** The ledger of a project; the storage client is made at the first call. */
export function ledger(options: {
  project: string;
  storage: () => Promise<Storage>;
  /** Names writes; no two may be alike. */
  newId?: () => string;
}): Ledger & LedgerFiles {
  const { newId = randomUUID } = options;
  let made: Bucket | undefined;
  const bucket = async (): Promise<Bucket> => {
    made ??= (await options.storage()).bucket(ledgerBucket(options.project));
    return made;
  };

  /** A generation never changes: what was unknown in it when it was read is unknown in it when it is replaced. */
  const unknown = new Map<string, Unknown & { generation: string }>();
  function note(name: string, generation: string, found: Unknown | undefined): void {
    unknown.delete(name);
    if (found === undefined) return;
    unknown.set(name, { ...found, generation });
    const [oldest] = unknown.keys();
    if (unknown.size > mostUnknown && oldest !== undefined) unknown.delete(oldest);
  }

  const write = (name: string, value: unknown, generation: string, metadata: Record<string, string>) =>
    store({ name, bytes: Buffer.from(JSON.stringify(value)), generation, metadata });

  /** Gives the generation that was written; undefined where another one is there. */
  async function store(object: {
    name: string;
    bytes: Buffer;
    generation: string;
    metadata: Record<string, string>;
    contentType?: string;
  }): Promise<string | undefined> {
    const { name, bytes, generation, metadata, contentType = "application/json" } = object;
    if (bytes.length > maximumBytes)
      throw new Permanent({
        what: `the record ${folderOf(name)} was not stored`,
        why: `it has ${bytes.length} bytes and the limit is ${maximumBytes}`,
        next: "split the hub in two in groundcrew.yaml",
      });
    const file = (await bucket()).file(name);
    const id = newId();
    try {
      await file.save(bytes, {
        resumable: false,
        contentType,
        preconditionOpts: { ifGenerationMatch: Number(generation) },
        metadata: { metadata: { ...metadata, [writeKey]: id } },
      });
      return Stored.parse(file.metadata).generation;
    } catch (error) {
      if (!isOvertaken(error)) throw storageFailure(writing, error);
      // The client tries a write again whose answer was lost, and is then refused because of its own first try.
      const [there] = (await found(file.getMetadata())) ?? [];
      return there?.metadata?.[writeKey] === id ? Stored.parse(there).generation : undefined;
    }
  }

  return {
    create: async (name, value, metadata = {}) =>
      (await write(name, value, "0", metadata)) === undefined ? "exists" : "created",
    async swap(name, value, generation, metadata = {}) {
      const noted = unknown.get(name);
      const before = noted?.generation === generation ? noted : undefined;
      const whole = before === undefined ? value : withUnknown(value, before);
      const stored = await write(name, whole, generation, metadata);
      if (stored === undefined) return "changed";
      note(name, stored, before && { known: value, whole });
      return { generation: stored };
    },

    async remove(name, generation) {
      try {
        await (await bucket())
          .file(name)
          .delete({ ifGenerationMatch: Number(generation), ignoreNotFound: true });
        return "removed";
      } catch (error) {
        if (isOvertaken(error)) return "changed";
        throw storageFailure(writing, error);
      }
    },

    keep: async (name, bytes, contentType) =>
      (await store({ name, bytes, generation: "0", metadata: {}, contentType })) === undefined
        ? "exists"
        : "created",
    async replace(name, bytes, contentType, check) {
      const [there] = (await found((await bucket()).file(name).getMetadata())) ?? [];
      const generation = there === undefined ? "0" : Stored.parse(there).generation;
      await check();
      if ((await store({ name, bytes, generation, metadata: {}, contentType })) === undefined)
        throw transient(`${folderOf(name)} was written by another delivery at the same time`);
    },
    bytes: async (name) => (await held((await bucket()).file(name)))?.bytes,

    async read(name, schema) {
      const there = await held((await bucket()).file(name));
      if (there === undefined) return undefined;
      const { bytes, generation } = there;
      const { value, unknown: found } = parse(name, bytes.toString(), schema);
      note(name, generation, found);
      return { value, generation };
    },

    async list(prefix, { from } = {}) {
      const found: Entry[] = [];
      const query = {
        prefix,
        ...(from === undefined ? {} : { startOffset: from }),
        fields: "items(name,generation,metadata),nextPageToken",
      };
      for await (const page of listed(await bucket(), reading, (item) => Listed.safeParse(item).data, query))
        found.push(
          ...page.map(({ metadata: { [writeKey]: _, ...metadata }, ...entry }) => ({ ...entry, metadata })),
        );
      return found;
    },
  };
}

/** An object as it is there; undefined where there is none. */
async function held(file: File): Promise<{ bytes: Buffer; generation: string } | undefined> {
  const there = await found(download(file, maximumBytes, reading));
  if (there === undefined) return undefined;
  const { bytes, generation } = there;
  if (bytes === undefined)
    throw unreadable(file.name, `it has more than ${maximumBytes} bytes, and no record of ours has`);
  return { bytes, generation };
}

/** An object as the answer to its writing describes it: https://docs.cloud.google.com/storage/docs/json_api/v1/objects#resource */
const Stored = z.object({ generation: z.coerce.string() });

const Listed = z.object({
  name: z.string(),
  generation: z.coerce.string(),
  metadata: z.record(z.string(), z.string()).default({}),
});

/** Understands a stored record, or says which one cannot be understood and what to do. */
export function parse<T>(name: string, text: string, schema: z.ZodType<T>): { value: T; unknown?: Unknown } {
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch {
    throw unreadable(name, "it is not JSON: the object is damaged");
  }
  const understood = understand(record, schema);
  if ("value" in understood) return understood;
  const { success: versioned, data } = z.object({ v: z.number() }).safeParse(record);
  if (versioned && data.v > 1)
    throw unreadable(name, `it is of version ${data.v}, written by a newer Groundcrew`, newerAgain);
  const { issue, isNewer } = understood;
  const field = String(issue?.path[0] ?? "the record");
  if (isNewer) throw unreadable(name, `${field}: has a word that only a newer Groundcrew knows`, newerAgain);
  // Deeper keys may be logins: they are not told.
  throw unreadable(name, `${field}: ${issue?.message}`);
}

const newerAgain = "deploy the newer version again";

function unreadable(name: string, why: string, next?: string): Permanent {
  return new Permanent({
    what: `the record in ${folderOf(name)} cannot be read`,
    why,
    next:
      next ??
      "restore the object's previous generation; do not delete it, for what is written down in it would be forgotten",
  });
}

/** A record's folder: its full name may hold a person's login and stays out of reasons. */
const folderOf = (name: string): string => name.split("/").slice(0, 2).join("/");

/** Undefined where the vendor answers that there is no such object. */
async function found<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw storageFailure(reading, error);
  }
}
