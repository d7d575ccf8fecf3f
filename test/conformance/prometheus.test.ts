// Debian's own Prometheus has the very series of our far end, and is asked the very questions that a scan asks: it must
// answer the same, point by point, and refuse the same.
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import type { Sampled } from "../../local/prometheus/exporters.ts";
import { prometheusFarEnd } from "../../local/prometheus/far-end.ts";
import { homeSeries } from "../../local/prometheus/series.ts";
import { faultStore } from "../../local/wire/faults.ts";
import { openState } from "../../local/wire/state.ts";
import { prometheusClient } from "../../shared/prometheus/client.ts";
import { scanPrometheus } from "../../shared/prometheus/scan.ts";
import { ownChild } from "../children.ts";
import { until } from "../patience.ts";
import { saySkipped } from "../skipped.ts";
import { expectCalled } from "./calls.ts";

const [binary, tool] = ["/usr/bin/prometheus", "/usr/bin/promtool"];
const oracle = existsSync(binary) && existsSync(tool);
if (!oracle) saySkipped("test/conformance/prometheus.test.ts", "Debian's prometheus is not installed");

const dayMs = 86_400_000;
const now = new Date("2026-03-02T06:00:00.000Z");
const settings = {
  url: "http://prometheus.example.org",
  namespace: "prod",
  mountpoint: "/shared-volume",
};

const folder = mkdtempSync(join(tmpdir(), "prometheus-"));
for (const [name, bytes] of Object.entries({ ada: 30_000, bo: 70_000 })) {
  mkdirSync(join(folder, "homes", name), { recursive: true });
  writeFileSync(join(folder, "homes", name, "data"), Buffer.alloc(bytes, 1));
}
const state = openState(":memory:");
const volume = homeSeries(state, {
  folder: join(folder, "homes"),
  namespace: "prod",
  mountpoint: "/shared-volume",
  size: 1_000_000,
  enforced: 100_000,
});
const { fetch: answer, violations } = prometheusFarEnd({
  faults: faultStore(),
  now: () => now,
  token: () => "t",
  datasource: "x",
  volumes: [volume],
});
const ours = async (url: string | URL | Request, init?: RequestInit) => answer(new Request(url, init));

/** The far end's series of now and of the 90 days before, as Prometheus imports them. */
function openMetrics(): string {
  const samples = new Map<string, string[]>();
  const add = (at: Date, { labels: { __name__: name = "", ...labels }, value }: Sampled): void => {
    const given = Object.entries(labels).map(([label, text]) => `${label}="${text}"`);
    const lines = samples.get(name) ?? [`# TYPE ${name} gauge`];
    samples.set(name, [...lines, `${name}{${given.join(",")}} ${value} ${at.getTime() / 1000}`]);
  };
  const current = volume.now(now);
  for (let day = 90; day > 0; day -= 1) {
    const at = new Date(now.getTime() - day * dayMs);
    for (const sample of volume.before(at)) add(at, sample);
  }
  for (const sample of current) add(now, sample);
  return `${[...samples.values()].flat().join("\n")}\n# EOF\n`;
}

let child: ChildProcess | undefined;
let ended: Promise<unknown> | undefined;
let theirs = "";

beforeAll(async () => {
  if (!oracle) return;
  writeFileSync(join(folder, "series.txt"), openMetrics());
  writeFileSync(join(folder, "prometheus.yml"), "{}\n");
  const made = ["tsdb", "create-blocks-from", "openmetrics", "--quiet"];
  execFileSync(tool, [...made, join(folder, "series.txt"), join(folder, "tsdb")], { stdio: "ignore" });
  const started = ownChild(
    spawn(
      binary,
      [
        `--config.file=${join(folder, "prometheus.yml")}`,
        `--storage.tsdb.path=${join(folder, "tsdb")}`,
        "--storage.tsdb.retention.time=20y",
        "--web.listen-address=127.0.0.1:0",
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    ),
  );
  child = started;
  ended = once(started, "exit");
  let said = "";
  started.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const portOf = () => /"Listening on" address=127\.0\.0\.1:(\d+)/.exec(said)?.[1];
  await until(portOf);
  theirs = `http://127.0.0.1:${portOf()}`;
  const isReady = () =>
    fetch(`${theirs}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until(isReady);
});
afterAll(async () => {
  child?.kill("SIGKILL");
  await ended;
  state.close();
  rmSync(folder, { recursive: true, force: true });
});

type Question = { path: string; form: string };
type Send = (url: string, init: RequestInit) => Promise<Response>;

async function ask(send: Send, base: string, { path, form }: Question) {
  const headers = { authorization: "Bearer t", "content-type": "application/x-www-form-urlencoded" };
  return send(`${base}${path}`, { method: "POST", headers, body: form });
}

const Data = z.object({
  resultType: z.string(),
  result: z.array(z.object({ metric: z.record(z.string(), z.string()) }).loose()),
});

/** Reads an answer's data, with its series in order of their labels, for nobody promises an order. */
async function dataOf(response: Response) {
  const { data } = z.object({ status: z.literal("success"), data: Data }).parse(await response.json());
  const keyOf = ({ metric }: { metric: Record<string, string> }) =>
    JSON.stringify(Object.entries(metric).sort());
  return { ...data, result: data.result.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)) };
}

async function questionsOfAScan(): Promise<Question[]> {
  const questions: Question[] = [];
  const client = prometheusClient({
    settings,
    token: async () => "t",
    fetch: async (url, init) => {
      questions.push({ path: new URL(String(url)).pathname, form: String(init?.body) });
      return ours(url, init);
    },
  });
  expect(await scanPrometheus(client, settings, now)).toMatchObject({
    kind: "allocated",
    homes: [{ directory: "ada" }, { directory: "bo" }],
  });
  return questions;
}

const instant = (query: string): Question => ({
  path: "/api/v1/query",
  form: new URLSearchParams({ query, time: String(now.getTime() / 1000) }).toString(),
});
const range = (query: string, start: number, end: number): Question => ({
  path: "/api/v1/query_range",
  form: new URLSearchParams({ query, start: `${start}`, end: `${end}`, step: "1" }).toString(),
});

(oracle ? describe : describe.skip)("our far end and Debian's Prometheus", () => {
  test("answer what a scan asks alike, now and for each of 90 days", async () => {
    const questions = await questionsOfAScan();
    expect(questions.map(({ path }) => path)).toEqual(["/api/v1/query", "/api/v1/query_range"]);
    for (const question of questions) {
      const real = await dataOf(await ask(fetch, theirs, question));
      expect(await dataOf(await ask(ours, "http://ours", question))).toEqual(real);
      expect(real.result.length).toBeGreaterThan(1);
    }
  });

  test.each([
    'dirsize_total_size_bytes{namespace="prod"}',
    'dirsize_total_size_bytes{namespace="other"}',
    'dirsize_total_size_bytes{directory!="ada"}',
    'dirsize_total_size_bytes{directory=~"a.*",namespace="prod"}',
    'dirsize_total_size_bytes{directory!~"a"}',
    '{__name__=~"dirsize_.*",directory="bo"}',
    '{__name__=~"dirsize"}',
    'node_filesystem_size_bytes{mountpoint="/shared-volume",directory=""}',
  ])("choose the same by %s", async (query) => {
    const real = await dataOf(await ask(fetch, theirs, instant(query)));
    expect(await dataOf(await ask(ours, "http://ours", instant(query)))).toEqual(real);
  });

  test.each([
    ["half a selector", instant("{")],
    ["nothing", instant("")],
    ["a selector of everything", instant('{namespace=~".*"}')],
    ["an end before the start", range("x", 100, 50)],
    ["more than 11,000 points", range("x", 0, 20_000)],
  ])("refuse %s alike", async (_, question) => {
    const given = async (response: Response) => {
      const body = z.object({ status: z.string(), errorType: z.string() }).parse(await response.json());
      return [response.status, body.status, body.errorType];
    };
    expect(await given(await ask(ours, "http://ours", question))).toEqual(
      await given(await ask(fetch, theirs, question)),
    );
    expect(violations.splice(0)).toHaveLength(1);
  });

  afterAll(() => expectCalled("Prometheus's questions"));
});
