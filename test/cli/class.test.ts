// `groundcrew members class`: giving the list of a class, seeing its lights, calling it off, and a page to hand on.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import type { ClassLine, ClassView } from "../../shared/members/class-answers.ts";
import { against, home } from "./console-harness.ts";
import { answer, refusal } from "./loopback.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "groundcrew-class-"));
});
afterAll(() => rmSync(folder, { recursive: true }));
function listOf(text: string | Buffer, name = "Intro week 1.csv"): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

const line: ClassLine = {
  hub: "prod",
  on: "2026-12-05",
  name: "intro-week-1",
  people: 2,
  counts: { green: 1, amber: 0, red: 1, grey: 0 },
  by: "command line",
  at: "2026-11-21T08:00:00.000Z",
};
const person = { sentence: "Not in\u001b[2J the sheet.", next: "Add a row." };
const view: ClassView = {
  ...line,
  remarks: ["Invitations are kept for it from 2026-11-28 on."],
  lines: [
    {
      ...person,
      line: 2,
      who: "lost@example.org",
      called: "line 2 of the list",
      light: "red",
      word: "not found",
    },
    {
      ...person,
      line: 1,
      who: "Ada",
      called: "Ada",
      login: "ada-north",
      light: "green",
      word: "in the team",
    },
  ],
};
const shown = [
  "intro-week-1 on 2026-12-05, 2 people: 1 in, 1 need somebody",
  "  Invitations are kept for it from 2026-11-28 on.",
  "  not found    line 2 of the list",
  "  in the team  Ada                 ada-north",
  "lost@example.org: Not in the sheet.",
  "  next: Add a row.",
];
const routes = {
  "GET /api/home": home("prod"),
  "POST /api/classes/prod": answer(answers.classGiven, { said: "The class is kept", view }),
  "GET /api/classes": answer(answers.classes, { classes: [line] }),
  "GET /api/classes/prod/2026-12-05/intro-week-1": answer(answers.class, view),
  "GET /api/classes/prod/2026-12-05/intro-week-1/page": answer(answers.classPage, {
    html: "<!doctype html>",
  }),
  "POST /api/classes/prod/2026-12-05/intro-week-1/cancel": answer(answers.done, {
    ok: true,
    said: "Called off",
  }),
};
const command = (...args: string[]) => against(routes, ["members", "class", ...args]);
const posts = (asked: { call: string; body: unknown }[]) =>
  asked.filter(({ call }) => call.startsWith("POST")).map(({ call, body }) => [call, body]);

describe("members class", () => {
  test("sends the list as it is, under the file's name, and shows how far its people are", async () => {
    const { code, stdout, asked } = await command(
      listOf("\uFEFFAda\nlost@example.org\n"),
      "--on",
      "2026-12-05",
    );
    expect([code, stdout.trimEnd().split("\n")]).toEqual([0, ["The class is kept", ...shown]]);
    expect(posts(asked)).toEqual([
      [
        "POST /api/classes/prod",
        { on: "2026-12-05", name: "intro-week-1", list: "\uFEFFAda\nlost@example.org\n" },
      ],
    ]);
  });

  test("takes another name, and gives JSON", async () => {
    const { stdout, asked } = await command(listOf("Ada"), "--on", "2026-12-05", "--name", "Été 1", "--json");
    expect(posts(asked)[0]?.[1]).toMatchObject({ name: "ete-1" });
    expect(JSON.parse(stdout)).toEqual({ said: "The class is kept", ...view });
  });

  test("lists the classes, and shows those of a day", async () => {
    expect((await command()).stdout).toBe("2026-12-05  intro-week-1  2 people  1 in, 1 need somebody\n");
    expect((await command("--on", "2026-12-05")).stdout.trimEnd().split("\n")).toEqual(shown);
    const none = await command("--on", "2026-12-06");
    expect([none.code, none.stderr]).toEqual([
      1,
      expect.stringContaining("these stand: intro-week-1 on 2026-12-05"),
    ]);
  });

  test("calls one off", async () => {
    const { code, stdout, asked } = await command("--on", "2026-12-05", "--cancel");
    expect([code, stdout]).toEqual([0, "Called off\n"]);
    expect(posts(asked).map(([call]) => call)).toEqual([
      "POST /api/classes/prod/2026-12-05/intro-week-1/cancel",
    ]);
  });

  test("prints the page to hand on into a file, of a class that is given or that stands", async () => {
    const page = join(folder, "page.html");
    for (const args of [[listOf("Ada")], []]) {
      const { code } = await command(...args, "--on", "2026-12-05", "--print", page);
      expect([code, readFileSync(page, "utf8")]).toEqual([0, "<!doctype html>"]);
      rmSync(page);
    }
    const nowhere = await command("--on", "2026-12-05", "--print", join(folder, "no", "page.html"));
    expect([nowhere.code, nowhere.stderr]).toEqual([
      1,
      expect.stringContaining("cannot be written (ENOENT)"),
    ]);
  });

  test("asks which, where a day has several", async () => {
    const two = {
      ...routes,
      "GET /api/classes": answer(answers.classes, { classes: [line, { ...line, name: "b" }] }),
    };
    const args = ["members", "class", "--on", "2026-12-05", "--cancel"];
    const { code, stderr, asked } = await against(two, args);
    expect([code, stderr, posts(asked)]).toEqual([
      2,
      expect.stringContaining("intro-week-1 (prod), b (prod)"),
      [],
    ]);
    expect((await against(two, [...args, "--name", "Intro, week 1"])).code).toBe(0);
  });

  test("gives the console's refusal as it is", async () => {
    const refused = refusal(422, "the class was not kept", "2020-01-01 is over", "give a day to come");
    const { code, stderr } = await against({ ...routes, "POST /api/classes/prod": refused }, [
      ...["members", "class", listOf("Ada"), "--on", "2020-01-01"],
    ]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("2020-01-01 is over")]);
  });

  test.each([
    ["no day", () => [listOf("Ada")], "its day is missing"],
    ["no such file", () => ["no-such-list.txt", "--on", "2026-12-05"], "no-such-list.txt cannot be read"],
    [
      "a spreadsheet",
      () => [listOf(Buffer.from("504b0304ff", "hex"), "a.xlsx"), "--on", "2026-12-05"],
      "save a spreadsheet as CSV",
    ],
    [
      "a list that would be written over",
      () => ["--on", "2026-12-05", "--print", "class.csv"],
      "does not end in .html",
    ],
    [
      "a list to be called off",
      () => [listOf("Ada"), "--on", "2026-12-05", "--cancel"],
      "do not go together",
    ],
    ["nothing to be called off", () => ["--cancel"], "which class is meant"],
  ])("with %s is wrong usage", async (_, args, said) => {
    const { code, stderr, asked } = await command(...args());
    expect([code, stderr, posts(asked)]).toEqual([2, expect.stringContaining(said), []]);
  });
});
