// A call of a transfer fails once, over the real wires; the *.long.ts beside this strikes all of them.
import { expect } from "@jest/globals";
import { testWithRclone } from "./rclone.ts";
import { strikes, theEnd } from "./transfer-strikes.ts";

const withRclone = await testWithRclone("test/flows/transfer-faults.test.ts");

withRclone("ends the same when the answer to the request for a machine is lost", async () => {
  await using stand = await strikes();
  const { end, struck } = await stand.play({
    farEnd: "compute",
    match: "POST",
    failure: { kind: "lost-answer" },
  });
  expect([end, struck]).toEqual([theEnd, true]);
});
