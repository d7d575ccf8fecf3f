// docs/glossary.md has one meaning for each noun: every exported type that is a thing of the project stands in it, and nothing stands in
// it that the code does not say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { root, sourcesOf } from "./architecture/source.ts";

type Word = { word: string; types: string[]; says: string };
const words: Word[] = [
  ...readFileSync(join(root, "docs/glossary.md"), "utf8").matchAll(/^\| ([a-z ]+) \|([^|]*)\| (.*) \|$/gm),
]
  .map(([, word = "", types = "", says = ""]) => ({
    word,
    types: [...types.matchAll(/`(\w+)`/g)].map(([, type = ""]) => type),
    says,
  }))
  .filter(({ word }) => word !== "word");

/** Files of shared/ of which the types are things of the project; what speaks for one vendor or one screen is not among them. */
const looked = /^shared\/(?:(?:flow\/|delivery\/)?[\w-]+|members\/settings)\.ts$/;
const exported = sourcesOf("shared")
  .filter(({ file }) => looked.test(file) && file !== "shared/control.ts")
  .flatMap(({ code }) => [...code.matchAll(/^export type (\w+)/gm)].map(([, name = ""]) => name));

/** Types that are plain TypeScript or plain English, or what a function is given and gives back: a word for one would say nothing more. */
const plain = new Set(
  (
    "Asked BodyLimits Call Clock Ended Failed Handle IncidentDeps KnownIncidents Log LogFields Needs OpenRun Reach Read ReceiveDeps Recorder Said Severity Size Telling " +
    // Records of before each held item had a hash, for as long as they are read.
    "HeldPlan OldApproval"
  ).split(" "),
);

describe("the glossary", () => {
  test("has each noun of the code", () => {
    const known = new Set([...words.flatMap(({ types }) => types), ...plain]);
    const missing = [...new Set(exported)].filter((type) => !known.has(type));
    expect(
      missing.map(
        (type) => `${type} is not in docs/glossary.md: give it a word, or call it by one that is there.`,
      ),
    ).toEqual([]);
  });

  test("names no type that is not there, and none twice", () => {
    const types = words.flatMap(({ types: each }) => each);
    expect([...types, ...plain].filter((type) => !exported.includes(type))).toEqual([]);
    expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([]);
  });

  test("has each word once, in order, with one plain sentence", () => {
    expect(words.length).toBeGreaterThan(50);
    expect(words.map(({ word }) => word)).toEqual([...new Set(words.map(({ word }) => word))].sort());
    expect(
      words.filter(({ says }) => !/^[A-Z][^.]*(?:\.\w[^.]*)?\.$/.test(says) || says.length > 130),
    ).toEqual([]);
  });

  test("has no word that nobody uses", () => {
    const said = sourcesOf("shared", "functions", "local")
      .map(({ text }) => text.toLowerCase())
      .join("\n");
    const unused = words.filter(({ word }) => !new RegExp(`\\b${word.split(" ").join("[ -]")}`).test(said));
    expect(unused.map(({ word }) => word)).toEqual([]);
  });
});
