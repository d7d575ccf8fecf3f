// The console in a real browser, by keyboard: pages work, the content security policy is not offended, and a poll leaves
// alone what a person is typing. Skips, loudly, where there is no Chromium.
import { existsSync } from "node:fs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import type { Browser, Page } from "playwright-core";
import { chromium } from "playwright-core";
import { type Served, serveFarEnd } from "../../local/far-end.ts";
import { type Faults, faultBook } from "../../local/faults.ts";
import { type MovableClock, stoppedClock } from "../../local/movable-clock.ts";
import { worldDoor } from "../../local/world-door.ts";
import { seed, stand, storeRun, today, token, undelivered } from "../functions/console.stand.ts";
import { type LookStand, lookStand } from "../local/look-stand.ts";

const executablePath = [
  process.env["CHROMIUM_PATH"] ?? "",
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path !== "" && existsSync(path));

if (executablePath === undefined)
  process.stderr.write(
    "SKIPPED test/browser/console.test.ts: no Chromium found. Set CHROMIUM_PATH, or on Debian: apt-get install chromium-headless-shell\n",
  );

let browser: Browser;
let page: Page;
let on: Awaited<ReturnType<typeof stand>>;
let served: Served;
let clock: MovableClock;
let faults: Faults;
let look: LookStand;
const complaints: string[] = [];

const inBrowser = executablePath === undefined ? describe.skip : describe;
inBrowser("the console", () => {
  beforeAll(async () => {
    // The origin is known once the port is, so the door is asked through a change of mind.
    let app: { fetch: (request: Request) => Response | Promise<Response> } | undefined;
    served = await serveFarEnd({
      fetch: (request) => app?.fetch(request) ?? new Response("", { status: 503 }),
    });
    clock = stoppedClock(new Date(`${today}T08:05:00Z`));
    faults = faultBook();
    look = await lookStand(clock);
    const door = worldDoor({
      token,
      clock,
      faults,
      movedMs: () => 0,
      schedules: () => [],
      pending: () => 0,
      look: look.deps,
    });
    const headers = { authorization: `Bearer ${token}` };
    on = await stand({
      access: { token, origin: served.url },
      world: async ({ method, path, body }) =>
        door.request(path, { method, headers, ...(body === undefined ? {} : { body }) }),
    });
    app = on.app;
    await seed(on.records);
    browser = await chromium.launch({
      executablePath: executablePath ?? "",
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
  }, 30_000);
  afterAll(async () => {
    await browser.close();
    await served.close();
    look.close();
    await on.close();
  });
  beforeEach(async () => {
    complaints.length = 0;
    on.published.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.setDefaultTimeout(8000);
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${served.url}/?token=${token}`);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints).toEqual([]);
  });

  test("home: the skip link, who can't log in, and a run, by keyboard alone", async () => {
    expect([page.url(), await page.title()]).toEqual([`${served.url}/`, "SAMPLE · Home · Example hub"]);
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("Skip to the page");
    await page.keyboard.press("Enter");
    await tabTo("who");
    await page.keyboard.type("bo-south");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/who");
    expect(await page.getByRole("article").textContent()).toContain("invitation has not been accepted yet");
    await page.goto(served.url);
    await tabTo("Run now");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/messages/*");
    expect(on.published.map(({ topic, event }) => [topic, event])).toEqual([
      ["sheet-changed", { v: 1, hub: "prod", why: "person" }],
    ]);
    const [sent] = on.published;
    await storeRun(on.records, { at: "08:04:00", messageId: sent?.messageId ?? "", title: "it came in" });
    await page.reload();
    await page.getByRole("link", { name: "it came in" }).waitFor();
  });

  test("runs: a new one comes in while the filter is typed, and text, focus and caret stay", async () => {
    await page.getByRole("link", { name: "Runs", exact: true }).press("Enter");
    await tabTo("text");
    await page.keyboard.type("sync");
    await page.keyboard.press("ArrowLeft");
    await storeRun(on.records, { at: "08:04:30", messageId: "301", title: "came in by a poll" });
    await page.getByRole("link", { name: "came in by a poll" }).waitFor();
    expect(
      await page.evaluate(
        `[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart]`,
      ),
    ).toEqual(["text", "sync", 3]);
    await page.keyboard.press("End");
    await page.keyboard.type("-members failed");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/runs?*text=sync-members+failed*");
    expect(await page.getByRole("row").count()).toBe(2);
  });

  test("one run: what failed, names shown on demand, rerun", async () => {
    await page.goto(`${served.url}/runs/${today}/075000000-send-notice-103-1`);
    const event = page.locator("pre");
    expect(await event.textContent()).not.toContain("bo-south");
    await page.getByRole("button", { name: "Show names and addresses" }).press("Enter");
    await page.waitForURL("**show=yes");
    expect(await event.textContent()).toContain("bo-south@example.org");
    await page.getByRole("button", { name: "Copy as command" }).press("Enter");
    await page.getByRole("button", { name: /Copied|Marked/ }).waitFor();
    await page.getByRole("button", { name: "Rerun" }).press("Enter");
    await page.waitForURL("**/messages/*");
    expect(on.published.map(({ topic }) => topic)).toEqual(["notice"]);
  });

  test("undelivered: an opened part stays open over polls; mend and send; drop", async () => {
    await page.getByRole("link", { name: "Undelivered", exact: true }).press("Enter");
    const sure = page.locator("#u-502 .sure");
    await sure.locator("summary").press("Enter");
    const polled = page.waitForResponse(
      (answer) => answer.request().headers()["x-groundcrew-part"] === "main",
    );
    await on.records.create("undelivered/503.json", { ...undelivered[0], id: "503" });
    await polled;
    await page.locator("#u-503").waitFor();
    expect(await sure.getAttribute("open")).toBe("");
    await page.getByRole("button", { name: "Yes, drop it" }).first().press("Enter");
    await page.getByText("Nothing will be done about it.", { exact: false }).first().waitFor();
    expect(await page.locator("#d-502").textContent()).toContain("dropped");
    await page.locator("#u-503").getByRole("link", { name: "Edit and send" }).press("Enter");
    await page.getByRole("textbox", { name: "Edit and send" }).fill('{"v":1,"hub":"prod","why":"push"}');
    await page.getByRole("button", { name: "Send it like this" }).press("Enter");
    await page.waitForURL("**/messages/*");
    expect(on.published.map(({ event }) => event)).toEqual([{ v: 1, hub: "prod", why: "push" }]);
  });

  test("plans: look at what is on hold and approve it", async () => {
    await page.getByRole("link", { name: "Look and decide" }).press("Enter");
    expect(await page.locator("table.held tbody tr").count()).toBe(4);
    await page.getByRole("button", { name: "Approve 4 changes" }).press("Enter");
    await page.waitForURL("**/plans?said=approved");
    expect(await page.getByRole("main").textContent()).toContain("No plan waits for you");
  });

  test("members: a name is found by keyboard, and why somebody is not in is one key away", async () => {
    await page.getByRole("link", { name: "Members", exact: true }).press("Enter");
    expect(await page.getByRole("img").getAttribute("aria-label")).toContain("1 invited");
    await tabTo("text");
    await page.keyboard.type("bo-south");
    await page.keyboard.press("Enter");
    await page.getByText("1 fits").waitFor();
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("button", { name: "Why? bo-south" }).press("Enter");
    await page.waitForURL("**/who");
    expect(await page.getByRole("article").textContent()).toContain("invitation has not been accepted yet");
  });

  test("events: a sample is edited, refused with its field, and sent twice", async () => {
    await page.getByRole("link", { name: "Events", exact: true }).press("Enter");
    await page.getByRole("link", { name: "as an edit in the sheet sends it" }).press("Enter");
    const typed = page.getByRole("textbox", { name: "The event" });
    await typed.fill('{"v":1,"hub":"prod","why":"boredom"}');
    complaints.length = 0;
    await page.getByRole("button", { name: "Send", exact: true }).press("Enter");
    await page.getByText("payload.why").waitFor();
    // The browser itself notes that the answer was 422.
    complaints.length = 0;
    expect(await typed.inputValue()).toBe('{"v":1,"hub":"prod","why":"boredom"}');
    await typed.fill('{"v":1,"hub":"prod","why":"edit"}');
    await page.getByRole("button", { name: "Deliver twice" }).press("Enter");
    await page.waitForURL("**/messages/*,*");
    expect(on.published.map(({ event }) => event)).toEqual(Array(2).fill({ v: 1, hub: "prod", why: "edit" }));
  });

  test("the sample hub: something fails, the clock moves, somebody accepts; what is typed outlives a poll", async () => {
    await page.getByRole("link", { name: "Sample hub", exact: true }).press("Enter");
    await page.getByLabel("What fails").selectOption("github");
    await page.getByLabel("Times").fill("2");
    await page.getByLabel("Only calls with").fill("PUT /orgs");
    clock.moveBy(60_000);
    await page.getByText("08:06").waitFor();
    expect(await page.getByLabel("What fails").inputValue()).toBe("github");
    await page.getByRole("button", { name: "Make it fail" }).press("Enter");
    await page.getByText("GitHub answers with an error (503), 2 times").waitFor();
    expect(faults.list().length).toBe(1);
    await page.getByRole("button", { name: "Let everything work again" }).press("Enter");
    await page.getByText("Everything works again.").waitFor();
    await page.getByRole("button", { name: "+1 hour" }).press("Enter");
    await page.getByText("09:06").waitFor();
    await page.getByRole("button", { name: "Accept as eve-e" }).press("Enter");
    await page.getByText("1 invitation not accepted yet").waitFor();
    expect(look.organisation.snapshot().teams["base"]).toContain("eve-e");
    await page.getByRole("link", { name: "The first" }).press("Enter");
    await page.getByText("Hello <b>you</b>,").waitFor();
  });

  test("schedules: run now", async () => {
    await page.getByRole("link", { name: "Schedules", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Run heartbeat now" }).press("Enter");
    await page.waitForURL("**/messages/*");
    expect(on.published.map(({ event }) => event)).toEqual([{ v: 1, hub: "prod", why: "schedule" }]);
  });

  test("no page is wider than a small screen", async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    for (const path of [
      "/",
      "/runs",
      `/runs/${today}/074500000-sync-members-102-1`,
      "/undelivered",
      "/plans",
      "/who",
      "/members",
      "/events",
      `/events/send?${new URLSearchParams({ topic: "notice", name: "a message to the team" })}`,
      "/schedules",
      "/sample",
      "/sample/mails/20260302T071500000Z-second-0b.eml",
    ]) {
      await page.goto(served.url + path);
      expect([path, await page.evaluate("document.documentElement.scrollWidth - innerWidth")]).toEqual([
        path,
        0,
      ]);
    }
  });

  test("without the script everything is there", async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const other = await plain.newPage();
    await other.goto(`${served.url}/?token=${token}`);
    await other.getByRole("button", { name: "Run Members now" }).click();
    await other.waitForURL("**/messages/*");
    expect(on.published.length).toBe(1);
    await plain.close();
  });
});

const focused = (): Promise<unknown> =>
  page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()");

/** Presses Tab until the focus is on what has this id or text. */
async function tabTo(target: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused()) === target) return;
  }
  throw new Error(`Tab never reaches ${target}`);
}
