// A plan alone goes the way of what is carried out, and leaves the writes out: it says what is done then, and changes nothing.
import { afterEach, describe, expect, test } from "@jest/globals";
import { lineOf } from "../../../shared/transfers/records.ts";
import { asked, transferHarness } from "./harness.ts";
import { carriedOut, dryRun, type On, planIn, plannedIsDone } from "./planned.ts";
import { figures, shard, transfer } from "./samples.ts";

let on: On | undefined;
const open = async (options: Parameters<typeof transferHarness>[0] = {}): Promise<On> => {
  on = await transferHarness(options);
  return on;
};
afterEach(async () => {
  await on?.close();
  on = undefined;
});

describe.each([
  ["a dry run", (on: On) => on.deliver(dryRun)],
  ["mode plan", (on: On) => on.deliver(asked, { mode: "plan" })],
] as const)("%s", (_, plans) => {
  test("keeps its state for the pages, and writes nothing else anywhere", async () => {
    const on = await open();
    expect(await plans(on)).toMatchObject({
      outcome: "done",
      title: "plan: 30 objects (900 kB) to copy with 3 machines: at most $0.0184, in 1 to 4 minutes",
      plan: {
        actions: [{ do: "transfer", about: "t1", from: "persistent:a", to: "pod-inbox:a", machines: 3 }],
        cost: { bytes: 900_000 },
      },
    });
    expect(await on.names("")).toEqual(["head/transfers/sample/t1.json"]);
    expect(await on.state()).toMatchObject({ state: "planned", objects: 30, machines: 0 });
    expect([on.made, on.effects, [...on.notices], [...on.target]]).toEqual([[], [], [], []]);
  });

  test("is narrowed by the pace of an earlier transfer between the two remotes, and says so", async () => {
    const on = await open();
    const before = transfer([shard()], {
      ...{ id: "before", state: "done", from: "persistent:b", to: "pod-inbox:c" },
      ...{ machines: 1, machineSeconds: 2060, figures: figures({ work: { bytes: 700e9, turns: 50 } }) },
    });
    await on.books.create("head/transfers/sample/before.json", before, lineOf(before));
    await plans(on);
    expect((await on.state())?.figures).toMatchObject({ earlier: 1 });
  });

  test("of one that is refused says why, and tells nobody", async () => {
    const on = await open({ source: [] });
    const why = "the source is empty, or does not exist";
    expect(await plans(on)).toMatchObject({
      outcome: "blocked",
      title: `plan: transfer t1: ${why}`,
      plan: { actions: [], refused: [{ about: "t1", why }] },
    });
    expect([await on.names(""), [...on.notices]]).toEqual([[], []]);
  });

  test("of one that runs, or has ended, changes nothing of it", async () => {
    const on = await open();
    const first = planIn(await on.deliver(asked));
    const running = await on.state();
    expect(running?.state).toBe("running");
    const [made, effects] = [[...on.made], [...on.effects]];
    expect(planIn(await plans(on))).toMatchObject({ hash: first?.hash, actions: first?.actions });
    expect([await on.state(), on.made, on.effects]).toEqual([running, made, effects]);
    await carriedOut(on);
    const ended = await on.state();
    expect(await plans(on)).toMatchObject({ title: "plan: transfer t1 has ended already" });
    expect([ended?.state, await on.state()]).toEqual(["done", ended]);
  });
});

test("an id that was only planned may be asked for with other ends", async () => {
  const on = await open();
  await on.deliver({ ...dryRun, from: "scratch:b" });
  await carriedOut(on);
  expect(await on.state()).toMatchObject({ state: "done", from: "persistent:a" });
});

test("what is planned is what is then done, for some ends and limits", () => plannedIsDone(8));
