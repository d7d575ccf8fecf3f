// Prometheus's HTTP API, its own or behind Grafana's proxy: asks, parses, and names each way in which it does not answer.
// https://prometheus.io/docs/prometheus/latest/querying/api/

import * as z from "zod";
import { boundedText } from "../bounded.ts";
import { failureIn, refused, retryAfterSeconds, type Service } from "../failure.ts";
import { jsonOf } from "../json.ts";
import type { PrometheusSettings } from "../quota/settings.ts";
import { grafanaRefusals, notPrometheus, prometheusRefusals } from "./refusals.ts";

/** Reason why there are no figures until a person does something; the same `kind`, a failure's cause, is told once. */
export type SourceTrouble = { kind: string; what: string; next: string; service?: Service };

const Labels = z.record(z.string(), z.string());
/** Seconds, and a number as text: it may be NaN or +Inf. */
const Sample = z.tuple([z.number(), z.string()]);

const Vector = z.object({
  resultType: z.literal("vector"),
  result: z.array(z.object({ metric: Labels, value: Sample })),
});
const Matrix = z.object({
  resultType: z.literal("matrix"),
  result: z.array(z.object({ metric: Labels, values: z.array(Sample) })),
});
const Envelope = z.object({
  status: z.literal("success"),
  data: z.unknown(),
  warnings: z.array(z.string()).default([]),
});

export type Series = { labels: Record<string, string>; at: number; value: number };
export type RangeSeries = { labels: Record<string, string>; points: { at: number; value: number }[] };
/** `partial`: Prometheus itself warns that something may be missing. */
export type Answered<T> = { series: T[]; partial: boolean } | { trouble: SourceTrouble };

/** Both throw a transient `Failure` where time helps. */
export type Prometheus = {
  query: (promql: string, at: Date) => Promise<Answered<Series>>;
  queryRange: (
    promql: string,
    range: { from: Date; to: Date; stepSeconds: number },
  ) => Promise<Answered<RangeSeries>>;
};

/** Prometheus's words for what went wrong, and Grafana's. */
const Refusal = z.object({ status: z.literal("error"), errorType: z.string() });
const GrafanaRefusal = z.object({ messageId: z.string() });

const what = "the sizes of the homes cannot be had";
const defaultTimeoutMs = 30_000;
/** 2,000 homes are about 2 MB. */
const maximumBytes = 64 * 1024 * 1024;

export function prometheusClient(options: {
  settings: PrometheusSettings;
  /** Instead of the settings' address. */
  endpoint?: string | undefined;
  token: () => Promise<string>;
  fetch?: typeof fetch;
  timeoutMs?: number;
}): Prometheus {
  const { settings, endpoint, token, timeoutMs = defaultTimeoutMs } = options;
  const base = (endpoint ?? settings.url).replace(/\/+$/, "");
  const proxy =
    settings.datasource === undefined
      ? ""
      : `/api/datasources/proxy/uid/${encodeURIComponent(settings.datasource)}`;

  async function ask<T>(
    path: string,
    parameters: Record<string, string>,
    schema: z.ZodType<T>,
  ): Promise<{ data: T; partial: boolean } | { trouble: SourceTrouble }> {
    const service = proxy === "" ? "prometheus" : "grafana";
    const bearer = `Bearer ${(await token()).trim()}`;
    let answer: Response;
    try {
      answer = await (options.fetch ?? fetch)(`${base}${proxy}/api/v1/${path}`, {
        method: "POST",
        headers: { authorization: bearer, "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(parameters).toString(),
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
    } catch (error) {
      throw refused({ service, what }, "no-answer", [], { cause: error });
    }
    const text = await boundedText(answer, maximumBytes).catch(() => undefined);
    if (answer.status !== 200) return troubleOf(service, answer, text ?? "");
    const body = jsonOf(text ?? "");
    // A page begins with a tag; nothing, and half of an answer, are asked for again.
    if (body === undefined && !/^\s*</.test(text ?? "")) throw refused({ service, what }, "unreadable", []);
    const envelope = Envelope.safeParse(body);
    const data = schema.safeParse(envelope.data?.data);
    if (!envelope.success || !data.success) return { trouble: { ...elsewhere, service } };
    return { data: data.data, partial: envelope.data.warnings.length > 0 };
  }

  return {
    async query(promql, at) {
      const answer = await ask("query", { query: promql, time: seconds(at) }, Vector);
      if ("trouble" in answer) return answer;
      const series = answer.data.result.map(({ metric, value: [time, value] }) => ({
        labels: metric,
        at: time,
        value: numberOf(value),
      }));
      return { series, partial: answer.partial };
    },
    async queryRange(promql, { from, to, stepSeconds }) {
      const parameters = { query: promql, start: seconds(from), end: seconds(to), step: String(stepSeconds) };
      const answer = await ask("query_range", parameters, Matrix);
      if ("trouble" in answer) return answer;
      const series = answer.data.result.map(({ metric, values }) => ({
        labels: metric,
        points: values.map(([time, value]) => ({ at: time, value: numberOf(value) })),
      }));
      return { series, partial: answer.partial };
    },
  };
}

const seconds = (time: Date): string => (time.getTime() / 1000).toFixed(3);

/** Prometheus writes infinities as +Inf and -Inf; whoever uses the value checks that it is finite. */
const numberOf = (value: string): number => (value.trim() === "" ? Number.NaN : Number(value));

const elsewhere: SourceTrouble = {
  kind: notPrometheus.cause,
  what: notPrometheus.why,
  next: notPrometheus.next,
};

/** Gives a trouble that only a person mends; throws one that time mends. Behind Grafana, Prometheus's own words are known by their shape. */
function troubleOf(asked: Service, { status, headers }: Response, text: string): { trouble: SourceTrouble } {
  const body = jsonOf(text);
  const own = Refusal.safeParse(body).data?.errorType;
  const service = own === undefined ? asked : "prometheus";
  const code = own ?? GrafanaRefusal.safeParse(body).data?.messageId;
  const waitSeconds = retryAfterSeconds(headers.get("retry-after"), headers.get("date"));
  const patterns = service === "prometheus" ? prometheusRefusals : grafanaRefusals;
  const error = refused({ service, what }, { status, code, text, waitSeconds }, patterns);
  const failure = failureIn(error);
  if (failure?.lasts !== "lasting") throw error;
  const { cause, explanation } = failure;
  return { trouble: { kind: cause, what: explanation.why, next: explanation.next, service } };
}
