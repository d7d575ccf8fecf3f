// `groundcrew plans`: what is on hold is listed and shown whole, and a person's word on it goes to the plan that is meant.
import { describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import { against, heldPlan, home, remove } from "./console-harness.ts";
import { answer } from "./loopback.ts";

const thatHas = (...plans: ReturnType<typeof heldPlan>[]) => ({
  "GET /api/home": home("sample"),
  "GET /api/plans": answer(answers.plans, { plans }),
});

describe("plans", () => {
  test("ls lists what waits, with why, and ends with 4", async () => {
    const { code, stdout } = await against(thatHas(heldPlan("abc123"), heldPlan("def456", "over")), [
      "plans",
      "ls",
    ]);
    expect(code).toBe(4);
    expect(stdout).toMatch(
      /sync-members on sample {2}waits for you, 1 on hold {2}abc123\n {2}because 4 removals are many at once\n {2}look with: groundcrew plans show abc123\n$/,
    );
  });

  test("ls --all lists earlier ones too; without any it says so", async () => {
    const past = thatHas(heldPlan("def456", "over"));
    expect((await against(past, ["plans", "ls", "--all"])).stdout).toContain(
      "no longer needed, 1 on hold  def456",
    );
    expect(await against(past, ["plans", "ls"])).toMatchObject({
      code: 0,
      stdout: "No plan waits for you.\n",
    });
  });

  test("show has every change that is held, and how to approve it", async () => {
    const many = Array.from({ length: 19 }, (_, n) => ({
      ...remove,
      about: `person-${n}`,
      hash: `${n}`.padStart(16, "0"),
    }));
    const { code, stdout } = await against(thatHas(heldPlan("abc123", "waiting", many)), [
      "plans",
      "show",
      "abc",
    ]);
    expect(code).toBe(4);
    for (const { about } of many)
      expect(stdout).toMatch(
        new RegExp(`remove +${about} +team=full-access +no longer in the sheet \\(C9\\)`),
      );
    expect(stdout).toContain("approve with: groundcrew members approve abc123");
  });

  test("show of what waits no more offers no approval", async () => {
    const { code, stdout } = await against(thatHas({ ...heldPlan("abc123", "over"), verdicts: {} }), [
      "plans",
      "show",
      "abc123",
    ]);
    expect(code).toBe(0);
    expect(stdout).not.toContain("approve with");
  });

  test("show says what was said of each", async () => {
    const line = { ...heldPlan("abc123", "rejected"), verdicts: { [remove.hash]: "rejected" as const } };
    expect((await against(thatHas(line), ["plans", "show", "abc123"])).stdout).toMatch(
      /rejected +remove +bob-example/,
    );
  });
});

describe("approve and reject", () => {
  const routes = (...hashes: string[]) => ({
    "GET /api/plans": answer(answers.plans, { plans: hashes.map((hash) => heldPlan(hash)) }),
    "POST /api/plans/sample/abc123/approve": answer(answers.done, {
      ok: true,
      said: "approved: it is being done",
    }),
    "POST /api/plans/sample/abc123/reject": answer(answers.done, { ok: true, said: "rejected" }),
  });

  test.each([["abc123"], ["abc"]])("takes the hash %s", async (hash) => {
    const { code, stdout } = await against(routes("abc123", "def456"), ["members", "approve", hash]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "approved: it is being done\n" });
  });

  test("says a word on the chosen part only, for any flow", async () => {
    for (const flow of ["plans", "members", "quota", "bump"]) {
      const args = [flow, "approve", "abc123", "--only", "bob-example", "cy-example"];
      const { asked } = await against(routes("abc123"), args);
      expect(asked.at(-1)).toMatchObject({
        call: "POST /api/plans/sample/abc123/approve",
        body: { only: ["bob-example", "cy-example"] },
      });
    }
  });

  test("can say no", async () => {
    expect((await against(routes("abc123"), ["members", "reject", "abc123"])).stdout).toBe("rejected\n");
  });

  test("decides nothing where the hash is empty, as an unset variable's is", async () => {
    const { code, asked } = await against(routes("abc123"), ["members", "approve", ""]);
    expect([code, asked.map(({ call }) => call)]).toEqual([2, ["GET /api/plans"]]);
  });

  test("decides nothing where the hash fits two plans, or none", async () => {
    const two = await against(routes("abc123", "abc999"), ["members", "approve", "abc"]);
    expect(two.code).toBe(2);
    expect(two.stderr).toContain("2 plans begin so");
    const none = await against(routes("abc123"), ["members", "approve", "abc124"]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('did you mean "abc123"?');
    expect([...two.asked, ...none.asked].filter(({ call }) => call.startsWith("POST"))).toEqual([]);
  });
});
