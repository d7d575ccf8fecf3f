// The sample hub as a person has it open: a saved release comes back as a pull request by GitHub's signed webhook, and merging it
// is seen in the files.
import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "@jest/globals";
import { until } from "../patience.ts";
import { sample } from "./sample.ts";

const hub = sample({ only: "bump-image" });
afterEach(() => hub.close());

const upstream = "sample-operator/infrastructure";

test("save a release, look at the page, merge", async () => {
  const { farEnds, origin, token } = await hub.start({ console: true, port: 0 });
  const titles = () => farEnds.github.upstream.pulls(upstream).map(({ title }) => title);
  const ask = (path: string, method = "GET") =>
    fetch(`${origin}${path}`, { method, headers: { authorization: `Bearer ${token}` } });

  await until(() => titles().length > 0);
  appendFileSync(join(hub.folder, "releases.yaml"), "- tag: 2026.07.01\n  date: 2026-07-01\n");
  await until(() => titles().includes("[sample] Bump images to 2026.07.01"));
  expect(titles()).toEqual(["[sample] Bump images to 2026.07.01"]);

  const page = await (await ask("/images")).text();
  expect(page).toContain("3 releases behind");
  expect(page).toContain("left alone: the settings pin it");
  expect(page).toMatch(/<svg class="track older"[^>]*aria-hidden="true"/);

  expect(await (await ask("/api/world/pulls/sample/9/merge", "POST")).json()).toMatchObject({
    error: { why: "there is no such open pull request" },
  });
  expect((await ask("/api/world/pulls/sample/1/merge", "POST")).status).toBe(200);
  const file = join(hub.folder, "upstream/config/clusters/sample/common.values.yaml");
  expect(readFileSync(file, "utf8")).toContain('image: "pangeo/ml-notebook:2026.07.01"');
  await until(async () => (await (await ask("/api/images")).text()).includes('"status":"current"'));
  expect(farEnds.violations()).toEqual([]);
});
