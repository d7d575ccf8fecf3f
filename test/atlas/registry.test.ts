// Recorded answers of Docker Hub and quay.io, through the client that asks for digests.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { failureIn } from "../../shared/failure.ts";
import { registryClient } from "../../shared/registry/client.ts";
import { patienceMs } from "../patience.ts";
import { endless } from "./endless.ts";
import { atlas, cutAnywhere, type Recorded, vendor } from "./entry.ts";
import { absent, type RegistryCall, registryEntries } from "./registry.ts";

let hub: Awaited<ReturnType<typeof vendor>>;
let before: RegistryCall = "manifest";
let asked = 0;

/** Answers the calls before the one that fails: with the demand for a token, then with the token. */
function first(path: string): Recorded | undefined {
  asked += 1;
  if (before === "manifest") return undefined;
  if (asked === 1)
    return {
      status: 401,
      headers: { "www-authenticate": `Bearer realm="${hub.url}/token",service="x"` },
      body: "",
    };
  return before === "with-token" && path.startsWith("/token")
    ? { status: 200, body: '{"token":"t"}' }
    : undefined;
}

beforeAll(async () => {
  hub = await vendor(first);
});
afterAll(() => hub.close());

const digestOf = (registry: string, url = hub.url, timeoutMs = patienceMs) =>
  registryClient({ endpoints: { registry: url }, timeoutMs })
    .digestOf({ registry, repository: "example/notebook" }, "2026.06.04")
    .catch((error: unknown) => error);
function send({ call, registry, ...recorded }: Recorded & { call: RegistryCall; registry: string }) {
  hub.answers(recorded);
  before = call;
  asked = 0;
  return digestOf(registry);
}

const each = (entry: (typeof registryEntries)[number]) => send({ ...entry, registry: entry.reads.service });
atlas(registryEntries, each);
// HEAD's bodies never come; an answer of a token cut short is a token no more.
cutAnywhere(
  registryEntries.filter(({ call }) => call === "token"),
  each,
);

test.each(absent.map((answer) => [answer.registry, answer.status, answer.source, answer] as const))(
  "%s, %d (%s): there is no such image",
  async (_, __, ___, answer) => {
    expect(await send(answer)).toBeUndefined();
  },
);

test("a token of 100 MB, and an answer that never comes", async () => {
  const server = await endless((path) => (path.startsWith("/token") ? "100 MB" : "challenge"));
  const tooLong = await digestOf("quay.io", server.url);
  expect([failureIn(tooLong)?.service, failureIn(tooLong)?.cause]).toEqual(["quay.io", "unreadable"]);
  expect(server.written()).toBeLessThan(100);
  await server.close();
  const silent = await endless(() => "nothing");
  const late = await digestOf("quay.io", silent.url, 50);
  expect([failureIn(late)?.cause, failureIn(late)?.lasts]).toEqual(["no-answer", "transient"]);
  await silent.close();
});
