// functions.log where nothing can be written: said once, nothing of it lost, and written when it can be.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { functionLog } from "../../../local/instance/function-log.ts";
import { until } from "../../patience.ts";

const folder = mkdtempSync(join(tmpdir(), "function-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("its folder gone: what is written waits, in its order, until the folder is back", async () => {
  const place = join(folder, "gone");
  const said: string[] = [];
  const log = functionLog(join(place, "functions.log"), (line) => said.push(line));
  for (const line of ["a\n", "b\n", "c\n"]) log.write(line);
  expect(said).toEqual([
    "nothing can be written in the sample hub's folder: its functions.log is gone or no file (ENOENT). What is to be done waits; put the folder back, and it goes on by itself",
  ]);
  mkdirSync(place);
  await until(() => said.length === 2);
  expect(said[1]).toBe("the sample hub's folder can be written again: everything goes on");
  log.write("d\n");
  expect(readFileSync(join(place, "functions.log"), "utf8")).toBe("a\nb\nc\nd\n");
  log.close();
});

// https://man7.org/linux/man-pages/man4/full.4.html
(process.platform === "linux" ? test : test.skip)("a full disk is called one", () => {
  const file = join(folder, "full.log");
  symlinkSync("/dev/full", file);
  const said: string[] = [];
  const log = functionLog(file, (line) => said.push(line));
  log.write("a\n");
  expect(said).toEqual([
    "nothing can be written in the sample hub's folder: the disk is full. What is to be done waits; make room, and it goes on by itself",
  ]);
  log.close();
});
