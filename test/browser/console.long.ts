// The console in a real browser, by keyboard: pages work, the content security policy is not offended, and a poll leaves
// alone what a person is typing. Skips, loudly, where there is no Chromium.
import { expect, test } from "@jest/globals";
import { storeRun, today, undelivered } from "../functions/console/day.ts";
import { token } from "../functions/console/harness.ts";
import { focused, inBrowser, tabTo } from "./chromium.ts";
import { consoleHarness, tooWide } from "./console-harness.ts";

inBrowser("test/browser/console.long.ts")("the console", () => {
  const at = consoleHarness(() => async () => Response.json({}));

  test("home: the skip link, who can't log in, and a run, by keyboard alone", async () => {
    const { page, url, published, records } = at();
    expect([page.url(), await page.title()]).toEqual([`${url}/`, "SAMPLE · Home · Example hub"]);
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Skip to the page");
    await page.keyboard.press("Enter");
    await tabTo(page, "who");
    await page.keyboard.type("bo-south");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/who");
    expect(await page.getByRole("article").textContent()).toContain("invitation has not been accepted yet");
    await page.goto(url);
    await tabTo(page, "Run now");
    await page.keyboard.press("Enter");
    await page.waitForURL("**/messages/*");
    expect(published.map(({ topic, event }) => [topic, event])).toEqual([
      ["sheet-changed", { v: 1, hub: "prod", why: "person" }],
    ]);
    const [sent] = published;
    await storeRun(records, { at: "08:04:00", messageId: sent?.messageId ?? "", title: "it came in" });
    await page.reload();
    await page.getByRole("link", { name: "it came in" }).waitFor();
  });

  test("runs: a new one comes in while the filter is typed, and text, focus and caret stay", async () => {
    const { page, records } = at();
    await page.getByRole("link", { name: "Runs", exact: true }).press("Enter");
    await tabTo(page, "text");
    await page.keyboard.type("sync");
    await page.keyboard.press("ArrowLeft");
    await storeRun(records, { at: "08:04:30", messageId: "301", title: "came in by a poll" });
    await page.getByRole("link", { name: "came in by a poll" }).waitFor();
    expect(
      await page.evaluate(
        `[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart]`,
      ),
    ).toEqual(["text", "sync", 3]);
    await page.keyboard.press("End");
    await page.keyboard.type("-members failed");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Show all" }).waitFor();
    expect(new URL(page.url()).search).toBe("");
    expect(await page.getByRole("row").count()).toBe(2);
  });

  test("one run: what failed, names shown on demand, rerun", async () => {
    const { page, url, published } = at();
    await page.goto(`${url}/runs/${today}/075000000-send-notice-103-1`);
    const event = page.locator("pre");
    expect(await event.textContent()).not.toContain("bo-south");
    await page.getByRole("button", { name: "Show names and addresses" }).press("Enter");
    await page.waitForURL("**show=yes");
    expect(await event.textContent()).toContain("bo-south@example.org");
    await page.getByRole("button", { name: "Copy as command" }).press("Enter");
    await page.getByRole("button", { name: /Copied|Marked/ }).waitFor();
    await page.getByRole("button", { name: "Rerun" }).press("Enter");
    await page.waitForURL("**/messages/*");
    expect(published.map(({ topic }) => topic)).toEqual(["notice"]);
  });

  test("undelivered: an opened part stays open over polls; mend and send; drop", async () => {
    const { page, published, records } = at();
    await page.getByRole("link", { name: "Undelivered", exact: true }).press("Enter");
    const sure = page.locator("#u-502 .sure");
    await sure.locator("summary").press("Enter");
    const polled = page.waitForResponse(
      (answer) => answer.request().headers()["x-groundcrew-part"] === "main",
    );
    await records.create("undelivered/503.json", { ...undelivered[0], id: "503" });
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
    expect(published.map(({ event }) => event)).toEqual([{ v: 1, hub: "prod", why: "push" }]);
  });

  test("plans: look at what is on hold and approve it", async () => {
    const { page } = at();
    await page.getByRole("link", { name: "Look and decide" }).press("Enter");
    await page.locator("table.held").waitFor();
    expect(await page.locator("table.held tbody tr").count()).toBe(4);
    await page.getByRole("button", { name: "Approve what is ticked" }).press("Enter");
    await page.waitForURL("**/plans?said=approved");
    expect(await page.getByRole("main").textContent()).toContain("No plan waits for you");
  });

  test("no page is wider than a small screen", async () => {
    const paths = [
      "/",
      "/runs",
      `/runs/${today}/074500000-sync-members-102-1`,
      "/incidents",
      "/undelivered",
      "/plans",
      "/who",
    ];
    expect(await tooWide(at(), paths)).toEqual([]);
  });

  test("the printed address opens a session, and leaves the token in no address", async () => {
    const { browser, url, complaints } = at();
    const fresh = await browser.newContext();
    const asked: string[] = [];
    const other = await fresh.newPage();
    other.on("request", (request) => asked.push(request.url()));
    await other.goto(`${url}/session#token=${token}`);
    await other.waitForURL(`${url}/`);
    await other.goBack();
    expect(other.url()).not.toContain(token);
    expect(asked.filter((address) => address.includes(token))).toEqual([]);
    expect(complaints).toEqual([]);
    await fresh.close();
  });

  test("without the script everything is there", async () => {
    const { browser, url, published } = at();
    const plain = await browser.newContext({ javaScriptEnabled: false });
    const other = await plain.newPage();
    await other.goto(`${url}/session`);
    await other.getByLabel("The console’s token").fill(token);
    await other.getByRole("button", { name: "Sign in" }).click();
    await other.getByRole("button", { name: "Run Members now" }).click();
    await other.waitForURL("**/messages/*");
    expect(published.length).toBe(1);
    await plain.close();
  });
});
