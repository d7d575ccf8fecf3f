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

const style =
  "*{margin:0;padding:0}html,code{font:15px/22px arial,sans-serif}html{background:#fff;color:#222;padding:15px}body{margin:7% auto 0;max-width:390px;min-height:180px;padding:30px 0 15px}* > body{background:url(//www.google.com/images/errors/robot.png) 100% 5px no-repeat;padding-right:205px}p{margin:11px 0 22px;overflow:hidden}ins{color:#777;text-decoration:none}a img{border:0}@media screen and (max-width:772px){body{background:none;margin-top:0;max-width:none;padding-right:0}}#logo{background:url(//www.google.com/images/branding/googlelogo/1x/googlelogo_color_150x54dp.png) no-repeat;margin-left:-5px}@media only screen and (min-resolution:192dpi){#logo{background:url(//www.google.com/images/branding/googlelogo/2x/googlelogo_color_150x54dp.png) no-repeat 0% 0%/100% 100%;-moz-border-image:url(//www.google.com/images/branding/googlelogo/2x/googlelogo_color_150x54dp.png) 0}}@media only screen and (-webkit-min-device-pixel-ratio:2){#logo{background:url(//www.google.com/images/branding/googlelogo/2x/googlelogo_color_150x54dp.png) no-repeat;-webkit-background-size:100% 100%}}#logo{display:inline-block;height:54px;width:150px}";
/** Text of each of the pages, as it was recorded with the page. */
const told = {
  "Not Found": (path: string) =>
    `The requested URL <code>${path}</code> was not found on this server.  <ins>That\u2019s all we know.</ins>\n`,
  "Server Error": () =>
    "The server encountered a temporary error and could not complete your request.<p>Please try again in 30 seconds.  <ins>That\u2019s all we know.</ins>\n",
} as const;

/** Page at the front of all of Google's services when none of them is reached: the whole page, as it is sent. */
export const errorPage = (status: number, title: keyof typeof told, path = "/"): Recorded =>
  html(
    status,
    `<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <meta name=viewport content="initial-scale=1, minimum-scale=1, width=device-width">\n  <title>Error ${status} (${title})!!1</title>\n  <style>\n    ${style}\n  </style>\n  <a href=//www.google.com/><span id=logo aria-label=Google></span></a>\n  <p><b>${status}.</b> <ins>That\u2019s an error.</ins>\n  <p>${told[title](path)}`,
  );

const token = json(
  200,
  { access_token: "a-token", expires_in: 3600, token_type: "Bearer" },
  { "metadata-flavor": "Google" },
);

/**
 * Answers everything with one recorded answer, or with what `first` gives, but gives tokens, unless `instead` has something to say to
 * who asks for one.
 */
export async function google(
  instead: () => Recorded | undefined = () => undefined,
  first: () => Recorded | undefined = () => undefined,
) {
  const far = await vendor((path) =>
    /^\/computeMetadata|^\/token/.test(path) ? (instead() ?? token) : first(),
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

/** Gives what a call throws; undefined if it throws nothing. */
export const thrown = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );
