// SECURITY.md speaks of every door and every secret that there is, and of no other.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { functionNames, rowOf } from "../../shared/functions.ts";
import { retention } from "../../shared/retention.ts";
import { root } from "./source.ts";

const page = readFileSync(join(root, "SECURITY.md"), "utf8");
const firstCells = (heading: string): string[] => {
  const section = page.split(`## ${heading}`)[1]?.split("\n## ")[0] ?? "";
  return [...section.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name ?? "").sort();
};

test("every door", () => {
  const doors = functionNames.filter((name) => rowOf(name).kind === "door");
  expect(firstCells("Doors")).toEqual(doors.sort());
});

test("every secret, and how to change it", () => {
  const secrets = new Set(functionNames.flatMap((name) => rowOf(name).secrets));
  expect(firstCells("Identities and secrets")).toEqual([...secrets].sort());
});

test("every folder of the ledger, for how long it is kept, and why", () => {
  const section = page.split("## What is stored about people")[1]?.split("\n## ")[0] ?? "";
  const said = [...section.matchAll(/^\| `([\w/]+)` \| (.*?) \| (.*?) \|$/gm)].map(([, ...cells]) => cells);
  const kept = (days: number | "kept") =>
    days === "kept" ? "for as long as the installation" : `${days} days`;
  expect(said).toEqual(retention.map(({ prefix, days, why }) => [prefix, kept(days), why]));
});
