// One bucket: its rows and its files, kept in step. Whoever writes bytes here has them either as a whole object or not at all.
import type { Digest } from "./digest.ts";
import { digester } from "./digest.ts";
import { type Append, type Bytes, bucketFiles, type Layout, type Opened } from "./files.ts";
import { plainFile } from "./names.ts";
import type { Attributes, Listing, ListQuery, Objects, StoredObject } from "./objects.ts";

export type BucketOptions = {
  folder: string;
  layout: Layout;
  /** Place in which it lies, such as EUROPE-WEST1, NAM4 or US. */
  location?: string;
  /** Told after an object has been made or replaced, by a client or by a person's edit of the folder. */
  onChange?: (object: { bucket: string; name: string; generation: number }) => void;
};

/** Bytes that have arrived and are nobody's object yet. */
export type Staged = { file: string; digest: Digest };

export type Bucket = ReturnType<typeof openBucket>;

/** Opens the bucket's folder, and tidies what a kill has left there; `uploads` are the files of unfinished uploads. */
export function openBucket(
  bucket: string,
  options: BucketOptions & { objects: Objects; append?: Append | undefined; uploads: string[] },
) {
  const { layout, objects, onChange } = options;
  const files = bucketFiles(options.folder, layout, options.append);
  const known = objects.all(bucket);
  // An index that knows nothing may be a new one beside an old folder: then nothing is taken for rubbish.
  if (known.length > 0) files.sweep(new Set([...known.map(({ file }) => file), ...options.uploads]));
  let refreshing: Promise<void> | undefined;

  const changed = ({ name, generation }: StoredObject): void => onChange?.({ bucket, name, generation });

  /** Takes a file as a person has left it for the object of that name. */
  async function adopt(
    name: string,
    seen: { size: number; mtimeMs: number },
    composed: boolean,
  ): Promise<void> {
    const before = objects.find(bucket, name);
    const asBefore = before?.file === name && before.size === seen.size && before.mtimeMs === seen.mtimeMs;
    if (asBefore && (before.md5 === "") === composed) return;
    const whole = await files.digest(name);
    const digest = composed ? { ...whole, md5: "" } : whole;
    const outcome = objects.replace(
      { bucket, name, digest, attributes: {} },
      (current) => (current?.generation === before?.generation ? undefined : "overtaken"),
      () => ({ file: name, mtimeMs: seen.mtimeMs }),
    );
    if ("refused" in outcome) return;
    if (before !== undefined && before.file !== name) files.remove(before.file);
    changed(outcome.stored);
  }

  function forgetIfGone(row: StoredObject): void {
    if (!files.isPlain(row.file) || files.stat(row.file) !== undefined) return;
    const overtaken = (current: StoredObject | undefined) =>
      current?.generation === row.generation ? undefined : "overtaken";
    objects.remove(bucket, row.name, overtaken, () => undefined);
  }

  async function refreshAll(): Promise<void> {
    const composed = files.composed();
    for (const { name, ...seen } of files.walk()) await adopt(name, seen, composed.has(name));
    for (const row of objects.all(bucket)) forgetIfGone(row);
  }

  async function refreshOne(name: string): Promise<void> {
    const file = layout === "plain" ? plainFile(name) : undefined;
    if (file === undefined) return;
    const seen = files.stat(file);
    if (seen !== undefined) return adopt(name, seen, files.composed().has(name));
    const row = objects.find(bucket, name);
    if (row !== undefined) forgetIfGone(row);
  }

  return {
    files,

    async find(name: string): Promise<StoredObject | undefined> {
      await refreshOne(name);
      return objects.find(bucket, name);
    },

    async list(query: ListQuery): Promise<Listing> {
      if (layout === "plain") {
        refreshing ??= refreshAll().finally(() => {
          refreshing = undefined;
        });
        await refreshing;
      }
      return objects.list(bucket, query);
    },

    /** Takes in bytes under a name that nothing refers to. Nothing stays of them when that fails. */
    async stage(id: string, bytes: Bytes): Promise<Staged> {
      const file = files.incoming(id);
      const sum = digester();
      try {
        await files.write(file, bytes, sum.add);
      } catch (error) {
        files.remove(file);
        throw error;
      }
      return { file, digest: sum.digest() };
    },

    /** Makes staged bytes the object, if `allow` agrees with what is there at that moment. */
    async commit<R>(
      name: string,
      staged: Staged,
      attributes: Attributes,
      allow: (current: StoredObject | undefined) => R | undefined,
    ): Promise<{ refused: R } | { stored: StoredObject }> {
      try {
        await refreshOne(name);
        const outcome = objects.replace(
          { bucket, name, digest: staged.digest, attributes },
          allow,
          (generation) => files.place(staged.file, name, generation),
        );
        if ("refused" in outcome) return outcome;
        const { stored, replaced } = outcome;
        if (replaced !== undefined && replaced.file !== stored.file) files.remove(replaced.file);
        changed(stored);
        return { stored };
      } finally {
        files.remove(staged.file);
      }
    },

    async remove<R>(
      name: string,
      allow: (current: StoredObject | undefined) => R | undefined,
    ): Promise<{ refused: R } | { removed: StoredObject | undefined }> {
      await refreshOne(name);
      // A person's file would come back as an object if its row went first; one of ours must outlive its row's promise.
      const outcome = objects.remove(bucket, name, allow, ({ file }) => {
        if (files.isPlain(file)) files.remove(file);
      });
      if ("removed" in outcome && outcome.removed !== undefined) files.remove(outcome.removed.file);
      return outcome;
    },

    /** The object's bytes, with the checksums of what really lies there, should somebody have edited it by hand. */
    async open(object: StoredObject): Promise<{ opened: Opened; digest: Digest } | undefined> {
      const opened = files.open(object.file);
      if (opened === undefined) return undefined;
      const asStored = opened.size === object.size && opened.mtimeMs === object.mtimeMs;
      return { opened, digest: asStored ? object : await files.digest(object.file) };
    },
  };
}
