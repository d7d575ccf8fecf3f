// Doors of vendors whose far ends need no harness of their own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { metadataFarEnd } from "../../local/metadata/far-end.ts";
import { prometheusFarEnd } from "../../local/prometheus/far-end.ts";
import { homeSeries } from "../../local/prometheus/series.ts";
import { registryFarEnd } from "../../local/registry/far-end.ts";
import { secretsFarEnd } from "../../local/secrets/far-end.ts";
import { slackFarEnd } from "../../local/slack/far-end.ts";
import { readLines } from "../../local/slack/log.ts";
import { faultStore } from "../../local/wire/faults.ts";
import { identities, operatorIdentity } from "../../local/wire/identity.ts";
import { stoppedClock } from "../../local/wire/movable-clock.ts";
import { openState } from "../../local/wire/state.ts";
import { type Asked, cloud, type Door, type Opened, start } from "./door.ts";

/** Slack, Prometheus, Secret Manager, a registry and a metadata server. */
export async function ofOthers(): Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), "doors-"));
  const state = openState(":memory:");
  const clock = stoppedClock(start);
  const known = identities({ state, project: "p-1" });
  const faults = faultStore();
  mkdirSync(join(folder, "homes/ada"), { recursive: true });
  mkdirSync(join(folder, "secrets/one"), { recursive: true });
  writeFileSync(join(folder, "secrets/one/1"), "value");
  const through =
    (
      fetchIt: (request: Request) => Response | Promise<Response>,
      given: Record<string, string>,
    ): Door["send"] =>
    async ({ path, headers, ...rest }) =>
      fetchIt(new Request(`http://far.test${path}`, { ...rest, headers: { ...given, ...headers } }));
  const log = join(folder, "slack.log");
  const posted = slackFarEnd({
    state,
    faults,
    now: clock.now,
    file: log,
    channels: [{ id: "C1" }],
    token: () => "t",
  });
  const message = { method: "POST", path: "/api/chat.postMessage", body: '{"channel":"C2","text":"x"}' };
  const slack: Door = {
    send: through(posted.fetch, {
      authorization: "Bearer t",
      "content-type": "application/json; charset=utf-8",
    }),
    read: message,
    write: message,
    named: (name) => ({
      ...message,
      body: JSON.stringify({ channel: name, text: "x" }),
    }),
    state: () => readLines(log, 9),
  };
  const measured = prometheusFarEnd({
    faults,
    now: clock.now,
    token: () => "t",
    datasource: "x",
    volumes: [
      homeSeries(state, {
        folder: join(folder, "homes"),
        namespace: "prod",
        mountpoint: "/h",
        size: 1e9,
        enforced: 0,
      }),
    ],
  });
  const form = (path: string, fields: Record<string, string>): Asked & { body: string } => ({
    method: "POST",
    path: `/api/v1/${path}`,
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields).toString(),
  });
  const query = "dirsize_total_size_bytes";
  const range = (from: string, to: string, step = "86400") =>
    form("query_range", { query, start: from, end: to, step });
  const prometheus: Door = {
    send: through(measured.fetch, { authorization: "Bearer t" }),
    read: form("query", { query }),
    named: (name) => form("query", { query: `${query}{directory="${name}"}` }),
    times: {
      "a time before 1970": form("query", { query, time: "-1" }),
      "a time after 9999": form("query", { query, time: "253402300800" }),
      "a time of 400 digits": form("query", { query, time: "1e400" }),
      "a time that is none": form("query", { query, time: "soon" }),
      "a field twice": { ...form("query", { query, time: "1" }), body: `query=${query}&time=1&time=2` },
      "an empty time": form("query", { query, time: "" }),
      "a range before 1970": range("-172800", "-86400"),
      "a range after 9999": range("253402300800", "253402387200"),
      "a range without an end": range("0", "1e400"),
      "a step of 0": range("0", "86400", "0"),
      "a step of 2^32 s": range("0", "86400", "4294967296"),
    },
    state: () => undefined,
  };
  const stored = secretsFarEnd({
    identities: known,
    faults,
    project: "p-1",
    folder: join(folder, "secrets"),
  });
  const { token } = known.mint(operatorIdentity("p-1"), cloud);
  const versions = (name: string) => `/v1/projects/p-1/secrets/${encodeURIComponent(name)}/versions`;
  const secrets: Door = {
    send: through(stored.fetch, { authorization: `Bearer ${token}` }),
    read: { path: `${versions("one")}/1:access?` },
    word: "prettyPrint",
    named: (name) => ({ path: `${versions(name)}/1:access` }),
    times: {
      "a version that is text": { path: `${versions("one")}/one:access` },
      "a version of 0": { path: `${versions("one")}/0:access` },
      "a version below 0": { path: `${versions("one")}/-1:access` },
      "a version of 400 digits": { path: `${versions("one")}/1e400:access` },
      "a version in hexadecimal": { path: `${versions("one")}/0x1:access` },
      "a version with a fraction": { path: `${versions("one")}/1.0:access` },
    },
    state: () => undefined,
  };
  const images = registryFarEnd({ faults, folder });
  const registry: Door = {
    send: through(images.fetch, {}),
    read: { path: "/quay.io/token?service=quay.io&scope=repository:a/b:pull" },
    word: "service",
    named: (name) => ({ method: "HEAD", path: `/quay.io/v2/a/b/manifests/${encodeURIComponent(name)}` }),
    state: () => undefined,
  };
  const server = metadataFarEnd({ identities: known, faults, email: "a@example.org", project: "p-1" });
  const metadata: Door = {
    send: through(server.fetch, { "metadata-flavor": "Google" }),
    read: { path: "/computeMetadata/v1/instance/service-accounts/default/token?" },
    word: "scopes",
    named: (name) => ({ path: `/computeMetadata/v1/instance/attributes/${encodeURIComponent(name)}` }),
    state: () => undefined,
  };
  return {
    doors: { slack, prometheus, secrets, registry, metadata },
    close: async () => rmSync(folder, { recursive: true }),
  };
}
