// `groundcrew members why`: one person, and a whole class.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import type { WhyAnswer } from "../../shared/members/answers.ts";
import { against, home } from "./console-harness.ts";
import { answer } from "./loopback.ts";

describe("members why", () => {
  const found = (hub: string, who: string, more: Partial<WhyAnswer>) => ({
    who,
    answers: [
      {
        hub,
        finding: "not-found" as const,
        letter: "B",
        need: "unknown" as const,
        sentence: "Not there.",
        next: "wait",
        ...more,
      },
    ],
  });
  const why = (...people: ReturnType<typeof found>[]) => answer(answers.why, { summary: "", people });

  test("asks each hub once for everybody, and tells first of whom something is needed", async () => {
    const { code, stdout, asked } = await against(
      {
        "GET /api/home": home("prod", "staging"),
        "POST /api/members/prod/why": why(
          found("prod", "ada", { finding: "in-team", letter: "H", need: "fine", sentence: "In the team." }),
          found("prod", "Bo South", {
            finding: "invited",
            letter: "F",
            need: "to-accept",
            login: "bo",
            sentence: "Invited.",
            paste: "Hello!",
          }),
        ),
        "POST /api/members/staging/why": why(
          found("staging", "ada", { sentence: "Not\u001b[2J there." }),
          found("staging", "Bo South", {}),
        ),
      },
      ["members", "why", "ada", "Bo South"],
    );
    expect({ code, lines: stdout.trimEnd().split("\n") }).toEqual({
      code: 0,
      lines: [
        "1 fine, 1 to accept, 0 to correct, 0 unknown",
        "Bo South (bo) on prod: F. Invited.",
        "  next: wait",
        "  to send them: Hello!",
        "Bo South on staging: B. Not there.",
        "  next: wait",
        "ada on prod: H. In the team.",
        "  next: wait",
        "ada on staging: B. Not there.",
        "  next: wait",
      ],
    });
    expect(asked.filter(({ call }) => call.startsWith("POST")).map(({ body }) => body)).toEqual([
      { who: ["ada", "Bo South"] },
      { who: ["ada", "Bo South"] },
    ]);
  });

  test("reads a class list, one person a line", async () => {
    const list = join(mkdtempSync(join(tmpdir(), "groundcrew-class-")), "class.txt");
    writeFileSync(list, "\uFEFFada@example.org\r\n\r\n  North, Ada \n");
    const { code, stdout, asked } = await against(
      {
        "GET /api/home": home("prod"),
        "POST /api/members/prod/why": why(
          found("prod", "ada@example.org", {}),
          found("prod", "North, Ada", { need: "fine" }),
        ),
      },
      ["members", "why", "--file", list, "--json"],
    );
    rmSync(dirname(list), { recursive: true });
    expect(code).toBe(0);
    expect(asked.at(-1)?.body).toEqual({ who: ["ada@example.org", "North, Ada"] });
    expect(JSON.parse(stdout)).toMatchObject({
      summary: "1 fine, 0 to accept, 0 to correct, 1 unknown",
      people: [{ who: "ada@example.org" }, { who: "North, Ada" }],
    });
  });

  test.each([
    [[], "nobody was asked about"],
    [["--file", "no-such-list.txt"], "no-such-list.txt cannot be read"],
  ])("with %j is wrong usage", async (args, said) => {
    const { code, stderr } = await against({ "GET /api/home": home("prod") }, ["members", "why", ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(said);
  });
});
