// The browser of the tests: the one that is installed, else a loud skip.
import { existsSync } from "node:fs";
import { describe } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import { patienceMs } from "../patience.ts";
import { saySkipped } from "../skipped.ts";

export const executablePath = [
  process.env["CHROMIUM_PATH"] ?? "",
  "/usr/bin/chromium-headless-shell",
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
].find((path) => path !== "" && existsSync(path));

/** A `describe` that skips, loudly, where there is no Chromium. */
export function inBrowser(file: string): typeof describe | typeof describe.skip {
  if (executablePath !== undefined) return describe;
  saySkipped(
    file,
    "no Chromium found. Set CHROMIUM_PATH, or on Debian: apt-get install chromium-headless-shell",
  );
  return describe.skip;
}

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executablePath ?? "",
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });

/** A page of the session that writes what the browser complains of into `complaints`. */
export async function openPage(browser: Browser, url: string, complaints: string[]): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(patienceMs);
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(url);
  return page;
}

export const focused = (page: Page): Promise<unknown> =>
  page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()");

/** Presses Tab until the focus is on what has this id or text. */
export async function tabTo(page: Page, target: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press("Tab");
    if ((await focused(page)) === target) return;
  }
  throw new Error(`Tab never reaches ${target}`);
}
