// A call of a transfer fails once, over the real wires; the *.long.ts beside this strike all of them.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Fault } from "../../local/faults.ts";
import { hasRclone, type Strikes, strikes, theEnd } from "./transfer-strikes.ts";

const has = await hasRclone("test/flows/transfer-faults.test.ts");
let stand: Strikes;
beforeAll(async () => {
  if (has) stand = await strikes();
});
afterAll(() => (has ? stand.close() : undefined));

(has ? test : test.skip).each<[string, Fault]>([
  [
    "the answer to the request for a machine is lost",
    { farEnd: "compute", match: "POST", failure: { kind: "lost-answer" } },
  ],
])("ends the same when %s", async (_, fault) => {
  const { end, struck } = await stand.play(fault);
  expect([end, struck]).toEqual([theEnd, true]);
});
