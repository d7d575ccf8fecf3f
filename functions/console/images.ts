// Where each hub's images stand, from what the last run of bump-image wrote down: every reference, and how far behind it is.

import type { ImagesLine } from "../../shared/control.ts";
import { type Explanation, isPermanent } from "../../shared/errors.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { ImagesHead } from "../../shared/records.ts";
import type { Settings } from "../../shared/settings.ts";

/** Of each hub that has images, in the order of the settings. */
export async function imageLines({
  ledger,
  settings,
}: {
  ledger: Ledger;
  settings: Settings;
}): Promise<ImagesLine[]> {
  const hubs = Object.entries(settings.hubs).flatMap(([hub, { images }]) =>
    images === undefined ? [] : [{ hub, images }],
  );
  return Promise.all(
    hubs.map(async ({ hub, images: { upstream, files } }): Promise<ImagesLine> => {
      const head = await headOf(hub, ledger);
      if (head === undefined) return { hub, upstream, files };
      if ("unreadable" in head) return { hub, upstream, files, unreadable: head.unreadable };
      const { v: _, branch: __, refs, ...shown } = head;
      const seen = { ...shown, refs: refs.map((ref) => ({ ...ref, ...behind(ref.tag, head.releases) })) };
      return { hub, upstream, files, seen };
    }),
  );
}

/** How many releases a reference has let pass; nothing for a tag that is no release. */
function behind(tag: string, releases: readonly string[]): { behind?: number } {
  const place = releases.indexOf(tag);
  return place === -1 ? {} : { behind: place };
}

async function headOf(
  hub: string,
  ledger: Ledger,
): Promise<ImagesHead | { unreadable: Explanation } | undefined> {
  try {
    return (await ledger.read(`head/images/${hub}.json`, ImagesHead))?.value;
  } catch (error) {
    if (!isPermanent(error)) throw error;
    return { unreadable: error.explanation };
  }
}
