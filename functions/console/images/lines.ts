// Status of each hub's images, from what the last run of bump-image wrote down: every reference, and how far behind it is.
import type { ImagesLine } from "../../../shared/control.ts";
import type { ImagesState } from "../../../shared/images/records.ts";
import type { Settings } from "../../../shared/settings.ts";
import type { StatesOf } from "../states.ts";

/** Of each hub that has images, in the order of the settings. */
export async function imageLines(deps: {
  images: StatesOf<ImagesState>;
  settings: Settings;
}): Promise<ImagesLine[]> {
  const states = await deps.images.all();
  return Object.entries(deps.settings.hubs).flatMap(([hub, { images }]): ImagesLine[] => {
    if (images === undefined) return [];
    const { upstream, files } = images;
    const state = states.get(hub);
    if (state === undefined) return [{ hub, upstream, files }];
    if ("unreadable" in state) return [{ hub, upstream, files, unreadable: state.unreadable }];
    const { v: _, branch: __, refs, ...shown } = state;
    const seen = { ...shown, refs: refs.map((ref) => ({ ...ref, ...behind(ref.tag, state.releases) })) };
    return [{ hub, upstream, files, seen }];
  });
}

/** Counts the releases that a reference has let pass; gives nothing for a tag that is no release. */
function behind(tag: string, releases: readonly string[]): { behind?: number } {
  const place = releases.indexOf(tag);
  return place === -1 ? {} : { behind: place };
}
