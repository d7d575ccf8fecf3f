// Recorded answers of Prometheus and Grafana, through the client that asks for the figures of the homes.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { failed, failureIn } from "../../shared/failure.ts";
import { prometheusClient } from "../../shared/prometheus/client.ts";
import { patienceMs } from "../patience.ts";
import { endless } from "./endless.ts";
import { atlas, cutAnywhere, vendor } from "./entry.ts";
import { grafanaEntries } from "./grafana.ts";
import { type PrometheusCall, type PrometheusEntry, prometheusEntries } from "./prometheus.ts";

let server: Awaited<ReturnType<typeof vendor>>;
beforeAll(async () => {
  server = await vendor();
});
afterAll(() => server.close());

const now = new Date("2026-11-28T06:00:00Z");
const clientAt = (url: string, call: PrometheusCall, timeoutMs = patienceMs) =>
  prometheusClient({
    settings: {
      url,
      namespace: "prod",
      mountpoint: "/shared-volume",
      ...(call === "direct" ? {} : { datasource: "abc" }),
    },
    token: async () => "glsa_secret",
    timeoutMs,
  });

/** Gives the end of a question: a trouble, as the failure that the flow tells once; or what was thrown. */
async function ask(client: ReturnType<typeof clientAt>, range = false): Promise<unknown> {
  try {
    const answer = range
      ? await client.queryRange("up", { from: now, to: now, stepSeconds: 86_400 })
      : await client.query("up", now);
    if (!("trouble" in answer)) return answer;
    const { kind, what, next, service } = answer.trouble;
    if (service === undefined) throw new Error("a trouble without a service");
    const explanation = { what: "the sizes of the homes cannot be had", why: what, next };
    return failed({ service, cause: kind, lasts: "lasting", explanation });
  } catch (error) {
    return error;
  }
}
const send = (entry: PrometheusEntry, range = false): Promise<unknown> => {
  server.answers(entry);
  return ask(clientAt(server.url, entry.call), range);
};

const entries = [...prometheusEntries, ...grafanaEntries];
atlas(entries, send);
cutAnywhere(entries, (entry) => send(entry, true));

test("figures of 100 MB, and an answer that never comes", async () => {
  const long = await endless(() => "100 MB");
  const tooLong = failureIn(await ask(clientAt(long.url, "direct")));
  expect([tooLong?.service, tooLong?.cause, tooLong?.lasts]).toEqual([
    "prometheus",
    "unreadable",
    "transient",
  ]);
  expect(long.written()).toBeLessThan(100);
  await long.close();
  const silent = await endless(() => "nothing");
  const late = failureIn(await ask(clientAt(silent.url, "through Grafana", 50)));
  expect([late?.service, late?.cause, late?.lasts]).toEqual(["grafana", "no-answer", "transient"]);
  await silent.close();
});

test("half of an answer is asked for again, and a page is not", async () => {
  const whole = JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } });
  for (const cut of [0, 1, whole.length - 1]) {
    server.answers({ status: 200, body: whole.slice(0, cut) });
    expect(failureIn(await ask(clientAt(server.url, "direct")))?.cause).toBe("unreadable");
  }
  server.answers({ status: 200, body: " <html>" });
  expect(failureIn(await ask(clientAt(server.url, "direct")))?.cause).toBe("not-prometheus");
});
