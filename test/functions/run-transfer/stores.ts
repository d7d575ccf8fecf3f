// Two stores that hold bytes, for tests of what a transfer proves: each object shows as much of them as its kind does.
import { hash } from "node:crypto";
import type { RemoteObject } from "../../../shared/transfers/records.ts";

/**
 * Kinds of objects by what their stores say of them: Cloud Storage an MD5, or none of one in parts; S3 an ETag, which of one in parts is no MD5; some of
 * those have the MD5 of the whole with them.
 */
export const kinds = ["md5", "composite", "etag", "parts", "parts with md5"] as const;
export type Stored = { content: string; kind: (typeof kinds)[number]; writing: number };

export type Stores = ReturnType<typeof storesOf>;

/** @param listed is called when the target has been listed, with what it held, and how often it was listed before. */
export function storesOf(options: {
  copied: (name: string) => void;
  listed: (before: number, held: ReadonlyMap<string, Stored>) => void;
  /** An object of the target was read back, and its sum was taken. */
  read?: (name: string) => void;
}) {
  const ends = { source: new Map<string, Stored>(), target: new Map<string, Stored>() };
  let writings = 0;
  let listings = 0;
  const write = (end: "source" | "target", name: string, stored: Omit<Stored, "writing">): void => {
    writings += 1;
    ends[end].set(name, { ...stored, writing: writings });
  };
  return {
    ends,
    write,
    list(end: "source" | "target"): RemoteObject[] {
      const held = new Map(ends[end]);
      if (end === "target") {
        options.listed(listings, held);
        listings += 1;
      }
      return [...held].map(([name, stored]) => ({ name, size: stored.content.length, ...shownOf(stored) }));
    },
    ask(end: "source" | "target", names: readonly string[]): Map<string, string> {
      return new Map(
        names.flatMap((name) => {
          const stored = ends[end].get(name);
          const says = stored?.kind === "parts with md5" || stored?.kind === "etag";
          return says ? [[name, md5Of(stored.content)] as const] : [];
        }),
      );
    },
    /** Names the writing of an object at the target, as a store's answer does. */
    writing(name: string): string {
      const stored = ends.target.get(name);
      const { etag, generation, md5 } = stored === undefined ? {} : shownOf(stored);
      return etag ?? generation ?? md5 ?? "";
    },
    /** A machine has read these back. */
    wasRead(end: "source" | "target", names: readonly string[]): void {
      if (end === "target") for (const name of names) options.read?.(name);
    },
    /** Gives the MD5 that a machine reads back. */
    sum(end: "source" | "target", name: string): string | undefined {
      const stored = ends[end].get(name);
      return stored && md5Of(stored.content);
    },
    /** A machine copies an object that is not there, or in the place of the writing that is named; tells whether it did. */
    copy(name: string, named?: Pick<RemoteObject, "md5" | "etag" | "generation">): boolean {
      const stored = ends.source.get(name);
      const there = ends.target.get(name);
      if (stored === undefined || (there !== undefined && !isNamed(shownOf(there), named))) return false;
      write("target", name, stored);
      options.copied(name);
      return true;
    },
  };
}

const isNamed = (shown: Partial<RemoteObject>, named: Partial<RemoteObject> = {}): boolean =>
  (["md5", "etag", "generation"] as const).some(
    (key) => named[key] !== undefined && named[key] === shown[key],
  );

const md5Of = (content: string): string => hash("md5", content);

function shownOf({ content, kind, writing }: Stored): Partial<RemoteObject> {
  switch (kind) {
    case "md5":
      return { md5: md5Of(content) };
    case "composite":
      return { generation: `${writing}` };
    case "etag":
      return { etag: md5Of(content) };
    case "parts":
    case "parts with md5":
      return { etag: `${md5Of(`parts of ${content}`)}-2` };
    default:
      return kind satisfies never;
  }
}
