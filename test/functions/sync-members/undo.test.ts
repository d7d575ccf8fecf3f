// Undoing a run: what it gave is taken back and what it took is given back, as far as it is still so; whom it had told is told, once.
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { rowsOf, undoHub } from "./undo-harness.ts";

const hub = await undoHub();
const { world } = hub;
beforeEach(() => hub.fresh());
afterAll(() => hub.close());

test("an invitation is cancelled, and its person is told once", async () => {
  await hub.sync();
  world.rows = rowsOf({ ada: "Research" });
  const { run } = await hub.sync();

  expect(hub.farEnd().invitations).toEqual(["ada -> full-access"]);
  const undone = await hub.undo(run);
  expect(hub.farEnd().invitations).toEqual([]);
  expect(undone.effects).toEqual([{ do: "cancel-invitation", login: "ada", team: "full-access" }]);
  expect(undone.result).toMatchObject({ outcome: "done", title: "undo: 1 invitations withdrawn" });
  await hub.undo(run);
  expect(hub.mails()).toEqual(["invited/ada/1 ada@example.org", "undone/invited/ada/1 ada@example.org"]);
});
