// Tests of docs/deploy.md against what is there: the tables of secrets and doors are the program's.
import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { functionNames, rowOf } from "../../shared/functions.ts";
import { machineGrants } from "../../shared/grants.ts";

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

test("every door is in the page's table, and whom people share a document with is named", () => {
  const doors = functionNames.filter((name) => rowOf(name).kind === "door");
  expect([...tableUnder("output").keys()].sort()).toEqual([...doors].sort());
  for (const name of functionNames)
    if (rowOf(name).sharedWith !== undefined)
      expect(page).toContain(`\`${name}@example-hub-ops.iam.gserviceaccount.com\``);
});
