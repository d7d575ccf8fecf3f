// Where each hub's images stand, from what the last run of bump-image wrote down: every reference, and how far behind it is.
import type { ImagesLine } from "../../../shared/control.ts";
import type { ImagesState } from "../../../shared/images/records.ts";
import type { Settings } from "../../../shared/settings.ts";
import type { HeadsOf } from "../heads.ts";

/** Of each hub that has images, in the order of the settings. */
export async function imageLines(deps: {
  images: HeadsOf<ImagesState>;
  settings: Settings;
}): Promise<ImagesLine[]> {
  const heads = await deps.images.all();
  return Object.entries(deps.settings.hubs).flatMap(([hub, { images }]): ImagesLine[] => {
    if (images === undefined) return [];
    const { upstream, files } = images;
    const head = heads.get(hub);
    if (head === undefined) return [{ hub, upstream, files }];
    if ("unreadable" in head) return [{ hub, upstream, files, unreadable: head.unreadable }];
    const { v: _, branch: __, refs, ...shown } = head;
    const seen = { ...shown, refs: refs.map((ref) => ({ ...ref, ...behind(ref.tag, head.releases) })) };
    return [{ hub, upstream, files, seen }];
  });
}

/** How many releases a reference has let pass; nothing for a tag that is no release. */
function behind(tag: string, releases: readonly string[]): { behind?: number } {
  const place = releases.indexOf(tag);
  return place === -1 ? {} : { behind: place };
}
