// Answers of Prometheus, and of Grafana before it, that give no figures: what they mean. Pure.
// https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview,
// https://grafana.com/docs/grafana/latest/developers/http_api/data_source/#data-source-proxy-calls
import { again, type Pattern } from "../failure.ts";

const redirects = [301, 302, 303, 307, 308] as const;

/** Meaning of an answer from what is no API at all: a page to log in, a hub's own pages, a proxy's. */
export const notPrometheus = {
  cause: "not-prometheus",
  lasts: "lasting",
  why: "what answers at the address of the figures is not Prometheus; it may be a page to log in",
  next: "look at quota.prometheus.url in the settings: it is the address before /api",
} as const satisfies Pattern;

const settings = "look at quota.prometheus in the settings";
const store = "store it as a new version of the secret metrics-token";
const inGrafana = "at the page Administration, Service accounts, of the hub's Grafana";

/** Of Prometheus itself, asked directly or behind Grafana. */
export const prometheusRefusals: readonly Pattern[] = [
  { ...notPrometheus, status: redirects },
  {
    // https://github.com/prometheus/prometheus/issues/7281; 413 where a store in the cloud stands behind.
    status: [400, 413, 422],
    text: /too many samples|larger than the max|limit.*exceeded|exceeded.*limit/i,
    cause: "query-too-large",
    lasts: "lasting",
    why: "the figures of all homes are more than Prometheus gives in one answer",
    next: "whoever looks after Prometheus raises its limit on one query (--query.max-samples)",
  },
  {
    status: [400, 422],
    cause: "query-not-understood",
    lasts: "lasting",
    why: "Prometheus does not understand what it is asked",
    next: `${settings}; if it is right, report it to those who write Groundcrew`,
  },
  {
    status: 401,
    cause: "token-not-accepted",
    lasts: "lasting",
    why: "Prometheus does not accept the token for the figures: it is wrong or has expired",
    next: `ask whoever looks after Prometheus for a new token, and ${store}`,
  },
  {
    status: 403,
    cause: "token-lacks-rights",
    lasts: "lasting",
    why: "the token for the figures may not ask Prometheus for them",
    next: "ask whoever looks after Prometheus to let this token read",
  },
  {
    status: 404,
    cause: "no-prometheus-there",
    lasts: "lasting",
    why: "there is no Prometheus at the address of the figures",
    next: "look at quota.prometheus.url in the settings: it is the address before /api",
  },
  {
    status: 429,
    cause: "too-many-questions",
    lasts: "transient",
    why: "Prometheus has too many questions to answer at once",
    next: again("prometheus"),
  },
  {
    status: 503,
    text: /not ready|^Service Unavailable\s*$/i,
    cause: "starting",
    lasts: "transient",
    why: "Prometheus is starting, and has not read its figures yet",
    next: again("prometheus"),
  },
  {
    status: 503,
    code: /^(timeout|canceled)$/,
    cause: "query-timed-out",
    lasts: "transient",
    why: "Prometheus took too long over the question",
    next: again("prometheus"),
  },
];

/** Of Grafana, which signs in for us and passes questions on. */
export const grafanaRefusals: readonly Pattern[] = [
  { ...notPrometheus, status: redirects },
  {
    status: 401,
    text: /expired/i,
    cause: "token-expired",
    lasts: "lasting",
    why: "the token of the service account in Grafana has expired",
    next: `make a new token ${inGrafana}, and ${store}`,
  },
  {
    // The data source's own words, passed on: https://github.com/grafana/grafana/issues/27357.
    status: 401,
    text: /invalid authentication credentials/i,
    cause: "datasource-not-signed-in",
    lasts: "lasting",
    why: "Grafana takes the token, but its own sign-in at Prometheus is refused",
    next: "an admin of the hub's Grafana looks at the data source's credentials (Connections, Data sources, Save & test)",
  },
  {
    status: 401,
    cause: "token-not-accepted",
    lasts: "lasting",
    why: "Grafana does not accept the token for the figures: it is wrong, or was deleted",
    next: `make a new token ${inGrafana}, and ${store}`,
  },
  {
    status: 403,
    cause: "role-too-small",
    lasts: "lasting",
    why: "the service account in Grafana may not ask this data source",
    next: "an admin of the hub's Grafana gives the service account the role Viewer, and lets it query the data source",
  },
  {
    // 500 in Grafana before 8.1 (https://github.com/grafana/grafana/issues/36418), 400 where it knows no uids, before 9.
    // "Unable to load datasource meta data" alone is Grafana's own database: that passes.
    status: [400, 404, 500],
    text: /(unable to find|invalid) data ?source|data ?source not found|\bu?id is invalid/i,
    cause: "no-datasource",
    lasts: "lasting",
    why: "Grafana has no such data source",
    next: "look at quota.prometheus.datasource in the settings; the data sources' uids are at <Grafana>/api/datasources",
  },
  {
    status: [400, 404],
    cause: "no-grafana-there",
    lasts: "lasting",
    why: "what answers at the address of the figures knows no data sources; it may not be Grafana",
    next: "look at quota.prometheus.url in the settings: it is Grafana's address, before /api",
  },
  {
    status: 429,
    cause: "too-many-questions",
    lasts: "transient",
    why: "Grafana, or Prometheus behind it, has too many questions to answer at once",
    next: again("grafana"),
  },
  {
    status: [502, 503, 504],
    cause: "prometheus-out-of-reach",
    lasts: "transient",
    why: "Grafana is there, or what stands before it, but does not get an answer for us",
    next: "nothing: it is tried again by itself; when it goes on, ask whoever runs the hub's Grafana whether its data source works",
  },
];
