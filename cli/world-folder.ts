// Which folder holds the sample hub that a command is about.
import { join, resolve } from "node:path";

/** The named folder; else ./world here if it is a sample hub; else the clone's own. */
export async function worldOf(options: {
  named: string | undefined;
  cwd: string;
  root: string;
}): Promise<string> {
  const { named, cwd, root } = options;
  if (named !== undefined) return resolve(cwd, named);
  const { isWorld } = await import("../local/sample/world.ts");
  const here = join(cwd, "world");
  return isWorld(here) ? here : join(root, "world");
}
