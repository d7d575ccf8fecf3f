// `npm run new -- flow|page|far-end <name>`: writes the files and rows that CONTRIBUTING.md's recipe asks for. What only a person
// knows is left as a mark that begins with WRITE, which a test of test/architecture finds, and as tests that fail.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { kinds, makeNew, written } from "./new.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const [kind = "", name = ""] = process.argv.slice(2);

try {
  const made = makeNew(kind, name, root);
  written(made, root);
  const files = [...made.keys()];
  const generated = kind === "flow" ? ["docs/settings.md", "groundcrew.schema.json"] : [];
  const run = (script: string, ...args: string[]) =>
    execFileSync(process.execPath, [script, ...args], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
  run("node_modules/@biomejs/biome/bin/biome", "check", "--write", "--log-level=error", ...files);
  if (kind === "flow") run("--disable-warning=ExperimentalWarning", "shared/settings/schema.ts");
  process.stdout.write(
    `Written:\n${[...files, ...generated].map((file) => `  ${file}\n`).join("")}\n${kinds[kind]?.next(name) ?? ""}\n`,
  );
} catch (error) {
  process.stderr.write(`new: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 2;
}
