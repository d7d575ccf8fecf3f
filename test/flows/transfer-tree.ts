// A remote's folder in the sample hub, filled for a test and compared by bytes afterwards.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { oddNames } from "../../local/sample/buckets.ts";

/** `count` objects of which every tenth has an odd name; contents differ from name to name. */
export function fill(folder: string, count: number, bytes = 3000): void {
  for (let index = 0; index < count; index += 1) {
    const odd = oddNames[index % oddNames.length];
    const name = index % 10 === 0 ? `odd-${index}/${odd}` : `chunk/${index % 40}/${index}.0`;
    const file = join(folder, name);
    mkdirSync(dirname(file), { recursive: true });
    const seed = createHash("sha256").update(name).digest();
    writeFileSync(file, Buffer.alloc(name.endsWith("/empty") ? 0 : 1 + ((index * 7919) % bytes), seed));
  }
}

/** Every file below, with a digest of its bytes. */
export function contents(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    found[file.slice(folder.length + 1)] = createHash("sha256").update(readFileSync(file)).digest("hex");
  }
  return found;
}
