// The twenty people of nobody-named.long.ts again, with every far end failing at every few of its calls, in every way: each round
// begins one call later, so that in the end nearly every call has failed.
import { afterEach, expect, test } from "@jest/globals";
import { type Failure, farEndNames } from "../../local/wire/faults.ts";
import { canary, canaryHub, told, whoIsStruck } from "./canary-hub.ts";

let hub: ReturnType<typeof canaryHub> | undefined;
afterEach(() => hub?.close());

const every = 8;
const ways: Failure[] = [
  ...[400, 401, 403, 404, 409, 412, 422, 429, 500, 503].map(
    (status): Failure => ({ kind: "status", status, body: told }),
  ),
  { kind: "truncated" },
  { kind: "lost-answer" },
];

test.each(Array.from({ length: every }, (_, round) => round + 1))(
  "round %i",
  async (round) => {
    hub = canaryHub();
    const on = await hub.start();
    for (const farEnd of farEndNames)
      for (let n = 0; n < 40; n += 1) {
        const failure = ways[(n + round) % ways.length];
        if (failure !== undefined)
          on.farEnds.faults.add({ farEnd, at: round + n * every, ...whoIsStruck(farEnd, n), failure });
      }
    const runs = await on.runOnce();
    on.farEnds.faults.clear();
    runs.push(...(await on.runOnce()));
    expect(runs.filter(({ outcome }) => outcome === "failed").length).toBeGreaterThan(3);
    expect(
      hub
        .log()
        .split("\n")
        .filter((line) => canary.test(line)),
    ).toEqual([]);
    expect(hub.reasons(runs).filter((reason) => canary.test(reason))).toEqual([]);
  },
  300_000,
);
