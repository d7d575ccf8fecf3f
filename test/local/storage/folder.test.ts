// A bucket that a person edits: the file's path is the object's name, and what the person does is seen at the next look.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Bucket } from "@google-cloud/storage";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { codeOf, storageHarness } from "./harness.ts";

let served: Awaited<ReturnType<typeof storageHarness>>;
let bucket: Bucket;
let folder: string;

beforeEach(async () => {
  served = await storageHarness();
  bucket = (await served.operator()).bucket("remote");
  folder = join(served.folder, "remote");
});
afterEach(async () => {
  expect(served.farEnd.violations).toEqual([]);
  await served.close();
});

const plain = { resumable: false };
const names = async (): Promise<string[]> => (await bucket.getFiles())[0].map(({ name }) => name);
const textOf = async (name: string): Promise<string> => (await bucket.file(name).download())[0].toString();

/** One object that a client writes, one that a person drops. */
async function writeBoth(): Promise<void> {
  await bucket.file("data/a.txt").save("from a client", plain);
  mkdirSync(join(folder, "dropped/here"), { recursive: true });
  writeFileSync(join(folder, "dropped/here/ü.txt"), "from a person");
}

test("what a client writes is a file, what a person drops is an object", async () => {
  await writeBoth();
  expect(readFileSync(join(folder, "data/a.txt"), "utf8")).toBe("from a client");
  expect(await names()).toEqual(["data/a.txt", "dropped/here/ü.txt"]);
  expect(await textOf("dropped/here/ü.txt")).toBe("from a person");
  expect(served.changes).toEqual(["data/a.txt", "dropped/here/ü.txt"]);
});

test("an edit is a new generation, and a deletion is one", async () => {
  await writeBoth();
  const [before] = await bucket.file("data/a.txt").getMetadata();
  writeFileSync(join(folder, "data/a.txt"), "edited by hand");
  expect(
    await codeOf(
      bucket
        .file("data/a.txt")
        .save("x", { ...plain, preconditionOpts: { ifGenerationMatch: Number(before.generation) } }),
    ),
  ).toBe(412);
  expect(await textOf("data/a.txt")).toBe("edited by hand");
  rmSync(join(folder, "data/a.txt"));
  expect(await codeOf(textOf("data/a.txt"))).toBe(404);
  expect(await names()).toEqual(["dropped/here/ü.txt"]);
});

test("deleting an object deletes the file, for good", async () => {
  await writeBoth();
  await bucket.file("dropped/here/ü.txt").delete();
  expect(existsSync(join(folder, "dropped/here/ü.txt"))).toBe(false);
  expect(await names()).toEqual(["data/a.txt"]);
});

test("names that cannot be paths are kept all the same, and nothing leaves the folder", async () => {
  const odd = [
    "../../escape",
    "a//b",
    "both",
    "both/inside",
    "end/",
    "/rooted",
    ".groundcrew/objects/x",
    "x".repeat(300),
    "link/out",
  ];
  const outside = mkdtempSync(join(tmpdir(), "outside-"));
  symlinkSync(outside, join(folder, "link"));
  for (const name of odd) await bucket.file(name).save(`this is ${name.slice(0, 30)}`, plain);
  for (const name of odd) expect(await textOf(name)).toBe(`this is ${name.slice(0, 30)}`);
  expect((await names()).sort()).toEqual([...odd].sort());
  expect([existsSync(join(served.folder, "../escape")), existsSync(join(outside, "out"))]).toEqual([
    false,
    false,
  ]);
  rmSync(outside, { recursive: true });
  for (const name of odd) await bucket.file(name).delete();
  expect(await names()).toEqual([]);
});
