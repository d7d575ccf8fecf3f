import { describe, expect, test } from "@jest/globals";
import { parseSelector, selects } from "../../../local/prometheus/selector.ts";
import { prometheusClient } from "../../../shared/prometheus/client.ts";
import { scanPrometheus } from "../../../shared/prometheus/scan.ts";

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
        [{ __name__: "dirsize_hard_limit_bytes", directory: "ada", pod: "two" }, "100"],
        home("bo", "NaN"),
        home("cy", "+Inf"),
        home("dee", "-3"),
        home("eve", ""),
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
        filesystem("size", "100", { pod: "two" }),
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
        {
          ...{
            directory: "ada",
            bytes: 15,
            kind: "allocated",
            measuredAt: now.toISOString(),
            complete: true,
          },
          ...{ limit: 100, entries: 7, lastTouched: "2026-03-01T21:20:00.000Z" },
        },
      ],
      past: [],
      notes: [
        "a figure that is no size was left out",
        "a figure of a path, and not of a folder below the homes, was left out",
        "a figure of a folder whose name has a line break or another sign that nobody can see was left out",
        "a figure without a folder's name was left out",
        "a folder has two figures: blocks count before lengths, then the newer, then the larger",
        "two exporters see another room on the volume: the one with less counts",
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

  const updated = (directory: string, at: string, more = {}): Metric => [
    { __name__: "dirsize_last_updated_ns", directory, ...more },
    String(Date.parse(at) / 1000),
  ];
  const homesOf = async (metrics: Metric[]) => {
    const { scan } = await scanOf(() => answer(metrics));
    return "homes" in scan
      ? scan.homes.map(({ directory, bytes, measuredAt }) => `${directory} ${bytes} ${measuredAt}`)
      : [];
  };

  test("are as old as the exporter says of each, and not of another one", async () => {
    const metrics = [
      home("ada", "1"),
      updated("ada", "2026-03-02T05:00:00Z"),
      home("gone", "2"),
      updated("gone", "2026-02-20T05:00:00Z"),
    ];
    expect(await homesOf(metrics)).toEqual([
      "ada 1 2026-03-02T05:00:00.000Z",
      "gone 2 2026-02-20T05:00:00.000Z",
    ]);
    const { scan } = await scanOf(() => answer(metrics));
    expect(scan).toMatchObject({ measuredAt: "2026-03-02T05:00:00.000Z" });
  });

  test("of the server and of the exporter are kept apart: blocks count, and lengths are no blocks", async () => {
    const exporter = { job: "dirsize" };
    const both = [
      home("ada", "10", { job: "nfs" }),
      [{ __name__: "dirsize_hard_limit_bytes", directory: "ada", job: "nfs" }, "0"] satisfies Metric,
      ...[home("ada", "99", exporter), updated("ada", "2026-03-01T00:00:00Z", exporter)],
      ...[home("bo", "99", exporter), updated("bo", "2026-03-01T00:00:00Z", exporter)],
    ];
    expect(await homesOf(both)).toEqual([`ada 10 ${now.toISOString()}`]);
  });

  test("of two pods are those of the newer one", async () => {
    const pods = ["one", "two"].flatMap((pod, n) => [
      home("ada", String(90 - n), { pod }),
      updated("ada", `2026-03-0${n + 1}T00:00:00Z`, { pod }),
    ]);
    expect(await homesOf(pods)).toEqual(["ada 89 2026-03-02T00:00:00.000Z"]);
  });

  test("of the future are left out", async () => {
    const metrics = [home("ada", "1"), updated("ada", "2027-03-02T05:00:00Z"), home("bo", "2")];
    expect(await homesOf(metrics)).toEqual([`bo 2 ${now.toISOString()}`]);
  });

  test("of a volume belong together: size and free of one exporter in one pod", async () => {
    const room = async (metrics: Metric[]) => {
      const { scan } = await scanOf(() => answer([home("ada", "1"), limit, ...metrics]));
      return "volume" in scan ? scan.volume : undefined;
    };
    const resized = [
      ...[filesystem("size", "3000", { pod: "old" }), filesystem("avail", "300", { pod: "old" })],
      ...[filesystem("size", "4650", { pod: "new" }), filesystem("avail", "302", { pod: "new" })],
    ];
    expect(await room(resized)).toEqual({ bytes: 4650, free: 302 });
    expect(
      await room([filesystem("size", "3000", { pod: "old" }), filesystem("avail", "302", { pod: "new" })]),
    ).toBeUndefined();
  });

  const troubles: [string, () => Response, string][] = [
    ["an expired token", () => Response.json({}, { status: 401 }), "token-not-accepted"],
    ["a role that is too small", () => Response.json({}, { status: 403 }), "token-lacks-rights"],
    ["an address that is wrong", () => Response.json({}, { status: 404 }), "no-prometheus-there"],
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
    [
      "a query that is not understood",
      () => Response.json({ status: "error" }, { status: 422 }),
      "query-not-understood",
    ],
    ["an error with 200", () => Response.json({ status: "error", error: "x" }), "not-prometheus"],
    ["no figure at all", () => answer([]), "no-homes"],
    ["figures that are all odd", () => answer([home("ada", "NaN")]), "no-homes"],
  ];
  test.each(troubles)("%s has a name and a next step", async (_, first, kind) => {
    const { scan } = await scanOf(first);
    expect(scan).toMatchObject({ trouble: { kind } });
  });
  test.each([500, 502, 503, 429])("%d is tried again", async (status) => {
    await expect(scanOf(() => new Response("", { status }))).rejects.toMatchObject({
      name: "Transient",
      failure: { service: "prometheus", lasts: "transient" },
    });
  });
});

describe("selectors", () => {
  test("are those of PromQL; all else is refused", () => {
    expect(parseSelector('{__name__=~"a|b",x="y\\"z"}')).toEqual([
      { label: "__name__", op: "=~", value: "a|b" },
      { label: "x", op: "=", value: 'y"z' },
    ]);
    for (const bad of ["", "{", '{a="b"', "{}", '{a=~".*"}'])
      expect([bad, parseSelector(bad)]).toEqual([bad, "wrong"]);
    for (const other of ["sum(x)", "x[5m]", "x + y"])
      expect([other, parseSelector(other)]).toEqual([other, undefined]);
    const matchers = parseSelector('x{a!="b"}') ?? "wrong";
    expect(matchers !== "wrong" && selects(matchers, { __name__: "x" })).toBe(true);
  });
});
