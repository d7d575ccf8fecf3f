// Google's Python client of our Pub/Sub, case by case: right, UNIMPLEMENTED, or an error as the service gives; nothing wrong in silence.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, test } from "@jest/globals";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { movableClock } from "../../local/wire/movable-clock.ts";
import { ours, project } from "../local/pubsub/servers.ts";
import { expectTable, foreign, rowsOf } from "./harness.ts";

const python = foreign("venv/bin/python", "test/foreign/pubsub.long.ts");
const mine = mkdtempSync(join(tmpdir(), "foreign-pubsub-"));
let served: Awaited<ReturnType<typeof ours>>;
beforeAll(async () => {
  // A clock that goes: what is refused comes again a moment later.
  served = await ours({ clock: movableClock(join(mine, "clock")) });
});
afterAll(async () => {
  await served.stop();
  rmSync(mine, { recursive: true, force: true });
});

(python === undefined ? test.skip : test)("google-cloud-pubsub on Pub/Sub", async () => {
  const { token } = served.identities.mint(operatorIdentity(project), [
    "https://www.googleapis.com/auth/pubsub",
  ]);
  const rows = await rowsOf(python ?? "", [join(import.meta.dirname, "pubsub_cases.py")], {
    ENDPOINT: served.farEnd.address,
    PROJECT: project,
    TOKEN: token,
  });
  expectTable("google-cloud-pubsub on Pub/Sub", rows, 60);
});
