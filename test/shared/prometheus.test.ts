// The client against our far end, and both against Debian's own Prometheus where it is at hand; and all the ways in which
// figures are missing, odd or not to be had.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { faultBook } from "../../local/faults.ts";
import { listen } from "../../local/function-runner.ts";
import { prometheusFarEnd } from "../../local/prometheus/far-end.ts";
import { parseSelector, selects } from "../../local/prometheus/selector.ts";
import { homeSeries } from "../../local/prometheus/series.ts";
import { openState } from "../../local/state.ts";
import { prometheusClient } from "../../shared/prometheus/client.ts";
import { scanPrometheus } from "../../shared/prometheus/scan.ts";

const now = new Date("2026-03-02T06:00:00.000Z");
const direct = { url: "http://prometheus.example.org", namespace: "prod", mountpoint: "/shared-volume" };
const grafana = { ...direct, url: "http://grafana.example.org/", datasource: "abc" };

type Metric = [labels: Record<string, string>, value: string];
const answer = (result: Metric[], rest: object = {}) =>
  Response.json({
    status: "success",
    data: {
      resultType: "vector",
      result: result.map(([metric, value]) => ({ metric, value: [now.getTime() / 1000, value] })),
    },
    ...rest,
  });
const home = (directory: string, value: string, more: Record<string, string> = {}): Metric => [
  { __name__: "dirsize_total_size_bytes", namespace: "prod", directory, ...more },
  value,
];
const limit: Metric = [{ __name__: "dirsize_hard_limit_bytes", directory: "ada" }, "0"];
const filesystem = (of: string, value: string, more = {}): Metric => [
  { __name__: `node_filesystem_${of}_bytes`, mountpoint: "/shared-volume", ...more },
  value,
];
const nothing = () => Response.json({ status: "success", data: { resultType: "matrix", result: [] } });

/** A scan of what the first call answers. */
async function scanOf(first: () => Response, settings: typeof direct = direct) {
  const asked: string[] = [];
  const prometheus = prometheusClient({
    settings,
    token: async () => "secret\n",
    fetch: async (url, init) => {
      asked.push(`${url} ${new Headers(init?.headers).get("authorization")}`);
      return asked.length === 1 ? first() : nothing();
    },
  });
  return { scan: await scanPrometheus(prometheus, settings, now), asked };
}

describe("figures", () => {
  test("come in two calls, direct or through Grafana", async () => {
    const figures = () => answer([home("ada", "12"), limit]);
    expect((await scanOf(figures)).asked).toEqual([
      "http://prometheus.example.org/api/v1/query Bearer secret",
      "http://prometheus.example.org/api/v1/query_range Bearer secret",
    ]);
    expect((await scanOf(figures, grafana)).asked[0]).toBe(
      "http://grafana.example.org/api/datasources/proxy/uid/abc/api/v1/query Bearer secret",
    );
  });

  test("that are odd are left out and noted; of two the larger counts; what is no home is no home", async () => {
    const { scan } = await scanOf(() =>
      answer([
        home("ada", "12"),
        home("ada", "15", { pod: "two" }),
        home("bo", "NaN"),
        home("cy", "+Inf"),
        home("dee", "-3"),
        home("a/b", "3"),
        home("line\nbreak", "3"),
        home("_shared-public", "99"),
        home("deployment-2dservice-2dcheck", "9"),
        home("__proto__", "9"),
        [{ __name__: "dirsize_total_size_bytes" }, "9"],
        [{ __name__: "dirsize_latest_mtime", directory: "ada" }, "1772400000"],
        [{ __name__: "dirsize_entries_count", directory: "ada" }, "7"],
        limit,
        filesystem("avail", "50"),
        filesystem("avail", "40", { pod: "two" }),
        filesystem("size", "100"),
        filesystem("size", "7", { mountpoint: "/" }),
      ]),
    );
    expect(scan).toEqual({
      source: "prometheus",
      kind: "allocated",
      measuredAt: now.toISOString(),
      complete: true,
      volume: { bytes: 100, free: 40 },
      homes: [
        { directory: "ada", bytes: 15, complete: true, entries: 7, lastTouched: "2026-03-01T21:20:00.000Z" },
      ],
      past: [],
      notes: [
        "a folder has two figures: the larger counts",
        "a figure that is no size was left out",
        "a figure without a folder's name was left out",
      ],
    });
  });

  test("with a warning are incomplete; without the server's limits they are lengths, as old as the exporter says", async () => {
    const partial = await scanOf(() =>
      answer([home("ada", "1"), limit], { warnings: ["remote read failed"] }),
    );
    expect(partial.scan).toMatchObject({ complete: false, kind: "allocated" });
    const seconds = String(Date.parse("2026-02-27T06:00:00Z") / 1000);
    const old = await scanOf(() =>
      answer([home("ada", "1"), [{ __name__: "dirsize_last_updated_ns", directory: "ada" }, seconds]]),
    );
    expect(old.scan).toMatchObject({ kind: "apparent", measuredAt: "2026-02-27T06:00:00.000Z" });
  });

  const troubles: [string, () => Response, string][] = [
    ["an expired token", () => Response.json({}, { status: 401 }), "401"],
    ["a role that is too small", () => Response.json({}, { status: 403 }), "403"],
    ["a data source that is gone", () => Response.json({}, { status: 404 }), "404"],
    [
      "a page to log in",
      () => new Response("<html>", { headers: { "content-type": "text/html" } }),
      "not-prometheus",
    ],
    [
      "a way to a page to log in",
      () => new Response(null, { status: 302, headers: { location: "/login" } }),
      "not-prometheus",
    ],
    ["a query that is not understood", () => Response.json({ status: "error" }, { status: 422 }), "query"],
    ["an error with 200", () => Response.json({ status: "error", error: "x" }), "not-prometheus"],
    ["no figure at all", () => answer([]), "no-homes"],
    ["figures that are all odd", () => answer([home("ada", "NaN")]), "no-homes"],
  ];
  test.each(troubles)("%s has a name and a next step", async (_, first, kind) => {
    const { scan } = await scanOf(first);
    expect(scan).toMatchObject({ trouble: { kind } });
  });
  test.each([500, 502, 503, 429])("%d is tried again", async (status) => {
    await expect(scanOf(() => new Response("", { status }))).rejects.toThrow(/asked again/);
  });
});

describe("selectors", () => {
  test("are those of PromQL; all else is refused", () => {
    expect(parseSelector('{__name__=~"a|b",x="y\\"z"}')).toEqual([
      { label: "__name__", op: "=~", value: "a|b" },
      { label: "x", op: "=", value: 'y"z' },
    ]);
    for (const bad of ["", "sum(x)", "x[5m]", "{", '{a="b"', "{}", '{a=~".*"}', "x + y"])
      expect([bad, parseSelector(bad)]).toEqual([bad, undefined]);
    expect(selects(parseSelector('x{a!="b"}') ?? [], { __name__: "x" })).toBe(true);
  });
});

const binary = "/usr/bin/prometheus";
const oracle = existsSync(binary);
if (!oracle) process.stderr.write("skipped: our Prometheus against Debian's, which is not installed\n");

(oracle ? describe : describe.skip)("our far end and Debian's Prometheus", () => {
  let folder: string;
  let theirs: string;
  let child: ChildProcess;
  const exporter = createServer((_, response) => {
    const lines = series.now(new Date()).map(({ labels: { __name__, ...labels }, value }) => {
      const given = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
      return `${__name__}{${given.join(",")}} ${value}`;
    });
    response.writeHead(200, { "content-type": "text/plain" }).end(`${lines.join("\n")}\n`);
  });
  const state = openState(":memory:");
  let series: ReturnType<typeof homeSeries>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "prometheus-"));
    for (const name of ["ada", "bo"]) {
      mkdirSync(join(folder, "homes", name), { recursive: true });
      writeFileSync(join(folder, "homes", name, "data"), Buffer.alloc(30_000, 1));
    }
    series = homeSeries(state, {
      folder: join(folder, "homes"),
      namespace: "prod",
      mountpoint: "/shared-volume",
      size: 1_000_000,
      enforced: 100_000,
    });
    const target = `127.0.0.1:${await listen(exporter)}`;
    writeFileSync(
      join(folder, "prometheus.yml"),
      `global: { scrape_interval: 1s }\nscrape_configs: [{ job_name: homes, static_configs: [{ targets: ["${target}"] }] }]\n`,
    );
    const free = createServer();
    const port = await listen(free);
    await new Promise((resolve) => free.close(resolve));
    theirs = `http://127.0.0.1:${port}`;
    child = spawn(
      binary,
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "tsdb")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: "ignore" },
    );
  });
  afterAll(async () => {
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
    exporter.close();
    exporter.closeAllConnections();
    state.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const scanAt = (url: string, fetchOf?: typeof fetch) => {
    const settings = { ...direct, url };
    const client = prometheusClient({
      settings,
      token: async () => "t",
      ...(fetchOf === undefined ? {} : { fetch: fetchOf }),
    });
    return scanPrometheus(client, settings, new Date());
  };

  test("give the same scan", async () => {
    const app = prometheusFarEnd({
      faults: faultBook(),
      now: () => new Date(),
      token: () => "t",
      datasource: "x",
      volumes: [series],
    });
    let real: Awaited<ReturnType<typeof scanAt>> = { trouble: { kind: "no-homes", what: "", next: "" } };
    for (let tries = 0; tries < 80 && "trouble" in real; tries += 1) {
      await wait(100);
      real = await scanAt(theirs).catch(() => real);
    }
    const ours = await scanAt("http://ours", async (url, init) => app.fetch(new Request(url, init)));
    const shape = (scan: typeof real) => ("trouble" in scan ? scan : { ...scan, measuredAt: "", past: [] });
    expect(shape(real)).toEqual(shape(ours));
    expect(shape(ours)).toMatchObject({
      kind: "allocated",
      homes: [{ directory: "ada" }, { directory: "bo" }],
    });
  });

  test("refuse the same", async () => {
    const app = prometheusFarEnd({
      faults: faultBook(),
      now: () => new Date(),
      token: () => "t",
      datasource: "x",
      volumes: [series],
    });
    const ask = async (send: typeof fetch, base: string, path: string, body: Record<string, string>) => {
      const headers = { authorization: "Bearer t", "content-type": "application/x-www-form-urlencoded" };
      const given = await send(`${base}/api/v1/${path}`, {
        method: "POST",
        headers,
        body: new URLSearchParams(body).toString(),
      });
      const { status, errorType } = (await given.json()) as Record<string, unknown>;
      return [given.status, status, errorType];
    };
    const cases: [string, Record<string, string>][] = [
      ["query", { query: "{" }],
      ["query", { query: "" }],
      ["query_range", { query: "x", start: "100", end: "50", step: "1" }],
      ["query_range", { query: "x", start: "0", end: "20000", step: "1" }],
    ];
    for (const [path, body] of cases)
      expect([
        path,
        body,
        await ask(async (url, init) => app.fetch(new Request(url, init)), "http://ours", path, body),
      ]).toEqual([path, body, await ask(fetch, theirs, path, body)]);
  });
});
