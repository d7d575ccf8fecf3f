// `doctor`: says what is wrong and what to do, changes nothing, and ends with 5 when something must be mended first.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { makeWorld } from "../../local/sample/world.ts";
import { answers } from "../../shared/control.ts";
import { command } from "./in-process.ts";
import { answer, loopback } from "./loopback.ts";
import { groundcrew } from "./spawned.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "groundcrew-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Check = { check: string; state: string; says: string; next?: string };

async function examine(world: string, running?: { origin: string; token: string }) {
  const { code, stdout } = await command(
    ["doctor", "--json", "--world", world],
    running === undefined ? {} : { running },
  );
  const { ok, checks }: { ok: boolean; checks: Check[] } = JSON.parse(stdout);
  return { code, ok, of: (name: string) => checks.find(({ check }) => check === name), checks };
}

describe("doctor", () => {
  test("on a folder that is not there yet finds nothing wrong and makes nothing", async () => {
    const world = join(folder, "new");
    const { of } = await examine(world);
    expect(of("Node")).toEqual({ check: "Node", state: "ok", says: "24.0.0" });
    expect(of("sample hub")?.state).toBe("ok");
    expect(of("ports")?.state).toBe("ok");
    expect(existsSync(world)).toBe(false);
  });

  test("says aloud what it cannot check", async () => {
    const { checks } = await examine(folder);
    expect(checks.filter(({ state }) => state === "unchecked").map(({ check }) => check)).toEqual([
      "clock",
      "deployment",
    ]);
  });

  test("on somebody else's folder ends with 5 and a next step", async () => {
    writeFileSync(join(folder, "thesis.txt"), "x");
    const { code, ok, of } = await examine(folder);
    expect({ code, ok }).toEqual({ code: 5, ok: false });
    expect(of("sample hub")).toEqual({
      check: "sample hub",
      state: "fail",
      says: `${folder} holds other files and is no sample hub`,
      next: "name an empty or a new folder: --world <dir>",
    });
  });

  test("on a sample hub with mistyped settings names the line", async () => {
    const world = makeWorld(join(folder, "hub"), 3);
    writeFileSync(world.settings, "projct: sample-hub\n");
    const { code, of } = await examine(world.root);
    expect(code).toBe(5);
    expect(of("settings")?.says).toContain(
      'groundcrew.yaml:1:1: projct: unknown key "projct"; did you mean "project"?',
    );
  });

  test("on a running sample hub gives its address", async () => {
    const world = makeWorld(join(folder, "hub"), 3);
    const { of } = await examine(world.root, { origin: "http://127.0.0.1:7", token: "t" });
    expect(of("settings")?.state).toBe("ok");
    expect(of("instance")).toEqual({
      check: "instance",
      state: "ok",
      says: "runs at http://127.0.0.1:7/session#token=t",
    });
  });

  test("on a running sample hub says what ends by itself and what transfers need, and that it cannot where nobody answers", async () => {
    const world = makeWorld(join(folder, "hub"), 3);
    const line = {
      what: "Gmail consent",
      state: "warn",
      says: "it ends on 2026-12-06",
      next: "sign in",
    } as const;
    const remote = {
      what: "transfers of sample: remote pod",
      state: "fail",
      says: "no",
      next: "mend it",
    } as const;
    const served = await loopback({
      "GET /api/expiries": answer(answers.expiries, { expiries: [line] }),
      "GET /api/checks": answer(answers.checks, { checks: [remote] }),
    });
    const { of } = await examine(world.root, served);
    const { what: check, ...said } = remote;
    expect(of(check)).toEqual({ check, ...said });
    await served.close();
    expect(of("Gmail consent")).toEqual({
      check: "Gmail consent",
      state: "warn",
      says: line.says,
      next: line.next,
    });
    expect((await examine(world.root, served)).of("what ends, and what transfers need")?.state).toBe(
      "unchecked",
    );
  });

  test("prints a line for each check in a process of its own", async () => {
    writeFileSync(join(folder, "thesis.txt"), "x");
    const { code, stdout, stderr } = await groundcrew(["doctor", "--world", "."], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 5, stderr: "" });
    expect(stdout).toMatch(/^✓ ok {11}Node {8}24\./);
    expect(stdout).toMatch(/^✗ fail {9}sample hub {2}.*; next: name an empty or a new folder/m);
  });
});
