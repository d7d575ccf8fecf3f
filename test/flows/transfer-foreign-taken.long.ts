// Machines that are taken away while they copy to a store that others wrote, with the newest rclone that is there: every object is proved, and
// nothing is left.
import { describe, expect, test } from "@jest/globals";
import { foreignStores } from "./foreign-stores.ts";
import { preempted } from "./preempted.ts";

const { newest, served } = await foreignStores("test/flows/transfer-foreign-taken.long.ts");

const works = {
  radosgw: { machines: 50, objects: 4000, largeMiB: [210, 40, 40], end: "4,003 objects" },
  s3rver: { machines: 5, objects: 1200, largeMiB: [210], end: "1,201 objects" },
};

(newest.length > 0 ? describe : describe.skip)("foreign stores", () => {
  test.each(newest)("$store, $rclone: every object is proved, and nothing is left", async (here) => {
    const { end, ...work } = works[here.store];
    const of = { ...work, server: await served(here), programs: here.programs };
    const { wanted, arrived, ...after } = await preempted({ seed: 23, ...of });
    expect(after).toEqual({
      taken: work.machines,
      end: `transfer many done: ${end} copied`,
      told: ["Transfer many has begun", "Transfer many is done"],
      machines: 0,
      disks: 0,
      openUploads: 0,
    });
    expect(arrived).toEqual(wanted);
  });
});
