// The sample hub's upstream/ folder: what lies there is the default branch of the operator's repository, and the other way
// round once a pull request is merged.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Lays the first files; what is there is left alone. */
export function layUpstream(world: { upstream: string; releases: string; registry: string }): void {
  const from = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  mkdirSync(world.registry, { recursive: true });
  if (!existsSync(world.upstream)) cpSync(from("./upstream"), world.upstream, { recursive: true });
  if (!existsSync(world.releases)) cpSync(from("./releases.yaml"), world.releases);
}

/** Every file below the folder, by its path in the repository. Hidden ones are an editor's or git's own. */
export function readUpstream(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = entries.map(({ parentPath, name }) => relative(folder, join(parentPath, name)));
  const shown = paths.filter(
    (path) => !path.split(sep).some((part) => part.startsWith(".") || part.endsWith("~")),
  );
  return new Map(shown.sort().map((path) => [path.split(sep).join("/"), readFileSync(join(folder, path))]));
}

/** After a merge: the folder holds what the default branch does. */
export function writeUpstream(folder: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [path, bytes] of files) {
    const file = join(folder, path);
    if (existsSync(file) && readFileSync(file).equals(bytes)) continue;
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  }
}
