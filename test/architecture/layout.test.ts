// ARCHITECTURE.md draws every folder of the three rooms that have many, and no folder that is not there; and what tests are made on has
// one name.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { filesOf, root } from "./source.ts";

const page = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
const drawing = /## Rooms[\s\S]*?\n```\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

/** The folders that are drawn below a line that begins so. */
function drawnBelow(line: string): string[] {
  const part = drawing.slice(drawing.indexOf(line) + line.length).split(/^\S/m)[0] ?? "";
  return [...part.matchAll(/(?<![\w/])([\w-]+)\/(?=\s|:|$)/gm)].map(([, name = ""]) => name);
}
const foldersIn = (room: string): string[] =>
  readdirSync(join(root, room), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

test.each([
  ["shared/", "shared"],
  ["local/", "local"],
  ["console/", "functions/console"],
])("%s is drawn as it is", (line, room) => {
  expect({ "ARCHITECTURE.md draws": drawnBelow(line).toSorted() }).toEqual({
    "ARCHITECTURE.md draws": foldersIn(room).toSorted(),
  });
});

test.each(["functions", "shared", "local", "cli", "infra"])("tests of %s lie as it lies", (room) => {
  // Golden files are of every record.
  const strangers = foldersIn(`test/${room}`).filter(
    (name) => name !== "golden" && !foldersIn(room).includes(name),
  );
  expect(strangers.map((name) => `test/${room}/${name} tests no folder of ${room}.`)).toEqual([]);
});

test("what tests are made on is a harness", () => {
  const habits = /(?:^|[-./])(?:stand|scene|served|sides)\.ts$/;
  const others = filesOf("test").filter((file) => habits.test(file));
  expect(others.map((file) => `${file} is to be called harness.ts, or <what>-harness.ts.`)).toEqual([]);
});
