// `groundcrew bump preview`: the text on stdout and nothing else, the rest on stderr, and what it says of what it cannot do.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { command } from "./in-process.ts";

const folder = mkdtempSync(join(tmpdir(), "bump-"));
afterAll(() => rmSync(folder, { recursive: true }));

const text =
  "a:\r\n  image: 'quay.io/pangeo/ml-notebook:2024.01.23' # why\r\nb: pangeo/pangeo-notebook:master\r\n";
const preview = (content: string | Buffer, ...args: string[]) => {
  writeFileSync(join(folder, "x.yaml"), content);
  return command(["bump", "preview", "--file", "x.yaml", "--tag", "2024.06.02", ...args], { cwd: folder });
};

test("prints the edited text, and beside it what moved and what was left", async () => {
  expect(await preview(text)).toEqual({
    code: 0,
    stdout: text.replace("2024.01.23", "2024.06.02"),
    stderr: `x.yaml:2: quay.io/pangeo/ml-notebook 2024.01.23 -> 2024.06.02\nx.yaml:3: pangeo/pangeo-notebook master left: "master" moves by itself\n`,
  });
});

test("images are named one by one; stdin is a file too", async () => {
  const args = [
    "bump",
    "preview",
    "--file",
    "-",
    "--tag",
    "v2",
    "--image",
    "my/image",
    "--image",
    "quay.io/my/other",
  ];
  const stdin = "x: my/image:v1\ny: my/other:v1\nz: quay.io/my/other:v1\np: pangeo/ml-notebook:v1\n";
  expect((await command(args, { stdin })).stdout).toBe(
    "x: my/image:v2\ny: my/other:v1\nz: quay.io/my/other:v2\np: pangeo/ml-notebook:v1\n",
  );
});

test("nothing to change is said, and the text comes all the same", async () => {
  const current = "i: pangeo/ml-notebook:2024.06.02\n";
  expect(await preview(current)).toEqual({
    code: 0,
    stdout: current,
    stderr: "nothing to change: its one reference is on 2024.06.02 already\n",
  });
  expect(await preview("a: 1\n")).toEqual({ code: 0, stdout: "a: 1\n", stderr: "nothing to change\n" });
});

test("as JSON", async () => {
  const { stdout } = await preview(text, "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    moved: [{ line: 2, from: "2024.01.23", to: "2024.06.02", path: "a.image" }],
    left: [{ line: 3 }],
  });
});

describe("what it cannot do", () => {
  test.each([
    ["no YAML", "a: [1\nb: 2\n", [], 1, /x\.yaml:\d:\d+: it is not YAML/],
    ["no such image", text, ["--image", "my/image"], 1, /x\.yaml has no such image/],
    ["not UTF-8", Buffer.from([0xff, 0xfe]), [], 1, /it is not UTF-8 text/],
    ["no tag", text, ["--tag", "a b"], 2, /"a b" is not a tag/],
    ["a tag that is an option", text, ["--tag=-x"], 2, /"-x" is not a tag/],
  ] as const)("%s", async (_, content, args, code, why) => {
    const said = await preview(content, ...args);
    expect(said).toMatchObject({ code, stdout: "" });
    expect(said.stderr).toMatch(why);
  });

  test("no such file, and no file at all", async () => {
    const missing = ["bump", "preview", "--file", "no.yaml", "--tag", "1"];
    expect(await command(missing, { cwd: folder })).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("there is no such file"),
    });
    expect(await command(["bump", "preview", "--tag", "1"])).toMatchObject({ code: 2, stdout: "" });
  });
});
