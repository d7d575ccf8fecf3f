// The console in a real browser, as the tests of one file share it: served on a port, a page a test, and what it complained of.
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import type { WorldClient } from "../../functions/console/sample/hub.ts";
import { type Served, serveFarEnd } from "../../local/wire/far-end.ts";
import { seed } from "../functions/console/day.ts";
import { openConsole, token } from "../functions/console/harness.ts";
import { launch, openPage } from "./chromium.ts";

export type ConsoleHarness = Awaited<ReturnType<typeof openConsole>> & {
  url: string;
  browser: Browser;
  /** This test's page, at home. */
  page: Page;
  /** Complaints of the browser in this test; any that is left fails the test. */
  complaints: string[];
};

/** Call it in a `describe`; what it gives is there in the tests. */
export function consoleHarness(world: () => WorldClient | Promise<WorldClient>): () => ConsoleHarness {
  let served: Served;
  let on: Omit<ConsoleHarness, "page">;
  let page: Page;
  beforeAll(async () => {
    // The origin is known once the port is, so the door is asked through a change of mind.
    let app: Pick<ConsoleHarness["app"], "fetch"> | undefined;
    served = await serveFarEnd({
      fetch: (request) => app?.fetch(request) ?? new Response("", { status: 503 }),
    });
    const { url } = served;
    const made = await openConsole({ access: { token, origin: url }, world: await world() });
    app = made.app;
    await seed(made.records);
    const browser = await launch();
    on = { ...made, url, browser, complaints: [] };
  });
  afterAll(async () => {
    await on.browser.close();
    await served.close();
    await on.close();
  });
  beforeEach(async () => {
    on.complaints.length = 0;
    on.published.length = 0;
    page = await openPage(on.browser, `${on.url}/session#token=${token}`, on.complaints);
    await page.waitForURL(`${on.url}/`);
  });
  afterEach(async () => {
    await page.close();
    expect(on.complaints).toEqual([]);
  });
  return () => ({ ...on, page });
}

/** Those of the pages that are wider than a small screen. */
export async function tooWide({ page, url }: ConsoleHarness, paths: readonly string[]): Promise<string[]> {
  await page.setViewportSize({ width: 390, height: 800 });
  const wide: string[] = [];
  for (const path of paths) {
    await page.goto(url + path);
    if ((await page.evaluate("document.documentElement.scrollWidth - innerWidth")) !== 0) wide.push(path);
  }
  return wide;
}
