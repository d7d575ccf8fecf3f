// The sample hub's own folder is its user's alone: made so, mended where an older version left it open, refused where somebody
// else has had, or could have, a hand in it.
import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { makeWorld } from "../../../local/sample/world.ts";
import { groundcrew } from "../../cli/spawned.ts";
import { modesBelow } from "../../security/laptop.ts";
import { explanationOf } from "../../shared/ledger-harness.ts";
import { saySkipped } from "../../skipped.ts";

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "own-folder-"));
  folder = join(parent, "hub");
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const posix = process.getuid === undefined ? test.skip : test;
const asRoot = process.getuid?.() === 0 ? test : test.skip;
if (process.getuid?.() !== 0)
  saySkipped("test/local/sample/own-folder.long.ts, another user's folder", "it needs root");
const open = (path: string) => modesBelow(path).filter(({ mode }) => (mode & 0o077) !== 0);
const make = (log?: (line: string) => void) => makeWorld(folder, 1, log);

posix("whatever the command makes is its user's alone, its keys, records and mails", async () => {
  const { code } = await groundcrew(["run", "sync-members", "--world", folder]);
  expect(code).toBe(0);
  expect(modesBelow(join(folder, ".groundcrew")).length).toBeGreaterThan(20);
  expect(open(join(folder, ".groundcrew"))).toEqual([]);
  expect(open(join(folder, "mailbox"))).toEqual([]);
});

posix(
  "one that an older version left open is closed, with one line; the next start has nothing to say",
  () => {
    const world = make();
    for (const { path, isFolder } of [...modesBelow(world.own), ...modesBelow(world.mailbox)])
      chmodSync(path, isFolder ? 0o755 : 0o644);
    chmodSync(world.members, 0o644);
    const said: string[] = [];
    make((line) => said.push(line));
    make((line) => said.push(line));
    expect(said).toEqual([".groundcrew, mailbox could be read by other users: now only by you"]);
    expect([...open(world.own), ...open(world.mailbox)]).toEqual([]);
    // A sheet that somebody shares stays as it is.
    expect(statSync(world.members).mode & 0o777).toBe(0o644);
  },
);

posix("a link in its place is refused, and nothing is written behind it", async () => {
  mkdirSync(folder);
  mkdirSync(join(parent, "elsewhere"));
  symlinkSync("../elsewhere", join(folder, ".groundcrew"));
  expect(await explanationOf(async () => make())).toMatchObject({
    what: `${join(folder, ".groundcrew")} is not yours alone`,
    why: expect.stringContaining("a link to elsewhere"),
    next: expect.stringContaining("--world <dir>"),
  });
  expect(modesBelow(join(parent, "elsewhere"))).toHaveLength(1);
});

posix(
  "a folder above it in which everybody may write is refused, unless only owners may move what lies there",
  async () => {
    chmodSync(parent, 0o777);
    expect(await explanationOf(async () => make())).toMatchObject({
      why: expect.stringContaining(`everybody may write in ${parent}`),
      next: expect.stringContaining(`chmod o-w ${parent}`),
    });
    chmodSync(parent, 0o1777);
    expect(make().root).toBe(folder);
  },
);

asRoot(
  "a folder, or a link, above it that belongs to another user is refused: its owner may exchange it",
  async () => {
    chownSync(parent, 65_534, 65_534);
    expect(await explanationOf(async () => make())).toMatchObject({
      what: `${folder} is not yours alone`,
      why: expect.stringContaining(`another user, whose ${parent} is, could put something else in its place`),
      next: expect.stringContaining("--world <dir>"),
    });
    chownSync(parent, 0, 0);
    mkdirSync(join(parent, "real"));
    symlinkSync("real", folder);
    lchownSync(folder, 65_534, 65_534);
    expect(await explanationOf(async () => make())).toMatchObject({
      why: expect.stringContaining(`whose ${folder} is`),
    });
    expect(readdirSync(join(parent, "real"))).toEqual([]);
    lchownSync(folder, 0, 0);
    expect(make().root).toBe(folder);
  },
);

posix("a link in a folder in which everybody may write is refused, wherever it leads", async () => {
  mkdirSync(join(parent, "real"));
  mkdirSync(join(parent, "open"));
  symlinkSync("../real", join(parent, "open", "hub"));
  chmodSync(join(parent, "open"), 0o777);
  expect(await explanationOf(async () => makeWorld(join(parent, "open", "hub"), 1))).toMatchObject({
    why: expect.stringContaining(`everybody may write in ${join(parent, "open")}`),
  });
});

asRoot("another user's is refused, and so is one with a file of another user in it", async () => {
  const world = make();
  const planted = join(world.secrets, "planted");
  writeFileSync(planted, "x");
  chownSync(planted, 65_534, 65_534);
  chmodSync(world.own, 0o755);
  expect(await explanationOf(async () => make())).toMatchObject({
    what: `${planted} is not yours alone`,
    why: expect.stringContaining("it belongs to another user"),
  });
  rmSync(planted);
  chownSync(world.own, 65_534, 65_534);
  expect(await explanationOf(async () => make())).toMatchObject({ what: `${world.own} is not yours alone` });
  expect(statSync(world.own).mode & 0o777).toBe(0o755);
});
