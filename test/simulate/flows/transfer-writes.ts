// Rules for each write of a machine at a target, held against what people have asked for and said: nothing is written before an approval
// that it needs, and nothing is lost that nobody was shown.

import type { World } from "../world.ts";
import { hub } from "./settings.ts";
import { type Ends, keyOf, type There } from "./transfer-ends.ts";
import type { People } from "./transfer-people.ts";

/** Write of a machine at a target, with the object as it was before and is after it. */
export type MachineWrite = {
  machine: string;
  transfer: string;
  bucket: string;
  name: string;
  before: There | undefined;
  after: There | undefined;
};

/** @param found takes a sentence for each write that should not have been. */
export function writeRules(
  world: World,
  { ends, people, found }: { ends: Ends; people: People; found: string[] },
) {
  /** Sizes of objects that each transfer has written. */
  const written = new Map<string, Map<string, number>>();
  const { approveAbove } = world.settings.hubs[hub]?.transfers ?? {};

  /** Says why a transfer may not copy so much unasked. */
  function aboveText(id: string): string | undefined {
    const sizes = [...(written.get(id)?.values() ?? [])];
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    const { objects = Number.POSITIVE_INFINITY, gigabytes = Number.POSITIVE_INFINITY } = approveAbove ?? {};
    if (sizes.length > objects) return `${sizes.length} objects, where ${objects} go unasked`;
    return bytes > gigabytes * 1e9 ? `${bytes} bytes, where ${gigabytes * 1e9} go unasked` : undefined;
  }

  /** Name of an object below its transfer's path. */
  function ownName(id: string, name: string): string {
    const { path = "" } = ends.wanted.get(id) ?? {};
    return path === "" ? name : name.slice(path.length + 1);
  }

  /** Says why the loss of an object should not have been. */
  function lost({ transfer: id, bucket, name, before, after }: MachineWrite & { before: There }): string[] {
    const what = after === undefined ? "deleted" : "replaced";
    const wanted = ends.wanted.get(id);
    const mayBe = after === undefined ? ["sync"] : ["update", "sync"];
    const shown = people.approved(id).find(({ loses }) => loses.includes(`${what}: ${ownName(id, name)}`));
    const away = after === undefined && wanted !== undefined ? missing(wanted.id) : [];
    return [
      ...(mayBe.includes(wanted?.mode ?? "")
        ? []
        : [`${id} has ${what} ${name} in the mode ${wanted?.mode}`]),
      ...(shown === undefined ? [`${id} has ${what} ${name}, which no approved plan has named`] : []),
      // The same bytes, written once more, are what was shown.
      ...(shown !== undefined && before.at > shown.at && shown.there.get(name)?.md5 !== before.md5
        ? [`${id} has ${what} ${name}, which somebody had written since the plan`]
        : []),
      ...(away.length === 0
        ? []
        : [`${id} has deleted ${name} of ${bucket}, and ${away.join(", ")} is not there yet`]),
    ];
  }

  /** Names of a transfer that are not at its target, but for those that somebody else took away, there or at the source. */
  function missing(id: string): string[] {
    const wanted = ends.wanted.get(id);
    if (wanted === undefined) return [];
    const { bucket } = wanted.place;
    const there = ends.there(bucket);
    return [...wanted.objects.keys()]
      .filter((name) => ends.changesOf(id, name).length === 0)
      .map((name) => keyOf(wanted, name))
      .filter((name) => !there.has(name) && ends.touchedAt(bucket, name) === Number.NEGATIVE_INFINITY);
  }

  /** Size of an object when it was planned at the least: somebody may have changed it since. */
  function leastSize(id: string, name: string): number {
    const texts = ends.changesOf(id, name).map(({ text }) => text);
    return Math.min(...[ends.wanted.get(id)?.objects.get(name), ...texts].map((text = "") => text.length));
  }

  return {
    /** Says whether a machine has ever written something of it. */
    hasWritten: (id: string): boolean => written.has(id),
    wrote(write: MachineWrite): void {
      const { machine, transfer: id, bucket, name, before, after } = write;
      world.timeline.note(
        `machine ${machine} ${before === undefined ? "adds" : after === undefined ? "deletes" : "replaces"} ${bucket}/${name}`,
      );
      const wanted = ends.wanted.get(id);
      const names = written.get(id) ?? new Map<string, number>();
      written.set(id, names);
      if (after !== undefined) names.set(name, leastSize(id, ownName(id, name)));
      if (wanted?.place.bucket !== bucket || keyOf(wanted, ownName(id, name)) !== name)
        found.push(`${id} has written ${bucket}/${name}, which is no part of its target`);
      if (before !== undefined) found.push(...lost({ ...write, before }));
      if (people.approved(id).length > 0) return;
      if (people.wasAsked(id)) found.push(`${id} has written ${name} before anybody has approved its plan`);
      const above = aboveText(id);
      if (above !== undefined) found.push(`${id} has copied ${above}, and nobody has approved that`);
    },
  };
}
