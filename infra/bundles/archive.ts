// Archive of a function for the platform: a zip with its bundle and a package.json that asks for the framework. Its name carries
// its hash, so a deployment touches the functions that changed and no others.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { FunctionName } from "../../shared/functions.ts";
import { bundleOf, framework } from "./bundle.ts";
import { zip } from "./zip.ts";

export type Archive = { bytes: Uint8Array; sha256: string };

const here = join(import.meta.dirname, "../..");

/** The archive of a function, of the project in `root`: the same bytes wherever and whenever it is made. */
export async function archiveOf(name: FunctionName, root = here): Promise<Archive> {
  const { files } = await bundleOf(name, root);
  const bytes = zip({
    ...files,
    "package.json": Buffer.from(`${JSON.stringify(manifest(root), null, 2)}\n`),
  });
  return { bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

const Manifest = z.object({ dependencies: z.object({ [framework]: z.string().regex(/^\d+\.\d+\.\d+$/) }) });

/** The platform installs the framework itself, in the version that the tests ran with. */
function manifest(root: string) {
  const { dependencies } = Manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  return { private: true, main: "index.js", type: "commonjs", dependencies, engines: { node: "24" } };
}
