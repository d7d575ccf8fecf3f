// Members, Events, Schedules and Sample hub in a real browser, by keyboard, with the sample hub's own switches behind them.
// Skips, loudly, where there is no Chromium.
import { afterAll, expect, test } from "@jest/globals";
import { faultStore } from "../../local/wire/faults.ts";
import { stoppedClock } from "../../local/wire/movable-clock.ts";
import { today } from "../functions/console/day.ts";
import { token } from "../functions/console/harness.ts";
import { type LookHarness, lookHarness, switchesOver } from "../local/sample/look-harness.ts";
import { inBrowser, tabTo } from "./chromium.ts";
import { consoleHarness, tooWide } from "./console-harness.ts";

const clock = stoppedClock(new Date(`${today}T08:05:00Z`));
const faults = faultStore();
let look: LookHarness;

inBrowser("test/browser/console-pages.long.ts")("the pages beside the flows", () => {
  const at = consoleHarness(async () => {
    look = await lookHarness(clock);
    return switchesOver(look, { token, clock, faults });
  });
  afterAll(() => look.close());

  test("members: a name is found by keyboard, and why somebody is not in is one key away", async () => {
    const { page } = at();
    await page.getByRole("link", { name: "Members", exact: true }).press("Enter");
    expect(await page.getByRole("img").getAttribute("aria-label")).toContain("1 invited");
    await tabTo(page, "text");
    await page.keyboard.type("bo-south");
    await page.keyboard.press("Enter");
    await page.getByText("1 fits").waitFor();
    expect(new URL(page.url()).search).toBe("");
    await page.getByRole("button", { name: "Why? bo-south" }).press("Enter");
    await page.waitForURL("**/who");
    expect(await page.getByRole("article").textContent()).toContain("invitation has not been accepted yet");
  });

  test("events: a sample is edited, refused with its field, and sent twice", async () => {
    const { page, published, complaints } = at();
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
    expect(published.map(({ event }) => event)).toEqual(Array(2).fill({ v: 1, hub: "prod", why: "edit" }));
  });

  test("the sample hub: something fails, the clock moves, somebody accepts; what is typed outlives a poll", async () => {
    const { page } = at();
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
    const { page, published } = at();
    await page.getByRole("link", { name: "Schedules", exact: true }).press("Enter");
    await page.getByRole("button", { name: "Run heartbeat now" }).press("Enter");
    await page.waitForURL("**/messages/*");
    expect(published.map(({ event }) => event)).toEqual([{ v: 1, hub: "prod", why: "schedule" }]);
  });

  test("no page is wider than a small screen", async () => {
    const paths = [
      "/members",
      "/classes",
      "/members/mails",
      "/events",
      `/events/send?${new URLSearchParams({ topic: "notice", name: "a message to the team" })}`,
      "/schedules",
      "/sample",
      "/sample/mails/20260302T071500000Z-second-0b.eml",
    ];
    expect(await tooWide(at(), paths)).toEqual([]);
  });
});
