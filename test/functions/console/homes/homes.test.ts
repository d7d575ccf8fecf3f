// The homes on their page: after a plan, while something waits, and from a record of before each held home had a hash.
import { describe, expect, test } from "@jest/globals";
import { homesPage } from "../../../../functions/console/homes/page.ts";
import { quotaAnswer } from "../../../../functions/console/homes/status.ts";
import { QuotaStatus } from "../../../../shared/control.ts";
import { QuotaState } from "../../../../shared/quota/records.ts";
import { settingsOf } from "../../../local/sample/sample-settings.ts";
import { course, scanned, scanOf } from "../../scan-quotas/harness.ts";

const settings = settingsOf({ hubs: { prod: { quota: {} } } });
const view = {
  installation: "Hub",
  sample: false,
  organisations: [],
  now: new Date("2026-03-04T08:00:00Z"),
  csrf: "",
};

async function pageOf(record: unknown): Promise<string> {
  const status = quotaAnswer({ settings, now: () => view.now }, "prod", QuotaState.parse(record));
  return String(await homesPage(view, [{ hub: "prod", status: QuotaStatus.parse(status) }]).main);
}

const many = (gb: number) =>
  Object.fromEntries(["ada", "bo", "cy", "dee", "eve", "fay"].map((name) => [name, gb]));
const { state } = course([many(1), many(60)]);

describe("the page of the homes", () => {
  test("shows the figures of a plan, and says that nothing was done", async () => {
    const { state: after } = scanned(scanOf(1, { ada: 60 }), undefined);
    const page = await pageOf({ ...after, planned: {} });
    expect([page.includes("60 GB"), page.includes("only planned on")]).toEqual([true, true]);
    expect(await pageOf(after)).not.toContain("only planned on");
  });

  test("marks figures that are too old, and homes that have a limit of their own", async () => {
    const { state: after } = scanned(
      scanOf(1, { ada: { gb: 60, daysOld: 10 }, bo: { gb: 9, limit: 10 }, cy: 1 }),
      undefined,
    );
    const page = await pageOf(after);
    const rowOf = (name: string) => page.split("<tr>").find((row) => row.includes(`>${name}`)) ?? "";
    expect(
      ["ada", "bo", "cy"].map((name) => [rowOf(name).includes("measured"), rowOf(name).includes("of 10 GB")]),
    ).toEqual([
      [true, false],
      [false, true],
      [false, false],
    ]);
  });

  test("leads to the plan that waits, whatever the age of the record", async () => {
    expect(await pageOf(state)).toContain(`href="/plans/prod/${state.waiting?.plan}"`);
    const old = { hash: "0123456789abcdef", held: 6, since: state.at, because: "6 of 6 homes changed" };
    expect(await pageOf({ ...state, waiting: old })).toContain('href="/plans/prod/0123456789abcdef"');
    expect(await pageOf({ ...state, waiting: undefined })).not.toContain("/plans/");
  });
});
