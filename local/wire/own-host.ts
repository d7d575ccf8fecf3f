// Check that a request was meant for this listener, by what came with it. A page of another site reaches loopback through the
// browser, by its own name for 127.0.0.1 (DNS rebinding) or straight. It cannot hide the name that it used. Pure.
import type { IncomingHttpHeaders } from "node:http";

export type Asked = {
  method: string;
  /** As it stands in the request's first line. */
  target: string;
  /** Every Host that came, in order. */
  hosts: readonly string[];
  headers: IncomingHttpHeaders;
};

export type HostRule = {
  port: number;
  /** Further names that people reach it by, as in an address: `<host>` or `<host>:<port>`. */
  allowHosts: readonly string[];
  /** Presence of pages here that a link may open. */
  hasPages: boolean;
};

export type Turned = { status: 421 | 403; why: string };

/** Says why a request is turned away; undefined where it may come in. */
export function turnedAway(asked: Asked, rule: HostRule): Turned | undefined {
  const { target, hosts, headers } = asked;
  const [host, ...others] = hosts;
  if (host === undefined || others.length > 0 || !isOurs(host, rule) || !target.startsWith("/"))
    return { status: 421, why: `this answers as 127.0.0.1:${rule.port} only. ${forwarded}` };
  const { origin, "sec-fetch-site": site } = headers;
  if (origin !== undefined && !isOurOrigin(origin, rule)) return { status: 403, why: foreignPage };
  if (site !== undefined && site !== "same-origin" && site !== "none" && !opensPage(asked, rule))
    return { status: 403, why: foreignPage };
  return undefined;
}

const forwarded =
  "If it is forwarded to another name or port, start with --allow-host <host[:port]>, as the address there begins";
const foreignPage = `a page of another site asked, through a browser. ${forwarded}`;

/** A name with a dot at its end, or in capitals, is the same name. */
const plain = (host: string): string => host.toLowerCase().replace(/\.(?=:\d+$|$)/, "");

/** A browser leaves the usual port out (https://url.spec.whatwg.org/#port-state). */
const isOurs = (host: string, { port, allowHosts }: HostRule): boolean =>
  ["127.0.0.1", "localhost", "[::1]"]
    .flatMap((name) => [`${name}:${port}`, ...(port === 80 ? [name] : [])])
    .concat(allowHosts.map(plain))
    .includes(plain(host));

/** Of whatever scheme: who forwards a port may serve it over TLS. */
function isOurOrigin(origin: string, rule: HostRule): boolean {
  const host = /^https?:\/\/([^/]+)$/.exec(origin)?.[1];
  return host !== undefined && isOurs(host, rule);
}

/**
 * A link that a person followed, in a mail or in another page: it looks, and changes nothing
 * (https://www.w3.org/TR/fetch-metadata/).
 */
const opensPage = ({ method, headers }: Asked, { hasPages }: HostRule): boolean =>
  hasPages &&
  method === "GET" &&
  headers["sec-fetch-mode"] === "navigate" &&
  headers["sec-fetch-dest"] === "document";
