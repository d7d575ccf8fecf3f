// The same as looks.test.ts, with zones that are full.
import { test } from "@jest/globals";
import { patienceMs } from "../../patience.ts";
import { fullZones, openLooks } from "./looks-harness.ts";

test(
  "zones full for 90 minutes: machines come with the next round once there is room, one a shard, also delivered twice",
  async () => {
    const on = await openLooks();
    await fullZones(on, 90);
    await on.close();
  },
  3 * patienceMs,
);
