// Reads an object of Cloud Storage: its bytes, up to a limit, with the generation that they are of, which the answer's head tells. The
// two belong together.
import { once } from "node:events";
import type { File } from "@google-cloud/storage";
import * as z from "zod";
import { refused } from "./failure.ts";
import type { Asked } from "./storage-calls.ts";
import { withRetries } from "./storage-retries.ts";

type Downloaded = { bytes: Buffer | undefined; generation: string };

/** https://docs.cloud.google.com/storage/docs/xml-api/reference-headers#xgooggeneration */
const Told = z.object({ headers: z.object({ "x-goog-generation": z.string() }) });

/**
 * Gives an object's bytes, undefined where they are too many. It is tried again as often as the client tries every other call,
 * and not by the client: that destroys the stream first and pipes into it afterwards, which ends the process
 * (https://github.com/googleapis/google-cloud-node/issues/8670).
 */
export async function download(file: File, mostBytes: number, asked: Asked): Promise<Downloaded> {
  file.interceptors.push({ request: onceOnly });
  return withRetries(file.storage, () => attempt(file, mostBytes, asked));
}

const onceOnly: File["interceptors"][number]["request"] = (options) =>
  Object.assign(options, { uri: "uri" in options ? options.uri : options.url, maxRetries: 0 });

async function attempt(file: File, mostBytes: number, asked: Asked): Promise<Downloaded> {
  const stream = file.createReadStream();
  const [[response], bytes] = await Promise.all([once(stream, "response"), upTo(mostBytes, stream)]);
  const told = Told.safeParse(response);
  if (!told.success) throw refused({ service: "storage", what: asked.what }, "unreadable", []);
  return { bytes, generation: told.data.headers["x-goog-generation"] };
}

/** Machines write into the bucket, too: what they leave there must not fill our memory. Leaving the loop ends the stream. */
async function upTo(mostBytes: number, stream: AsyncIterable<Buffer>): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
