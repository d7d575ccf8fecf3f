// A zip archive that depends on its files and on nothing else: sorted names, one fixed time, stored and not compressed, for
// what a compressor gives differs from one machine or Node to the next.
import { crc32 } from "node:zlib";

/** 1980-01-01, the earliest date that a zip can name. */
const date = 0x0021;
const utf8Names = 0x0800;
const version = 20;
/** Made on Unix, as a plain file that everybody may read. */
const madeBy = (3 << 8) | version;
const plainFile = (0o100644 << 16) >>> 0;

/** https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. */
export function zip(files: Readonly<Record<string, Uint8Array>>): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const name of Object.keys(files).sort()) {
    const bytes = Buffer.from(files[name] ?? []);
    const common = commonFields(name, bytes);
    const local = Buffer.concat([numbers([4, 0x04034b50], [2, version]), common, Buffer.from(name), bytes]);
    directory.push(
      numbers([4, 0x02014b50], [2, madeBy], [2, version]),
      common,
      // No comment, first disk, no internal attributes.
      numbers([2, 0], [2, 0], [2, 0], [4, plainFile], [4, offset]),
      Buffer.from(name),
    );
    parts.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const count = parts.length;
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, central.length],
    [4, offset],
    [2, 0],
  );
  return Buffer.concat([...parts, central, end]);
}

/** Gives the fields that stand in both headers of a file. */
function commonFields(name: string, bytes: Uint8Array): Buffer {
  const stored = 0;
  return numbers(
    [2, utf8Names],
    [2, stored],
    [2, 0],
    [2, date],
    [4, crc32(bytes)],
    [4, bytes.length],
    [4, bytes.length],
    [2, Buffer.byteLength(name)],
    [2, 0],
  );
}

/** Little-endian numbers, each of so many bytes. */
function numbers(...fields: readonly (readonly [size: 2 | 4, value: number])[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [size]) => sum + size, 0));
  let at = 0;
  for (const [size, value] of fields) at = buffer.writeUIntLE(value, at, size);
  return buffer;
}
