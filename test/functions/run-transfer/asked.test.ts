// A request beside its two ends: who asked, until when it may begin, and the folder that was perhaps meant.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { asked, transferHarness } from "./harness.ts";
import { carriedOut } from "./planned.ts";

let on: Awaited<ReturnType<typeof transferHarness>>;
beforeEach(async () => {
  on = await transferHarness();
});
afterEach(() => on.close());

const day = 24 * 3_600_000;
const textsOf = () =>
  on.published.flatMap(([, event]) => ("text" in event ? [String(event.text).split("\n")[0]] : []));

test("the name that was typed stands in request, state, receipt and notice, and is said not to be proved", async () => {
  await on.deliver({ ...asked, by: "Mei Dahl" });
  await carriedOut(on);
  expect(await on.jsonOf("transfers/sample/t1/request.json")).toMatchObject({ by: "Mei Dahl" });
  expect(await on.state()).toMatchObject({ state: "done", by: "Mei Dahl" });
  expect(await on.jsonOf("transfers/sample/t1/receipt.json")).toMatchObject({ by: "Mei Dahl" });
  expect(textsOf()).toEqual([
    "From persistent:a to pod-inbox:a, asked for by Mei Dahl (as typed, not proved).",
    "From persistent:a to pod-inbox:a, asked for by Mei Dahl (as typed, not proved): done: 30 objects copied.",
  ]);
});

test("a request that is delivered again after its days does not begin, and the team is told who asked", async () => {
  on.refuseLists(new Error("the store is away"));
  await expect(on.deliver({ ...asked, by: "Mei Dahl" })).rejects.toThrow("the store is away");
  on.refuseLists(undefined);
  on.moveBy(7 * day);
  expect(await on.deliver({ ...asked, by: "Mei Dahl" })).toMatchObject({
    outcome: "blocked",
    title:
      "transfer t1 was not begun: it was asked for on 2026-11-21, and may wait to begin for 7 days (transfers.requestDays)",
  });
  expect([await on.state(), on.made]).toEqual([undefined, []]);
  expect(textsOf()).toEqual([
    expect.stringMatching(
      /^The transfer t1, asked for by Mei Dahl \(as typed, not proved\), was not begun: it was asked for on/,
    ),
  ]);
});

test("one that has begun goes on however old it is, and one within its days begins", async () => {
  on.refuseLists(new Error("the store is away"));
  await expect(on.deliver(asked)).rejects.toThrow("the store is away");
  on.refuseLists(undefined);
  on.moveBy(7 * day - 1);
  await on.deliver(asked);
  on.moveBy(60_000);
  await on.deliver({ ...asked, why: "continue" });
  expect((await on.state())?.state).not.toBe("planned");
});

test.each([
  ["persistent:dat-2020/raw", "data-2020"],
  ["persistent:data-2020/rwa", "raw"],
  ["persistent:elsewhere", undefined],
])("an empty source %s: the folder that was perhaps meant is %s", async (from, meant) => {
  await on.close();
  const settings = sampleSettings();
  const folders: Record<string, string[]> = {
    "": ["data-2020", "<!channel>", "home"],
    "data-2020": ["raw", "clean"],
  };
  on = await transferHarness({
    source: [],
    settings,
    folders: async (_name, _remote, path) => folders[path] ?? [],
  });
  const hint = meant === undefined ? "" : `; did you mean the folder "${meant}"?`;
  expect(await on.deliver({ ...asked, from })).toMatchObject({
    title: `transfer t1 was not begun: the source is empty, or does not exist${hint}`,
  });
});
