// Folder where functions listen: the user's alone, wherever it is made, and gone when it is not needed any more.
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { socketFolder } from "../../../local/run/socket-folder.ts";
import { explanationOf } from "../../shared/ledger-harness.ts";

const parent = mkdtempSync(join(tmpdir(), "sockets-"));
afterAll(() => rmSync(parent, { recursive: true, force: true }));

const why = (at: string): Promise<unknown> => explanationOf(async () => socketFolder({ parent: at }));

test("is the user's alone, and goes with what is in it", () => {
  const { folder, socketOf, remove } = socketFolder({ parent });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  writeFileSync(socketOf("console-1"), "");
  remove();
  expect(existsSync(folder)).toBe(false);
});

test("is refused where others could put their own in its place, and where its path would be too long", async () => {
  const open = join(parent, "open");
  mkdirSync(open);
  chmodSync(open, 0o777);
  const deep = join(parent, "d".repeat(80));
  mkdirSync(deep);
  const next = "set TMPDIR to another folder of yours, and start again";
  const what = "the functions have nowhere to listen";
  expect(await why(open)).toEqual({
    what,
    why: `others may put another folder in the place of one in ${open}`,
    next,
  });
  expect(await why(deep)).toEqual({ what, why: `a socket in ${deep} would have too long a path`, next });
  chmodSync(open, 0o1777);
  socketFolder({ parent: open }).remove();
});

test("is refused where a folder further above is open to all, or another user's", async () => {
  const above = join(parent, "above");
  const inner = join(above, "inner");
  mkdirSync(inner, { recursive: true });
  chmodSync(above, 0o777);
  expect(await why(inner)).toMatchObject({ why: `everybody may write in ${above}` });
  if (process.getuid?.() !== 0) {
    process.stderr.write("SKIPPED in test/local/run/socket-folder.test.ts: what needs root\n");
    return;
  }
  chmodSync(above, 0o755);
  chownSync(above, 65_534, 65_534);
  expect(await why(inner)).toMatchObject({
    why: `another user, whose ${above} is, could put something else in its place`,
  });
  chownSync(above, 0, 0);
  socketFolder({ parent: inner }).remove();
});

test("what a killed instance has left is taken away by the next, and nothing else is", () => {
  const keptIn = join(parent, "kept");
  const left = socketFolder({ parent, keptIn });
  writeFileSync(left.socketOf("console-1"), "");
  const other = socketFolder({ parent });
  writeFileSync(join(other.folder, "thesis.txt"), "");
  const next = socketFolder({ parent, keptIn });
  expect([existsSync(left.folder), existsSync(next.folder)]).toEqual([false, true]);
  // The file is somebody else's: it names folders that are not ours to delete.
  for (const named of [other.folder, parent, tmpdir(), `${parent}/crew-gone`, "", `${next.folder}/../..`]) {
    writeFileSync(keptIn, named);
    socketFolder({ parent, keptIn }).remove();
  }
  expect(existsSync(join(other.folder, "thesis.txt"))).toBe(true);
});
