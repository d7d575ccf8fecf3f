// Foreign clients, as test/foreign/install.sh installs them, run against our far ends. Each prints a line of JSON a case (cases.py);
// what it got is held against what its table expects, and counted.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { expect } from "@jest/globals";
import * as z from "zod";
import { takeViolations } from "../../local/wire/called-routes.ts";
import { run } from "../conformance/programs.ts";
import { saySkipped } from "../skipped.ts";

/** Folder of the clients, outside of the project. */
const installed =
  process.env["GROUNDCREW_FOREIGN"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "groundcrew/foreign");

const Row = z.strictObject({
  name: z.string(),
  asks: z.string(),
  vendor: z.string(),
  expect: z.string(),
  got: z.string(),
  says: z.string(),
});
export type Row = z.infer<typeof Row>;

/** Gives the program's path, or says aloud that its tests are skipped. */
export function foreign(program: string, test: string): string | undefined {
  const path = join(installed, program);
  if (existsSync(path)) return path;
  saySkipped(test, `${program} is not installed; test/foreign/install.sh installs it`);
  return undefined;
}

/** Runs a client to its end and gives what it told of each case. */
export async function rowsOf(
  program: string,
  parameters: readonly string[],
  env: Record<string, string>,
): Promise<Row[]> {
  const { code, out, err } = await run(program, parameters, {
    env: { HOME: "/nonexistent", PYTHONDONTWRITEBYTECODE: "1", ...env },
  });
  expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
  // Takes what the far end has noted as not served: here it is expected, row by row.
  takeViolations();
  return out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => Row.parse(JSON.parse(line)));
}

/** End of a case; to be wrong in silence is the one that no far end may have. */
export type Kind = "right" | "501" | "as the vendor" | "another error" | "wrong in silence";

export function kindOf({ got, expect: wanted }: Row): Kind {
  if (got === "501") return "501";
  if (got === "right") return ["right", "501"].includes(wanted) ? "right" : "wrong in silence";
  if (got === "wrong") return "wrong in silence";
  return got === wanted ? "as the vendor" : "another error";
}

/** Holds every case against its table, and prints how they went in all. */
export function expectTable(client: string, rows: readonly Row[], atLeast: number): void {
  const counts: Record<Kind, number> = {
    right: 0,
    "501": 0,
    "as the vendor": 0,
    "another error": 0,
    "wrong in silence": 0,
  };
  for (const row of rows) counts[kindOf(row)] += 1;
  const told = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  process.stderr.write(`${client}: ${rows.length} cases: ${told.join(", ")}\n`);
  expect(rows.filter(({ got, expect: wanted }) => got !== wanted)).toEqual([]);
  expect(rows.length).toBeGreaterThanOrEqual(atLeast);
  expect(counts["wrong in silence"]).toBe(0);
}
