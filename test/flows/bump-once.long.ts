// The images of one sample hub: run once and once more, and what follows when somebody saves a file. The end state is written
// by hand.
import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import { sample } from "./sample.ts";

const hub = sample({ only: "bump-image" });
afterAll(() => hub.close());

const upstream = "sample-operator/infrastructure";
const fork = "sample-ground-crew/infrastructure";
const common = "config/clusters/sample/common.values.yaml";
const on = (name: string) => join(hub.folder, name);
const pullsOf = ({ farEnds }: Instance) =>
  farEnds.github.upstream.pulls(upstream).map(({ title, state, merged }) => ({ title, state, merged }));
const ofImages = async (instance: Instance) =>
  (await instance.runOnce()).filter(({ flow }) => flow === "bump-image");

test("our git gives the hashes that git gives", async () => {
  const first = await hub.start();
  const folder = mkdtempSync(join(tmpdir(), "git-"));
  try {
    const git = (...args: string[]) =>
      execFileSync("git", args, {
        cwd: folder,
        encoding: "utf8",
        stdio: ["ignore", "pipe", "ignore"],
      }).trim();
    git("init", "-q");
    cpSync(on("upstream"), folder, { recursive: true });
    git("add", "-A");
    const { github } = first.farEnds;
    const sha = github.upstream.head(upstream, "main") ?? "";
    expect(github.upstream.treeOf(upstream, sha)).toBe(git("write-tree"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** One pull request moves what is on an older release; a second pass does nothing. */
async function proposesOnce(): Promise<void> {
  const first = await hub.start();
  const [run] = await ofImages(first);
  expect(run?.title).toBe("5 references to 2026.06.04: pull request 1");
  expect(run?.effects).toEqual([
    { do: "write-branch", branch: "bump-image/sample", files: 1, tag: "2026.06.04" },
    { do: "open-pull-request", number: 1, tag: "2026.06.04" },
  ]);
  const { upstream: github } = first.farEnds.github;
  const [pull] = github.pulls(upstream);
  expect(pull?.title).toBe("[sample] Bump images from 2026.03.12 to 2026.06.04");
  expect(pull?.head).toBe("sample-ground-crew:bump-image/sample");
  // Nobody is mentioned, and what was left is said with its reason.
  expect(pull?.body).not.toContain("@");
  expect(pull?.body).toContain(
    "- `config/clusters/sample/public.values.yaml:9`: `pangeo/pangeo-notebook:2026.01.30`, because the settings pin it",
  );
  expect(pull?.body).toContain('because "master" moves by itself');
  expect(pull?.body).toContain("because it stands in a text block");
  // Only tags and labels have changed: nine lines; the course's image and the text block stay.
  const before = readFileSync(on(`upstream/${common}`), "utf8");
  const after = github.read(fork, "bump-image/sample", common) ?? "";
  const places = before
    .split("\n")
    .flatMap((line, index) => (line === after.split("\n")[index] ? [] : [line]));
  expect(places).toHaveLength(9);
  expect(after.replaceAll("2026.06.04", "2026.03.12")).toBe(before);
  expect(after).toContain("docker run -it pangeo/pangeo-notebook:2026.03.12");
  expect(hub.posts()).toContain("sample: images 2026.06.04 are proposed");
  expect(first.farEnds.violations()).toEqual([]);
  const sha = github.head(fork, "bump-image/sample");

  const second = await hub.start();
  expect((await second.runOnce()).flatMap(({ effects }) => effects)).toEqual([]);
  expect(second.farEnds.github.upstream.head(fork, "bump-image/sample")).toBe(sha);
  expect(pullsOf(second)).toEqual([{ title: pull?.title, state: "open", merged: false }]);
}

/** A newer release takes over the same pull request; a closed one is not opened again; a merged one is done. */
async function followsReleases(): Promise<void> {
  appendFileSync(on("releases.yaml"), "- tag: 2026.07.01\n  date: 2026-07-01\n");
  const second = await hub.start();
  expect((await ofImages(second))[0]?.effects).toEqual([
    { do: "write-branch", branch: "bump-image/sample", files: 2, tag: "2026.07.01" },
    { do: "update-pull-request", number: 1, tag: "2026.07.01" },
  ]);
  expect(pullsOf(second)).toEqual([
    { title: "[sample] Bump images to 2026.07.01", state: "open", merged: false },
  ]);

  second.farEnds.github.upstream.close(upstream, 1);
  expect((await ofImages(second))[0]?.title).toBe("2026.07.01 was turned down: its pull request was closed");
  expect(pullsOf(second).map(({ state }) => state)).toEqual(["closed"]);

  appendFileSync(
    on("releases.yaml"),
    "- tag: 2026.08.05\n  date: 2026-08-05\n- tag: 2026.09.01\n  date: 2026-09-01\n  prerelease: true\n- tag: v9\n  date: 2026-09-02\n",
  );
  const third = await hub.start();
  expect((await ofImages(third))[0]?.title).toBe("6 references to 2026.08.05: pull request 2");
  third.farEnds.github.upstream.merge(upstream, 2);
  expect((await ofImages(third))[0]?.title).toBe("nothing to change");
  expect(pullsOf(third).map(({ state, merged }) => [state, merged])).toEqual([
    ["closed", true],
    ["closed", false],
  ]);
  expect(third.farEnds.violations()).toEqual([]);
}

/** A file that is no YAML is left and told; the others move. */
async function leavesWhatIsNoYaml(): Promise<void> {
  writeFileSync(
    on("upstream/config/clusters/sample/prod.values.yaml"),
    "a: [\nimage: pangeo/pangeo-notebook:2026.01.30\n",
  );
  appendFileSync(on("releases.yaml"), "- tag: 2026.10.01\n  date: 2026-10-01\n");
  const instance = await hub.start();
  await instance.runOnce();
  const [pull] = instance.farEnds.github.upstream.pulls(upstream);
  expect([pull?.number, pull?.title]).toEqual([3, "[sample] Bump images to 2026.10.01"]);
  expect(pull?.body).toMatch(
    /`config\/clusters\/sample\/prod\.values\.yaml` as a whole, because line \d is not YAML/,
  );
}

test("a hub's images over some releases, each step on what the one before has left", async () => {
  await proposesOnce();
  await followsReleases();
  await leavesWhatIsNoYaml();
});
