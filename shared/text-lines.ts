// Lines of a text that comes in pieces: a file of a million lines is never held whole.
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

/** Gives the lines of a packed text; several that were packed one by one and put together are one. A line without an end is none. */
export async function* packedLines(
  pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<string> {
  const unpacked = createGunzip();
  const source = Readable.from(pieces);
  source.on("error", (error) => unpacked.destroy(error));
  let rest = "";
  for await (const piece of source.pipe(unpacked).setEncoding("utf8")) {
    const lines = `${rest}${piece}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
