// Answers that Google's front end gives by itself, in its own words. Whoever reads one can tell it from the code's.

/** An answer that no code of ours has made. */
export type Page = { status: number; headers: Record<string, string>; body: string };

/**
 * The page of an error, in the words that were printed for Cloud Run at
 * https://github.com/meteatamel/cloudrun-tutorial/blob/master/docs/private.md (403) and
 * https://github.com/pomerium/pomerium/issues/1623 (401).
 */
function page(status: number, title: string, message: string, headers: Record<string, string> = {}): Page {
  return {
    status,
    headers: { "content-type": "text/html; charset=UTF-8", ...headers },
    body: `
<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>${status} ${title}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: ${title}</h1>
<h2>${message}</h2>
<h2></h2>
</body></html>
`,
  };
}

/** A request that is two things at once. */
export const badRequest = (): Page =>
  page(400, "Bad Request", "Your client has issued a malformed or illegal request.");

/** Nobody's token, or one that does not hold for this service. */
export const unauthorized = (path: string): Page =>
  page(
    401,
    "Unauthorized",
    `Your client does not have permission to the requested URL <code>${escaped(path)}</code>.`,
    {
      "www-authenticate":
        'Bearer error="invalid_token" error_description="The access token could not be verified"',
    },
  );

/** No token at all, or a good one of somebody who may not invoke the service. */
export const forbidden = (path: string): Page =>
  page(
    403,
    "Forbidden",
    `Your client does not have permission to get URL <code>${escaped(path)}</code> from this server.`,
  );

export const notFound = (path: string): Page =>
  page(404, "Not Found", `The requested URL <code>${escaped(path)}</code> was not found on this server.`);

export const tooLarge = (): Page =>
  page(413, "Request Entity Too Large", "Your client issued a request that was too large.\n");

const text = (status: number, type: string, body: string): Page => ({
  status,
  headers: { "content-type": type },
  body,
});

/** No instance was free in time (https://cloud.google.com/run/docs/troubleshooting#429). */
export const rateExceeded = (): Page => text(429, "text/html", "Rate exceeded.");

/** The instance died, or did not start. */
export const unavailable = (): Page => text(503, "text/plain", "Service Unavailable");

/** The time limit (https://cloud.google.com/run/docs/configuring/request-timeout). */
export const timedOut = (): Page => text(504, "text/plain", "upstream request timeout");

/** The path without its query, made harmless. */
const escaped = (path: string): string =>
  path.replace(/\?.*$/s, "").replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
