// Rules of imports: which room may know which. A rule that fails names file and line, and says where the thing belongs instead.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { functionNames } from "../../shared/functions.ts";
import { patienceMs } from "../patience.ts";
import { filesOf, type Import, root, type Source, sourcesOf } from "./source.ts";

const sources = sourcesOf("shared", "functions", "local", "cli", "infra", "bench");
const byFile = new Map(sources.map((source) => [source.file, source]));
const there = new Set([...byFile.keys(), ...filesOf("test")]);

/** Clients of vendors: heavy, built at first use, and none of the command line's business. */
const vendors =
  /^(?:@google-cloud\/(?!functions-framework)|@octokit\/|@grpc\/|googleapis|google-auth-library|google-gax|gaxios|nodemailer|aws4fetch)/;

type Edge = Import & { source: Source };
const edges: Edge[] = sources.flatMap((source) => source.imports.map((one) => ({ ...one, source })));
const told = (wrong: Edge[], instead: string): string[] =>
  wrong.map(({ source, line, to }) => `${source.file}:${line} imports ${to}. ${instead}`);
const room = (path: string): string => path.split("/", 1)[0] ?? "";
const functionOf = (path: string): string | undefined => /^functions\/([^/]+)\//.exec(path)?.[1];

describe("rooms", () => {
  test("every import of ours leads to a file", () => {
    const gone = edges.filter(({ to }) => to.endsWith(".ts") && !there.has(to));
    expect(told(gone, "There is no such file, or this test does not read its room.")).toEqual([]);
  });

  test("a function imports no other function", () => {
    const wrong = edges.filter(({ source: { file }, to }) => {
      const [own, other] = [functionOf(file), functionOf(to)];
      return own !== undefined && other !== undefined && own !== other;
    });
    expect(told(wrong, "Move what both need to shared/.")).toEqual([]);
  });

  test("shared knows no function, no far end, no command line", () => {
    const wrong = edges.filter(
      ({ source: { file }, to }) => room(file) === "shared" && to.endsWith(".ts") && room(to) !== "shared",
    );
    expect(told(wrong, "shared/ is what all the others stand on: pass it in as an argument.")).toEqual([]);
  });

  test("functions know shared/ and themselves, never the laptop", () => {
    const wrong = edges.filter(
      ({ source: { file }, to }) =>
        room(file) === "functions" && to.endsWith(".ts") && !["shared", "functions"].includes(room(to)),
    );
    expect(told(wrong, "What runs in the cloud must not need local/, cli/, infra/ or bench/.")).toEqual([]);
  });

  test("only index.ts knows the framework", () => {
    const wrong = edges.filter(
      ({ source: { file }, to, when }) =>
        to.startsWith("@google-cloud/functions-framework") &&
        when !== "type" &&
        !/^functions\/[^/]+\/index\.ts$/.test(file) &&
        file !== "local/run/thread.ts",
    );
    expect(told(wrong, "Register functions in functions/<name>/index.ts alone.")).toEqual([]);
  });

  test("the command line holds no vendor's client, but for two commands that read by a person's own keys", () => {
    // One plans before there is a control API to ask, and shared/github/person.ts refuses what would write; one verifies a receipt when
    // there may be none any more, and shared/remotes/person.ts has nothing that writes.
    const readers = ["shared/github/person.ts", "shared/remotes/person.ts"];
    const byPerson = edges.filter(({ to, when }) => readers.includes(to) && when !== "type");
    expect(byPerson.map(({ source: { file } }) => file)).toEqual([
      "cli/commands/sheet-plan.ts",
      "cli/commands/transfer-verify.ts",
    ]);
    // Leaves out local/, whose doing is the instance's own, behind the control API.
    const seen = new Set<string>();
    const queue = sources.filter(({ file }) => room(file) === "cli").map(({ file }) => file);
    for (const file of queue) {
      if (seen.has(file) || room(file) === "local" || readers.includes(file)) continue;
      seen.add(file);
      for (const { to, when } of byFile.get(file)?.imports ?? []) if (when !== "type") queue.push(to);
    }
    const wrong = edges.filter(
      ({ source: { file }, to, when }) => seen.has(file) && when !== "type" && vendors.test(to),
    );
    expect(told(wrong, "A command asks the console's control API; the vendor's key stays there.")).toEqual(
      [],
    );
  });

  test("nothing is imported in a circle", () => {
    expect(
      circles().map((circle) => `${circle.join(" -> ")}. Move what they share to a third file.`),
    ).toEqual([]);
  });
});

/** Each way through what is loaded that comes back to where it began; types load nothing. */
function circles(): string[][] {
  const found: string[][] = [];
  const done = new Set<string>();
  const walk = (file: string, path: string[]): void => {
    const at = path.indexOf(file);
    if (at !== -1) found.push([...path.slice(at), file]);
    if (at !== -1 || done.has(file)) return;
    for (const { to, when } of byFile.get(file)?.imports ?? [])
      if (when === "load" && byFile.has(to)) walk(to, [...path, file]);
    done.add(file);
  };
  for (const { file } of sources) walk(file, []);
  return found;
}

describe("vendors' clients", () => {
  test("are imported as values by nobody while a module loads", () => {
    const wrong = edges.filter(
      ({ source: { file }, to, when }) =>
        when === "load" && vendors.test(to) && ["shared", "functions", "cli"].includes(room(file)),
    );
    expect(told(wrong, 'Use "import type", and await import() where it is first used.')).toEqual([]);
  });

  test("are not there when a handler has loaded, nor when what all are made of has", async () => {
    const modules = [
      "shared/delivery/compose.ts",
      ...functionNames.map((name) => `functions/${name}/handler.ts`),
    ];
    const script = `
      const { registerHooks } = await import("node:module");
      let loaded = new Set();
      registerHooks({ load(url, context, next) { loaded.add(url); return next(url, context); } });
      const found = {};
      for (const file of ${JSON.stringify(modules)}) {
        loaded = new Set();
        await import(${JSON.stringify(`file://${root}`)} + file);
        found[file] = [...loaded].flatMap((url) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(url)?.[1] ?? []);
      }
      console.log(JSON.stringify(found));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", script],
      { cwd: root, env: {}, timeout: patienceMs },
    );
    const found = z.record(z.string(), z.array(z.string())).parse(JSON.parse(stdout));
    expect(Object.keys(found)).toEqual(modules);
    // The hook sees what is loaded.
    expect(found["shared/delivery/compose.ts"]).toContain("zod");
    const wrong = Object.entries(found).flatMap(([file, packages]) =>
      [...new Set(packages)]
        .filter((name) => vendors.test(name) || name === "@google-cloud/functions-framework")
        .map((name) => `loading ${file} loads ${name}: it is to load at first use`),
    );
    expect(wrong).toEqual([]);
  });
});
