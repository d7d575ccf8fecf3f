// requests/<id>.yaml: a person's request for a transfer. Saving one publishes it; what is wrong in it is the worker's to say,
// but for a file's name that is no id.
import { mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod";
import { codeOf } from "../../shared/errors.ts";
import { AskerName, HubName, TransferId, TransferMode } from "../../shared/events.ts";
import type { Settings } from "../../shared/settings.ts";
import { readPersonYaml } from "./person-yaml.ts";
import { type Watching, watchNames } from "./save-watch.ts";

/** A request has a hundred. */
const maximumBytes = 10_000;

const Text = z.string().max(1200).catch("");
const Request = z.object({
  hub: z.string().optional().catch(undefined),
  from: Text,
  to: Text,
  by: AskerName.optional().catch(undefined),
  mode: TransferMode.optional(),
});

export function transferRequests(options: {
  folder: string;
  settings: Settings;
  publish: (payload: Record<string, unknown>) => Promise<unknown>;
  log: (line: string) => void;
}) {
  const { folder, settings, publish, log } = options;
  makePlace();
  const isRequest = (file: string): boolean => /\.ya?ml$/.test(file);

  /** A person may have taken the folder away, and the next request needs a place to lie. */
  function makePlace(): void {
    try {
      mkdirSync(folder, { recursive: true });
    } catch {
      // Said when it is read, which cannot be done either.
    }
  }
  function names(): string[] {
    try {
      return readdirSync(folder).sort();
    } catch (error) {
      log(
        `requests/ cannot be read (${codeOf(error)}): make it a folder of yours, and what lies there is told at the next start`,
      );
      return [];
    }
  }

  async function tell(file: string): Promise<void> {
    if (settings.flows["run-transfer"] === "off") return;
    const request = requestOf(file, settings);
    if ("problem" in request) log(`requests/${basename(file)}: ${request.problem}`);
    else await publish(request.payload);
  }
  const told = (file: string): void =>
    void tell(file).catch(() => log(`requests/${basename(file)} could not be told; save it again`));

  return {
    /** All that lie there: whoever has ended already is not begun again. */
    async all(): Promise<void> {
      for (const name of names()) if (isRequest(name)) await tell(join(folder, name));
    },

    watch: (): Promise<Watching> => watchNames([folder], isRequest, told),
  };
}

/** A file's request as an event. A text that is no YAML asks for nothing, which the worker answers. */
function requestOf(
  file: string,
  settings: Settings,
): { payload: Record<string, unknown> } | { problem: string } {
  const id = TransferId.safeParse(basename(file).replace(/\.ya?ml$/, ""));
  if (!id.success) return { problem: "its name is no id: it is 1 to 28 of a-z, 0-9 and -" };
  const said = readPersonYaml(file, { maximumBytes });
  if ("problem" in said) return { problem: `it ${said.problem}: nothing was asked for` };
  const request = Request.safeParse(said.yaml);
  if (!request.success)
    return {
      problem:
        'it needs two lines, "from: <remote>:<path>" and "to: <remote>:<path>"; a third one may say "mode: update" or "mode: sync"',
    };
  const { from, to, by, mode } = request.data;
  const hubs = Object.entries(settings.hubs).filter(([, { transfers }]) => transfers !== undefined);
  const hub = HubName.safeParse(request.data.hub ?? hubs[0]?.[0]);
  if (!hub.success) return { problem: "no hub of the settings has transfers" };
  return {
    payload: {
      ...{ v: 1, hub: hub.data, id: id.data, from, to, why: "edit" },
      ...(by === undefined ? {} : { by }),
      ...(mode === undefined ? {} : { mode }),
    },
  };
}
