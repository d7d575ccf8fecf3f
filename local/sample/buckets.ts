// Contents of the sample hub's buckets at first: two stores of chunks, papers, and the odd names that people give files.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Saved as requests/first-copy.yaml. */
export const firstRequest = `# A request for a transfer. Its id is the file's name; save another file to ask for another one.
from: persistent:sea-surface
to: pod-inbox:sea-surface
`;

/** Names as they are found in real buckets; all of them are legal at both kinds of store. */
export const oddNames = [
  "notes with spaces.txt",
  " begins with a space.txt",
  "ends with a space ",
  "#not-a-comment.csv",
  ";neither.csv",
  "-rf",
  "--delete",
  "100% sure?.md",
  "a+b&c=d.json",
  'quote\'s "and" `more`.txt',
  "$(touch nothing);echo.sh",
  "semi;colon,comma.txt",
  "*.glob[ab]{c,d}",
  "ümläut-ÆØÅ-ñ.txt",
  "データ/海面水温.nc",
  "🌊 waves.txt",
  "%41%2F.txt",
  "tilde~caret^bar|.txt",
  "<angle>.html",
  "UPPER.txt",
  `a.very.long.${"n".repeat(150)}.txt`,
  "deep/er/and/deep/er/still/file",
  ".hidden/.zmetadata",
  "empty",
] as const;

export function fillBuckets(folder: string): void {
  const put = (name: string, bytes: Buffer): void => {
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
  };
  for (const remote of ["persistent", "scratch", "pod-inbox", "pod-published"])
    mkdirSync(join(folder, remote), { recursive: true });
  const store = "persistent/sea-surface";
  put(`${store}/.zattrs`, Buffer.from('{"title":"sea surface temperature, invented"}\n'));
  for (let time = 0; time < 12; time += 1)
    for (let cell = 0; cell < 12; cell += 1)
      put(
        `${store}/sst/${time}.${cell}.0`,
        chunk(time * 12 + cell, 2000 + ((time * 37 + cell * 101) % 40) * 100),
      );
  for (const [index, name] of oddNames.entries())
    put(`${store}/odd/${name}`, name === "empty" ? Buffer.alloc(0) : chunk(500 + index, 700 + index * 13));
  for (let part = 0; part < 30; part += 1)
    put(`scratch/someone/model-run/restart-${String(part).padStart(3, "0")}.nc`, chunk(900 + part, 6000));
  put("pod-published/README.txt", Buffer.from("What the pod has published.\n"));
}

/** Bytes that look like data and are the same on every machine. */
function chunk(seed: number, bytes: number): Buffer {
  const made = Buffer.alloc(bytes);
  let state = Math.imul(seed + 1, 2654435761);
  for (let at = 0; at < bytes; at += 1) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    made[at] = state >>> 24;
  }
  return made;
}
