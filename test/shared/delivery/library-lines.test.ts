// Nothing that a library prints carries what it was given: not from a mistake within, and not from a stranger at the door.
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { type FrontEnd, frontEnd } from "../../../local/run/front-end.ts";
import { tameConsole } from "../../../shared/delivery/library-lines.ts";
import { jsonLog } from "../../../shared/log.ts";
import { fewSettings } from "../../local/sample/sample-settings.ts";

const canary = "canary@example.org";
const Line = z.object({ severity: z.string(), message: z.string(), source: z.string() });

describe("printed", () => {
  const lines: string[] = [];
  const silent = () => undefined;
  const console = { error: silent, warn: silent, info: silent, log: silent, debug: silent };
  tameConsole(
    jsonLog((line) => lines.push(line), "scan"),
    console,
  );
  const said = (how: keyof typeof console, ...what: unknown[]): unknown => {
    lines.length = 0;
    Reflect.apply(console[how], undefined, what);
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain("canary");
    return JSON.parse(lines[0] ?? "");
  };

  test("a text: that there was one", () => {
    const line = { message: "a library printed a text", source: "scan" };
    expect(said("error", `to ${canary}`)).toEqual({ severity: "ERROR", ...line });
    expect(said("warn", canary, { canary })).toEqual({ severity: "WARNING", ...line });
    for (const how of ["info", "log", "debug"] as const)
      expect(said(how, canary)).toEqual({ severity: "INFO", ...line });
  });

  test("an error: its kind and where it came from, not its message, whatever that looks like", () => {
    expect(said("error", new TypeError(`${canary}\n    at canary (canary.ts:1:1)\n`))).toEqual({
      severity: "ERROR",
      message: "a library printed an error",
      source: "scan",
      kind: "TypeError",
      at: expect.stringMatching(/^(?!canary).*library-lines\.test\.ts:\d+:\d+/),
    });
    expect(said("error", Object.assign(new Error(canary), { name: canary }))).toMatchObject({
      message: "a library printed a text",
    });
  });

  test("a caller's mistake is no alarm", () => {
    const refused = Object.assign(new SyntaxError(canary), { status: 400, body: canary });
    expect(said("error", refused)).toMatchObject({ severity: "INFO", kind: "SyntaxError", status: 400 });
    expect(said("error", Object.assign(refused, { status: 500 }))).toMatchObject({ severity: "ERROR" });
  });
});

describe("strangers at a function, before our own code hears of them", () => {
  const written: string[] = [];
  let runner: FrontEnd;
  beforeAll(async () => {
    const settings = { ...fewSettings, retry: { minimumSeconds: 0, maximumSeconds: 1 } };
    runner = await frontEnd({
      project: settings.project,
      certificates: () => ({}),
      env: () => ({
        NODE_ENV: "production",
        GOOGLE_CLOUD_PROJECT: "sample-hub-1",
        GROUNDCREW_SETTINGS: JSON.stringify(settings),
      }),
      write: (line) => written.push(line),
    });
  });
  afterAll(async () => {
    await runner.close();
    // Lines that were logged of it all are ours.
    const text = written.join("");
    expect(text).not.toMatch(/canary/i);
    const lines = text
      .trimEnd()
      .split("\n")
      .filter((line) => !line.includes('"httpRequest"'));
    expect(lines.length).toBeGreaterThanOrEqual(1);
    for (const line of lines) expect(Line.safeParse(JSON.parse(line)).success).toBe(true);
  });

  const json = { "content-type": "application/json" };
  test.each<[string, RequestInit, number]>([
    ["half JSON", { body: `{"${canary}`, headers: json }, 401],
    ["no JSON", { body: canary, headers: json }, 401],
    [
      "a cloud event that is none",
      { body: canary, headers: { "content-type": "application/cloudevents+json" } },
      401,
    ],
    [
      "an unknown charset",
      { body: "{}", headers: { "content-type": "application/json; charset=canary" } },
      401,
    ],
    ["an unknown packing", { body: "{}", headers: { ...json, "content-encoding": "canary" } }, 415],
    ["a packing that is none", { body: canary, headers: { ...json, "content-encoding": "gzip" } }, 415],
    ["JSON without a signature", { body: `{"hub":"${canary}"}`, headers: json }, 401],
    ["a text", { body: canary, headers: { "content-type": "text/plain" } }, 401],
    [
      "a form",
      { body: `a=${canary}`, headers: { "content-type": "application/x-www-form-urlencoded" } },
      401,
    ],
    ["5 MB", { body: Buffer.alloc(5_000_000, canary), headers: { "content-type": "text/plain" } }, 413],
    [
      "20 MB in 20 kB",
      {
        body: gzipSync(Buffer.alloc(20_000_000)),
        headers: { "content-type": "application/octet-stream", "content-encoding": "gzip" },
      },
      415,
    ],
  ])("%s: refused, and neither answer nor log repeats it", async (_, init, status) => {
    const answer = await fetch(runner.urlOf("sheet-webhook"), { method: "POST", ...init });
    expect(answer.status).toBe(status);
    expect(await answer.text()).not.toMatch(/canary|node_modules/i);
  });
});
