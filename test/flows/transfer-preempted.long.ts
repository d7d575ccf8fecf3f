// Some thousand small objects and some hundred megabytes of larger ones, one of them in parts, whose machines are taken away fifty times.
import { expect } from "@jest/globals";
import { preempted } from "./preempted.ts";
import { testWithRclone } from "./rclone.ts";

const withRclone = await testWithRclone("test/flows/transfer-preempted.long.ts");

withRclone("every object is proved after 50 preemptions, and nothing is left", async () => {
  const { wanted, arrived, ...after } = await preempted({
    ...{ seed: 17, machines: 50, objects: 4000 },
    largeMiB: [210, 40, 40, 40, 40],
  });
  expect(after).toEqual({
    taken: 50,
    end: "transfer many done: 4,005 objects copied",
    told: ["Transfer many has begun", "Transfer many is done"],
    machines: 0,
    disks: 0,
    openUploads: 0,
  });
  expect(arrived).toEqual(wanted);
  expect(Object.keys(arrived)).toHaveLength(4005);
});
