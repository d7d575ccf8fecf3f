// The sheet's script as it is shipped, with stand-ins for the services of Apps Script: what it sends goes through Cloud Run's front end to
// the door as it runs, and what comes back is what people read in the sheet.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { type House, house } from "../security/house.ts";

const script = readFileSync(new URL("../../apps-script/sheet-changed.js", import.meta.url), "utf8");

const Options = z.object({
  method: z.literal("post"),
  contentType: z.string(),
  payload: z.string(),
  headers: z.record(z.string(), z.string()),
  muteHttpExceptions: z.literal(true),
});
type Request = { url: string } & z.infer<typeof Options>;
type Trigger = { kind: string; of: string };

/** A sheet with the script in it; the door answers with these statuses in turn, and undefined is no answer. */
function sheetWith(properties: Record<string, string>, statuses: (number | undefined)[] = []) {
  const [asked, toasts, sleeps] = [[] as Request[], [] as string[], [] as number[]];
  let triggers: Trigger[] = [];
  const sheet = { toast: (words: string, title: string) => void toasts.push(`${title}: ${words}`) };
  const context = createContext({
    PropertiesService: { getScriptProperties: () => ({ getProperties: () => properties }) },
    SpreadsheetApp: { getActive: () => sheet },
    ScriptApp: {
      getProjectTriggers: () =>
        triggers.map((trigger) => ({ ...trigger, getHandlerFunction: () => trigger.of })),
      deleteTrigger: ({ kind, of }: Trigger) => {
        triggers = triggers.filter((trigger) => trigger.kind !== kind || trigger.of !== of);
      },
      newTrigger: (of: string) => ({
        forSpreadsheet: (on: unknown) => {
          expect(on).toBe(sheet);
          const making = (kind: string) => () => ({ create: () => void triggers.push({ kind, of }) });
          return {
            onEdit: making("edit"),
            onChange: making("change"),
            onFormSubmit: making("form"),
          };
        },
      }),
    },
    Utilities: {
      sleep: (milliseconds: number) => void sleeps.push(milliseconds),
      // Bytes there are signed.
      computeHmacSha256Signature: (value: string, key: string) => [
        ...new Int8Array(createHmac("sha256", key).update(value).digest()),
      ],
    },
    UrlFetchApp: {
      fetch: (url: string, options: unknown) => {
        asked.push({ url, ...Options.parse(options) });
        const status = statuses[asked.length - 1];
        if (status === undefined) throw new Error("Address unavailable");
        return { getResponseCode: () => status };
      },
    },
  });
  runInContext(script, context);
  return {
    asked,
    toasts,
    sleeps,
    triggers: () => triggers.map(({ kind, of }) => `${kind}: ${of}`).sort(),
    give: (...kept: Trigger[]) => void triggers.push(...kept),
    /** Runs a function as Apps Script does; gives the message of what it throws. */
    run(call: string): string | undefined {
      try {
        runInContext(call, context);
        return undefined;
      } catch (error) {
        return String(Object(error).message);
      }
    },
  };
}

const properties = { door: "https://door.example", secret: "the-secret", hub: "sample" };

describe("behind the front end", () => {
  let on: House;
  let door: string;
  beforeAll(async () => {
    on = await house();
    door = (await on.behind()).urlOf("sheet-webhook");
  });
  afterAll(() => on.close());
  beforeEach(() => on.far.faults.clear());

  /** Gives the door's answer to the script's call, and how much was published then. */
  async function answered(changed: Partial<typeof properties>) {
    const before = on.effects();
    const sheet = sheetWith(
      { ...properties, door, secret: on.secretOf("sheet-webhook-secret"), ...changed },
      [204],
    );
    sheet.run("sheetChanged()");
    const [call] = sheet.asked;
    if (call === undefined) throw new Error("it asked nobody");
    const { status } = await fetch(call.url, {
      method: call.method,
      body: call.payload,
      headers: { ...call.headers, "content-type": call.contentType },
    });
    const published = on.effects().filter((line) => !before.includes(line));
    const again = sheetWith({ ...properties, ...changed }, [status]);
    again.run("sheetChanged()");
    return { status, published: published.length, toasts: again.toasts };
  }

  test("its call is let in, and says to look; people read nothing", async () => {
    expect(await answered({})).toEqual({ status: 204, published: 1, toasts: [] });
  });

  test.each([
    [
      "another secret",
      { secret: "a-guess" },
      401,
      /its property secret is not the value of sheet-webhook-secret/,
    ],
    ["another hub", { hub: "elsewhere" }, 404, /no hub "elsewhere" with members/],
    ["a hub that is no name", { hub: "El Se" }, 400, /did not understand this script \(400\)/],
  ])("%s is refused, and named in the sheet", async (_, changed, status, words) => {
    const found = await answered(changed);
    expect(found).toEqual({ status, published: 0, toasts: [expect.stringMatching(words)] });
  });
});

describe("a call", () => {
  test("tells a hub's name and nothing else, signed, whatever stands around the properties", () => {
    const sheet = sheetWith(
      { door: " https://door.example\n", secret: "the-secret\n", hub: "sample " },
      [204],
    );
    expect(sheet.run("sheetChanged({ changeType: 'INSERT_ROW' })")).toBeUndefined();
    expect(sheet.asked).toMatchObject([{ url: "https://door.example", payload: '{"hub":"sample"}' }]);
    expect(JSON.stringify(sheet.asked)).not.toContain("the-secret");
  });

  test.each([
    ["gets over an outage", [undefined, 503, 204], 3, undefined],
    ["gets over a door that is full", [429, 204], 2, undefined],
    [
      "is given up after three times, and the look by the clock is named",
      [503, 503, undefined],
      3,
      /Nothing is lost/,
    ],
    ["is not tried again where that cannot help", [401], 1, /sheet-webhook-secret/],
  ])("%s", (_, statuses, calls, words) => {
    const sheet = sheetWith(properties, statuses);
    const thrown = sheet.run("sheetChanged()");
    expect(sheet.asked).toHaveLength(calls);
    expect(sheet.sleeps).toEqual([0, 1000, 3000].slice(0, calls));
    expect(sheet.toasts).toEqual(words === undefined ? [] : [expect.stringMatching(words)]);
    // Google mails what was thrown to whoever installed it: not what time mends.
    expect(thrown !== undefined).toBe(statuses.at(-1) === 401);
  });

  test.each(["EDIT", "FORMAT"])("is left out for a change of the kind %s", (changeType) => {
    const sheet = sheetWith(properties, [204]);
    sheet.run(`sheetChanged(${JSON.stringify({ changeType })})`);
    expect(sheet.asked).toEqual([]);
  });

  test("is not made without its properties, which are named", () => {
    const sheet = sheetWith({ door: "https://door.example" });
    expect(sheet.run("sheetChanged()")).toMatch(/put secret and hub under Project Settings/);
    expect([sheet.asked, sheet.toasts.length]).toEqual([[], 1]);
  });
});

describe("install", () => {
  const ours = ["change: sheetChanged", "edit: sheetChanged", "form: sheetChanged"];

  test("makes each trigger once, however often it is run, and leaves those of others", () => {
    const sheet = sheetWith(properties, [204, 204]);
    sheet.give({ kind: "edit", of: "somebodyElse" });
    sheet.run("install()");
    sheet.run("install()");
    expect(sheet.triggers()).toEqual([...ours.slice(0, 2), "edit: somebodyElse", ...ours.slice(2)]);
    expect(sheet.toasts.at(-1)).toBe("Groundcrew: Groundcrew hears of every edit from now on.");
  });

  test.each([
    ["what only a person mends", [401], /sheet-webhook-secret/],
    ["an outage", [503, 503, 503], /could not be told just now/],
  ])("names %s, in place of that all is well", (_, statuses, words) => {
    const sheet = sheetWith(properties, statuses);
    sheet.run("install()");
    expect(sheet.toasts).toEqual([expect.stringMatching(words)]);
    expect(sheet.triggers()).toEqual(ours);
  });
});
