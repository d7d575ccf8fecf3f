// go-github and gh as clients of our GitHub, case by case: right, refused with 501, or an error as GitHub gives; nothing wrong in silence.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getRequestListener } from "@hono/node-server";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { listen } from "../../local/wire/listen.ts";
import { crew, jwt, ourGithub } from "../conformance/github-harness.ts";
import { isInstalled, run } from "../conformance/programs.ts";
import { saySkipped } from "../skipped.ts";
import { ghCases } from "./gh.cases.ts";
import { expectTable, foreign, type Row, rowsOf } from "./harness.ts";

const mine = mkdtempSync(join(tmpdir(), "foreign-github-"));
const open: { close: () => unknown }[] = [];
afterAll(async () => {
  for (const one of open) await one.close();
  rmSync(mine, { recursive: true, force: true });
});

/** A GitHub of its own, the App's token, and all that it keeps, as text. */
async function github() {
  const served = await ourGithub();
  open.push(served);
  const asApp = async (method: string, path: string) =>
    (await fetch(`${served.url}${path}`, { method, headers: { authorization: `Bearer ${jwt()}` } })).json();
  const { id } = z.looseObject({ id: z.number() }).parse(await asApp("GET", "/orgs/sample-hub/installation"));
  const minted = await asApp("POST", `/app/installations/${id}/access_tokens`);
  const { token } = z.looseObject({ token: z.string() }).parse(minted);
  const tables = served.state
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'github_%'")
    .all()
    .map(({ name }) => String(name));
  const world = (): string =>
    JSON.stringify(
      tables.map((table) => served.state.prepare(`SELECT * FROM ${table}`).all()),
      (_, value) => (typeof value === "bigint" ? String(value) : value),
    );
  return { ...served, token, world };
}

const goGithub = foreign("bin/go-github", "test/foreign/github.long.ts, go-github");
(goGithub === undefined ? test.skip : test)("go-github on GitHub", async () => {
  const { url, token, world } = await github();
  const teller: Server = createServer((_, response) => response.end(world()));
  open.push(teller);
  const port = await listen(teller, 0);
  const rows = await rowsOf(goGithub ?? "", [], {
    ENDPOINT: url,
    WORLD: `http://127.0.0.1:${port}`,
    INSTALLATION: token,
    CREW: crew,
  });
  expectTable("go-github on GitHub", rows, 80);
});

const hasGh = isInstalled("gh");
if (!hasGh) saySkipped("test/foreign/github.long.ts, gh", "gh is not installed");
(hasGh ? describe : describe.skip)("gh on GitHub", () => {
  test("case by case", async () => {
    const { fetch: ours, token, world } = await github();
    // It speaks without TLS to one host alone, and over a socket to whoever is there.
    const server = createServer(getRequestListener(ours));
    open.push(server);
    const socket = join(mine, "socket");
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    writeFileSync(join(mine, "config.yml"), `http_unix_socket: ${socket}\n`);
    const rows: Row[] = [];
    for (const { name, asks, vendor, expect: wanted, by, right } of ghCases) {
      const before = world();
      const env = {
        HOME: mine,
        GH_CONFIG_DIR: mine,
        GH_HOST: "github.localhost",
        GH_TOKEN: by === "crew" ? crew : token,
        GH_NO_UPDATE_NOTIFIER: "1",
      };
      const { code, out, err } = await run("gh", asks, { env });
      const [, status] = /(?:HTTP|status code:) (\d+)/.exec(err) ?? [];
      const outcome = code === 0 ? (right(out.trim()) ? "right" : "wrong") : (status ?? "error");
      const got = code !== 0 && before !== world() ? "wrong" : outcome;
      rows.push({ name, asks: asks.join(" "), vendor, expect: wanted, got, says: code === 0 ? out : err });
    }
    expect(rows.map(({ name }) => name)).toEqual([...new Set(rows.map(({ name }) => name))]);
    const { takeViolations } = await import("../../local/wire/called-routes.ts");
    takeViolations();
    expectTable("gh on GitHub", rows, 20);
  });
});
