// Tests of the documents: their links lead somewhere, their commands exist with the options they name, and
// nothing speaks of a script that is not there.
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { command } from "./cli/in-process.ts";

const root = join(import.meta.dirname, "..");
const pages = globSync(["*.md", "docs/**/*.md"], { cwd: root })
  .sort()
  .map((name) => ({ name, text: readFileSync(join(root, name), "utf8") }));
const Package = z.object({ scripts: z.record(z.string(), z.string()) });

/** Lists a text's code: each line of a block, and each piece between backticks. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```(?:sh|bash)?\n([\s\S]*?)^```/gm)].flatMap(([, block = ""]) =>
    block.replaceAll("\\\n", " ").split("\n"),
  );
  const inline = [...text.replaceAll(/^```[\s\S]*?^```/gm, "").matchAll(/`([^`\n]+)`/g)];
  return [...blocks, ...inline.map(([, code = ""]) => code)];
}

/** `npx groundcrew members why <login>` as ["members", "why"] and the options that it names. */
function wordsOf(line: string): { words: string[]; options: string[] } {
  const [said = ""] = line.replace(/^.*?npx groundcrew\s*/, "").split(/\s#\s|[|;&]/);
  const words: string[] = [];
  for (const word of said.trim().split(/\s+/)) {
    if (!/^[a-z][a-z-]*$/.test(word)) break;
    words.push(word);
  }
  return { words, options: said.match(/(?<=\s|^|\[)--[a-z][a-z-]*/g) ?? [] };
}

const commands = pages.flatMap(({ name, text }) =>
  codeOf(text)
    .filter((code) => /\bnpx groundcrew\b/.test(code))
    .map((code): [string, string] => [name, code.trim()]),
);
/** The table of docs/cli.md leaves the program's name out. */
const table = (pages.find(({ name }) => name === "docs/cli.md")?.text ?? "")
  .split("\n")
  .filter((line) => line.startsWith("| `"))
  .flatMap((line) => {
    const codes = [...(line.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, code = ""]) => code);
    const [first = ""] = codes;
    // "`runs ls`, `show <run>`": the second is of the first one's family.
    const family = first.split(" ")[0] ?? "";
    return codes.map(
      (code, index) =>
        `npx groundcrew ${index === 0 || code.startsWith(family) ? code : `${family} ${code}`}`,
    );
  })
  .filter((line) => !/npx groundcrew \d/.test(line));

describe("commands", () => {
  test.each([...commands, ...table.map((line): [string, string] => ["docs/cli.md", line])])(
    "%s: %s",
    async (_, line) => {
      const { words, options } = wordsOf(line);
      // A word too many is an argument: the longest beginning that is a command counts.
      for (let count = words.length; count >= 0; count -= 1) {
        const { code, stdout } = await command([...words.slice(0, count), "--help"]);
        if (code !== 0) continue;
        // Below a family of commands, the next word has to be one of them.
        expect(stdout.includes("Commands:") && count > 0 ? words.slice(count) : []).toEqual([]);
        expect(stdout).toMatch(
          new RegExp(`Usage: groundcrew ${words.slice(0, Math.min(count, 1)).join(" ")}`),
        );
        expect(options.filter((option) => !stdout.includes(option))).toEqual([]);
        return;
      }
      throw new Error("no such command");
    },
  );
});

test("each npm script that a document names is there", () => {
  const { scripts } = Package.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));
  const named = pages.flatMap(({ text }) =>
    [...text.matchAll(/npm run ([a-z:]+)/g)].map(([, name = ""]) => name),
  );
  expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  expect(named).toContain("bench");
});

test("each link leads to a file of the project, and to a heading that it has", () => {
  const dead = pages.flatMap(({ name, text }) =>
    [...text.matchAll(/\]\((?!https?:|mailto:)([^)\s]*)\)/g)].flatMap(([, link = ""]) => {
      const [path = "", anchor] = link.split("#");
      const file = path === "" ? join(root, name) : join(root, dirname(name), path);
      if (!existsSync(file)) return [`${name}: ${link}`];
      if (anchor === undefined) return [];
      return headingsOf(readFileSync(file, "utf8")).includes(anchor) ? [] : [`${name}: ${link}`];
    }),
  );
  expect(dead).toEqual([]);
});

/** Words of the sources that people are told, each with the heading under which the runbook speaks of it. */
test.each([
  ["functions/sync-members/text.ts", "removals wait for you", "Changes of members wait for you"],
  ["functions/sync-members/text.ts", "changes of members wait for you", "Changes of members wait for you"],
  ["functions/sync-members/text.ts", "given by hand", "A membership given by hand"],
  ["functions/sync-members/text.ts", "the member sheet cannot be read", "The member sheet cannot be read"],
  ["functions/sync-members/class-text.ts", "people of a class need you", "A class is near"],
  ["functions/sync-members/class-text.ts", "people of today's class are not in", "A class is near"],
  ["shared/delivery/incidents.ts", "cannot be used", "Cells of the sheet cannot be used"],
  ["functions/scan-quotas/volume-text.ts", "of the home volume is free", "Little of the home volume is free"],
  ["functions/scan-quotas/text.ts", "seem to have changed at once", "Homes seem to have changed at once"],
  [
    "functions/scan-quotas/text.ts",
    "the sizes of the homes cannot be had",
    "The sizes of the homes cannot be had",
  ],
  [
    "functions/scan-quotas/text.ts",
    "nobody in the sheet",
    "A home above a limit belongs to nobody in the sheet",
  ],
  ["functions/bump-image/text.ts", "are proposed", "Images are proposed"],
  ["functions/bump-image/text.ts", "are ready to be proposed", "Images are ready to be proposed"],
  ["functions/bump-image/text.ts", "are on hold", "Images are on hold"],
  ["functions/bump-image/text.ts", "is left alone", "The branch is left alone"],
  [
    "shared/github/refusals-account.ts",
    "GitHub did not accept the fork's token",
    "GitHub refuses the fork's account",
  ],
  ["functions/run-transfer/text.ts", "was not begun", "A transfer was not begun"],
  ["functions/run-transfer/text.ts", "is not complete", "A transfer is incomplete, or failed"],
  [
    "functions/send-notice/handler.ts",
    "it is not known whether",
    "It is not known whether a message went out",
  ],
  ["shared/google-patterns.ts", "service account lacks the permission", "An identity lacks a permission"],
  ["shared/ledger.ts", "cannot be read", "A record cannot be read"],
  ["shared/secrets.ts", "is missing", "A secret is missing or not accepted"],
  ["shared/github/client.ts", "GitHub did not let the App in", "GitHub did not let the App in"],
])("%s says %s: the runbook has it", (file, words, heading) => {
  expect(readFileSync(join(root, file), "utf8")).toContain(words);
  expect(pages.find(({ name }) => name === "docs/runbook.md")?.text).toContain(`\n### ${heading}\n`);
});

/** As GitHub makes an anchor of a heading. */
const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
