// Stands where vendors' clients import node-fetch: the same call, over the wire of the simulation.
import { Readable } from "node:stream";
import { cross } from "./wire.ts";

type Given = { method?: string; headers?: Record<string, string> | Headers; body?: unknown };

/** node-fetch's own signature, as far as gaxios and teeny-request use it. */
// biome-ignore lint/style/noDefaultExport: that is what node-fetch exports.
export default async function fetch(url: string | URL, given: Given = {}) {
  const { method = "GET", headers = {}, body } = given;
  const bytes = await bytesOf(body);
  const request = new Request(url, {
    method,
    headers,
    ...(bytes === undefined ? {} : { body: bytes }),
  });
  const response = await cross(request);
  const { status, statusText, ok } = response;
  // A body that breaks off is an error of reading, not of asking.
  const read = response.arrayBuffer().then((buffer) => Buffer.from(buffer));
  read.catch(() => undefined);
  let stream: Readable | undefined;
  let isRead = false;
  const taken = (): Promise<Buffer> => {
    isRead = true;
    return read;
  };
  return {
    url: String(url),
    status,
    statusText,
    ok,
    headers: response.headers,
    /** Without it gaxios forgets what a refusal says. */
    get bodyUsed() {
      return isRead;
    },
    get body() {
      isRead = true;
      stream ??= Readable.from(
        (async function* () {
          yield await read;
        })(),
        { objectMode: false },
      );
      return stream;
    },
    arrayBuffer: taken,
    blob: async () => new Blob([new Uint8Array(await taken())]),
    text: async () => (await taken()).toString("utf8"),
    json: async () => JSON.parse((await taken()).toString("utf8")),
  };
}

async function bytesOf(
  body: unknown,
): Promise<Uint8Array<ArrayBuffer> | URLSearchParams | string | undefined> {
  if (body === undefined || body === null) return undefined;
  // It carries its own content type.
  if (body instanceof URLSearchParams) return body;
  if (body instanceof Readable) return new Uint8Array(Buffer.concat(await Array.fromAsync(body)));
  if (body instanceof Uint8Array) return new Uint8Array(body);
  return String(body);
}
