// Each kind of new thing, made in a copy of the project: it is well-formed and well-typed at once, and what is left to a person is
// said by tests that fail.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { scratchCopy } from "./scratch.ts";

let copy: ReturnType<typeof scratchCopy>;
beforeAll(() => {
  copy = scratchCopy();
});
afterAll(() => copy.remove());

/** Runs a program of the copy; gives its exit code and all that it says. */
function run(script: string, ...args: string[]): { code: number; said: string } {
  try {
    const said = execFileSync(process.execPath, [script, ...args], {
      cwd: copy.folder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { code: 0, said };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, said: `${stdout}${stderr}` };
  }
}

test("a flow, a page and a far end: formatter, linter and compiler have nothing to say", () => {
  for (const [kind, name] of [
    ["flow", "count-samples"],
    ["page", "budgets"],
    ["far-end", "jira"],
  ] as const)
    expect(run("scaffold/main.ts", kind, name)).toMatchObject({
      code: 0,
      said: expect.stringContaining("Begin with"),
    });
  expect(
    run(
      "node_modules/@biomejs/biome/bin/biome",
      "check",
      "--vcs-enabled=false",
      "--error-on-warnings",
      "shared",
      "functions",
      "local",
      "test",
    ),
  ).toMatchObject({ code: 0 });
  expect(
    run(
      "node_modules/typescript/bin/tsc",
      "--checkers",
      "2",
      "--incremental",
      "false",
      "--tsBuildInfoFile",
      "null",
    ),
  ).toEqual({ code: 0, said: "" });
  expect(readFileSync(join(copy.folder, "groundcrew.schema.json"), "utf8")).toContain('"count-samples"');
}, 600_000);

test("once more is refused, and leaves all as it is", () => {
  const events = join(copy.folder, "shared/events.ts");
  const before = readFileSync(events, "utf8");
  expect(run("scaffold/main.ts", "flow", "count-samples")).toEqual({
    code: 2,
    said: "new: functions/count-samples/index.ts is there already. Nothing was written.\n",
  });
  expect(readFileSync(events, "utf8")).toBe(before);
});

test("what is left to be written is named by tests that fail", () => {
  const { code, said } = run(
    "--experimental-vm-modules",
    "node_modules/jest/bin/jest.js",
    "test/architecture/unwritten",
    "test/architecture/permissions",
    "test/shared/schedules",
    "test/functions/count-samples",
    "test/functions/console/budgets",
    "test/local/jira",
  );
  expect(code).toBe(1);
  for (const words of [
    "is to be written: what is so, as plain data",
    "shared/functions.ts:",
    "WRITE: gather.ts reads nothing of prod yet",
    "WRITE: what a person reads there, by hand",
    "jira WRITE: GET /v1/what-our-client-calls",
  ])
    expect(said).toContain(words);
  // Tests of what is generic in a flow, a page and a far end pass at once.
  for (const words of [
    "a hub without the section is left alone",
    "is reached from every page",
    "what has no route is refused",
    "each worker may write down",
    "the minutes are those of its cron",
  ])
    expect(said).not.toMatch(new RegExp(`● .*${words}`));
}, 600_000);
