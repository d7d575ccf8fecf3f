// Sample hub: what the page shows of it, and its switches. A deployment has none of them.
import { describe, expect, test } from "@jest/globals";
import { ControlError } from "../../../../shared/control.ts";
import { asker, openConsole, origin, token } from "../harness.ts";
import { goesTo, main, pagesHarness, textOf } from "../pages-harness.ts";

const { clock, faults, on, ask, page, send } = pagesHarness();

describe("the sample hub", () => {
  test("shows sheet, organisation and mailbox as they are now", async () => {
    const text = textOf(main(await page("/sample")));
    for (const part of [
      "30 rows",
      "The organisation Sample-Hub",
      "base 2 members",
      "2 invitations not accepted yet",
      "Zugang f\u00fcr S\u00f8ren \u2013 fast da",
      "1 cell rejected",
      "prod: 3 removals wait for you because a &lt;b&gt;cell&lt;/b&gt; is empty",
      "prod: images 2026.03 are proposed",
      "scratch 2 entries on top",
      "No machine runs",
    ])
      expect(text).toContain(part);
    // The cell that the last run could not use is marked where it stands.
    expect(await page("/sample")).toMatch(/<td class="wrong"><mark>p-7<\/mark> <span>a login has no spaces/);
    expect(textOf(main(await page("/sample?from=24")))).toContain("rows 26 to 31 of 31");
    expect(textOf(main(await page("/sample?from=999")))).toContain("rows 20 to 31 of 31");
    expect(textOf(main(await page("/members?page=99")))).toContain("ada-north");
    expect(text).not.toMatch(/world|far end|ledger|dead letter/i);
  });

  test("a mail is opened as text", async () => {
    const html = await page("/sample/mails/20260302T070000000Z-first-0a.eml");
    expect(html).toContain("Hello &lt;b&gt;you&lt;/b&gt;,");
    expect((await ask("/sample/mails/..%2Fmembers.csv")).status).toBe(404);
  });

  test("the clock is moved by what people type", async () => {
    const before = clock.now().getTime();
    expect(goesTo(await send("/sample/clock", { span: "7d" }))).toEqual([303, "/sample?said=clock#clock"]);
    await send("/sample/clock", { span: " 1h30m " });
    expect(clock.now().getTime() - before).toBe((7 * 24 + 1.5) * 3_600_000);
    for (const span of ["", "yesterday", "-1h", "0s", "999d"]) {
      const refused = await send("/sample/clock", { span });
      const html = await refused.text();
      expect([refused.status, html.includes(`value="${span}"`), html.includes("data-poll")]).toEqual([
        422,
        true,
        false,
      ]);
    }
    expect(clock.now().getTime() - before).toBe((7 * 24 + 1.5) * 3_600_000);
  });

  test("something is made to fail, shows, and works again", async () => {
    const github = {
      farEnd: "github",
      kind: "status",
      status: "503",
      match: "PUT /orgs",
      times: "3",
      at: "2",
    };
    expect(goesTo(await send("/sample/faults", github))).toEqual([303, "/sample?said=faults#faults"]);
    await send("/sample/faults", { farEnd: "google", kind: "delay", delay: "1.5s", times: "", at: "" });
    await send("/sample/faults", { farEnd: "storage", kind: "lost-answer", status: "503", delay: "5s" });
    expect(faults.list()).toEqual([
      { farEnd: "github", match: "PUT /orgs", at: 2, times: 3, failure: { kind: "status", status: 503 } },
      { farEnd: "google", times: 1, failure: { kind: "delay", milliseconds: 1500 } },
      { farEnd: "storage", times: 1, failure: { kind: "lost-answer" } },
    ]);
    const text = textOf(main(await page("/sample")));
    expect(text).toContain(
      "GitHub answers with an error (503), 3 times, from call 2 on, calls with PUT /orgs",
    );
    await send("/sample/faults/clear", {});
    expect(faults.list()).toEqual([]);
  });

  test("the weather changes by name, shows until when, and is calm again", async () => {
    expect(goesTo(await send("/sample/weather", { name: "github-down", span: "40m" }))).toEqual([
      303,
      "/sample?said=weather#weather",
    ]);
    await send("/sample/weather", { name: "no-spot", span: "" });
    expect(textOf(main(await page("/sample")))).toMatch(
      /GitHub answers 503 to everything, until .*no zone has room for another Spot machine, until /,
    );
    await send("/sample/weather", { name: "sheet-lag", span: "1h", behind: "10s" });
    expect(textOf(main(await page("/sample")))).toContain("before the last edits, 10 s behind, until ");
    for (const behind of ["far", "10s"])
      expect((await send("/sample/weather", { name: "github-down", behind })).status).toBe(422);
    expect((await send("/sample/weather", { name: "hail" })).status).toBe(422);
    expect((await send("/sample/weather", { name: "no-spot", span: "ever" })).status).toBe(422);
    expect(goesTo(await send("/sample/weather/clear", {}))).toEqual([303, "/sample?said=calm#weather"]);
    expect(textOf(main(await page("/sample")))).toContain("It is calm.");
  });

  test.each([
    { farEnd: "github", kind: "status", status: "200" },
    { farEnd: "github", kind: "status", status: "" },
    { farEnd: "github", kind: "delay", delay: "a while" },
    { farEnd: "github", kind: "truncated", times: "often" },
    { farEnd: "github", kind: "truncated", times: "0" },
    { farEnd: "gitlab", kind: "truncated" },
    { farEnd: "github", kind: "explode" },
    {},
  ])("nothing fails by %j, and why is said", async (fields) => {
    const refused = await send("/sample/faults", fields);
    expect([refused.status, (await refused.text()).includes("What to do")]).toEqual([422, true]);
    expect(faults.list()).toEqual([]);
  });

  test("a deployment has none of it", async () => {
    const real = await openConsole();
    const { ask, page } = asker(() => real.app);
    try {
      for (const path of ["/sample", "/sample/mails/x.eml"]) expect((await ask(path)).status).toBe(404);
      const form = { method: "POST", body: new URLSearchParams({ span: "1h" }) };
      expect((await ask("/sample/clock", form)).status).toBe(404);
      const home = await page("/");
      expect([home.includes('href="/sample"'), home.includes('href="/schedules"')]).toEqual([false, true]);
      const draft = await page("/events/send?topic=continue-due&name=as+the+schedule+tick+sends+it");
      expect([draft.includes("Deliver twice"), draft.includes(">Send<")]).toEqual([false, true]);
      const fields = { topic: "continue-due", payload: '{"v":1}', how: "twice" };
      const twice = await ask("/events/send", { method: "POST", body: new URLSearchParams(fields) });
      expect([twice.status, real.published]).toEqual([422, []]);
    } finally {
      await real.close();
    }
  });

  test("a form without the page's mark turns nothing", async () => {
    const opened = await on().app.fetch(
      new Request(`${origin}/session`, { method: "POST", body: new URLSearchParams({ token }) }),
    );
    const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    for (const path of [
      "/sample/clock",
      "/sample/faults",
      "/sample/faults/clear",
      "/sample/accept",
      "/events/send",
      "/schedules/tick/run",
      "/members",
    ]) {
      const answer = await on().app.fetch(
        new Request(`${origin}${path}`, {
          method: "POST",
          headers: { cookie },
          body: new URLSearchParams({ span: "1h" }),
        }),
      );
      expect([path, answer.status]).toEqual([path, 403]);
    }
    const error = ControlError.parse(
      await (await ask("/api/world/late", { method: "POST", body: "{" })).json(),
    );
    expect(error.error.what).toBe("the event was not sent");
  });
});

describe("a sample hub of its own, which is not as it was afterwards", () => {
  const { look, send } = pagesHarness();

  test("an invitation is accepted as the invited person, once", async () => {
    const answer = await send("/sample/accept", { hub: "prod", login: "dee-d" });
    expect(goesTo(answer)).toEqual([303, "/sample?said=accepted#organisation-prod"]);
    expect(look().organisation.snapshot().teams["base"]).toEqual(["ada-a", "Bo-B", "dee-d"]);
    expect((await send("/sample/accept", { hub: "prod", login: "dee-d" })).status).toBe(422);
  });
});
