// An instance that cannot start leaves nothing open behind it, and its folder to the next one.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { startInstance } from "../../../local/instance/instance.ts";
import { worldFolder } from "../../../local/sample/world.ts";
import { isHeld } from "../../../local/sample/world-state.ts";
import { listen } from "../../../local/wire/listen.ts";
import { until } from "../../patience.ts";
import { explanationOf } from "../../shared/ledger-harness.ts";

const folder = mkdtempSync(join(tmpdir(), "instance-"));
const other = createServer();
afterAll(() => {
  other.close();
  rmSync(folder, { recursive: true, force: true });
});

const servers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => ["TCPServerWrap", "MessagePort"].includes(resource))
    .length;

test("where its port is taken it says so, and closes what it has opened", async () => {
  const port = await listen(other);
  const before = servers();
  const world = join(folder, "hub");
  const start = () => startInstance({ world, people: 5, port, console: true, log: () => undefined });
  expect(await explanationOf(start)).toEqual({
    what: `the console cannot listen on port ${port}`,
    why: "another program uses it",
    next: "name another one (--port <n>), or leave --port out and a free one is taken",
  });
  // The last of it is gone a turn or two after the error has come; what another file has left may go meanwhile, too.
  await until(() => servers() <= before);
  expect(isHeld(worldFolder(world))).toBe(false);
});
