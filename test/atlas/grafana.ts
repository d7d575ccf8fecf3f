// Answers of Grafana when it passes no question on, or no figures of Prometheus back, as the public has recorded them.
import {
  api,
  elsewhere,
  entry,
  failure,
  html,
  json,
  never,
  notUnderstood,
  type PrometheusEntry,
  tooLarge,
} from "./prometheus.ts";

const proxy = "https://github.com/grafana/grafana/blob/main/pkg/services/datasourceproxy/datasourceproxy.go";
const keys = "https://github.com/grafana/grafana/blob/main/pkg/services/authn/clients/api_key.go";
const grafana = entry("through Grafana", "grafana");
const behind = entry("through Grafana", "prometheus");
const notAccepted: [string, string, RegExp] = [
  "token-not-accepted",
  "Grafana does not accept the token for the figures: it is wrong, or was deleted",
  /^make a new token at the page Administration.*metrics-token/,
];
const expired: [string, string, RegExp] = [
  "token-expired",
  "the token of the service account in Grafana has expired",
  /^make a new token/,
];
const noDatasource: [string, string, RegExp] = [
  "no-datasource",
  "Grafana has no such data source",
  /quota\.prometheus\.datasource/,
];
const noRole: [string, string, RegExp] = [
  "role-too-small",
  "the service account in Grafana may not ask this data source",
  /^an admin of the hub's Grafana gives/,
];
const outOfReach: [string, string, RegExp] = [
  "prometheus-out-of-reach",
  "Grafana is there, or what stands before it, but does not get an answer for us",
  /ask whoever runs the hub's Grafana/,
];
const apiKey = (message: string, messageId: string): string =>
  JSON.stringify({ extra: null, message, messageId, statusCode: 401, traceID: "" });

export const grafanaEntries: readonly PrometheusEntry[] = [
  grafana("lasting")(
    "https://github.com/IzakMarais/reporter/issues/12",
    { status: 401, headers: json, body: '{"message":"Unauthorized"}' },
    notAccepted,
  ),
  ...[
    ["Invalid API key", "api-key.invalid"],
    ["Revoked API key", "api-key.revoked"],
    ["API key does not belong to the requested organization", "api-key.organization-mismatch"],
  ].map(([message = "", id = ""]) =>
    grafana("lasting")(keys, { status: 401, headers: json, body: apiKey(message, id) }, notAccepted),
  ),
  grafana("lasting")(
    keys,
    { status: 401, headers: json, body: apiKey("Expired API key", "api-key.expired") },
    expired,
  ),
  grafana("lasting")(
    "https://github.com/hastic-zzz/hastic-grafana-app/issues/422",
    { status: 401, headers: json, body: '{"message":"Expired API key"}' },
    expired,
  ),
  grafana("lasting")(
    "https://github.com/grafana/grafana/issues/27357",
    { status: 401, headers: { "content-type": "text/plain" }, body: "invalid authentication credentials" },
    [
      "datasource-not-signed-in",
      "Grafana takes the token, but its own sign-in at Prometheus is refused",
      /^an admin of the hub's Grafana looks at the data source's credentials/,
    ],
  ),
  grafana("lasting")(
    "https://github.com/grafana/grafana/issues/53934",
    {
      status: 403,
      headers: json,
      body: '{\n  "accessErrorId": "ACE9052423734",\n  "message": "You\'ll need additional permissions to perform this action. Permissions needed: datasources:read",\n  "title": "Access denied"\n}',
    },
    noRole,
  ),
  grafana("lasting")(
    "https://github.com/anryko/grafana-influx-dashboard/issues/56",
    { status: 403, headers: json, body: '{"message":"Permission denied"}' },
    noRole,
  ),
  grafana("lasting")(
    proxy,
    { status: 403, headers: json, body: '{"message":"Access denied to datasource"}' },
    noRole,
  ),
  grafana("lasting")(
    proxy,
    { status: 404, headers: json, body: '{"message":"Unable to find datasource"}' },
    noDatasource,
  ),
  grafana("lasting")(
    "https://github.com/grafana/grafana/issues/36418",
    {
      status: 500,
      headers: json,
      body: '{"error":"data source not found","message":"Unable to load datasource meta data"}',
    },
    noDatasource,
  ),
  grafana("transient")(
    proxy,
    { status: 500, headers: json, body: '{"message":"Unable to load datasource meta data"}' },
    ["500", "Grafana answered 500", never],
  ),
  grafana("lasting")(
    proxy,
    { status: 400, headers: json, body: '{"message":"id is invalid"}' },
    noDatasource,
  ),
  grafana("lasting")(
    proxy,
    { status: 400, headers: json, body: '{"message":"UID is invalid"}' },
    noDatasource,
  ),
  grafana("lasting")(
    "https://github.com/kubernetes/ingress-nginx/blob/main/docs/user-guide/default-backend.md",
    { status: 404, headers: { "content-type": "text/plain" }, body: "default backend - 404" },
    [
      "no-grafana-there",
      "what answers at the address of the figures knows no data sources; it may not be Grafana",
      /Grafana's address, before \/api/,
    ],
  ),
  grafana("lasting")(
    "https://pkg.go.dev/net/http#Redirect",
    { status: 302, headers: { ...html, location: "/login" }, body: '<a href="/login">Found</a>.\n\n' },
    elsewhere,
  ),
  grafana("transient")(
    "https://github.com/grafana/grafana/issues/6790",
    { status: 502, headers: { "content-type": "text/plain; charset=utf-8" }, body: "" },
    outOfReach,
  ),
  grafana("transient")(
    "https://github.com/grafana/grafana/issues/22489",
    {
      status: 502,
      headers: html,
      body: '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN"> <html><head> <title>502 Proxy Error</title> </head><body> <h1>Proxy Error</h1> <p>The proxy server received an invalid response from an upstream server.<br /> The proxy server could not handle the request <em><a href="/api/datasources/proxy/59/api/v1/query_range">GET&nbsp;/api/datasources/proxy/59/api/v1/query_range</a></em>.<p> Reason: <strong>Error reading from remote server</strong></p></p> </body></html> ',
    },
    outOfReach,
  ),
  grafana("transient")(
    "https://github.com/grafana/grafana-json-datasource/issues/65",
    {
      status: 504,
      headers: html,
      body: "<html><body><h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.\n</body></html>\n",
    },
    outOfReach,
  ),
  grafana("transient")(
    "https://github.com/grafana/grafana/issues/41194",
    { status: 429, headers: { "content-type": "text/plain" }, body: "too many outstanding requests" },
    [
      "too-many-questions",
      "Grafana, or Prometheus behind it, has too many questions to answer at once",
      never,
    ],
  ),
  behind("lasting")(
    "https://github.com/prometheus/prometheus/issues/7281",
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
  behind("lasting")(
    api,
    {
      status: 400,
      headers: json,
      body: failure("bad_data", "invalid parameter \"query\": 1:1: parse error: unexpected character: '!'"),
    },
    notUnderstood,
  ),
];
