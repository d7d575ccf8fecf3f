// The homes of a running sample hub: a file is saved, `quota scan` runs beside it, its report arrives, and whom it concerns is
// told; the team's word lets a change of many homes through.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import { answers } from "../../shared/control.ts";
import { until } from "../patience.ts";
import { sample } from "./sample.ts";

const hub = sample({ only: ["sync-members", "scan-quotas"] });
let running: Instance;
beforeAll(async () => {
  running = await hub.start({ console: true, port: 0 });
});
afterAll(() => hub.close());

const postsAbout = (words: string) => hub.posts().filter((subject) => subject.includes(words)).length;
const mailsAbout = (words: string) => hub.subjects().filter((subject) => subject.includes(words)).length;

async function api(
  { origin, token }: Instance,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const given = await fetch(`${origin}/api${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: given.status, body: await given.json() };
}

describe("the homes of a sample hub that runs", () => {
  test("a saved file is measured by a process beside it, and its person is told", async () => {
    await until(() => postsAbout("of the home volume is free") === 1 && mailsAbout("takes") === 3);
    await until(() => running.farEnds.pubsub.pending() === 0);

    const home = join(hub.folder, "homes", "ada-abara");
    writeFileSync(join(home, "data.bin"), Buffer.alloc(60_000, 1));
    await until(() => mailsAbout("takes") === 4);
    const { body } = await api(running, "/quota/sample");
    const status = answers.quota.parse(body);
    const ada = status.homes.find(({ directory }) => directory === "ada-abara");
    expect([ada?.status, ada?.login, status.scan?.source]).toEqual(["warned", "ada-abara", "report"]);
    expect(status.homes.map(({ directory }) => directory)).not.toContain("_shared");
    expect(running.farEnds.violations()).toEqual([]);
    const page = await fetch(`${running.origin}/homes`, {
      headers: { authorization: `Bearer ${running.token}` },
    });
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("ada-abara")]);
  });
});

describe("the control API", () => {
  test("takes reports about hubs of the settings that are not from the future, and nothing else", async () => {
    const report = {
      v: 1,
      measuredAt: running.clock.now().toISOString(),
      kind: "allocated",
      volume: { bytes: 100, free: 50 },
      directories: [],
      problems: [],
    };
    const send = (path: string, body: unknown) => api(running, path, body);
    const ahead = new Date(running.clock.now().getTime() + 86_400_000).toISOString();
    expect([
      (await send("/quota/nowhere/reports", report)).status,
      (await send("/quota/sample/reports", { ...report, measuredAt: ahead })).status,
      (await send("/quota/sample/reports", { ...report, directories: "all" })).status,
      (await send("/quota/sample/reports", { ...report, v: 2 })).status,
      (await send("/quota/sample/reports", report)).status,
    ]).toEqual([422, 422, 422, 422, 200]);
    expect((await send("/quota/sample/reports", report)).body).toEqual({
      ok: true,
      said: "this report was kept before",
    });
  });
});

test("a sample hub has homes: of its people, a shared one, and one that nobody is known to", () => {
  const homes = readdirSync(join(hub.folder, "homes"));
  expect([homes.length, homes.includes("_shared"), homes.includes("left-in-2023")]).toEqual([27, true, true]);
  expect(readFileSync(join(hub.folder, "groundcrew.yaml"), "utf8")).toMatch(/volumeSize: \d{3} kB/);
});
