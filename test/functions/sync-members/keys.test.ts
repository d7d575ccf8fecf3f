// A message has another key each time that there is another reason for it, or it would be taken for one that was sent already.
import { afterEach, expect, test } from "@jest/globals";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

let hub: Awaited<ReturnType<typeof membersHub>>;
afterEach(() => hub.close());

/** Saves sheets one after the other, all within a day, and lets each be told; gives the notices of that kind. */
async function saved(sheets: ReturnType<typeof row>[][], kind: string): Promise<string[]> {
  hub = await membersHub({ members: ["ada", "bo"], settings: { removalGraceHours: 0, shrunkBelow: 0 } });
  hub.world.now = new Date("2026-11-21T00:10:00.000Z");
  for (const rows of sheets) {
    hub.world.rows = rows;
    for (let look = 0; look < 3; look += 1) {
      await hub.runs();
      hub.hours(0.5);
    }
    for (const { login } of hub.world.pending.splice(0)) hub.world.teams["full-access"].push(login);
  }
  return hub.world.notices.filter((key) => key.startsWith(kind));
}

const [ada, bo] = [row("ada"), row("bo", "Research", { cell: "C3" })];

test("each end on a day is told, where somebody was let in again between", async () => {
  const keys = await saved([[ada, bo], [ada], [ada, bo], [ada]], "removed/bo/");
  expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
});

test("each change of the team on a day is told", async () => {
  const other = row("bo", "Public", { cell: "C3" });
  const keys = await saved(
    [
      [ada, bo],
      [ada, other],
      [ada, bo],
      [ada, other],
    ],
    "added/bo/",
  );
  expect([keys.length, new Set(keys).size]).toEqual([3, 3]);
});

test("of access that is given by hand again, after it was taken, the team is asked again", async () => {
  await saved([[ada, bo]], "");
  for (const guests of [["guest"], [], ["guest"]]) {
    hub.world.teams["full-access"] = ["ada", "bo", ...guests];
    hub.hours(48);
    await hub.runs();
    await hub.runs();
  }
  const keys = hub.world.notices.filter((key) => key.startsWith("by-hand/"));
  expect([keys.length, new Set(keys).size]).toEqual([2, 2]);
});
