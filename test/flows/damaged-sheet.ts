// Damage to the sheet of a sample hub while it runs: nobody loses access by it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import type { Sample } from "./sample.ts";

const sheetFile = (hub: Sample) => join(hub.folder, "members.csv");

/** The rows of the hub's sheet, its headings first. */
export const rowsOf = (hub: Sample): string[] => readFileSync(sheetFile(hub), "utf8").trimEnd().split("\n");

export const writeRows = (hub: Sample, rows: readonly string[]): void =>
  writeFileSync(sheetFile(hub), `${rows.join("\n")}\n`);

/** Gives who is where at GitHub: a wrong run would change it. */
export function worldOf({ farEnds }: Instance) {
  const { teams, pending } = farEnds.github.snapshot();
  return { teams, pending: pending.map(({ login, teams: to }) => `${login} -> ${to.join()}`).sort() };
}

type Damage = {
  name: string;
  apply: (rows: string[]) => string | Buffer;
  outcome: "held" | "blocked" | "failed";
};

/** Damage that a person's program or hand does to a sheet. */
export const damages: readonly Damage[] = [
  { name: "emptied to its headings", apply: (rows) => `${rows[0]}\n`, outcome: "held" },
  { name: "halved", apply: (rows) => rows.slice(0, 30).join("\n"), outcome: "held" },
  { name: "without its headings", apply: (rows) => rows.slice(1).join("\n"), outcome: "blocked" },
  {
    name: "with a heading misspelt",
    apply: (rows) => rows.join("\n").replace("Email", "E-mial"),
    outcome: "blocked",
  },
  { name: "emptied altogether", apply: () => "", outcome: "blocked" },
  { name: "not UTF-8", apply: () => Buffer.from([0xff, 0xfe, 0x41]), outcome: "failed" },
];

/** Does the damage, runs, mends it: nobody's access has changed, and the team was told once of what will last. */
export async function expectUnharmed(hub: Sample, running: Instance, damage: Damage): Promise<void> {
  const { name, apply, outcome } = damage;
  const before = worldOf(running);
  const rows = rowsOf(hub);
  const toldBefore = hub.posts().length;
  writeFileSync(sheetFile(hub), apply(rows));
  const outcomes = (await running.runOnce())
    .filter(({ flow }) => flow === "sync-members")
    .map((run) => run.outcome);
  // A failure that may pass is tried again, and nobody is told of it yet.
  expect([name, new Set(outcomes)]).toEqual([name, new Set([outcome])]);
  expect([name, outcomes.length > 1]).toEqual([name, outcome === "failed"]);
  expect([name, worldOf(running)]).toEqual([name, before]);
  await running.runOnce();
  expect([name, hub.posts().length - toldBefore]).toEqual([name, outcome === "failed" ? 0 : 1]);

  writeRows(hub, rows);
  expect([name, (await running.runOnce()).flatMap(({ effects }) => effects)]).toEqual([name, []]);
}
