// The database of a sample hub that has run, as people may find it one day: gone, cut, written over, without the right to write. It
// is said, nothing is made over, and all goes on once it is put back.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { makeWorld, type WorldFolder } from "../../../local/sample/world.ts";
import { takeState } from "../../../local/sample/world-state.ts";
import { explanationOf } from "../../shared/ledger-harness.ts";
import { saySkipped } from "../../skipped.ts";

let folder = "";
let world: WorldFolder;
/** A sample hub with a row in its database and a record in its ledger. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "world-state-"));
  world = makeWorld(join(folder, "world"), 7);
  const state = takeState(world);
  state.exec("CREATE TABLE kept (bytes BLOB); INSERT INTO kept VALUES (randomblob(100000))");
  state.close();
  writeFileSync(join(world.ledger, "record"), "{}");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const putBack =
  "put it back from a copy, state.db-wal with it where there is one; or delete the folder and start again";
const take = () => explanationOf(async () => takeState(world).close());

test.each<[string, (file: string) => void, string, string]>([
  ["gone", (file) => rmSync(file), "is missing or empty, and the ledger is not", putBack],
  ["empty", (file) => truncateSync(file), "is missing or empty, and the ledger is not", putBack],
  ["cut", (file) => truncateSync(file, 40_000), "is no whole database any more", putBack],
  ["damaged at its head", (file) => overwrite(file, 0), "is no whole database any more", putBack],
  ["damaged within", (file) => overwrite(file, 8192), "is no whole database any more", putBack],
  [
    "a folder",
    (file) => {
      rmSync(file);
      mkdirSync(file);
    },
    "is not a file",
    `move it away and ${putBack}`,
  ],
])("%s: refused, left as it is, and taken again when it is put back", async (_, harm, why, next) => {
  const copy = join(folder, "copy.db");
  cpSync(world.state, copy);
  harm(world.state);
  const left = statSync(world.state, { throwIfNoEntry: false })?.size;
  expect(await take()).toEqual({
    what: `the sample hub in ${world.root} is damaged`,
    why: `its .groundcrew/state.db ${why}`,
    next,
  });
  expect(statSync(world.state, { throwIfNoEntry: false })?.size).toBe(left);
  rmSync(world.state, { recursive: true, force: true });
  cpSync(copy, world.state);
  const state = takeState(world);
  expect(state.prepare("SELECT length(bytes) AS bytes FROM kept").get()).toEqual({ bytes: 100_000 });
  state.close();
});

function overwrite(file: string, at: number): void {
  const bytes = readFileSync(file);
  writeFileSync(file, bytes.fill(0xa5, at, at + 4096));
}

test("one that has never run has none, and gets one", async () => {
  rmSync(join(world.ledger, "record"));
  rmSync(world.state);
  expect(await take()).toBeUndefined();
  expect(readdirSync(world.own)).toContain("state.db");
});

test("deleted while it is held: a second instance is refused all the same", async () => {
  const state = takeState(world);
  for (const name of readdirSync(world.own)) if (name.startsWith("state.db")) rmSync(join(world.own, name));
  expect(await take()).toMatchObject({ why: expect.stringContaining("is missing or empty") });
  state.close();
});

/** Somebody whom modes bind: root writes anywhere. */
const nobody = 65_534;
const script = `
  const { worldFolder } = await import(process.argv[1]);
  const { takeState } = await import(process.argv[2]);
  try {
    takeState(worldFolder(process.argv[3])).close();
    console.log("{}");
  } catch (error) {
    console.log(JSON.stringify(error.explanation));
  }`;
const moduleOf = (name: string): string => new URL(`../../../local/sample/${name}`, import.meta.url).href;

function takenByOther(): unknown {
  const isRoot = process.getuid?.() === 0;
  const args = [
    "--no-warnings",
    "--input-type=module",
    "-e",
    script,
    moduleOf("world.ts"),
    moduleOf("world-state.ts"),
  ];
  const { stdout } = spawnSync(process.execPath, [...args, world.root], {
    encoding: "utf8",
    ...(isRoot ? { uid: nobody, gid: nobody } : {}),
  });
  return stdout === "" ? undefined : JSON.parse(stdout);
}

test("without the right to write: said with the path, and taken when it may be written again", () => {
  if (process.getuid?.() === 0)
    for (const path of [".", ...readdirSync(folder, { recursive: true, encoding: "utf8" })])
      chownSync(join(folder, path), nobody, nobody);
  for (const path of [world.root, world.mailbox, world.state]) {
    const { mode } = statSync(path);
    chmodSync(path, mode & 0o555);
    const said = takenByOther();
    if (said === undefined) {
      saySkipped("a folder that may not be written", "another user may not read this clone");
      return;
    }
    expect(said).toEqual({
      what: `the sample hub in ${world.root} cannot be written`,
      why: `the system allows no writing in ${path} (EACCES)`,
      next: "give yourself the right to write there, or name another folder: --world <dir>",
    });
    chmodSync(path, mode);
  }
  expect(takenByOther()).toEqual({});
});
