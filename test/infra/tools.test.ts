// The rclone that a deployment brings: fetched once from its makers, and kept only where it is what the settings name.
import { hash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { releaseIn, releasesIn } from "../../infra/tools.ts";
import { RcloneSettings } from "../../shared/settings/machine.ts";
import { settingsWith } from "./graph.ts";

const bytes = new TextEncoder().encode("a zip of rclone");
const release = { from: "release", version: "1.75.1", sha256: hash("sha256", bytes) } as const;
const address = "https://downloads.rclone.org/v1.75.1/rclone-v1.75.1-linux-amd64.zip";

let folder: string;
let asked: string[];
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "tools-")), "made when needed");
  asked = [];
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true }));
const gives = (some: Uint8Array) => async (from: string) => {
  asked.push(from);
  return some;
};

test("it is fetched from its makers once, and found from then on", async () => {
  const file = join(folder, "rclone-v1.75.1-linux-amd64.zip");
  expect(await releaseIn(folder, release, gives(bytes))).toBe(file);
  expect(await releaseIn(folder, release, gives(bytes))).toBe(file);
  expect([asked, readdirSync(folder)]).toEqual([[address], ["rclone-v1.75.1-linux-amd64.zip"]]);
});

test("of another content it is not kept, and both places to compare are named", async () => {
  await expect(releaseIn(folder, release, gives(new Uint8Array(3)))).rejects.toThrow(
    `${address} is not the rclone that transfers.rclone names: its SHA-256 is 709e80c88487a2411e1ee4dfb9f22a861492d20c4765150c0c794abd70f8147c; compare the settings with https://downloads.rclone.org/v1.75.1/SHA256SUMS`,
  );
  expect(existsSync(folder)).toBe(false);
});

test("a file that somebody put there is compared as well", async () => {
  const file = await releaseIn(folder, release, gives(bytes));
  writeFileSync(file, "another");
  await expect(releaseIn(folder, release, gives(bytes))).rejects.toThrow(`${file} is not the rclone`);
});

test("without a network it says where to put it by hand", async () => {
  const failing = async () => {
    throw new Error("no such host");
  };
  await expect(releaseIn(folder, release, failing)).rejects.toThrow(
    `rclone 1.75.1 could not be fetched from ${address}: no such host. Try again, or put it there by hand: ${folder}/rclone-v1.75.1-linux-amd64.zip`,
  );
});

test("hubs that name the same release share it; one of two sums is wrong", () => {
  const settings = settingsWith({ hubs: ["a", "b"] });
  const usual = RcloneSettings.parse({});
  expect(releasesIn(settings)).toEqual([usual]);
  const transfers = settings.hubs["b"]?.transfers;
  if (transfers === undefined) throw new Error("the hub b has transfers");
  transfers.rclone = { ...usual, from: "image" };
  expect(releasesIn(settings)).toEqual([usual]);
  transfers.rclone = { ...usual, sha256: "0".repeat(64) };
  expect(() => releasesIn(settings)).toThrow(/two hubs name rclone 1\.75\.1 with different SHA-256/);
});
