// requests/<id>.yaml: a person's wish for a transfer. Saving one publishes it; what is wrong in it is the worker's to say,
// but for a file's name that is no id.
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseDocument } from "yaml";
import { z } from "zod";
import { HubName, TransferId } from "../shared/events.ts";
import type { Settings } from "../shared/settings.ts";
import { type Watching, watchNames } from "./save-watch.ts";

/** A wish has a hundred. */
const maximumCharacters = 10_000;

const Text = z.string().max(1200).catch("");
const Wish = z.object({ hub: z.string().optional().catch(undefined), from: Text, to: Text });

export function transferWishes(options: {
  folder: string;
  settings: Settings;
  publish: (payload: Record<string, unknown>) => Promise<unknown>;
  log: (line: string) => void;
}) {
  const { folder, settings, publish, log } = options;
  // A person may have taken it away, and the next wish needs a place to lie.
  mkdirSync(folder, { recursive: true });
  const isWish = (file: string): boolean => /\.ya?ml$/.test(file);

  async function tell(file: string): Promise<void> {
    if (settings.flows["run-transfer"] === "off") return;
    const wish = wishOf(file, settings);
    if ("problem" in wish) log(`requests/${basename(file)}: ${wish.problem}`);
    else await publish(wish.payload);
  }
  const told = (file: string): void =>
    void tell(file).catch(() => log(`requests/${basename(file)} could not be told; save it again`));

  return {
    /** All that lie there: whoever has ended already is not begun again. */
    async all(): Promise<void> {
      const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
      for (const { name } of files) if (isWish(name)) await tell(join(folder, name));
    },

    watch: (): Promise<Watching> => watchNames([folder], isWish, told),
  };
}

/** A file's wish as an event. A text that is no YAML wishes for nothing, which the worker answers. */
function wishOf(
  file: string,
  settings: Settings,
): { payload: Record<string, unknown> } | { problem: string } {
  const id = TransferId.safeParse(basename(file).replace(/\.ya?ml$/, ""));
  if (!id.success) return { problem: "its name is no id: it is 1 to 28 of a-z, 0-9 and -" };
  let text: string;
  try {
    text = readFileSync(file, "utf8").slice(0, maximumCharacters);
  } catch {
    return { problem: "it cannot be read" };
  }
  const document = parseDocument(text, { prettyErrors: false });
  if (document.errors.length > 0) return { problem: "it is no YAML: nothing was asked for" };
  const wish = Wish.safeParse(document.toJS({ maxAliasCount: 0 }));
  if (!wish.success)
    return { problem: 'it needs two lines, "from: <remote>:<path>" and "to: <remote>:<path>"' };
  const { from, to } = wish.data;
  const hubs = Object.entries(settings.hubs).filter(([, { transfers }]) => transfers !== undefined);
  const hub = HubName.safeParse(wish.data.hub ?? hubs[0]?.[0]);
  if (!hub.success) return { problem: "no hub of the settings has transfers" };
  return { payload: { v: 1, hub: hub.data, id: id.data, from, to, why: "edit" } };
}
