// Transfers that a simulation's people ask for, and what lies at both ends: folders whose names begin alike, one object at a bucket's root,
// and targets that have the same, another content or more already.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TransferMode } from "../../../shared/events.ts";
import { ledgerBucket } from "../../../shared/functions.ts";
import { operatorStorage, removeAsOperator } from "../house.ts";
import type { Random } from "../random.ts";
import { project, type World } from "../world.ts";
import { hub } from "./settings.ts";

export const ids = ["t1", "t2", "t3"] as const;
/** Buckets of the targets: objects of one are only ever added, those of the other may be replaced and deleted. */
export const targetBuckets = ["scratch", "mirror"] as const;

/** Transfer as a person asks for it. */
export type Wanted = {
  id: string;
  from: string;
  to: string;
  mode?: TransferMode;
  /** Place of the target by which two overlap: the path that was typed. */
  place: { bucket: string; path: string };
  /** Path in the target's bucket below which its objects come. */
  path: string;
  /** Contents at the source, by the names that they have at the target, below its path. */
  objects: Map<string, string>;
  /** The source is one object. */
  isSingle: boolean;
};

/** Object of a target: its MD5, and when it was written. */
export type There = { md5: string; generation: string; at: number };

/** Change of an object by the people of a source: when, and its content from then on; undefined where they deleted it. */
type Change = { at: number; text: string | undefined };

/** Names whose order is not the same by their bytes as folder by folder. */
const names = ["1", "2", "a/1", "a-b/1", "a.b/1", "a.b/a-b/1"] as const;
const atRoot = "a.b";
/** Name of an object that a source may get, in the midst of the others. */
export const addedName = "a.b/added";

const below = (path: string, name: string): string => (path === "" ? name : `${path}/${name}`);

/** Name of one of its objects in the target's bucket. */
export const keyOf = ({ path }: Pick<Wanted, "path">, name: string): string => below(path, name);

/** Tells whether two transfers copy into one place: the same, or one within the other. */
export function overlap({ place: a }: Wanted, { place: b }: Wanted): boolean {
  const holds = (outer: string, inner: string): boolean =>
    outer === "" || outer === inner || inner.startsWith(`${outer}/`);
  return a.bucket === b.bucket && (holds(a.path, b.path) || holds(b.path, a.path));
}

/** Draws what is asked for. */
export function wantedBy(random: Random): Map<string, Wanted> {
  const text = (id: string, name: string): string => `${id} ${name} `.repeat(random.between(1, 200));
  const asked = ({ id, path, bucket }: { id: string; path: string; bucket: string }) => {
    // A mode into a bucket that loses nothing is refused.
    const mode = random.chance(bucket === "mirror" ? 0.8 : 0.03)
      ? random.pick<TransferMode>("update", "sync")
      : undefined;
    return {
      ...{ id, to: `${bucket}:${path}`, place: { bucket, path } },
      ...(mode === undefined ? {} : { mode }),
    } as const;
  };
  const bucketOf = (): string => random.pick("scratch", "mirror", "mirror");
  const first = bucketOf();
  const folders = [
    { id: "t1", folder: "a", path: "a", bucket: first },
    {
      id: "t2",
      folder: "a-b",
      ...random.pick(
        { path: "a-b", bucket: bucketOf() },
        { path: "a-b", bucket: bucketOf() },
        { path: "a", bucket: first },
        { path: "a/a-b", bucket: first },
      ),
    },
  ];
  const ofFolders = folders.map(({ folder, ...of }): Wanted => {
    const objects = random.shuffled(names).slice(0, random.between(1, names.length));
    return {
      ...asked(of),
      from: `persistent:${folder}`,
      path: of.path,
      objects: new Map(objects.map((name) => [name, text(of.id, name)])),
      isSingle: false,
    };
  });
  // The target of one object is the folder that it comes into, or names the object itself.
  const path = random.pick("one", atRoot, "a");
  const single: Wanted = {
    ...asked({ id: "t3", path, bucket: bucketOf() }),
    from: `persistent:${atRoot}`,
    path: path === atRoot ? "" : path,
    objects: new Map([[atRoot, text("t3", atRoot)]]),
    isSingle: true,
  };
  return new Map([...ofFolders, single].map((wanted) => [wanted.id, wanted]));
}

export type Ends = ReturnType<typeof transferEnds>;

/** Lays out what the transfers find, and lets other people write at their targets. */
export function transferEnds(world: World, random: Random) {
  const wanted = wantedBy(random);
  /** Objects of targets that somebody else has written or taken away, and when they last did. */
  const touched = new Map<string, number>();
  /** Changes of objects of the sources, by their transfer and name. */
  const changes = new Map<string, Change[]>();
  const put = (bucket: string, name: string, text: string) => operatorStorage(world, bucket, name, text);
  const isOutside = world.hosts.has("s3.far");
  let waiting: (() => Promise<unknown>)[] = [];

  /** As the people of the source put it there. */
  async function offer(name: string, text: string): Promise<void> {
    if (!isOutside) return put("persistent", name, text);
    const file = join(world.folder, "persistent", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  async function withdraw(name: string): Promise<void> {
    if (!isOutside) return removeAsOperator(world, "persistent", name);
    rmSync(join(world.folder, "persistent", name));
  }

  const sourceKey = ({ from, isSingle }: Wanted, name: string): string =>
    isSingle ? name : `${from.split(":")[1]}/${name}`;

  const changesOf = (id: string, name: string): Change[] => changes.get(`${id} ${name}`) ?? [];

  /** Somebody deletes or changes an object of a source, or adds one. */
  async function owner(): Promise<void> {
    const one = wanted.get(random.pick(...ids));
    if (one === undefined) return;
    const { id, objects, isSingle } = one;
    const name = random.oneOf([...objects.keys(), ...(isSingle ? [] : [addedName])]) ?? "";
    const before = changesOf(id, name);
    const isThere = before.length === 0 ? objects.has(name) : before.at(-1)?.text !== undefined;
    const text = isThere && random.chance(0.5) ? undefined : `${id} ${name}, written anew ${before.length}`;
    if (text === undefined) await withdraw(sourceKey(one, name));
    else await offer(sourceKey(one, name), text);
    changes.set(`${id} ${name}`, [...before, { at: world.now().getTime(), text }]);
  }

  function there(bucket: string): Map<string, There> {
    const rows = world.state
      .prepare("SELECT name, md5, generation, created FROM storage_object WHERE bucket = ? ORDER BY name")
      .all(bucket);
    return new Map(
      rows.map(({ name, md5, generation, created }) => [
        String(name),
        { md5: String(md5), generation: String(generation), at: Date.parse(String(created)) },
      ]),
    );
  }

  async function fill(): Promise<void> {
    for (const one of wanted.values()) {
      const { place, path, objects } = one;
      for (const [name, text] of objects) {
        await offer(sourceKey(one, name), text);
        const drawn = random.next();
        if (drawn < 0.1) await put(place.bucket, below(path, name), text);
        else if (drawn < 0.4) await put(place.bucket, below(path, name), "of before");
      }
      // Some of it lies beside the place, and is nobody's to take away.
      for (const name of random.shuffled([`${path}/more`, `${path}/a.b/more`, "a-c/kept", "a.c"]))
        if (random.chance(0.5)) await put(place.bucket, name.replace(/^\//, ""), `more at ${name}`);
    }
  }

  /** Somebody writes at a target, or takes something away. */
  async function stranger(): Promise<void> {
    const { place, path, objects } = wanted.get(random.pick(...ids)) ?? {};
    if (place === undefined || path === undefined) return;
    const own = [...(objects?.keys() ?? [])].map((name) => below(path, name));
    const name = random.oneOf([...own, below(path, "more"), below(path, "theirs")]) ?? "";
    touched.set(`${place.bucket}/${name}`, world.now().getTime());
    if (there(place.bucket).has(name) && random.chance(0.4))
      await removeAsOperator(world, place.bucket, name);
    else await put(place.bucket, name, "somebody else's");
  }

  return {
    wanted,
    /** Words of a person who asks for it. */
    asked(id: string) {
      const { from, to, mode } = wanted.get(id) ?? {};
      return { from, to, ...(mode === undefined ? {} : { mode }) };
    },
    there,
    fill,
    stranger,
    owner,
    changesOf,
    cancel: (id: string) =>
      put(
        ledgerBucket(project),
        `transfers/${hub}/${id}/cancel.json`,
        JSON.stringify({ v: 1, by: "somebody", at: world.now().toISOString() }),
      ),
    /** Done when time next moves. */
    soon: (work: () => Promise<unknown>): void => {
      waiting.push(work);
    },
    async happen(): Promise<void> {
      const due = waiting;
      waiting = [];
      for (const work of due) await work();
    },
    /** Time at which somebody else has last written an object of a target, or has taken it away. */
    touchedAt: (bucket: string, name: string): number =>
      touched.get(`${bucket}/${name}`) ?? Number.NEGATIVE_INFINITY,
  };
}
