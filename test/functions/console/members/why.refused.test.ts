// Tests of what why says of people whom GitHub refused, after runs of sync-members on a hub: the reason is the one that GitHub gave.
import { expect, test } from "@jest/globals";
import { row } from "../../sync-members/facts-harness.ts";
import { membersHub } from "../../sync-members/harness.ts";

test("the reason is GitHub's own, and is gone once they are invited", async () => {
  const hub = await membersHub();
  try {
    hub.world.rows = [row("ada"), row("bo", "Research", { cell: "C3" })];
    hub.world.refuses = { cause: "no-second-factor" };
    await hub.runs();
    expect(await hub.why("ada")).toMatchObject({ finding: "no-second-factor", letter: "S" });

    hub.hours(25);
    hub.world.refuses = { cause: "refused-person" };
    await hub.runs();
    // All who were asked were refused, and why is told of each.
    const refused = await hub.why("bo");
    expect(refused).toMatchObject({ finding: "refused", letter: "R" });
    expect(refused.sentence).toContain("why: refused-person");

    hub.hours(25);
    hub.world.refuses = undefined;
    await hub.runs();
    const invited = await hub.why("ada");
    expect(invited).toMatchObject({ finding: "invited", letter: "F" });
    expect(invited.sentence).not.toContain("refused");
  } finally {
    await hub.close();
  }
});

test("what keeps everybody out is named for who was asked, and for who was not", async () => {
  const hub = await membersHub();
  try {
    hub.world.rows = [row("ada"), row("bo", "Research", { cell: "C3" })];
    hub.world.refuses = { cause: "no-seat", concerns: "organisation" };
    await hub.runs();
    expect(hub.world.tried).toHaveLength(1);
    for (const who of ["ada", "bo"]) {
      const answer = await hub.why(who);
      expect(answer).toMatchObject({ finding: "no-seat", letter: "T", next: "ask an owner" });
      expect(answer.sentence).toContain("why: no-seat");
    }
  } finally {
    await hub.close();
  }
});

test("before the first run nobody is said to be missing, and a plan's run is enough to know", async () => {
  const hub = await membersHub({ mode: "plan", members: ["ada"], whose: "before" });
  try {
    hub.world.rows = [row("ada"), row("bo", "Research", { cell: "C3" })];
    expect((await hub.why("ada")).finding).toBe("no-run-yet");
    await hub.runs();
    expect((await hub.why("ada")).finding).toBe("in-team");
    expect(await hub.why("bo")).toMatchObject({ finding: "only-planned", letter: "Z" });
    expect(hub.world.tried).toEqual([]);
  } finally {
    await hub.close();
  }
});
