// Cuts a failed seed down: steps and strikes are left out, more and more, as long as the same rule breaks; and prints what is left as
// a table that a person can read.
import type { Seeded } from "./run.ts";

const mostReplays = 300;

/** Leaves out halves, then smaller parts, then single ones (delta debugging), until nothing more can go or it has taken long enough. */
export async function shrink(
  failed: Seeded,
  replay: (without: ReadonlySet<string>) => Promise<Seeded>,
  say: (sentence: string) => void,
): Promise<Seeded> {
  const rules = new Set(failed.broken.map(ruleOf));
  let shortest = failed;
  let without: ReadonlySet<string> = new Set();
  let replays = 0;
  const left = (): string[] => [...new Set(shortest.parts)].filter((part) => !without.has(part));
  let size = Math.ceil(left().length / 2);
  while (size > 0 && replays < mostReplays) {
    let isShorter = false;
    // Begins with the last: without a step, its strikes are gone, too.
    for (let end = left().length; end > 0 && replays < mostReplays; end -= size) {
      const parts = left().slice(Math.max(0, end - size), end);
      if (parts.length === 0) continue;
      replays += 1;
      const tried = new Set([...without, ...parts]);
      const played = await replay(tried);
      say(`${replays} replays: ${left().length} of ${new Set(failed.parts).size} steps and strikes are left`);
      if (!played.broken.some((sentence) => rules.has(ruleOf(sentence)))) continue;
      shortest = played;
      without = tried;
      isShorter = true;
    }
    size = isShorter && size === 1 ? 1 : Math.floor(size / 2);
  }
  return shortest;
}

/** A broken rule without what is of one run alone: names, numbers and times. */
const ruleOf = (sentence: string): string => sentence.replace(/\S*[\d/]\S*/g, "_").slice(0, 80);

const actor =
  /^(somebody|the platform|machine \S+|[a-z-]+ #\d+(?: (?:storage|google|github|registry|prometheus|compute|s3|slack|secrets)\b)?)\s+(.*)$/;

/** Prints a timeline as a table of when, who and what, without calls that only look, or keep what is ours, as they should. */
export function tableOf(timeline: readonly string[]): string {
  const rows = timeline.filter(isTelling).map((line) => {
    const [, when = "", rest = ""] = /^(\S+) (.*)$/s.exec(line) ?? [];
    const [, who = "", what = rest] = actor.exec(rest) ?? [];
    return [when.replace("T", " "), who, what];
  });
  const head = ["when", "who", "what"];
  const width = (column: number): number =>
    Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0));
  const print = ([when = "", who = "", what = ""]: string[]): string =>
    `${when.padEnd(width(0))} | ${who.padEnd(width(1))} | ${what}`;
  const rule = `${"-".repeat(width(0))}-+-${"-".repeat(width(1))}-+-${"-".repeat(60)}`;
  return [print(head), rule, ...rows.map(print)].join("\n");
}

/** Lines of what was read and written in the ledger as it should be tell least, and those of signing in. */
export const isTelling = (line: string): boolean =>
  !/ storage \S+ .* = (?:200|404)$/.test(line) &&
  !/ secrets GET .* = 200$/.test(line) &&
  !/ github \S+ \S*(?:access_tokens|installation) = 20\d$/.test(line);
