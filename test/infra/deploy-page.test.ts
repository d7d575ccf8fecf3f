// Tests of docs/deploy.md against what is there: the sheet's script is let in by the door, and the tables of
// secrets and doors are the program's.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createContext, runInContext } from "node:vm";
import { expect, test } from "@jest/globals";
import { z } from "zod";
import { sheetWebhook } from "../../functions/sheet-webhook/handler.ts";
import { functionNames, rowOf } from "../../shared/functions.ts";
import { machineGrants } from "../../shared/grants.ts";
import { settingsWith } from "./graph.ts";

const page = readFileSync(new URL("../../docs/deploy.md", import.meta.url), "utf8");

/** The first column's words of the table whose heading begins so, with the rest of each line. */
function tableUnder(heading: string): Map<string, string> {
  const lines = page.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${heading} |`));
  const rows = lines.slice(start + 2);
  return new Map(
    rows
      .slice(
        0,
        rows.findIndex((line) => !line.startsWith("|")),
      )
      .map((line) => [/`([^`]+)`/.exec(line)?.[1] ?? "", line]),
  );
}

const Fetched = z.object({
  payload: z.string(),
  contentType: z.string(),
  headers: z.record(z.string(), z.string()),
});

/** Runs the page's script with stand-ins for what Apps Script gives it, and gives the request that it makes. */
function requestOf(secret: string) {
  const script = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const calls: [string, unknown][] = [];
  const context = createContext({
    PropertiesService: {
      getScriptProperties: () => ({ getProperties: () => ({ door: "https://door.example", secret }) }),
    },
    Utilities: {
      // Bytes there are signed.
      computeHmacSha256Signature: (value: string, key: string) => [
        ...new Int8Array(createHmac("sha256", key).update(value).digest()),
      ],
    },
    UrlFetchApp: { fetch: (url: string, options: unknown) => calls.push([url, options]) },
  });
  runInContext(`${script}\nsheetChanged();`, context);
  const [url, options] = calls[0] ?? [];
  return { url, ...Fetched.parse(options) };
}

test.each([
  ["its secret", "the-secret", 204, ["sheet-changed"]],
  ["another secret", "a-guess", 401, []],
])("the sheet's script with %s", async (_what, secret, status, published) => {
  const { url, payload, contentType, headers } = requestOf(secret);
  const topics: string[] = [];
  const answer = await sheetWebhook(
    {
      method: "POST",
      headers: { ...headers, "content-type": contentType },
      raw: Buffer.from(payload),
    },
    {
      log: () => undefined,
      now: () => new Date(),
      publish: async (topic) => {
        topics.push(topic);
        return "id";
      },
      secret: async () => "the-secret",
      settings: settingsWith(),
    },
  );
  expect([url, answer.status, topics]).toEqual(["https://door.example", status, published]);
});

test("every secret is in the page's table, with who reads it", () => {
  const listed = tableUnder("secret");
  const wanted = new Set(functionNames.flatMap((name) => rowOf(name).secrets));
  expect([...listed.keys()].sort()).toEqual([...wanted].sort());
  for (const name of functionNames)
    for (const secret of rowOf(name).secrets) expect(listed.get(secret)).toContain(`\`${name}\``);
  const machine = machineGrants("p", []).filter(({ on }) => on.includes("/secrets/"));
  expect(machine.map(({ on }) => on)).toEqual(["projects/p/secrets/transfer-keys"]);
  expect(listed.get("transfer-keys")).toContain("its machines");
});

test("every door is in the page's table, and who must see the sheet is named", () => {
  const doors = functionNames.filter((name) => rowOf(name).kind === "door");
  expect([...tableUnder("output").keys()].sort()).toEqual([...doors].sort());
  for (const name of functionNames)
    if (rowOf(name).sharedWith?.includes("sheet"))
      expect(page).toContain(`\`${name}@example-hub-ops.iam.gserviceaccount.com\``);
});
