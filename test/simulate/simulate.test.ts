// Fifty seeds of each flow, in processes of their own, for the wire is taken over there; and a rule broken on purpose is found.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "@jest/globals";

const main = fileURLToPath(new URL("main.ts", import.meta.url));

function simulate(...args: string[]): Promise<{ code: number | null; out: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...args], {
      stdio: ["ignore", "pipe", "ignore"],
    });
    let out = "";
    child.stdout.on("data", (chunk) => {
      out += String(chunk);
    });
    child.once("close", (code) => resolve({ code, out }));
  });
}

describe("the simulation", () => {
  test.each(["sync-members", "scan-quotas", "bump-image", "run-transfer"])(
    "of %s: what must hold holds for fifty seeds",
    async (flow) => {
      const { code, out } = await simulate("--flow", flow, "--seeds", "50");
      expect([code, out]).toEqual([0, expect.stringContaining(`${flow}: 50 seeds from 1, 0 failed`)]);
    },
  );
});
