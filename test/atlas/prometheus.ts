// Answers of Prometheus when it gives no figures, as the public has recorded them.
import type { Service } from "../../shared/failure.ts";
import type { Entry, Recorded } from "./entry.ts";

/** Asked directly, or through Grafana's proxy of data sources. */
export type PrometheusCall = "direct" | "through Grafana";
export type PrometheusEntry = Entry<PrometheusCall>;
type Metrics = Extract<Service, "prometheus" | "grafana">;

export const api = "https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview";
export const html = { "content-type": "text/html" };
export const json = { "content-type": "application/json" };

export const entry =
  (call: PrometheusCall, service: Metrics) =>
  (lasts: "lasting" | "transient") =>
  (source: string, recorded: Recorded, [cause, why, next]: [string, string, RegExp]): PrometheusEntry => ({
    source,
    call,
    ...recorded,
    reads: { service, lasts, cause, why, next },
  });

const direct = entry("direct", "prometheus");
export const never = /^nothing: it is tried again by itself.*(looks after|runs)/;
export const elsewhere: [string, string, RegExp] = [
  "not-prometheus",
  "what answers at the address of the figures is not Prometheus; it may be a page to log in",
  /quota\.prometheus\.url in the settings/,
];
export const tooLarge: [string, string, RegExp] = [
  "query-too-large",
  "the figures of all homes are more than Prometheus gives in one answer",
  /^whoever looks after Prometheus raises/,
];
export const notUnderstood: [string, string, RegExp] = [
  "query-not-understood",
  "Prometheus does not understand what it is asked",
  /quota\.prometheus in the settings/,
];
export const failure = (errorType: string, error: string): string =>
  JSON.stringify({ status: "error", errorType, error });

export const prometheusEntries: readonly PrometheusEntry[] = [
  direct("lasting")(
    "https://github.com/iter8-tools/iter8-analytics/issues/114",
    {
      status: 400,
      headers: json,
      body: failure(
        "bad_data",
        "invalid parameter 'query': parse error at char 54: duration must be greater than 0",
      ),
    },
    notUnderstood,
  ),
  direct("lasting")(
    "https://github.com/kubernetes/kubernetes/issues/86082",
    {
      status: 422,
      headers: json,
      body: failure(
        "execution",
        "query processing would load too many samples into memory in query execution",
      ),
    },
    tooLarge,
  ),
  direct("lasting")(
    "https://github.com/kubecost/kubecost/issues/1796",
    {
      status: 413,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "response larger than the max (61333885 vs 52428800)",
    },
    tooLarge,
  ),
  direct("transient")(
    "https://github.com/cloudflare/pint/blob/main/internal/promapi/range_test.go",
    {
      status: 503,
      headers: json,
      body: failure("timeout", "query timed out in expression evaluation"),
    },
    ["query-timed-out", "Prometheus took too long over the question", never],
  ),
  direct("transient")(
    "https://github.com/prometheus/prometheus/pull/7182",
    { status: 503, headers: json, body: failure("unavailable", "TSDB not ready") },
    ["starting", "Prometheus is starting, and has not read its figures yet", never],
  ),
  direct("transient")(
    "https://github.com/prometheus/prometheus/issues/4624",
    { status: 503, headers: { "content-type": "text/plain; charset=utf-8" }, body: "Service Unavailable" },
    ["starting", "Prometheus is starting, and has not read its figures yet", never],
  ),
  direct("transient")(
    "https://github.com/GoogleCloudPlatform/prometheus-engine/issues/767",
    {
      status: 500,
      headers: json,
      body: failure(
        "internal",
        "expanding series: generic::aborted: invalid status monarch::220: Cancelled due to the number of queries whose evaluation is blocked waiting for memory is 502, which is equal to or greater than the limit of 500.",
      ),
    },
    ["500-internal", "Prometheus answered 500 (internal)", never],
  ),
  direct("transient")(
    "https://github.com/grafana/mimir/issues/4518",
    {
      status: 429,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "too many outstanding requests",
    },
    ["too-many-questions", "Prometheus has too many questions to answer at once", never],
  ),
  direct("lasting")(
    "https://github.com/prometheus/exporter-toolkit/blob/master/web/handler.go",
    {
      status: 401,
      headers: { "content-type": "text/plain; charset=utf-8", "www-authenticate": "Basic" },
      body: "Unauthorized\n",
    },
    [
      "token-not-accepted",
      "Prometheus does not accept the token for the figures: it is wrong or has expired",
      /^ask whoever looks after Prometheus for a new token/,
    ],
  ),
  direct("lasting")(
    "https://github.com/nginx/nginx/blob/master/src/http/ngx_http_special_response.c",
    {
      status: 403,
      headers: html,
      body: "<html>\r\n<head><title>403 Forbidden</title></head>\r\n<body>\r\n<center><h1>403 Forbidden</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
    },
    [
      "token-lacks-rights",
      "the token for the figures may not ask Prometheus for them",
      /^ask whoever looks after Prometheus/,
    ],
  ),
  direct("lasting")(
    "https://pkg.go.dev/net/http#NotFound",
    {
      status: 404,
      headers: { "content-type": "text/plain; charset=utf-8" },
      body: "404 page not found\n",
    },
    ["no-prometheus-there", "there is no Prometheus at the address of the figures", /address before \/api/],
  ),
  direct("lasting")(
    "https://github.com/jupyterhub/jupyterhub/blob/main/share/jupyterhub/templates/page.html",
    {
      status: 200,
      headers: html,
      body: '\n\n\n<!DOCTYPE HTML>\n<html lang="en">\n\n<head>\n    <meta charset="utf-8">\n\n    <title>JupyterHub</title>\n    <meta http-equiv="X-UA-Compatible" content="chrome=1">\n    <meta name="viewport" content="width=device-width, initial-scale=1.0">\n',
    },
    elsewhere,
  ),
  direct("transient")(api, { status: 200, headers: json, body: "" }, [
    "unreadable",
    "Prometheus's answer was broken off, or is none",
    never,
  ]),
];
