// Classes on the console: what is kept of a list and what is refused, a light for each person, the page that somebody watches, and the
// one that is handed on.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { answers } from "../../../../shared/control.ts";
import { MembersState } from "../../../../shared/members/records.ts";
import { head, today } from "../day.ts";
import { asker, openConsole } from "../harness.ts";
import { goesTo, main, textOf } from "../pages-harness.ts";
import { people } from "./looked.ts";

let on: Awaited<ReturnType<typeof openConsole>>;
const { ask, post, page, get } = asker(() => on.app);
beforeAll(async () => {
  on = await openConsole();
});
afterAll(() => on.close());
const headName = "head/members/prod.json";
/** Leaves this as what the last run has seen. */
const seen = async (state: MembersState): Promise<void> => {
  const stored = await on.records.read(headName, MembersState);
  await on.records.swap(headName, state, stored?.generation ?? "0");
};
beforeEach(async () => {
  await seen(head);
  on.published.length = 0;
  for (const { name, generation } of await on.records.list("classes/"))
    await on.records.remove(name, generation);
});

const day = (after: number): string =>
  new Date(Date.parse(today) + after * 86_400_000).toISOString().slice(0, 10);
const give = (list: string, more: object = {}) =>
  post("/api/classes/prod", { on: day(7), name: "intro", list, ...more });
const given = async (list: string, more: object = {}) =>
  answers.classGiven.parse(await (await give(list, more)).json());
const records = () => on.records.list("classes/");
const send = (path: string, fields: Record<string, string>) =>
  ask(path, { method: "POST", body: new URLSearchParams(fields) });
const later = () => on.clock.moveBy(1000);

describe("a list", () => {
  test("is kept with a light for each person, those first who need something, and the flow looks at once", async () => {
    const list = "ada-north\nBo South\ndee-east\nlost@example.org\nada-north, bo-south\nWrong Name, gus-old";
    const { said, view } = await given(list);
    expect(said).toBe(`The class intro on ${day(7)} is kept`);
    expect(view.lines.map(({ line, light, word }) => [line, light, word])).toEqual([
      [3, "red", "no such user"],
      [4, "red", "not found"],
      [5, "grey", "not clear who"],
      [2, "amber", "invited"],
      [1, "green", "in the team"],
      [6, "green", "in the team"],
    ]);
    expect(view.counts).toEqual({ red: 2, grey: 1, amber: 1, green: 2 });
    expect(on.published.map(({ topic, event }) => [topic, event])).toEqual([
      ["sheet-changed", { v: 1, hub: "prod", why: "person" }],
    ]);
  });

  test("given again is nothing new; corrected, it takes the place of the one before", async () => {
    await given("ada-north");
    expect((await given("\nada-north\n")).said).toContain("is as it was");
    expect([(await records()).length, on.published.length]).toEqual([1, 1]);
    later();
    const { said, view } = await given("ada-north\nbo-south");
    expect([said, view.people]).toEqual([`The class intro on ${day(7)} has the new list now`, 2]);
    const { classes } = await get("/api/classes", answers.classes);
    expect(classes.map(({ name, people: count }) => [name, count])).toEqual([["intro", 2]]);
  });

  test.each([
    ["a day that is over", "ada-north", { on: day(-1) }, "is over: today is"],
    ["a day too far ahead", "ada-north", { on: day(181) }, "more than 180 days ahead"],
    ["no day at all", "ada-north", { on: "2026-13-41" }, "on: a day is yyyy-mm-dd"],
    ["nobody", " \n\n", {}, "names nobody"],
    ["a spreadsheet's own file", "PK\u0003\u0004\u0000x", {}, "is a spreadsheet"],
    ["five thousand", Array.from({ length: 5000 }, (_, n) => `p-${n}`).join("\n"), {}, "has 5000 people"],
    ["a line that is a book", `ada\n${"x".repeat(400)}`, {}, "person 2 of the list"],
    ["a name for nobody's path", "ada", { name: "../x" }, "a class's name is"],
  ])("of %s is refused in words, and nothing is kept", async (_, list, more, said) => {
    const answer = await give(list, more);
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining(said)]);
    expect([await records(), on.published]).toEqual([[], []]);
  });

  test("for today, and for the last day that there is, is taken", async () => {
    expect((await give("ada-north", { on: today })).status).toBe(200);
    const { view } = await given("ada-north", { on: day(180) });
    expect(view.remarks).toContain(`Invitations are kept for it from ${day(173)} on.`);
  });

  test("of a hub that is not there is refused", async () => {
    expect((await post("/api/classes/nowhere", { on: day(7), name: "intro", list: "ada" })).status).toBe(404);
  });

  test("says what may be a slip: the same people twice on a day, the same name on another day", async () => {
    await given("ada-north\nbo-south");
    const { view } = await given("ada-north\ncy-west", { name: "intro-corrected" });
    expect(view.remarks).toEqual([
      `1 of its people are in the class intro on ${day(7)}, too: call that one off if this one takes its place.`,
    ]);
    const { view: moved } = await given("ada-north", { on: day(3) });
    expect(moved.remarks).toEqual([
      `There is a class intro on ${day(7)}, too: call off the one that is wrong.`,
    ]);
  });
});

test("is called off: it stands no more, is told once, and a list may be given again", async () => {
  await given("ada-north");
  later();
  const path = `/api/classes/prod/${day(7)}/intro`;
  expect((await post(`${path}/cancel`)).status).toBe(200);
  expect(on.published).toHaveLength(2);
  expect([(await ask(path)).status, (await post(`${path}/cancel`)).status]).toEqual([404, 404]);
  expect(on.published).toHaveLength(2);
  later();
  expect((await given("ada-north")).said).toContain("is kept");
});

describe("the pages", () => {
  test("a form keeps a class and leads to its lights; what is wrong comes back with what was typed", async () => {
    const path = `/classes/prod/${day(7)}/intro-week-1`;
    const fields = { hub: "prod", on: day(7), name: "Intro, week 1", list: "ada-north\r\nnobody-at-all" };
    expect(goesTo(await send("/classes", fields))).toEqual([303, path]);
    const shown = await page(path);
    expect(shown).toContain("data-poll");
    expect(textOf(main(shown))).toMatch(
      /1 need somebody .*✕ not found nobody-at-all .*✓ in the team ada-north/,
    );
    expect(textOf(await page("/classes"))).toContain("intro-week-1");
    const wrong = await send("/classes", { ...fields, on: "2020-01-01", list: "ada-north" });
    expect(wrong.status).toBe(422);
    const again = await wrong.text();
    expect(textOf(again)).toContain("2020-01-01 is over");
    expect(again).toContain(">ada-north</textarea>");
    later();
    expect(goesTo(await send(`${path}/cancel`, {}))).toEqual([303, "/classes?said=calledOff"]);
    expect((await ask(path)).status).toBe(404);
  });

  test("what stands in a list is text on them", async () => {
    await given("<script>alert(1)</script>\nTom &lt;b&gt;");
    const shown = await page(`/classes/prod/${day(7)}/intro`);
    const { html } = await get(`/api/classes/prod/${day(7)}/intro/page`, answers.classPage);
    for (const each of [shown, html]) {
      expect(each).not.toContain("<script>alert");
      expect(each).toContain("Tom &amp;lt");
    }
  });

  test("the one to hand on stands alone, has logins and lights, and no address, cell or token", async () => {
    await given("Ada North <ada@example.org>\nlost@example.org\nbo-south");
    const answer = await ask(`/classes/prod/${day(7)}/intro/print`);
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="intro-${day(7)}.html"`);
    const html = await answer.text();
    expect(textOf(html)).toMatch(
      /Ada North \(ada-north\) ✓ in the team line 2 of the list ✕ not found bo-south … invited/,
    );
    expect(html).not.toMatch(/@|src=|href=|csrf|\b[A-Z]\d+\b(?!px)/);
  });
});

test("a hundred of two thousand are lit, half of them nobody's names", async () => {
  const names = Array.from({ length: 2000 }, (_, index) => `Member Number${index}`);
  await seen({ ...head, people: people(...names) });
  const { view } = await given(
    Array.from({ length: 100 }, (_, n) => (n % 2 ? `Number${n * 9} Member` : `nobody-${n}`)).join("\n"),
  );
  expect(view.counts).toEqual({ red: 50, grey: 0, amber: 0, green: 50 });
});
