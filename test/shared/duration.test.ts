// Spans of time as people type them.
import { expect, test } from "@jest/globals";
import { parseDuration } from "../../shared/duration.ts";

test.each([
  ["+6h", 21_600_000],
  ["1d12h", 129_600_000],
  ["90s", 90_000],
  ["5m", 300_000],
  ["500ms", 500],
  ["1.5h", 5_400_000],
  ["", undefined],
  ["6", undefined],
  ["h", undefined],
  ["-6h", undefined],
  ["6h later", undefined],
])("the span %j is %s ms", (text, milliseconds) => {
  expect(parseDuration(text)).toBe(milliseconds);
});
