// Proof that a caller is a process of the instance, for a listener that hands out tokens. Its user proves it where the system
// tells that. Elsewhere a secret of the instance does, behind the address that only such processes are given.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { subscribe } from "node:diagnostics_channel";
import { ClientRequest, type IncomingMessage } from "node:http";
import * as z from "zod";
import { isOurs } from "./peer.ts";

export type OwnCallers = { byUser: boolean; secret: string };

/** A secret that nobody guesses. */
export const newSecret = (): string => randomBytes(24).toString("hex");

export const callerHeader = "x-groundcrew-caller";

/** A listener's address for its callers, as GCE_METADATA_HOST has it. */
export const hostFor = ({ byUser, secret }: OwnCallers, port: number): string =>
  `127.0.0.1:${port}${byUser ? "" : `/${secret}`}`;

/** Tells whether a request is from the instance's own, and takes the secret off its path. */
export async function isOwnCaller(
  request: IncomingMessage,
  { byUser, secret }: OwnCallers,
): Promise<boolean> {
  if (byUser) return isOurs(request.socket);
  const { url = "", headersDistinct } = request;
  // As curl and rclone put it: they append their path to the address.
  const [, first = "", rest = ""] = /^\/([^/?]*)(\/.*)$/.exec(url) ?? [];
  if (same(first, secret)) {
    request.url = rest;
    return true;
  }
  return same(headersDistinct[callerHeader]?.[0] ?? "", secret);
}

function same(given: string, secret: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(secret)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** https://nodejs.org/api/diagnostics_channel.html#event-httpclientrequestcreated: told before a header is sent. */
const created = "http.client.request.created";
const Created = z.object({ request: z.instanceof(ClientRequest) });

/**
 * From now on requests of this thread to that host carry the secret behind it, if there is one: Google's library for Node
 * takes GCE_METADATA_HOST for an address without a path.
 */
export function carrySecret(metadataHost: string): void {
  const [host, secret] = metadataHost.split("/");
  if (secret === undefined) return;
  subscribe(created, (message) => {
    const { request } = Created.parse(message);
    if (request.getHeader("host") === host) request.setHeader(callerHeader, secret);
  });
}
