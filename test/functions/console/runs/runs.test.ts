// Refusal of what is asked of runs and cannot be answered, and the days in which an event's runs are looked for.
import { expect, test } from "@jest/globals";
import { storeRun } from "../day.ts";
import { main, pagesHarness, textOf } from "../pages-harness.ts";

const { ask, on, page, published, send } = pagesHarness();

test("a day that there is not, and an id that is none, are refused on the page and in the API", async () => {
  for (const day of ["2026-13-45", "2026-02-30", "yesterday"])
    for (const path of ["/runs", "/api/runs"])
      expect([path, day, (await ask(`${path}?day=${day}`)).status]).toEqual([path, day, 422]);
  expect((await ask("/api/runs?before=zzz")).status).toBe(422);
});

test("a page beyond the last is the last", async () => {
  expect(await page("/runs?page=1e9")).toContain("sync-members-104-1");
});

test("what was to be shown alone, said in another word than the page's, is not done", async () => {
  const answer = await send("/flows/sync-members/run", { dryRun: "true" });
  expect([answer.status, published()]).toEqual([422, []]);
});

test("the runs of an event are found for as long as the event is listed, from its first attempt to its last", async () => {
  const { records } = on();
  for (const [attempt, startedAt] of ["2026-02-25T08:00:00.000Z", "2026-02-28T07:00:00.000Z"].entries())
    await storeRun(records, { at: "", startedAt, messageId: "old", attempt: attempt + 1, outcome: "failed" });
  const events = main(await page("/events"));
  const [, link = ""] = /href="(\/messages\/old[^"]*)"/.exec(events) ?? [];
  const found = textOf(main(await page(link)));
  expect(found).toMatch(/attempt 1.*attempt 2/);
  const last = await page("/runs/2026-02-28/070000000-sync-members-old-2");
  expect(textOf(main(last))).toMatch(/All attempts.*attempt 1.*attempt 2/);
});

test("a message without a run says from which day on it was looked for", async () => {
  expect(textOf(main(await page("/messages/nobody")))).toContain("Nothing of it has ended since 2026-03-01");
});
