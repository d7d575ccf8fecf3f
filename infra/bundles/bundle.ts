// Makes a small bundle of a function: index.js with its own code, and later.js with the libraries that it imports at first use, so
// that a start need not read them. The framework is in neither: the platform installs and starts it. The same sources give
// the same bytes, wherever they lie.
import { join } from "node:path";
import { type BuildOptions, type BuildResult, build, type Metafile, type Plugin } from "esbuild";
import type { FunctionName } from "../../shared/functions.ts";
import { type Hits, lean } from "./lean.ts";

export const framework = "@google-cloud/functions-framework";

export type Bundle = {
  files: { "index.js": Uint8Array; "later.js": Uint8Array };
  /** Number of times that each rule of the lean plugin matched. */
  hits: Hits;
};

/** The project's root: where functions/ and node_modules/ are. */
const here = join(import.meta.dirname, "../..");

/** Bundles a function, of the project in `root`; throws when a check of the bundle fails. */
export async function bundleOf(name: FunctionName, root = here): Promise<Bundle> {
  const { plugin, hits } = lean();
  const libraries = new Set<string>();
  const index = await build({
    ...common(root),
    entryPoints: [join(root, "functions", name, "index.ts")],
    external: [framework, laterFile],
    plugins: [postponed(libraries), plugin],
  });
  const later = await build({
    ...common(root),
    stdin: { contents: laterModule([...libraries].sort()), resolveDir: root, sourcefile: laterFile },
    plugins: [plugin],
  });
  const files = { "index.js": codeOf(name, index), "later.js": codeOf(name, later) };
  const inputs = { ...index.metafile.inputs, ...later.metafile.inputs };
  const problems = problemsOf({ inputs }, files["index.js"].length + files["later.js"].length);
  if (problems.length > 0) throw new Error(`the bundle of ${name} was refused: ${problems.join("; ")}`);
  return { files, hits: hits(Object.keys(inputs)) };
}

const laterFile = "./later.js";

const common = (root: string) =>
  ({
    absWorkingDir: root,
    outfile: join(root, "bundle.js"),
    write: false,
    bundle: true,
    minify: true,
    // Some clients look at the name of a class: one of "Long" is written as a number, say.
    keepNames: true,
    metafile: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    legalComments: "none",
    // Says what a module is anyway. The project's own file is for the compiler, and has no say in the bytes.
    tsconfigRaw: { compilerOptions: { alwaysStrict: true, verbatimModuleSyntax: true } },
    logLevel: "silent",
  }) as const satisfies BuildOptions;

/** Sends each library that our own code imports at first use to the other file, and notes its name. */
const postponed = (libraries: Set<string>): Plugin => ({
  name: "postponed",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^.]/ }, ({ path, kind, importer }) => {
      if (kind !== "dynamic-import" || path.startsWith("node:") || importer.includes("node_modules"))
        return undefined;
      libraries.add(path);
      return { path, namespace: "postponed" };
    });
    onLoad({ filter: /.*/, namespace: "postponed" }, ({ path }) => ({
      contents: `module.exports = require(${JSON.stringify(laterFile)})[${JSON.stringify(path)}]();`,
    }));
  },
});

/** By require, so a library that comes in two forms is taken as CommonJS, whose default export is the module itself. */
const laterModule = (libraries: readonly string[]): string =>
  libraries
    .map((path) => `exports[${JSON.stringify(path)}] = () => require(${JSON.stringify(path)});\n`)
    .join("");

function codeOf(
  name: FunctionName,
  { warnings, outputFiles }: BuildResult<ReturnType<typeof common>>,
): Uint8Array {
  const [warning] = warnings;
  if (warning !== undefined)
    throw new Error(`the bundle of ${name} is in doubt: ${warning.text} (${warning.location?.file})`);
  return outputFiles[0]?.contents ?? new Uint8Array();
}

const maximumBytes = 3_000_000;
/** Bytes that an emptied protos.js may have. */
const emptyBytes = 100;

/** Libraries that take long to load, so that only first use may import them. */
const heavy =
  /(^|\/)node_modules\/(@google-cloud\/(?!functions-framework\/)|googleapis|google-|@grpc\/|@octokit\/|nodemailer\/)/;

/** Files that import all of a vendor's clients, of which a bundle needs one or two. */
const wholes = [
  {
    index: /(^|\/)node_modules\/googleapis\/build\/src\/(index|googleapis|apis\/index)\.js$/,
    instead: "one API of googleapis, from build/src/apis/",
  },
  {
    index: /(^|\/)node_modules\/@google-cloud\/compute\/build\/src\/index\.js$/,
    instead: "one client of @google-cloud/compute, from build/src/v1/",
  },
];

/** Lists what speaks against a bundle, a sentence each. */
export function problemsOf({ inputs }: Pick<Metafile, "inputs">, bundleBytes: number): string[] {
  const problems: string[] = [];
  if (bundleBytes > maximumBytes)
    problems.push(
      `it has ${bundleBytes} bytes, and ${maximumBytes} are allowed: see in its metafile what grew`,
    );
  for (const [path, { bytes, imports }] of Object.entries(inputs)) {
    if (/\/protos\/protos\.js$/.test(path) && bytes > emptyBytes)
      problems.push(`${path} is in it: add a rule to infra/bundles/lean.ts that empties it`);
    for (const { index, instead } of wholes)
      if (index.test(path)) problems.push(`${path} is in it: import ${instead}`);
    if (path.includes("node_modules/") || path === "later.js") continue;
    for (const { path: imported, kind } of imports) {
      if (/^postponed:@google-cloud\/compute\b|node_modules\/@google-cloud\/compute\//.test(imported))
        if (!path.startsWith("shared/compute/"))
          problems.push(`${path} imports @google-cloud/compute: only shared/compute/ may`);
      if (kind === "import-statement" && heavy.test(imported))
        problems.push(`${path} imports ${imported} when it loads: import it at first use`);
    }
  }
  return problems;
}
