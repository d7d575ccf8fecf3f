// A person who has left a used sample hub is forgotten: nothing of all the ledger's bytes tells of them, and later runs do not bring them
// back. Who is still there is not forgotten.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import { command } from "../cli/in-process.ts";
import { rowsOf, writeRows } from "./damaged-sheet.ts";
import { type Sample, sample } from "./sample.ts";

let hub: Sample;
let running: Instance;
beforeAll(async () => {
  hub = sample({ only: ["sync-members", "scan-quotas"] });
  running = await hub.start({ console: true, idle: true });
  await running.runOnce();
});
afterAll(() => hub.close());

const gone = { login: "mei-dahl", mail: "mei.dahl@example.org", name: "Mei Dahl" };
const forget = (login: string, ...flags: string[]) =>
  command(["members", "forget", login, "--world", hub.folder, "--json", ...flags], { running });

/** Names and bytes of the whole ledger that tell of somebody. */
async function tellingOf({ login, mail, name }: typeof gone): Promise<string[]> {
  const folder = join(hub.folder, ".groundcrew", "ledger");
  const bodies = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  const all = [...(await running.listed("")), ...bodies];
  return all.filter((text) =>
    [login, mail, name].some((word) => text.toLowerCase().includes(word.toLowerCase())),
  );
}

test("whoever is invited, or in the sheet, is not forgotten", async () => {
  const before = (await tellingOf(gone)).length;
  expect(before).toBeGreaterThan(3);
  const inSheet = await forget(gone.login);
  expect(inSheet).toMatchObject({ code: 4, stdout: expect.stringContaining("they are in the sheet, in C") });
  writeRows(
    hub,
    rowsOf(hub).filter((row) => !row.includes(gone.mail)),
  );
  const invited = await forget(gone.login);
  expect(invited).toMatchObject({
    code: 4,
    stdout: expect.stringContaining("they are invited to the organisation"),
  });
  expect((await tellingOf(gone)).length).toBeGreaterThanOrEqual(before - 1);
});

test("whoever is gone is forgotten in every byte, others are not, and later runs know nothing of them", async () => {
  running.farEnds.github.people.decline(gone.login);
  const dry = await forget(gone.login, "--dry-run", "--also", gone.name);
  expect(dry).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/plan: forget one person: \d+ records would be/),
  });
  expect((await tellingOf(gone)).length).toBeGreaterThan(3);
  const others = (await tellingOf({ login: "viktor-fontaine-2", mail: "viktor.fontaine2", name: "\0" }))
    .length;

  const { code, stdout } = await forget(gone.login, "--also", gone.name);
  expect({ code, stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("out of reach: mails that were sent"),
  });
  expect(await tellingOf(gone)).toEqual([]);
  expect((await tellingOf({ login: "viktor-fontaine-2", mail: "viktor.fontaine2", name: "\0" })).length).toBe(
    others,
  );

  await running.runOnce();
  expect(await tellingOf(gone)).toEqual([]);
  expect(await forget(gone.login)).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("nothing is known"),
  });
  expect(running.farEnds.violations()).toEqual([]);
});
