// The receipt of a transfer in a real browser: in the console, on a small screen, and saved, by itself. Skips, loudly, where there is no
// Chromium.
import { readFile } from "node:fs/promises";
import { expect, test } from "@jest/globals";
import { inBrowser } from "./chromium.ts";
import { consoleHarness, tooWide } from "./console-harness.ts";

inBrowser("test/browser/receipt.long.ts")("a receipt", () => {
  const at = consoleHarness(() => async () => Response.json({}));

  const receipt = {
    ...{
      v: 1,
      id: "t1",
      from: "a:x",
      to: "b:y",
      state: "incomplete",
      said: "not complete: 9 objects copied",
    },
    ...{ objects: 10, bytes: 4000, copied: 9, already: 0, missing: 1, manifestSha256: "f".repeat(64) },
    verified: { md5: 5, asked: 2, read: 2, size: 0 },
    ...{ rclone: ["v1.60.1"], machines: 1, preemptions: 0, errors: 0, machineHours: 0.5, dollars: 1 },
    dollarsFor: { egress: 1, retrieval: 0, operations: 0, machines: 0 },
    ...{ startedAt: "2026-11-21T08:00:00Z", endedAt: "2026-11-21T09:00:00Z" },
    ...{ notThere: ["a very long name ".repeat(40)], conflicts: [], unmovable: [] },
    whole: [{ file: "transfers/prod/t1/receipt/0-0.ndjson.gz", lines: 10, sha256: "e".repeat(64) }],
  };

  test("offends no policy, shows its picture, fits a small screen, and saves a page that stands alone", async () => {
    const harness = at();
    const { page, url, records, browser } = harness;
    await records.create("transfers/prod/t1/receipt.json", receipt);
    await page.goto(`${url}/transfers/prod/t1/receipt`);
    const first = page.locator(".receipt .bar").first();
    expect((await first.boundingBox())?.height).toBeGreaterThan(5);
    const fillOf = (what: string) =>
      page.evaluate(`getComputedStyle(document.querySelector(".receipt .${what}")).fill`);
    const [part, whole] = [await fillOf("part"), await fillOf("whole")];
    expect(part).not.toBe(whole);
    const saved = page.waitForEvent("download");
    await page.getByRole("link", { name: "Save the page" }).click();
    const text = await readFile(await (await saved).path(), "utf8");
    expect(await tooWide(harness, ["/transfers/prod/t1/receipt"])).toEqual([]);
    // Without our stylesheet, script and session.
    const alone = await browser.newPage({ viewport: { width: 800, height: 1000 } });
    const asked: string[] = [];
    alone.on("request", (request) => asked.push(request.url()));
    await alone.setContent(text);
    await alone.emulateMedia({ media: "print" });
    expect((await alone.locator(".bar").first().boundingBox())?.width).toBeGreaterThan(100);
    expect(await alone.evaluate("document.documentElement.scrollWidth - innerWidth")).toBe(0);
    expect(asked).toEqual([]);
    await alone.close();
  });
});
