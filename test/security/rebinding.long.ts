// A web page in the user's browser, at a name that its owner points to 127.0.0.1, first straight and then by rebinding: gets
// no token and no secret, and runs nothing. In a real Chromium; each attempt is made from a page of the sample hub's own
// address as well, where it comes through, so that it is known to be one.
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Browser, chromium, type Page } from "playwright-core";
import { listen } from "../../local/wire/listen.ts";
import { executablePath, inBrowser } from "../browser/chromium.ts";
import { type Ask, type Laptop, laptop } from "./laptop.ts";

inBrowser("test/security/rebinding.long.ts")("a page of another site", () => {
  let on: Laptop;
  let browser: Browser;
  let page: Page;
  const evil = createServer((_, response) => response.setHeader("content-type", "text/html").end("<p>hello"));
  let home: string;
  beforeAll(async () => {
    on = await laptop();
    home = `http://evil.example:${await listen(evil)}`;
    browser = await chromium.launch({
      executablePath: executablePath ?? "",
      args: [
        "--host-resolver-rules=MAP evil.example 127.0.0.1",
        ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      ],
    });
    page = await browser.newPage();
  });
  afterAll(async () => {
    await browser.close();
    evil.close();
    await on.close();
  });

  /** The page asks as a script can; an answer that it may not see is "opaque". */
  const ask = (asked: Ask & { mode?: "cors" | "no-cors" }): Promise<string> =>
    page.evaluate(async ({ url, mode, ...init }) => {
      try {
        const response = await fetch(url, {
          ...init,
          ...(mode === undefined ? {} : { mode }),
          redirect: "manual",
        });
        return response.type === "opaque" ? "opaque" : `${response.status} ${await response.text()}`;
      } catch {
        return "failed";
      }
    }, asked);

  /** A page that was loaded from this origin before its name came to mean 127.0.0.1: all it asks there is same-origin. */
  async function rebound(origin: string): Promise<void> {
    await page.route(`${origin}/`, (route) => route.fulfill({ contentType: "text/html", body: "<p>hello" }));
    await page.goto(`${origin}/`);
    await page.unroute(`${origin}/`);
  }
  const at = (host: string, { url, ...asked }: Ask): Ask => ({
    ...asked,
    url: url.replace("127.0.0.1", host),
  });
  const originOf = ({ url }: Ask): string => new URL(url).origin;

  const attempts = (): Ask[] => [
    ...on.metadataHosts.map(on.token),
    ...on.secretAsks,
    on.insert(on.compute, on.script),
    ...on.addresses.map(([, address]) => ({
      url: address.startsWith("http") ? address : `http://${address}/`,
    })),
  ];

  test("rebound to a far end's own port: no token, no secret, nothing run", async () => {
    const before = on.served();
    for (const attempt of attempts().map((each) => at("evil.example", each))) {
      await rebound(originOf(attempt));
      const answer = await ask(attempt);
      // Pub/Sub's port speaks no HTTP that a browser does.
      expect(answer).toMatch(/^421 Refused: this answers as 127\.0\.0\.1|^failed$/);
      for (const secret of on.secrets) expect(answer).not.toContain(secret);
    }
    expect(on.served()).toEqual(before);
    expect(existsSync(on.marker)).toBe(false);
  });

  test("the same from a page at the far end's own address gets a token: it is the name that is refused", async () => {
    const [attempt = { url: "" }] = on.metadataHosts.map(on.token);
    await rebound(originOf(attempt));
    expect(await ask(attempt)).toMatch(/^200 .*ya29\./);
  });

  test("straight to 127.0.0.1 and localhost, with what a page may send unasked: nothing comes of it", async () => {
    await page.goto(home);
    const [before, made] = [on.served(), on.instance.farEnds.compute.made()];
    for (const host of ["127.0.0.1", "localhost", "evil.example"])
      for (const attempt of attempts().map((each) => at(host, each))) {
        const simple = { url: attempt.url, mode: "no-cors" as const, method: attempt.method ?? "GET" };
        const answers = [
          await ask(attempt),
          await ask({ ...simple, ...(attempt.body === undefined ? {} : { body: attempt.body }) }),
        ];
        for (const answer of answers) expect(answer).toMatch(/^failed$|^opaque$/);
      }
    expect([on.served(), on.instance.farEnds.compute.made()]).toEqual([before, made]);
    expect(existsSync(on.marker)).toBe(false);
  });

  test("a form that posts itself to the console changes nothing, a link to the console opens it", async () => {
    const { origin } = on.instance;
    const pending = on.instance.farEnds.pubsub.pending();
    await page.goto(home);
    await page.setContent(
      `<form method="post" action="${origin}/flows/sync-members/run"><button>win</button></form><a href="${origin}/runs">look</a>`,
    );
    await page.getByRole("button").click();
    await page.waitForURL(`${origin}/**`);
    expect(await page.textContent("body")).toContain("Refused: a page of another site asked");
    expect(on.instance.farEnds.pubsub.pending()).toBe(pending);
    await page.goto(home);
    await page.setContent(`<a href="${origin}/runs">look</a>`);
    await page.getByRole("link").click();
    await page.waitForURL(`${origin}/**`);
    // The console's own page: whoever has a session is in.
    expect(await page.textContent("body")).toContain("This browser has no session with the console");
  });
});
