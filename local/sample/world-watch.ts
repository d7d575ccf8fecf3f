// Everything in a sample hub's folder that a person saves: it fires a flow, or, as the settings do, counts from the next start. It
// begins after the console answers: seeing a save a second later is nothing, waiting for a page is.
import type { Settings } from "../../shared/settings.ts";
import { kindsFile } from "../google/typed-cells.ts";
import { homesOf, trashedFile } from "./files-of-hubs.ts";
import { watchHomes } from "./home-watch.ts";
import type { ImageWorld } from "./image-world.ts";
import type { MemberWorld } from "./member-world.ts";
import { type Watching, watchFiles, watchFolders, watchSigns } from "./save-watch.ts";
import type { transferRequests } from "./transfer-requests.ts";
import { settingsSaved, type WorldFolder } from "./world.ts";

export async function watchWorld(options: {
  world: WorldFolder;
  settings: Settings;
  images: Pick<ImageWorld, "saved">;
  requests: Pick<ReturnType<typeof transferRequests>, "watch">;
  members: Pick<MemberWorld, "files" | "saved">;
  log: (line: string) => void;
}): Promise<Watching> {
  const { world, settings, images, members, requests, log } = options;
  const unheard = () => log("a save could not be told; the next look at the releases sees it");
  const imageSaved = (file: string): void => void images.saved(file).catch(unheard);
  const watching = await Promise.all([
    watchFiles(
      members.files.flatMap((file) => [file, kindsFile(file)]),
      () => void members.saved(),
    ),
    watchSigns(members.files.map(trashedFile), () => void members.saved()),
    watchFiles([world.releases], imageSaved),
    watchFiles([world.settings], () => log(settingsSaved(world))),
    watchFolders([world.upstream, world.registry], imageSaved),
    requests.watch(),
    watchHomes({
      homes: settings.flows["scan-quotas"] === "off" ? [] : homesOf(settings, world),
      world: world.root,
      clockFile: world.clock,
      log,
    }),
  ]);
  return { close: async () => void (await Promise.all(watching.map((each) => each.close()))) };
}
