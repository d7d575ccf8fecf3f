// Prometheus's HTTP API, its own or behind Grafana's proxy: asks, parses, and names each way in which it does not answer.
// https://prometheus.io/docs/prometheus/latest/querying/api/

import { z } from "zod";
import { passing } from "../errors.ts";
import { jsonOf } from "../json.ts";
import type { PrometheusSettings } from "../quota/settings.ts";

/** Why there are no figures, in a person's words; the same `kind` is told once. */
export type SourceTrouble = { kind: string; what: string; next: string };

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

export type Prometheus = {
  query: (promql: string, at: Date) => Promise<Answered<Series>>;
  queryRange: (
    promql: string,
    range: { from: Date; to: Date; stepSeconds: number },
  ) => Promise<Answered<RangeSeries>>;
};

const timeoutMs = 30_000;
/** 2,000 homes are about 2 MB. */
const maximumBytes = 64 * 1024 * 1024;

export function prometheusClient(options: {
  settings: PrometheusSettings;
  /** Instead of the settings' address. */
  endpoint?: string | undefined;
  token: () => Promise<string>;
  fetch?: typeof fetch;
}): Prometheus {
  const { settings, endpoint, token } = options;
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
    const answer = await (options.fetch ?? fetch)(`${base}${proxy}/api/v1/${path}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${(await token()).trim()}`,
        "content-type": "application/x-www-form-urlencoded",
      },
      body: new URLSearchParams(parameters).toString(),
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await textOf(answer);
    const known = troubleOf(answer.status, proxy !== "");
    if (known !== undefined) return { trouble: known };
    if (answer.status !== 200) throw passing("the figures' server failed; it is asked again");
    const envelope = Envelope.safeParse(jsonOf(text));
    const data = schema.safeParse(envelope.data?.data);
    if (!envelope.success || !data.success) return { trouble: notPrometheus };
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

async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.length;
    if (bytes > maximumBytes) throw passing("the figures' server answers without an end");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

const notPrometheus: SourceTrouble = {
  kind: "not-prometheus",
  what: "what answers at the address of the figures is not Prometheus; it may be a page to log in",
  next: "look at quota.prometheus.url in groundcrew.yaml: it is the address before /api",
};

function troubleOf(status: number, grafana: boolean): SourceTrouble | undefined {
  if (status === 401)
    return {
      kind: "401",
      what: "the token for the figures is not accepted: it is wrong or has expired",
      next: grafana
        ? "make a new token for the service account in Grafana, and store it as the secret metrics-token"
        : "store a new token as the secret metrics-token",
    };
  if (status === 403)
    return {
      kind: "403",
      what: "the token for the figures may not ask for them",
      next: "give the service account in Grafana the role Viewer",
    };
  if (status === 404)
    return {
      kind: "404",
      what: grafana
        ? "Grafana has no such data source"
        : "there is no Prometheus at the address of the figures",
      next: "look at quota.prometheus in groundcrew.yaml; the data sources' uids are at <Grafana>/api/datasources",
    };
  if (status >= 300 && status < 400) return notPrometheus;
  if (status === 400 || status === 422)
    return {
      kind: "query",
      what: "Prometheus does not understand what it is asked",
      next: "look at quota.prometheus in groundcrew.yaml; if it is right, this is a fault of Groundcrew's: report it",
    };
  return undefined;
}
