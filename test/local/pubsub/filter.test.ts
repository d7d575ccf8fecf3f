// The filter language, by its documented grammar.
import { describe, expect, test } from "@jest/globals";
import { filterOf } from "../../../local/pubsub/filter.ts";

const message = { name: "com", "lang-tag": "en", "iana.org/tag": "x", quote: 'a"b' };

test.each([
  ["", true],
  ["attributes:name", true],
  ["attributes:none", false],
  ['attributes:"iana.org/tag"', true],
  ['attributes.name = "com"', true],
  ['attributes.name="org"', false],
  ['attributes.name != "com"', false],
  ['attributes.none != "com"', true],
  ['attributes.lang-tag = "en"', true],
  ['attributes.quote = "a\\"b"', true],
  ['attributes.name = "\\u0063om"', true],
  ['hasPrefix(attributes.name, "co")', true],
  ['hasPrefix(attributes.none, "")', false],
  ['NOT attributes.name = "com"', false],
  ["-attributes:none", true],
  ['attributes:name AND attributes.name = "com" AND NOT attributes:none', true],
  ["attributes:none OR attributes:name", true],
  ["attributes:none OR (attributes:name AND NOT attributes:quote)", false],
])("%s", (text, expected) => {
  expect(filterOf(text)(message)).toBe(expected);
});

describe("what isn't grammatical is refused", () => {
  test.each([
    "attributes",
    "attributes.name",
    "attributes.name = com",
    "attributes.name = 'com'",
    'attributes.name > "com"',
    'data = "x"',
    'attributes.name = "com',
    "(attributes:name",
    "attributes:name)",
    "attributes:name attributes:quote",
    "attributes:name and attributes:quote",
    "attributes:a AND attributes:b OR attributes:c",
    "NOT",
    'hasSuffix(attributes.name, "m")',
    'hasPrefix("com", attributes.name)',
    `attributes:${"k".repeat(250)}`,
  ])("%s", (text) => {
    expect(() => filterOf(text)).toThrow("Invalid filter");
  });
});
