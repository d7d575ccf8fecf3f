// Machines that are asked for: what stands in the state before anybody is asked, and after each answer.
import { expect, test } from "@jest/globals";
import { launch } from "../../../functions/run-transfer/launch.ts";
import type { Made } from "../../../shared/compute/machines.ts";
import { failed } from "../../../shared/failure.ts";
import { ledger } from "../../../shared/ledger.ts";
import type { TransferState } from "../../../shared/transfers/records.ts";
import { project } from "../../shared/ledger-harness.ts";
import { shard, transfer } from "./samples.ts";
import { at, settings, takenOver, workHarness } from "./work-harness.ts";

const [zone = "", other = ""] = settings.machine.zones;
const place = { zone, type: "e2-standard-8" };

const refusal = (lasts: "lasting" | "transient") =>
  failed({
    service: "compute",
    cause: "c",
    lasts,
    explanation: { what: "no machine", why: "it is forbidden", next: "allow it" },
  });

type Answers = Record<number, Made | { thrown: Error }>;

function open(answers: Answers) {
  const on = workHarness({
    books: ledger({ project, storage: () => Promise.reject(new Error("nothing is read")) }),
    make({ shard: n }) {
      const answer = answers[n] ?? "made";
      if (typeof answer === "object" && "thrown" in answer) throw answer.thrown;
      return answer;
    },
  });
  const steps = Object.keys(answers).map((n) => ({ do: "launch", shard: Number(n), place }) as const);
  return {
    ...on,
    /** Asks for a machine of each shard that has an answer. */
    ask: (of: TransferState, check = on.work.check) => launch({ ...on.work, check }, of, steps, on.state),
  };
}

const three = () => transfer([shard(), shard({ n: 1 }), shard({ n: 2 })], { machines: 4 });

test("that a machine is asked for is kept before it is, with its zone, of no other shard; that it is made, after", async () => {
  const { ask, asked, kept, effects } = open({ 0: "made", 2: "made" });
  const after = await ask(three());
  const starting = { state: "starting", ...place, since: at } as const;
  for (const { standing } of asked)
    expect(standing?.shards).toEqual([shard(starting), shard({ n: 1 }), shard({ n: 2, ...starting })]);
  expect(asked.map(({ order }) => [order.name, order.zone, order.attempt])).toEqual([
    ["transfer-sample-t1-0", zone, 1],
    ["transfer-sample-t1-2", zone, 1],
  ]);
  const running = { ...starting, state: "running", made: at } as const;
  expect(after.shards).toEqual([shard(running), shard({ n: 1 }), shard({ n: 2, ...running })]);
  expect(after.machines).toBe(6);
  expect(kept.at(-1)).toEqual(after);
  expect(effects).toEqual([
    { do: "make-machine", name: "transfer-sample-t1-0", attempt: 1 },
    { do: "make-machine", name: "transfer-sample-t1-2", attempt: 1 },
  ]);
});

test("who is asked for again keeps since when", async () => {
  const since = "2026-11-21T09:50:00.000Z";
  const { ask, kept, steps } = open({ 0: "pending" });
  await ask(transfer([shard({ state: "starting", zone: other, since })]));
  expect(kept.at(-1)?.shards).toEqual([shard({ state: "starting", zone: other, since })]);
  expect(steps).toEqual(["the machine of shard 0 is still being made"]);
});

test("whoever has lost the lease asks for nothing", async () => {
  const { ask, asked } = open({ 0: "made" });
  await expect(ask(three(), takenOver)).rejects.toThrow("taken over");
  expect(asked).toEqual([]);
});

test("no room: a name that is taken is a new round, a full zone and a used up quota give the shard back", async () => {
  const { ask, kept, effects, steps } = open({ 0: "already-there", 1: "no-capacity", 2: "quota" });
  const after = await ask(three());
  const notBefore = "2026-11-21T10:05:00.000Z";
  expect(after.shards).toEqual([
    shard({ state: "starting", ...place, since: at, round: 1 }),
    shard({ n: 1, full: [`${place.type}/${zone}`] }),
    shard({ n: 2, round: 1, notBefore }),
  ]);
  expect([kept.at(-1), after.machines, effects]).toEqual([after, 4, []]);
  expect(steps).toEqual([
    "a machine of shard 0's name is there already",
    `no room for shard 1 in ${zone} (${place.type})`,
    "the project's quota of such machines is used up: shard 2 waits",
  ]);
});

test("what time may mend is thrown, once the others are kept: an operation that failed is a new round, an error is none", async () => {
  const [first, second] = [refusal("transient"), refusal("transient")];
  const { ask, kept } = open({ 0: { failed: first }, 1: { thrown: second }, 2: "made" });
  await expect(ask(three())).rejects.toBe(first);
  const starting = { state: "starting", ...place, since: at } as const;
  expect(kept.at(-1)?.shards).toEqual([
    shard({ ...starting, round: 1 }),
    shard({ n: 1, ...starting }),
    shard({ n: 2, ...starting, state: "running", made: at }),
  ]);
  await expect(open({ 0: { thrown: second } }).ask(three())).rejects.toBe(second);
});

test.each([
  ["an operation that failed", { failed: refusal("lasting") }, 1],
  ["an error", { thrown: refusal("lasting") }, 0],
])("what time does not mend stops the transfer, and its shard waits: %s", async (_, answer, round) => {
  const { ask, kept, steps } = open({ 0: answer, 1: { thrown: refusal("transient") } });
  const after = await ask(three());
  const because = "it is forbidden (to mend it: allow it)";
  expect(after).toMatchObject({ stopping: because, said: `being stopped: ${because}` });
  expect(after.shards[0]).toEqual(shard({ round }));
  expect([kept.at(-1), steps]).toEqual([after, [`it is being stopped: ${because}`]]);
});

test("one that is being stopped already keeps its reason", async () => {
  const { ask, steps } = open({ 0: { thrown: refusal("lasting") } });
  const after = await ask({ ...three(), stopping: "enough", said: "s" });
  expect(after).toMatchObject({ stopping: "enough", said: "s" });
  expect(steps).toEqual([]);
});
