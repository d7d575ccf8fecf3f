// Faults that nobody catches while the sample hub runs: a sentence and an end, never a bare stack.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { child, ended } from "./spawned.ts";

const folder = mkdtempSync(join(tmpdir(), "fault-"));
afterAll(() => rmSync(folder, { recursive: true }));

const script = `
  const { runProcess } = await import(process.argv[1]);
  const [, , world, code] = process.argv;
  const instance = { url: "http://127.0.0.1:1", flows: [], runOnce: async () => [], close: async () => undefined };
  await runProcess(["start", "--world", world], async () => ({
    findInstance: async () => undefined,
    startInstance: async () => {
      setImmediate(() => { throw Object.assign(new Error("no " + world), { code }); });
      return instance;
    },
  }));`;
const runProcess = new URL("../../cli/process.ts", import.meta.url).href;

const endOf = (code: string) =>
  ended(
    child([
      process.execPath,
      "--disable-warning=ExperimentalWarning",
      "--input-type=module",
      "-e",
      script,
      runProcess,
      folder,
      code,
    ]),
  );

test("a full disk, met where nobody waits for an answer, ends it in words", async () => {
  const { code, stderr } = await endOf("ENOSPC");
  expect(stderr).toContain(`✗ the sample hub in ${folder} cannot go on
  why:  the disk is full
  next: make room, and start again: it goes on where it stopped. Or name another folder: --world <dir>
`);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(code).toBe(1);
});

test("a fault of the program says how to see more of it", async () => {
  const { code, stderr } = await endOf("EODD");
  expect(stderr).toContain("next: run it again with GROUNDCREW_DEBUG=1 and report what it prints");
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(code).toBe(1);
});
