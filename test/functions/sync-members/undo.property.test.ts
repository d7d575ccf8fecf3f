// A few stories of a run and its undo; the long tests have more.
import { afterAll, test } from "@jest/globals";
import { undoHub } from "./undo-harness.ts";
import { holdsOf } from "./undo-property-harness.ts";

const hub = await undoHub();
afterAll(() => hub.close());

test("run and undo is the state before, twice is once, and nothing of it comes again by itself", async () => {
  await holdsOf(hub, { seed: 20261129, numRuns: 6 });
}, 120_000);
