// Marks of the scaffold: whatever it leaves for a person begins with WRITE and a colon. Nothing of the project may go out with one.
import { expect, test } from "@jest/globals";
import { sourcesOf } from "./source.ts";

const mark = /WRITE: ?(.*?)["'`,;()*/\s]*$/;

test("nothing is left to be written", () => {
  const rooms = ["bench", "cli", "functions", "infra", "local", "shared", "test"];
  const left = sourcesOf(...rooms)
    .filter(
      ({ file }) => file !== "test/architecture/unwritten.test.ts" && !file.startsWith("test/scaffold/"),
    )
    .flatMap(({ file, text }) =>
      text.split("\n").flatMap((line, index) => {
        const [, what] = mark.exec(line) ?? [];
        return what === undefined ? [] : [`${file}:${index + 1} is to be written: ${what}`];
      }),
    );
  expect(left).toEqual([]);
});
