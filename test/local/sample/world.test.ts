// A sample hub's folder: made where there is none, refused where there is something else, and one instance's at a time.
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  isWorld,
  makeWorld,
  readSettings,
  type WorldFolder,
  worldFolder,
} from "../../../local/sample/world.ts";
import { isHeld, takeState } from "../../../local/sample/world-state.ts";
import { ownChild } from "../../children.ts";
import { explanationOf } from "../../shared/ledger-harness.ts";

let base = "";
let folder = "";
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "world-"));
  folder = join(base, "world");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

/** Every file below, by its path, with its content. */
const filesOf = (root: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path.slice(root.length + 1), readFileSync(path, "utf8")]),
  );
const refusal = (people = 60, where = folder) => explanationOf(async () => makeWorld(where, people));

describe("made", () => {
  test.each([
    ["in a new folder", "world", ""],
    ["in a new folder within new folders", "world/a/b", ""],
    ["in an empty folder", "world", "world"],
  ])("%s", (_, path, there) => {
    folder = join(base, path);
    mkdirSync(join(base, there), { recursive: true });
    expect(isWorld(folder)).toBe(false);
    const world = makeWorld(folder, 7);
    expect(isWorld(folder)).toBe(true);
    // Counts what people put into homes and buckets, and does not name it.
    const [inside, files] = Object.keys(filesOf(folder))
      .sort()
      .reduce<[Record<string, number>, string[]]>(
        ([counts, named], file) => {
          const [, top] = /^(homes|buckets|registry)\//.exec(file) ?? [];
          return top === undefined
            ? [counts, [...named, file]]
            : [{ ...counts, [top]: (counts[top] ?? 0) + 1 }, named];
        },
        [{}, []],
      );
    expect(files).toEqual([
      ".groundcrew/people.json",
      "groundcrew.yaml",
      "members.csv",
      "releases.yaml",
      "requests/first-copy.yaml",
      "upstream/README.md",
      "upstream/config/clusters/sample/common.values.yaml",
      "upstream/config/clusters/sample/public.values.yaml",
      "upstream/config/clusters/sample/staging.values.yaml",
    ]);
    expect(inside["buckets"]).toBeGreaterThan(150);
    expect(readdirSync(folder).sort()).toEqual([
      ".groundcrew",
      "buckets",
      "groundcrew.yaml",
      "homes",
      "mailbox",
      "members.csv",
      "registry",
      "releases.yaml",
      "requests",
      "upstream",
    ]);
    // Of the seven, those who have been in a team before; the hub's own, and somebody's who has left.
    expect(readdirSync(world.homes)).toEqual([
      "_shared",
      "ada-abara",
      "bilal-haddad",
      "chiara-okafor",
      "elif-brandt",
      "greta-petrov",
      "left-in-2023",
    ]);
    const lines = readFileSync(world.members, "utf8").trimEnd().split("\n");
    expect(lines[0]?.trim()).toBe("Name,Email,GitHub username,Membership tier,Membership expires");
    expect(lines).toHaveLength(8);
    expect(JSON.parse(readFileSync(world.people, "utf8"))).toEqual({ count: 7 });
    expect(readSettings(world)).toMatchObject({ name: "Sample hub", flows: { "sync-members": "apply" } });
    const [, schema = ""] = /\$schema=(\S+)/.exec(readFileSync(world.settings, "utf8")) ?? [];
    expect(existsSync(schema)).toBe(true);
  });

  test("once: what people have edited since stays, whatever number is asked for", () => {
    const world = makeWorld(folder, 7);
    writeFileSync(world.members, "mine");
    rmSync(world.mailbox, { recursive: true });
    const before = filesOf(folder);
    makeWorld(folder, 3000);
    expect(filesOf(folder)).toEqual(before);
  });

  test.each<[string, (world: WorldFolder) => void]>([
    ["its mark alone", () => undefined],
    ["the folders", (world) => mkdirSync(world.mailbox)],
    ["half of its settings", (world) => writeFileSync(world.settings, "project: sam")],
    ["half of its people", (world) => writeFileSync(world.members, "Name,Email,GitHub user")],
    ["all but the count", (world) => writeFileSync(`${world.people}.new`, '{"coun')],
  ])("again, where its making ended after %s", (_, leave) => {
    const world = worldFolder(folder);
    mkdirSync(world.own, { recursive: true });
    leave(world);
    makeWorld(folder, 7);
    const whole = join(base, "whole");
    makeWorld(whole, 7);
    expect(filesOf(folder)).toEqual(filesOf(whole));
  });
});

describe("refused, and left as it was", () => {
  test("a folder with other files", async () => {
    mkdirSync(join(folder, "photos"), { recursive: true });
    writeFileSync(join(folder, "members.csv"), "Name\nAda");
    expect(await refusal()).toEqual({
      what: `${folder} is not a sample hub`,
      why: "it holds other files and no .groundcrew folder",
      next: "name an empty or a new folder: --world <dir>",
    });
    expect(filesOf(folder)).toEqual({ "members.csv": "Name\nAda" });
    expect(readdirSync(folder).sort()).toEqual(["members.csv", "photos"]);
  });

  test("a file", async () => {
    writeFileSync(folder, "x");
    expect(await refusal()).toMatchObject({ why: "it is a file, not a folder" });
    expect(readFileSync(folder, "utf8")).toBe("x");
  });

  test("a folder below a file", async () => {
    writeFileSync(folder, "x");
    expect(await refusal(60, join(folder, "below"))).toEqual({
      what: "the sample hub was not made",
      why: `${join(folder, "below")} cannot be written (ENOTDIR)`,
      next: "give yourself the right or make room, or name another folder: --world <dir>",
    });
  });

  test.each([0, -1, 1.5, Number.NaN, 20_001])("%d people", async (people) => {
    expect(await refusal(people)).toEqual({
      what: "the sample hub was not made",
      why: "it can have 1 to 20000 people",
      next: "give another number: --people <n>",
    });
    expect(existsSync(folder)).toBe(false);
  });

  test("one that has run and has lost its count: nothing that people typed is made over", async () => {
    const world = makeWorld(folder, 7);
    writeFileSync(world.state, "");
    writeFileSync(world.members, "mine");
    rmSync(world.people);
    expect(await refusal()).toMatchObject({ why: "its .groundcrew/people.json is missing" });
    expect(readFileSync(world.members, "utf8")).toBe("mine");
  });

  test("one that has run and has lost its ledger, of which the index still tells", async () => {
    const world = makeWorld(folder, 7);
    writeFileSync(world.state, "");
    rmSync(world.ledger, { recursive: true });
    expect(await refusal()).toEqual({
      what: `the sample hub in ${folder} is damaged`,
      why: "its .groundcrew/ledger is missing",
      next: "put it back from a copy, or delete the folder and start again",
    });
  });
});

describe("its settings", () => {
  test("missing, or wrong: told with file, line and column", async () => {
    const world = makeWorld(folder, 7);
    const text = readFileSync(world.settings, "utf8");
    writeFileSync(world.settings, text.replace("appId", "appID"));
    expect(await explanationOf(async () => readSettings(world))).toMatchObject({
      what: "the settings are not right",
      why: expect.stringContaining(
        `${world.settings}:10:3: github.appID: unknown key "appID"; did you mean "appId"?`,
      ),
    });
    rmSync(world.settings);
    expect(await explanationOf(async () => readSettings(world))).toMatchObject({
      why: "its groundcrew.yaml is missing",
    });
  });
});

describe("whose it is", () => {
  const running = {
    what: "this sample hub is already running",
    why: "another instance holds its folder",
    next: "use that one (its address: npx groundcrew doctor), stop it, or name another folder: --world <dir>",
  };
  const take = () => explanationOf(async () => takeState(worldFolder(folder)).close());

  test("one holder's at a time, in one process too", async () => {
    const world = makeWorld(folder, 7);
    expect(isHeld(world)).toBe(false);
    const state = takeState(world);
    expect([isHeld(world), await take()]).toEqual([true, running]);
    expect([isHeld(world), await take()]).toEqual([true, running]);
    state.close();
    expect([isHeld(world), await take()]).toEqual([false, undefined]);
  });

  test("held by another process, and free as soon as that is killed", async () => {
    const world = makeWorld(folder, 7);
    const module = new URL("../../../local/sample/world-state.ts", import.meta.url).href;
    const script = `import { worldFolder } from ${JSON.stringify(new URL("./world.ts", module).href)};
      import { takeState } from ${JSON.stringify(module)};
      globalThis.kept = takeState(worldFolder(process.argv[1]));
      setImmediate(() => { gc(); console.log("held"); });
      setInterval(() => undefined, 1000);`;
    const other = ownChild(
      spawn(process.execPath, ["--expose-gc", "--no-warnings", "--input-type=module", "-e", script, folder], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
    try {
      await new Promise((resolve) => other.stdout.once("data", resolve));
      expect([isHeld(world), await take()]).toEqual([true, running]);
    } finally {
      const gone = new Promise((resolve) => other.once("exit", resolve));
      other.kill("SIGKILL");
      await gone;
    }
    expect([isHeld(world), await take()]).toEqual([false, undefined]);
  });

  test("a folder that is no sample hub is held by nobody, and asking makes nothing", () => {
    mkdirSync(folder);
    expect(isHeld(worldFolder(folder))).toBe(false);
    expect(readdirSync(folder)).toEqual([]);
  });
});
