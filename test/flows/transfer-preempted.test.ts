// A transfer whose machines are taken away five times while they copy; transfer-preempted.long.ts has fifty.
import { expect } from "@jest/globals";
import { preempted } from "./preempted.ts";
import { testWithRclone } from "./rclone.ts";

const withRclone = await testWithRclone("test/flows/transfer-preempted.test.ts");

withRclone("every object is proved after 5 preemptions, and nothing is left", async () => {
  const { wanted, arrived, ...after } = await preempted({
    ...{ seed: 5, machines: 5, objects: 200 },
    largeMiB: [],
  });
  expect(after).toEqual({
    taken: 5,
    end: "transfer many done: 200 objects copied",
    told: ["Transfer many has begun", "Transfer many is done"],
    machines: 0,
    disks: 0,
    openUploads: 0,
  });
  expect(arrived).toEqual(wanted);
});
