// `groundcrew members forget`: who may be forgotten, and what is said of it.
import { describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import { against, plan, run, runs, thatRuns } from "./console-harness.ts";
import { answer } from "./loopback.ts";

describe("members forget", () => {
  const asked = (looked: Parameters<typeof run>[0], done: Parameters<typeof run>[0]) => {
    const finished = run({
      id: "2026-03-01/110000000-forget-person-8-1",
      flow: "forget-person",
      messageId: "8",
      ...done,
    });
    return against(
      {
        ...thatRuns(run(looked)),
        "POST /api/members/sample/forget": answer(answers.published, { messageId: "8" }),
        "GET /api/runs?message=8&flow=forget-person": runs(finished),
        "GET /api/runs/2026-03-01/110000000-forget-person-8-1": answer(answers.run, finished),
      },
      ["members", "forget", "ada-example", "--also", "ada@example.org", "Ada Example"],
    );
  };
  const steps = [{ at: "2026-03-01T11:00:00.000Z", what: "out of reach: mails that were sent" }];

  test("looks at sheet and teams first, sends the names in a body alone, and says what was done and what was not", async () => {
    const {
      code,
      stdout,
      asked: calls,
    } = await asked({ plan: plan({}) }, { title: "forget one person: 3 records changed", steps });
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: "forget one person: 3 records changed\n  out of reach: mails that were sent\n",
    });
    expect(calls.filter(({ call }) => call.startsWith("POST")).map(({ call, body }) => [call, body])).toEqual(
      [
        ["POST /api/flows/sync-members/run", { hub: "sample", dryRun: true }],
        [
          "POST /api/members/sample/forget",
          { login: "ada-example", also: ["ada@example.org", "Ada Example"] },
        ],
      ],
    );
  });

  test("ends with 4 where they are still there, and asks nothing where nobody could look", async () => {
    expect(
      (await asked({ plan: plan({}) }, { outcome: "blocked", title: "nobody was forgotten" })).code,
    ).toBe(4);
    const blind = await asked({ outcome: "blocked", title: "the sheet is empty" }, {});
    expect(blind).toMatchObject({ code: 1, stderr: expect.stringContaining("the sheet is empty") });
    expect(blind.asked.some(({ call }) => call.includes("forget"))).toBe(false);
  });
});
