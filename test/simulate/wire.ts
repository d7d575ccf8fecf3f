// The wire of a simulation: whatever a vendor's client sends, by fetch or by node-fetch, is handed to the far end of its host
// in this very process. No socket is opened. Who sends is known by the delivery that it runs in.
import { AsyncLocalStorage } from "node:async_hooks";
import { createHash, createHmac, createPrivateKey, sign, webcrypto } from "node:crypto";
import { registerHooks } from "node:module";
import type { Delivery } from "./strikes.ts";

/** Carries one request of one sender to its far end. */
type Carry = (host: string, request: Request) => Promise<Response>;

/** The delivery that is at work, as the wire knows it. */
export const sender = new AsyncLocalStorage<Delivery>();

let carry: Carry | undefined;

/** From now on everything goes this way. */
export function lay(way: Carry): void {
  carry = way;
}

/** Hands a request to whoever has laid the wire. */
export async function cross(request: Request): Promise<Response> {
  if (carry === undefined) throw new Error("the wire is not laid");
  return carry(new URL(request.url).hostname, request);
}

/** As fetch and node-fetch say that no answer came. */
export const noAnswer = (code: "ECONNRESET" | "ECONNREFUSED"): Error =>
  Object.assign(new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) }), { code });

/** Takes the place of both ways out of this process. Call it before any vendor's client is loaded. */
export function takeOver(): void {
  globalThis.fetch = async (input, init) => cross(new Request(input, init));
  // google-auth-library and @google-cloud/storage know no option for it: they import node-fetch at each request.
  const resolved = new Map<string, ReturnType<Parameters<typeof registerHooks>[0]["resolve"] & {}>>();
  registerHooks({
    resolve(specifier, context, next) {
      if (specifier === "node-fetch")
        return { url: new URL("node-fetch.ts", import.meta.url).href, shortCircuit: true };
      // With a hook Node looks each import up anew, and ours are at first use, again and again.
      const key = `${specifier} ${context.parentURL} ${context.conditions?.join()} ${JSON.stringify(context.importAttributes)}`;
      const found = resolved.get(key) ?? next(specifier, context);
      resolved.set(key, found);
      return { ...found, shortCircuit: true };
    },
  });
  signAtOnce();
}

/** WebCrypto signs in a thread of its own, which ends when it likes: the order of what happens must be the seed's alone. */
function signAtOnce(): void {
  const keys = new Map<string, ReturnType<typeof createPrivateKey>>();
  const { subtle } = webcrypto;
  Object.assign(subtle, {
    importKey: async (format: string, der: ArrayBuffer) => {
      // As S3's requests are signed.
      if (format === "raw") return Buffer.from(der);
      const name = Buffer.from(der).toString("base64");
      const known =
        keys.get(name) ?? createPrivateKey({ key: Buffer.from(der), format: "der", type: "pkcs8" });
      keys.set(name, known);
      return known;
    },
    sign: async (_algorithm: string, key: Buffer | ReturnType<typeof createPrivateKey>, data: ArrayBuffer) =>
      bufferOf(
        Buffer.isBuffer(key)
          ? createHmac("sha256", key).update(Buffer.from(data)).digest()
          : sign("sha256", Buffer.from(data), key),
      ),
    digest: async (_algorithm: string, data: ArrayBuffer) =>
      bufferOf(createHash("sha256").update(Buffer.from(data)).digest()),
  });
}

const bufferOf = ({ buffer, byteOffset, length }: Buffer) => buffer.slice(byteOffset, byteOffset + length);
