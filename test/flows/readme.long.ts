// The README's tour, step by step, on a sample hub that runs: what it promises is what a newcomer sees.
import { execFileSync } from "node:child_process";
import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type * as z from "zod";
import { answers } from "../../shared/control.ts";
import { until } from "../patience.ts";
import { hasRclone } from "./rclone.ts";
import { type Sample, sample } from "./sample.ts";

const readme = readFileSync(join(import.meta.dirname, "..", "..", "README.md"), "utf8");
const canCopy = await hasRclone("test/flows/readme.long.ts, step 7");

let hub: Sample;
beforeEach(() => {
  hub = sample();
});
afterEach(() => hub.close());

const file = (...path: string[]) => join(hub.folder, ...path);
const mails = (words: string) => hub.subjects().filter((subject) => subject.includes(words)).length;
/** Runs the one command of the README that looks so. */
const asWritten = (looks: RegExp) =>
  execFileSync("bash", ["-c", looks.exec(readme)?.[1] ?? "false"], { cwd: dirname(hub.folder) });
const save = (path: string, change: (text: string) => string) =>
  writeFileSync(file(path), change(readFileSync(file(path), "utf8")));

test("the tour", async () => {
  const running = await hub.start({ console: true, port: 0 });
  const get = async <T>(shape: z.ZodType<T>, path: string): Promise<T> => {
    const headers = { authorization: `Bearer ${running.token}` };
    return shape.parse(await (await fetch(`${running.origin}/api${path}`, { headers })).json());
  };
  const needs = async () => (await get(answers.home, "/home")).needsYou.map(({ text }) => text).join("\n");

  // 1. Needs you shows two cells that nobody could use.
  await until(async () => (await needs()).includes("2 cells of the sheet cannot be used"));
  await until(() => running.farEnds.pubsub.pending() === 0);

  // 2. A line for somebody new is an invitation and a mail.
  const before = mails("one step is left");
  save("members.csv", (text) => `${text}Noa Example,noa@example.org,noa-example-new,Research,\n`);
  await until(() => mails("one step is left") === before + 1);
  expect(running.farEnds.github.snapshot().pending.map(({ login }) => login)).toContain("noa-example-new");

  // 3. A misspelt username needs somebody.
  save("members.csv", (text) => text.replace("noa-example-new", "noa-exmple-new"));
  await until(async () => (await needs()).includes("3 cells of the sheet cannot be used"));

  // 4. Whom the sheet lists is marked as let in by it.
  const post = (path: string, body: unknown) =>
    fetch(`${running.origin}/api${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${running.token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  await post("/flows/sync-members/run", { hub: "sample", adopt: true });
  await until(async () => /changes? waits? for your word/.test(await needs()));
  const { plans } = await get(answers.plans, "/plans");
  await post(`/plans/sample/${plans[0]?.plan.hash}/approve`, {});
  await until(async () => !/waits? for your word/.test(await needs()));

  // Half of the lines away: on hold, nobody loses access, the team has a word of it.
  const teams = running.farEnds.github.snapshot().teams;
  save("members.csv", (text) => text.split("\n").slice(0, 31).join("\n"));
  await until(async () => /changes wait for your word/.test(await needs()));
  expect(running.farEnds.github.snapshot().teams).toEqual(teams);

  // 5. A large file, by the README's own command.
  symlinkSync(hub.folder, join(dirname(hub.folder), "world"));
  asWritten(/`(head -c [^`]*)`/);
  await until(async () => {
    const { homes } = await get(answers.quota, "/quota/sample");
    return homes.find(({ directory }) => directory === "ada-abara")?.status === "warned";
  });

  // 6. A release moves the pull request.
  save("releases.yaml", (text) => `${text}- tag: 2026.07.01\n  date: 2026-07-01\n`);
  await until(async () => JSON.stringify(await get(answers.images, "/images")).includes("2026.07.01"));

  // 7. A request is copied.
  if (canCopy) {
    asWritten(/`(printf [^`]*)`/);
    const second = async () =>
      (await get(answers.transfers, "/transfers")).transfers.find(({ head }) => head.id === "second");
    await until(async () => (await second())?.head.state === "done");
  }
  expect(running.farEnds.violations()).toEqual([]);
});
