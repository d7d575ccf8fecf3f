// A sample hub of a test's own, in a temporary folder: the instance as `npm start` makes it, without its console.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Instance, type InstanceOptions, startInstance } from "../../local/instance/instance.ts";
import { defaultPeople, makeWorld } from "../../local/sample/world.ts";
import { readLines } from "../../local/slack/log.ts";
import type { FlowName } from "../../shared/functions.ts";

export type Sample = {
  folder: string;
  /** Starts on the folder, and stops what was started before. */
  start: (options?: Partial<InstanceOptions>) => Promise<Instance>;
  /** The people to whom a mail lies in the mailbox, in order; one entry a mail. */
  mailedTo: () => string[];
  subjects: () => string[];
  /** The first line of each message to the team in slack.log, in order. */
  posts: () => string[];
  close: () => Promise<void>;
};

/** With `only`, every other flow is off, so that a test of one flow says nothing of the others. */
export function sample(options: { only?: FlowName | readonly FlowName[] } = {}): Sample {
  const { only } = options;
  const folder = mkdtempSync(join(tmpdir(), "sample-"));
  // Kept while it begins: a test that ends before that has something to close, too.
  let begun: Promise<Instance> | undefined;
  const end = async () => (await begun?.catch(() => undefined))?.close();
  const mails = () => {
    const mailbox = join(folder, "hub", "mailbox");
    return readdirSync(mailbox)
      .filter((name) => name.endsWith(".eml"))
      .map((name) => readFileSync(join(mailbox, name), "utf8"));
  };
  const header = (name: string) =>
    mails()
      .map((mail) => new RegExp(`^${name}: (.*)$`, "m").exec(mail)?.[1] ?? "")
      .sort();
  return {
    folder: join(folder, "hub"),
    async start(options = {}) {
      await end();
      makeWorld(join(folder, "hub"), options.people ?? defaultPeople);
      if (only !== undefined) switchOff(join(folder, "hub"), [only].flat());
      begun = startInstance({
        world: join(folder, "hub"),
        console: false,
        log: () => undefined,
        ...options,
      });
      return begun;
    },
    mailedTo: () => header("To"),
    subjects: () => header("Subject"),
    posts: () =>
      readLines(join(folder, "hub", "slack.log"), 1000)
        .posts.map(({ text }) => text.split("\n")[0] ?? "")
        .sort(),
    async close() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function switchOff(folder: string, only: readonly FlowName[]): void {
  const { settings } = makeWorld(folder, defaultPeople);
  const text = readFileSync(settings, "utf8");
  const flows = text.replace(/(?<=\nflows:\n)(?: {2}.*\n)+/, (lines) =>
    lines.replaceAll(/^( {2}([\w-]+)): .*$/gm, (line, key, flow) =>
      only.includes(flow) ? line : `${key}: off`,
    ),
  );
  if (flows !== text) writeFileSync(settings, flows);
}
