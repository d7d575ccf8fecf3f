// Finds a key that a YAML map names twice. The library compares each key with all before it: a text of 200 kB takes it half a
// minute (eemeli/yaml, compose/util-map-includes.ts). Parse with `uniqueKeys: false`, and ask here.
import { type Document, isScalar, visit } from "yaml";

/** Finds where the first key begins that its map has already, as an offset into the text. */
export function repeatedKeyAt(document: Document): number | undefined {
  let found: number | undefined;
  visit(document, {
    Map(_, { items }) {
      const keys = new Set<unknown>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        if (keys.has(key.value)) {
          found = key.range?.[0] ?? 0;
          return visit.BREAK;
        }
        keys.add(key.value);
      }
      return undefined;
    },
  });
  return found;
}
