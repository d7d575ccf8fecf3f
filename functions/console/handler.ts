// The console's door: pages for people and the control API, behind one guard. Made of what it is given, so that a test
// can call it in process.
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { explain } from "../../shared/delivery/explain.ts";
import { isPermanent } from "../../shared/errors.ts";
import { api } from "./api.ts";
import { type ConsoleDeps, crewOf } from "./context.ts";
import { asset } from "./frame/assets/asset.ts";
import { frame } from "./frame/frame.ts";
import { problemPage } from "./frame/problem.ts";
import {
  type GuardedEnv,
  hostGuard,
  maximumSessionBytes,
  noSession,
  openSession,
  sessionGuard,
} from "./http/guard.ts";
import { tooLarge } from "./http/query.ts";
import { type Refusal, refuse } from "./http/refusal.ts";
import { noSessionPage, sessionPage } from "./http/session-page.ts";
import { site } from "./site.ts";

export type { ConsoleDeps } from "./context.ts";

/** Answers a request to the console. */
export function consoleApp(deps: ConsoleDeps): { fetch(request: Request): Response | Promise<Response> } {
  const crew = crewOf(deps);
  const organisations = Object.values(deps.settings.hubs).map(({ organisation }) => organisation);
  const look = { installation: deps.settings.name, sample: crew.sample, organisations };

  /** JSON for programs, a page for people. */
  async function answer(c: Context, { refused, explanation }: Refusal): Promise<Response> {
    if (c.req.path.startsWith("/api/")) return c.json({ error: explanation }, refused);
    const isStranger = explanation === noSession.explanation && deps.access !== undefined;
    const page = isStranger ? noSessionPage(explanation, wantedBy(c)) : problemPage(explanation);
    return c.html(frame(look, page, String(await page.main)), refused);
  }

  const app = new Hono<GuardedEnv>();
  app.use(hostGuard(deps.access, answer));
  app.get("/assets/:name", (c) => asset(c.req.param("name"), c.req.header("if-none-match")));
  app.get("/session", async (c) => {
    const page = sessionPage("/");
    return c.html(frame(look, page, String(await page.main)));
  });
  app.post(
    "/session",
    bodyLimit({ maxSize: maximumSessionBytes, onError: (c) => answer(c, tooLarge(maximumSessionBytes)) }),
    openSession(deps.access, answer),
  );
  app.use(sessionGuard(deps.access, answer));
  app.route("/api", api(crew));
  app.route("/", site(crew, look, answer));
  app.notFound((c) =>
    answer(c, refuse(404, "there is no such page", "the address has no page", "start from the first page")),
  );
  app.onError((error, c) => {
    const { what, why, next } = explain(error, "the console");
    deps.log("ERROR", "console failed", { what, why });
    // Nothing tries again for a person who looks at a page, as it does for an event.
    const known = isPermanent(error) || why.includes("permission");
    return answer(
      c,
      refuse(500, what, why, known ? next : "load the page again; if it stays so, read its log"),
    );
  });
  return { fetch: (request) => app.fetch(request) };
}

/** The page that somebody without a session asked for, to go on to. A token in its address would be logged once more. */
function wantedBy(c: Context): string {
  if (c.req.method !== "GET" || c.req.path === "/session") return "/";
  const { pathname, searchParams } = new URL(c.req.url);
  searchParams.delete("token");
  return searchParams.size === 0 ? pathname : `${pathname}?${searchParams}`;
}
