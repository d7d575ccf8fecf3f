// Many stories of a run and its undo.
import { afterAll, test } from "@jest/globals";
import { undoHub } from "./undo-harness.ts";
import { holdsOf } from "./undo-property-harness.ts";

const hub = await undoHub();
afterAll(() => hub.close());

test.each([1, 2, 3])(
  "run and undo is the state before, over many stories: seed %d",
  async (seed) => {
    await holdsOf(hub, { seed, numRuns: 60 });
  },
  600_000,
);
