// `config check`: needs no instance, names each problem's line and column, and keeps stdout for them.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { goodFile as good } from "../shared/settings/good-file.ts";
import { command } from "./in-process.ts";
import { groundcrew } from "./spawned.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "groundcrew-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const check = (name: string, content: string | Buffer, ...flags: string[]) => {
  writeFileSync(join(folder, name), content);
  return command(["config", "check", name, ...flags], { cwd: folder });
};

describe("config check", () => {
  test("says in a line what a good file holds", async () => {
    const { code, stdout, stderr } = await check("good.yaml", good);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: "✓ good.yaml is right: hub prod; sync-members plan\n",
      stderr: "",
    });
  });

  test("takes a file with a byte order mark, as some editors save it", async () => {
    expect((await check("marked.yaml", `\ufeff${good}`)).code).toBe(0);
    const { stdout } = await check("marked.yaml", `\ufeffprojct: x\n${good}`);
    expect(stdout).toContain("marked.yaml:1:1: projct:");
  });

  test("looks at ./groundcrew.yaml when no file is named", async () => {
    writeFileSync(join(folder, "groundcrew.yaml"), good);
    const { code, stdout } = await groundcrew(["config", "check", "--json"], { cwd: folder });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ file: join(folder, "groundcrew.yaml"), ok: true, problems: [] });
  });

  test("names line, column and the likely word for a typo", async () => {
    const { code, stdout } = await check("typo.yaml", good.replace("    organisation:", "    organization:"));
    expect(code).toBe(1);
    expect(stdout).toContain(
      'typo.yaml:12:5: hubs.prod.organization: unknown key "organization"; did you mean "organisation"?\n',
    );
  });

  test("names every problem, not only the first", async () => {
    const bad = good
      .replace("appId: 123456", "appId: many")
      .replace("sync-members: plan", "sync-members: maybe");
    const { code, stdout, stderr } = await check("types.yaml", bad);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^types\.yaml:7:3: github\.appId: .*number/m);
    expect(stdout).toMatch(/^types\.yaml:9:3: flows\.sync-members: .*apply/m);
    expect(stdout.trim().split("\n")).toHaveLength(2);
    expect(stderr).toContain("2 problems");
  });

  test("gives a missing key the place where it should stand", async () => {
    const { code, stdout } = await check(
      "missing.yaml",
      good.replace("  sender: hub@example.org\n", ""),
      "--json",
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      problems: [{ line: 3, column: 1, path: "team.sender" }],
    });
  });

  test("names the place of broken YAML", async () => {
    const { code, stdout } = await check("broken.yaml", "project: [example\nname: x\n");
    expect(code).toBe(1);
    expect(stdout).toMatch(/^broken\.yaml:2:\d+: /);
  });

  test("keeps control characters of the file from the terminal", async () => {
    const { stdout } = await check("escape.yaml", `${good}"\\e[31mred": 1\n`);
    expect(stdout).toContain("escape.yaml:14:1:");
    expect(stdout).not.toContain("\u001b");
  });

  test.each([
    ["nowhere.yaml", "there is no such file"],
    [".", "it is a folder"],
  ])("a file that cannot be read (%s) is a usage error", async (name, why) => {
    const { code, stdout, stderr } = await command(["config", "check", name], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`  why:  ${why}\n`);
  });

  test("a file that is not UTF-8 is a usage error", async () => {
    const { code, stderr } = await check("latin.yaml", Buffer.from([0x6e, 0xe9, 0x0a]));
    expect(code).toBe(2);
    expect(stderr).toContain("it is not UTF-8 text");
  });
});
