// The two shapes in which Google's APIs write their errors, and the server that stands for all of them.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { OAuth2Client } from "google-auth-library";
import { type Recorded, vendor } from "./entry.ts";

type Options = { domain?: string; headers?: Record<string, string> };

/** The elder shape: https://docs.cloud.google.com/storage/docs/json_api/v1/status-codes */
export function apiary(code: number, reason: string, message: string, options: Options = {}): Recorded {
  const { domain = "global", headers = {} } = options;
  const error = { errors: [{ domain, reason, message }], code, message };
  return json(code, { error }, headers);
}

/** The younger shape: https://google.aip.dev/193. `reason` is an ErrorInfo's. */
export function esf(
  code: number,
  status: string,
  message: string,
  options: { reason?: string; errors?: { reason: string; domain?: string; message?: string }[] } = {},
): Recorded {
  const { reason, errors } = options;
  const info = { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason, domain: "googleapis.com" };
  const error = {
    code,
    message,
    ...(errors === undefined ? {} : { errors: errors.map((one) => ({ message, domain: "global", ...one })) }),
    status,
    ...(reason === undefined ? {} : { details: [info] }),
  };
  return json(code, { error });
}

export function json(status: number, body: unknown, headers: Record<string, string> = {}): Recorded {
  return {
    status,
    headers: { "content-type": "application/json; charset=UTF-8", ...headers },
    body: JSON.stringify(body),
  };
}

export const html = (status: number, body: string): Recorded => ({
  status,
  headers: { "content-type": "text/html; charset=UTF-8" },
  body,
});

/** What stands at the front of all of Google's services when none of them is reached. */
export const errorPage = (status: number, title: string): Recorded =>
  html(
    status,
    `<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error ${status} (${title})!!1</title>\n  <p><b>${status}.</b> <ins>That\u2019s an error.</ins>\n`,
  );

const token = json(
  200,
  { access_token: "a-token", expires_in: 3600, token_type: "Bearer" },
  { "metadata-flavor": "Google" },
);

/** Answers everything with one recorded answer, but gives tokens, unless `instead` has something to say to who asks for one. */
export async function google(instead: () => Recorded | undefined = () => undefined) {
  const far = await vendor((path) =>
    /^\/computeMetadata|^\/token/.test(path) ? (instead() ?? token) : undefined,
  );
  process.env["GCE_METADATA_HOST"] = new URL(far.url).host;
  process.env["METADATA_SERVER_DETECTION"] = "assume-present";
  return far;
}

/** Takes every question and answers none. */
export async function silence() {
  const server = createServer((request) => void request.resume());
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A client that asks once: repetitions wait on the real clock. */
export async function once<A extends OAuth2Client>(auth: Promise<A>): Promise<A> {
  const client = await auth;
  client.transporter.interceptors.request.add({
    resolved: async (config) => Object.assign(config, { retry: false, retryConfig: { retry: 0 } }),
  });
  return client;
}

/** What a call throws; undefined where it throws nothing. */
export const thrown = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );
