// A saved sheet is noticed however an editor saves it, once a save; what is no save is not.
import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type Watching, watchFiles } from "../../../local/sample/save-watch.ts";

let folder = "";
let file = "";
let watching: Watching;
let saves: string[] = [];
let heard: () => void = () => undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "watch-"));
  file = join(folder, "members.csv");
  writeFileSync(file, "one\n");
  saves = [];
  watching = await watchFiles([file], (path) => {
    saves.push(path);
    heard();
  });
});
afterEach(async () => {
  await watching.close();
  rmSync(folder, { recursive: true });
});

/** Resolves with the next save that is told. */
const nextSave = () =>
  new Promise<void>((resolve) => {
    heard = resolve;
  });

test.each<[string, () => void]>([
  ["written over", () => writeFileSync(file, "two\n")],
  ["appended to", () => appendFileSync(file, "two\n")],
  [
    "another file renamed over it",
    () => {
      writeFileSync(`${file}.new`, "two\n");
      renameSync(`${file}.new`, file);
    },
  ],
  [
    "the old one renamed away first",
    () => {
      renameSync(file, `${file}~`);
      writeFileSync(file, "two\n");
    },
  ],
  [
    "deleted and written anew",
    () => {
      rmSync(file);
      writeFileSync(file, "two\n");
    },
  ],
  [
    "written in three pieces",
    () => {
      writeFileSync(file, "");
      appendFileSync(file, "two\n");
      appendFileSync(file, "three\n");
    },
  ],
])("%s: told once, and the next save too", async (_, save) => {
  for (const n of [1, 2]) {
    const told = nextSave();
    save();
    await told;
    expect(saves).toHaveLength(n);
  }
});

test("other files and a deleted sheet are nothing to tell", async () => {
  writeFileSync(join(folder, "groundcrew.yaml"), "x");
  writeFileSync(join(folder, ".members.csv.swp"), "x");
  rmSync(file);
  const told = nextSave();
  // Told only now: had any of those been told, there were more.
  await new Promise((resolve) => setImmediate(resolve));
  writeFileSync(file, "back\n");
  await told;
  expect(saves).toEqual([file]);
});
