// No far end has a route that nobody calls: each stands in the table with a caller, and production's callers are there to be
// read. That the others call what the table says is asked where they run (calls.ts).
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { farEnds } from "../../local/instance/far-ends.ts";
import { metadataFarEnd } from "../../local/metadata/far-end.ts";
import { defaultPeople, makeWorld, readSettings } from "../../local/sample/world.ts";
import { routes } from "../../local/wire/called-routes.ts";
import { faultStore } from "../../local/wire/faults.ts";
import { identities } from "../../local/wire/identity.ts";
import { stoppedClock } from "../../local/wire/movable-clock.ts";
import { openState } from "../../local/wire/state.ts";
import { callers } from "./routes.ts";

test("each route of a far end has a caller in the table, and the table has no other", async () => {
  const folder = mkdtempSync(join(tmpdir(), "routes-"));
  const world = makeWorld(join(folder, "hub"), defaultPeople);
  const settings = readSettings(world);
  const state = openState(":memory:");
  const all = await farEnds({
    world,
    settings,
    state,
    clock: stoppedClock(new Date("2026-03-02T08:00:00Z")),
    random: () => 0.5,
    onRecord: () => undefined,
  });
  // A machine's own metadata server, which is there when a machine is.
  metadataFarEnd({
    identities: identities({ state, project: settings.project }),
    faults: faultStore(),
    email: "machine@example.org",
    project: settings.project,
    attributes: { shard: "0" },
    machine: { name: "m", zone: "z", isPreempted: () => false },
  });
  expect([...routes().offered].toSorted()).toEqual(Object.keys(callers).toSorted());
  await all.close();
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

const inProduction = Object.entries(callers).flatMap(([route, caller]) =>
  typeof caller === "object" ? [[route, caller] as const] : [],
);
test.each(inProduction)("production calls %s", (_, { file, words }) => {
  expect(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8")).toContain(words);
});
