// Prometheus's HTTP API behind Grafana's proxy, and on its own: instant and range queries of one selector, in Prometheus's
// envelope. Whoever has no token is refused as Grafana refuses.
import { type Context, Hono } from "hono";
import * as z from "zod";
import type { Clock } from "../../shared/clock.ts";
import { violationList } from "../wire/called-routes.ts";
import { type FarEnd, failing, offerRoutes } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import { closed, givenTwice, notedFor, unservedField } from "../wire/vocabulary.ts";
import { type Sampled, staleAfterMs } from "./exporters.ts";
import { type Matcher, parseSelector, selects } from "./selector.ts";
import type { homeSeries } from "./series.ts";

export type PrometheusOptions = {
  faults: Faults;
  now: Clock;
  /** Grafana's service account token. */
  token: () => string;
  /** The uid of the data source. */
  datasource: string;
  volumes: ReturnType<typeof homeSeries>[];
};

/** Milliseconds that a Date can be away from 1970. https://tc39.es/ecma262/#sec-time-values-and-time-range */
const longestMs = 8.64e15;

/** Points that a range query may give of a series (https://prometheus.io/docs/prometheus/latest/querying/api/). */
const maximumPoints = 11_000;

/** Seconds in decimal digits. */
const Seconds = z
  .string()
  .regex(/^[+-]?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i)
  .transform(Number)
  .pipe(z.number());
/** An empty one is none. */
const Time = z.literal("").transform(() => undefined);
const Instant = z.object({ query: z.string(), time: z.union([Time, Seconds]).optional() });
const Range = z.object({
  query: z.string(),
  start: Seconds,
  end: Seconds,
  step: Seconds.pipe(z.number().positive()),
});

/** Other ways to write a time or a span, which Prometheus reads as well. */
const otherWays = /^\d{4}-\d\d-\d\dT|^\d+(?:ms|[smhdwy])/;

/** The far end. `violations` lists questions that are no PromQL of ours: a test expects none. */
export function prometheusFarEnd(options: PrometheusOptions): FarEnd & { violations: string[] } {
  const { faults, now, volumes } = options;
  const app = new Hono();
  const violations = violationList();
  app.use(failing("prometheus", faults));
  const noted = notedFor("Prometheus", violations);
  const notServed = (what: string): Response =>
    Response.json({ status: "error", errorType: "unavailable", error: noted(what) }, { status: 501 });
  app.use(closed({}, [{ type: "form" }], notServed));
  app.use(async (c, next) => {
    await next();
    if (c.res.status === 400) violations.push(`request ${c.req.path}: ${await c.res.clone().text()}`);
  });
  app.use(async (c, next) => {
    if (c.req.header("authorization") === `Bearer ${options.token()}`) return next();
    return c.json({ message: "Unauthorized" }, 401);
  });
  app.use("/api/datasources/proxy/uid/:uid/*", async (c, next) => {
    if (c.req.param("uid") === options.datasource) return next();
    return c.json({ message: "Unable to load datasource meta data" }, 404);
  });
  /** Answers a form whose fields are all served. */
  const served =
    (fields: z.ZodObject, answer: typeof instant) =>
    async (c: Context): Promise<Response> => {
      const form = new URLSearchParams(await c.req.text());
      const asked = Object.fromEntries(form);
      const field = unservedField(asked, Object.keys(fields.shape));
      const { query, ...times } = asked;
      const other = Object.entries(times).find(([, text]) => otherWays.test(text));
      const strange =
        field !== undefined
          ? `the field ${field}`
          : (givenTwice(form) ??
            (other === undefined ? undefined : `the field ${other[0]} but in seconds`) ??
            // PromQL has more than selectors.
            (query === undefined || parseSelector(query) !== undefined ? undefined : "the query"));
      return strange === undefined
        ? answer(c, asked, volumes, now())
        : notServed(`${strange} of ${c.req.path}`);
    };
  for (const base of ["/api/v1", "/api/datasources/proxy/uid/:uid/api/v1"]) {
    app.post(`${base}/query`, served(Instant, instant));
    app.post(`${base}/query_range`, served(Range, range));
  }
  offerRoutes("prometheus", app);
  return { fetch: app.fetch, violations };
}

function instant(
  c: Context,
  given: Record<string, string>,
  volumes: PrometheusOptions["volumes"],
  now: Date,
): Response {
  const asked = Instant.safeParse(given);
  const matchers = asked.success ? parseSelector(asked.data.query) : undefined;
  if (!asked.success || matchers === undefined || matchers === "wrong")
    return bad(c, 'invalid parameter "query"');
  const time = asked.data.time ?? now.getTime() / 1000;
  const at = new Date(Math.max(-longestMs, Math.min(time * 1000, longestMs)));
  // Gives the last scrape for a while, of the days before what was kept, of the future nothing.
  const take: Take = (volume) => {
    if (Math.abs(at.getTime() - now.getTime()) < staleAfterMs) return volume.now(now);
    return at < now ? volume.before(at) : [];
  };
  const result = sampled(volumes, take, matchers).map(({ labels, value }) => ({
    metric: labels,
    value: [time, String(value)],
  }));
  return c.json({ status: "success", data: { resultType: "vector", result } });
}

function range(
  c: Context,
  given: Record<string, string>,
  volumes: PrometheusOptions["volumes"],
  now: Date,
): Response {
  const asked = Range.safeParse(given);
  const matchers = asked.success ? parseSelector(asked.data.query) : undefined;
  if (!asked.success || matchers === undefined || matchers === "wrong")
    return bad(c, 'invalid parameter "query"');
  const { start, end, step } = asked.data;
  if (end < start) return bad(c, 'invalid parameter "end": end timestamp must not be before start time');
  if ((end - start) / step > maximumPoints)
    return bad(c, "exceeded maximum resolution of 11,000 points per timeseries.");
  const series = new Map<string, { metric: Record<string, string>; values: [number, string][] }>();
  for (let at = start; at <= end && at * 1000 <= now.getTime(); at += step)
    for (const { labels, value } of sampled(
      volumes,
      (volume) => volume.before(new Date(at * 1000)),
      matchers,
    )) {
      const key = JSON.stringify(labels);
      const known = series.get(key) ?? { metric: labels, values: [] };
      known.values.push([at, String(value)]);
      series.set(key, known);
    }
  return c.json({ status: "success", data: { resultType: "matrix", result: [...series.values()] } });
}

type Take = (volume: PrometheusOptions["volumes"][number]) => Sampled[];
const sampled = (
  volumes: PrometheusOptions["volumes"],
  take: Take,
  matchers: readonly Matcher[],
): Sampled[] => volumes.flatMap(take).filter(({ labels }) => selects(matchers, labels));

const bad = (c: Context, error: string): Response =>
  c.json({ status: "error", errorType: "bad_data", error }, 400);
