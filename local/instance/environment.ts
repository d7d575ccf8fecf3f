// Environment of each function's process or thread: it is told of the world around it as the cloud tells it.
import type { FunctionName } from "../../shared/functions.ts";
import type { Settings } from "../../shared/settings.ts";
import type { FrontEnd } from "../run/front-end.ts";
import type { WorldFolder } from "../sample/world.ts";
import type { FarEnds } from "./far-ends.ts";
import { audienceOf } from "./provision.ts";

type Surroundings = {
  world: WorldFolder;
  settings: Settings;
  far: FarEnds;
  urlOf: FrontEnd["urlOf"];
  door: string;
  token: string;
  origin: string;
  allowHosts?: readonly string[];
};

/** Gives what one function sees of the world: nothing of the machine's own environment. */
export function environment(name: FunctionName, around: Surroundings): Record<string, string> {
  const { world, settings, far, urlOf, door, token, origin, allowHosts = [] } = around;
  const console = name === "console";
  return {
    NODE_ENV: "production",
    // Variables that Cloud Run sets for each instance (https://cloud.google.com/run/docs/container-contract#services-env-vars).
    K_SERVICE: name,
    K_REVISION: `${name}-00001`,
    K_CONFIGURATION: name,
    GOOGLE_CLOUD_PROJECT: settings.project,
    GCE_METADATA_HOST: far.metadataHostOf(name),
    METADATA_SERVER_DETECTION: "assume-present",
    GROUNDCREW_SETTINGS: JSON.stringify(settings),
    GROUNDCREW_ENDPOINTS: JSON.stringify(console ? { ...far.endpoints, world: door } : far.endpoints),
    GROUNDCREW_AUDIENCE: audienceOf(name),
    GROUNDCREW_CLOCK_FILE: world.clock,
    GROUNDCREW_SHEET_WEBHOOK: urlOf("sheet-webhook"),
    ...(console
      ? {
          GROUNDCREW_CONSOLE_TOKEN: token,
          GROUNDCREW_CONSOLE_ORIGIN: origin,
          GROUNDCREW_CONSOLE_HOSTS: allowHosts.join(" "),
        }
      : {}),
  };
}
