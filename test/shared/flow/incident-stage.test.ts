// Tests of what a process remembers of incidents, and for how long.
import { expect, test } from "@jest/globals";
import { changeIncidents, nothingKnown } from "../../../shared/flow/incident-stage.ts";

const start = Date.parse("2026-11-21T08:00:00.000Z");

/** Looks at a hub's incidents after so many seconds, by one process; gives how often the ledger was read. */
function looking() {
  const knownIncidents = nothingKnown();
  let reads = 0;
  const ledger = {
    read: async () => {
      reads += 1;
      return undefined;
    },
    list: async () => [],
    swap: () => Promise.reject(new Error("nothing is to be written")),
  };
  const after = async (seconds: number) => {
    const now = () => new Date(start + seconds * 1000);
    await changeIncidents("prod", (same) => same, { ledger, publish: async () => "1", now, knownIncidents });
    return reads;
  };
  return { after, published: knownIncidents.published };
}

test("what was read is believed for a minute", async () => {
  const { after } = looking();
  expect([await after(0), await after(59), await after(60)]).toEqual([1, 1, 2]);
});

test("what is told no more is forgotten", async () => {
  const { after, published } = looking();
  published.set("prod/before", start - 1).set("prod/now", start);
  await after(25 * 60);
  expect([...published.keys()]).toEqual(["prod/now"]);
});
