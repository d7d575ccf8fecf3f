// Makes a small bundle of a function: its index.ts with everything that it imports, but for the framework, which the platform
// installs and starts. What is imported at first use lies in files of its own, so that a start need not read it. The same
// sources give the same bytes, wherever they lie.
import { join, relative } from "node:path";
import { build, type Metafile } from "esbuild";
import type { FunctionName } from "../../shared/functions.ts";
import { type Hits, lean } from "./lean.ts";

export const framework = "@google-cloud/functions-framework";

export type Bundle = {
  /** index.js, and what it imports at first use, by name. */
  files: Record<string, Uint8Array>;
  /** How often each rule of the lean plugin matched. */
  hits: Hits;
  /** Every file in it, and its share. */
  metafile: Metafile;
};

/** The project's root: where functions/ and node_modules/ are. */
const here = join(import.meta.dirname, "../..");

/** Bundles a function, of the project in `root`; throws when a check of the bundle fails. */
export async function bundleOf(name: FunctionName, root = here): Promise<Bundle> {
  const { plugin, hits } = lean();
  const made = await build({
    absWorkingDir: root,
    entryPoints: { index: join(root, "functions", name, "index.ts") },
    outdir: root,
    splitting: true,
    chunkNames: "part-[hash]",
    write: false,
    bundle: true,
    minify: true,
    // Some clients look at the name of a class: one of "Long" is written as a number, say.
    keepNames: true,
    metafile: true,
    platform: "node",
    target: "node24",
    format: "esm",
    banner: { js: commonJs },
    legalComments: "none",
    // What a module is anyway; the project's own file, which is for the compiler, has no say in the bytes.
    tsconfigRaw: { compilerOptions: { alwaysStrict: true, verbatimModuleSyntax: true } },
    external: [framework],
    logLevel: "silent",
    plugins: [plugin],
  });
  const [warning] = made.warnings;
  if (warning !== undefined)
    throw new Error(`the bundle of ${name} is in doubt: ${warning.text} (${warning.location?.file})`);
  const bytes = made.outputFiles.reduce((sum, { contents }) => sum + contents.length, 0);
  const problems = problemsOf(made.metafile, bytes);
  if (problems.length > 0) throw new Error(`the bundle of ${name} was refused: ${problems.join("; ")}`);
  const files = Object.fromEntries(
    made.outputFiles.map(({ path, contents }) => [relative(root, path), contents]),
  );
  return { files, hits: hits(Object.keys(made.metafile.inputs)), metafile: made.metafile };
}

/** What the older of the bundled libraries expect to find around them, in each file of a bundle. */
const commonJs = [
  'import{createRequire as bundleRequire}from"node:module";',
  'import{dirname as bundleDirname}from"node:path";',
  "const require=bundleRequire(import.meta.url),__filename=import.meta.filename,__dirname=bundleDirname(__filename);",
].join("");
const maximumBytes = 3_000_000;
/** What an emptied protos.js may weigh. */
const emptyBytes = 100;

/** What takes long to load, so that only first use may import it. */
const heavy =
  /(^|\/)node_modules\/(@google-cloud\/(?!functions-framework\/)|googleapis|google-|@grpc\/|@octokit\/|nodemailer\/)/;

/** What speaks against a bundle, a sentence each. */
export function problemsOf(metafile: Metafile, bytes: number): string[] {
  const problems: string[] = [];
  if (bytes > maximumBytes)
    problems.push(`it has ${bytes} bytes, and ${maximumBytes} are allowed: see in its metafile what grew`);
  for (const [path, { bytes, imports }] of Object.entries(metafile.inputs)) {
    if (/\/protos\/protos\.js$/.test(path) && bytes > emptyBytes)
      problems.push(`${path} is in it: add a rule to infra/bundles/lean.ts that empties it`);
    if (/(^|\/)node_modules\/googleapis\/build\/src\/(index|googleapis|apis\/index)\.js$/.test(path))
      problems.push(`${path} is in it: import one API of googleapis, from build/src/apis/`);
    if (path.includes("node_modules/")) continue;
    for (const { path: imported, kind } of imports) {
      if (imported.includes("node_modules/@google-cloud/compute/") && !path.includes("shared/compute/"))
        problems.push(`${path} imports @google-cloud/compute: only shared/compute/ may`);
      if (kind === "import-statement" && heavy.test(imported))
        problems.push(`${path} imports ${imported} when it loads: import it at first use`);
    }
  }
  return problems;
}
