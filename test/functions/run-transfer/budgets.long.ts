// The same as budgets.test.ts, with 36 machines wanted at once.
import { expect, test } from "@jest/globals";
import { patienceMs } from "../../patience.ts";
import { manyTransfers, transfers } from "./many.ts";

test(
  "twelve transfers that want three machines each never have more than the hub may, and all end",
  async () => {
    const on = await manyTransfers({ machines: 3 }, 30);
    const twelve = transfers(12);
    const { ends, most } = await on.playAll(twelve);
    expect({ most, ends }).toEqual({ most: 3, ends: twelve.map(() => "done") });
    await on.close();
  },
  10 * patienceMs,
);
