// Says which places of the project's files have run, by V8's own count. Node writes one such file for each process.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import * as z from "zod";

const Range = z.object({ startOffset: z.number(), endOffset: z.number(), count: z.number() });
const Script = z.object({ url: z.string(), functions: z.array(z.object({ ranges: z.array(Range) })) });
const Count = z.object({ result: z.array(Script) });

/** Tells whether what stands there has run. Of a file that no process counted nothing is known: it may have run in one that was killed. */
export type Ran = (file: string, at: number) => boolean;

/** Reads what processes of the project in `root` have counted into a folder, of the files that are asked for. */
export function ranIn(folder: string, root: string, files: readonly string[]): Ran {
  const urls = new Map(files.map((file) => [pathToFileURL(join(root, file)).href, file]));
  const scripts = readdirSync(folder).flatMap((name) => {
    const { result } = Count.parse(JSON.parse(readFileSync(join(folder, name), "utf8")));
    return result.flatMap(({ url, functions }) => {
      const file = urls.get(url);
      return file === undefined ? [] : [{ file, ranges: functions.flatMap(({ ranges }) => ranges) }];
    });
  });
  return (file, at) => {
    const counted = scripts.filter((script) => script.file === file);
    return counted.length === 0 || counted.some(({ ranges }) => countAt(ranges, at) > 0);
  };
}

/** Gives the count of the smallest range around a place: ranges lie within each other. */
function countAt(ranges: readonly z.infer<typeof Range>[], at: number): number {
  const [smallest] = ranges
    .filter(({ startOffset, endOffset }) => startOffset <= at && at < endOffset)
    .sort((a, b) => a.endOffset - a.startOffset - (b.endOffset - b.startOffset));
  return smallest?.count ?? 1;
}
