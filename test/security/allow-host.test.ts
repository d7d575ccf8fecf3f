// A console whose port is forwarded: it answers to the names that a person gave, and to no other; nothing else does.

import { mkdtempSync, rmSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Instance, startInstance } from "../../local/instance/instance.ts";
import { command } from "../cli/in-process.ts";

const folder = mkdtempSync(join(tmpdir(), "allow-host-"));
let instance: Instance;
beforeAll(async () => {
  const allowHosts = ["crew.example.org", "localhost:8080"];
  const world = join(folder, "hub");
  instance = await startInstance({
    world,
    people: 1,
    port: 0,
    allowHosts,
    console: true,
    idle: true,
    log: () => undefined,
  });
});
afterAll(async () => {
  await instance.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Gives what `host` gets at an address, and where it is sent. */
function ask(
  address: string,
  host: string,
  headers: Record<string, string> = {},
  form?: Record<string, string>,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const method = form === undefined ? "GET" : "POST";
  const call = request(address, { method, headers: { host, ...headers }, agent: false }, (response) => {
    response.resume();
    resolve(`${response.statusCode} ${response.headers.location ?? ""}`.trim());
  });
  call.once("error", reject).end(form === undefined ? "" : String(new URLSearchParams(form)));
  return promise;
}

test("a given name opens the console, and stays that name", async () => {
  const { url, origin, token } = instance;
  expect(await ask(url, "crew.example.org")).toBe("200");
  const signIn = (to: string) => ask(`${origin}/session`, "crew.example.org", {}, { token, to });
  // No name of the console's own: behind the forwarded one it may be reached by another scheme.
  expect(await signIn("/runs")).toBe("303 /runs");
  expect(await signIn("//evil.example/")).toBe("303 /");
  const headers = { authorization: `Bearer ${instance.token}` };
  expect(await ask(`${instance.origin}/api/home`, "localhost:8080", headers)).toBe("200");
  expect(await ask(`${instance.origin}/api/home`, new URL(instance.origin).host, headers)).toBe("200");
});

test("another name does not, nor a given one at a far end", async () => {
  expect(await ask(instance.url, "evil.example")).toBe("421");
  expect(await ask(instance.url, "crew.example.org:81")).toBe("421");
  const { storage = "" } = instance.farEnds.endpoints;
  expect(await ask(storage, "crew.example.org")).toBe("421");
});

test.each(["http://crew.example.org", "a b", "evil.example/path", "*", ""])(
  "%p is no host, and said so",
  async (given) => {
    const { code, stderr } = await command(["start", "--allow-host", given], {});
    expect(code).toBe(2);
    expect(stderr).toContain("such as hub.example.org or localhost:8080");
  },
);
