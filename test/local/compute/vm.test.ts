// A sample machine's process group when what it runs on is killed: nothing of it is left.
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { ownChild } from "../../children.ts";
import { until } from "../../patience.ts";

/** A host with one machine, which has a child of its own and heeds no polite signal; says the group's number. */
const host = `
import { boot } from ${JSON.stringify(new URL("../../../local/compute/vm.ts", import.meta.url).href)};
const script = "trap '' TERM HUP INT\\nsleep 600 &\\nwhile :; do sleep 600; done\\n";
const guest = boot({ folder: process.argv[1], script, metadataHost: "127.0.0.1:1", path: process.env.PATH });
console.log(guest.pid);
`;

/** The processes of a group that have not ended. */
function groupOf(pid: number): string[] {
  const lines = execFileSync("ps", ["-A", "-o", "pgid=,stat=,command="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => line.trim().split(/\s+/)[0] === String(pid) && !/^\s*\d+\s+Z/.test(line));
}

test("a killed host leaves no process of its machine", async () => {
  const folder = mkdtempSync(join(tmpdir(), "vm-"));
  const child = ownChild(
    spawn(process.execPath, ["--no-warnings", "--input-type=module", "-e", host, folder], {
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  const [said] = await once(child.stdout, "data");
  const pid = Number(String(said));
  await until(() => groupOf(pid).filter((line) => line.includes("sleep 600")).length === 2);
  expect(groupOf(pid).filter((line) => line.includes("sleep 600"))).toHaveLength(2);
  const gone = once(child, "exit");
  child.kill("SIGKILL");
  await gone;
  await until(() => groupOf(pid).length === 0);
  expect(groupOf(pid)).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
});
