// Guard of the console: it answers only at the address it was given, only with this start's token, and takes changes only from
// its own pages or with the token itself. There is no default that lets anybody in.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Context, Handler, MiddlewareHandler } from "hono";
import { getCookie, setCookie } from "hono/cookie";
import { type Refusal, refuse } from "./refusal.ts";

export type Access = {
  token: string;
  origin: string;
  /** Further names that its address is forwarded from, as an address has them: `<host>` or `<host>:<port>`. */
  hosts?: readonly string[];
};

/** Set for every handler behind the guard. */
export type Caller = { by: "console" | "command line"; csrf: string };
export type GuardedEnv = { Variables: { caller: Caller } };

export type Answer = (c: Context, refusal: Refusal) => Response | Promise<Response>;

/** A browser sends a port's cookies to every port of the same host, so name and value say which console they belong to. */
const cookieOf = (origin: string): string => `groundcrew-${new URL(origin).port || "443"}`;

const derive = (token: string, purpose: string): string =>
  createHmac("sha256", token).update(`groundcrew ${purpose}`).digest("base64url");

function same(given: string | undefined, expected: string): boolean {
  if (given === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

const isOurs = ({ origin, hosts = [] }: Access, host: string): boolean =>
  host === new URL(origin).host || hosts.includes(host.toLowerCase());

/** A page of the console's own; one that comes through a forwarded port may come over TLS. */
const isOurPage = (access: Access, origin: string): boolean =>
  origin === access.origin ||
  (access.hosts ?? []).includes(/^https?:\/\/(.+)$/.exec(origin)?.[1]?.toLowerCase() ?? "");

/** Headers of every answer, and nothing for whoever came by another name: that stops DNS rebinding. */
export function hostGuard(access: Access | undefined, answer: Answer): MiddlewareHandler {
  return async (c, next) => {
    const given = [c.req.header("host"), new URL(c.req.url).host].filter((host) => host !== undefined);
    if (access !== undefined && given.some((host) => !isOurs(access, host)))
      c.res = await answer(
        c,
        refuse(
          403,
          "this is not the console's address",
          "it answers at one address only, so that no other site can reach it through your browser",
          `open ${access.origin}; if its port is forwarded, start with --allow-host <host[:port]>`,
        ),
      );
    else await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
    if (!c.res.headers.has("cache-control")) c.res.headers.set("cache-control", "private, no-store");
  };
}

// With no-referrer a browser would send "Origin: null" with forms (Fetch standard, "append a request Origin header"), and
// the check of the Origin would be worth nothing. same-origin tells other sites nothing either.
const headers = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
};

/** Bytes of the form that opens a session. */
export const maximumSessionBytes = 4096;

/** Opens a session for a form with the token. Addresses are logged wherever they go by, so none carries it. */
export function openSession(access: Access | undefined, answer: Answer): Handler {
  return async (c) => {
    if (access === undefined) return answer(c, noSession);
    const origin = c.req.header("origin");
    if (origin !== undefined && !isOurPage(access, origin)) return answer(c, foreign);
    const form = new URLSearchParams(await c.req.text());
    if (!same(form.get("token")?.trim(), access.token)) return answer(c, noSession);
    setCookie(c, cookieOf(access.origin), derive(access.token, "session"), {
      httpOnly: true,
      sameSite: "Strict",
      path: "/",
      secure: access.origin.startsWith("https:"),
    });
    const to = form.get("to") ?? "";
    // A path of two slashes would be taken for another host; a forwarded address has a scheme that is not known here.
    return c.redirect(/^\/(?![/\\])[!-~]*$/.test(to) ? to : "/", 303);
  };
}

/** The session is a cookie; programs send the token each time. */
export function sessionGuard(access: Access | undefined, answer: Answer): MiddlewareHandler<GuardedEnv> {
  return async (c, next) => {
    if (access === undefined) return answer(c, noSession);
    const session = derive(access.token, "session");
    const bearer = /^Bearer (\S+)$/.exec(c.req.header("authorization") ?? "")?.[1];
    const byToken = same(bearer, access.token);
    if (!byToken && !same(getCookie(c, cookieOf(access.origin)), session)) return answer(c, noSession);
    c.set("caller", { by: byToken ? "command line" : "console", csrf: derive(access.token, "csrf") });
    const origin = c.req.header("origin");
    if (
      c.req.method !== "GET" &&
      c.req.method !== "HEAD" &&
      origin !== undefined &&
      !isOurPage(access, origin)
    )
      return answer(c, foreign);
    return next();
  };
}

/** Of a change that a page asks for: the form's own mark must come with it. A program's token is mark enough. */
export function fromOurPage(c: Context<GuardedEnv>, given: string | undefined): boolean {
  const { by, csrf } = c.get("caller");
  return by === "command line" || same(given, csrf);
}

export const foreign = refuse(
  403,
  "nothing was changed",
  "the request did not come from one of the console's own pages",
  "open the page anew and press the button there",
);

export const noSession = refuse(
  401,
  "this browser has no session with the console",
  "the console lets in whoever has the address that it printed when it started; that address brings a token along",
  "run `npx groundcrew start` and open the address that it prints",
);
