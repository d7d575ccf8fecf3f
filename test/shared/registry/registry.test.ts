// The registry's client against the far end: the token dance, what is there and what is not, and whom it never asks.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { registryFarEnd } from "../../../local/registry/far-end.ts";
import { takeViolations } from "../../../local/wire/called-routes.ts";
import { type Served, serveFarEnd } from "../../../local/wire/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { imageOf, registryClient } from "../../../shared/registry/client.ts";

const folder = mkdtempSync(join(tmpdir(), "registry-"));
const faults = faultStore();
const farEnd = registryFarEnd({ faults, folder });
const digest = `sha256:${"a".repeat(64)}`;
const image = { registry: "quay.io", repository: "pangeo/ml-notebook" };
let served: Served;
beforeAll(async () => {
  mkdirSync(join(folder, "quay.io", "pangeo"), { recursive: true });
  writeFileSync(
    join(folder, "quay.io/pangeo/ml-notebook.yaml"),
    `2026.06.04: ${digest}\n1234567: ${digest}\n`,
  );
  served = await serveFarEnd(farEnd);
});
afterAll(async () => {
  await served.close();
  rmSync(folder, { recursive: true });
});
const client = () => registryClient({ endpoints: { registry: served.url } });

test("a tag's digest, by the token that the registry asks for", async () => {
  faults.forget();
  expect(await client().digestOf(image, "2026.06.04")).toBe(digest);
  expect(await client().digestOf(image, "1234567")).toBe(digest);
  expect([...faults.calls()].map(([call]) => call)).toEqual([
    "registry HEAD /quay.io/v2/pangeo/ml-notebook/manifests/2026.06.04",
    "registry GET /quay.io/token",
    "registry HEAD /quay.io/v2/pangeo/ml-notebook/manifests/1234567",
  ]);
  expect(farEnd.violations).toEqual([]);
});

test("no such tag, no such image, the other registry: not there", async () => {
  expect(await client().digestOf(image, "2026.07.01")).toBeUndefined();
  expect(await client().digestOf({ ...image, repository: "pangeo/nothing" }, "2026.06.04")).toBeUndefined();
  expect(await client().digestOf({ ...image, registry: "docker.io" }, "2026.06.04")).toBeUndefined();
});

test("a failure is no answer", async () => {
  for (const failure of [
    { kind: "status", status: 503 },
    { kind: "status", status: 429 },
    { kind: "lost-answer" },
  ] as const)
    for (const at of [1, 2, 3]) {
      faults.add({ farEnd: "registry", at, failure });
      await expect(client().digestOf(image, "2026.06.04")).rejects.toThrow();
      faults.clear();
    }
});

test("nobody is asked for a token but the registry's own giver, no redirect is followed, a digest is a digest", async () => {
  const answering = (first: Response) => {
    const asked: string[] = [];
    const send = async (input: string | URL | Request) => {
      asked.push(String(input));
      return asked.length === 1 ? first : new Response("{}");
    };
    return { asked, digest: registryClient({ endpoints: {}, fetch: send }).digestOf(image, "1") };
  };
  const challenge = (realm: string) =>
    new Response(null, {
      status: 401,
      headers: { "www-authenticate": `Bearer realm="${realm}",service="x"` },
    });
  for (const realm of [
    "https://evil.example/token",
    "http://quay.io/token",
    "https://quay.io.evil.example/",
    "nonsense",
    "https://auth.docker.io/token",
  ]) {
    const { asked, digest: found } = answering(challenge(realm));
    await expect(found).rejects.toThrow("not known");
    expect(asked).toEqual(["https://quay.io/v2/pangeo/ml-notebook/manifests/1"]);
  }
  for (const wrong of [undefined, "md5:1", `${digest}\n`])
    await expect(
      answering(
        new Response(null, {
          headers:
            wrong === undefined
              ? {}
              : { "docker-content-digest": wrong.trim() === digest ? `${digest}0` : wrong },
        }),
      ).digest,
    ).rejects.toThrow();
  const given: RequestInit[] = [];
  await registryClient({
    endpoints: {},
    fetch: async (_input, init) => {
      given.push(init ?? {});
      return new Response(null, { status: 404 });
    },
  }).digestOf(image, "1");
  // Without the types of an index a registry gives the digest of one platform; without those of a manifest, none of the rest.
  const types = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
  ];
  const headers = { accept: types.join(", ") };
  expect(given).toMatchObject([{ redirect: "manual", method: "HEAD", headers }]);
});

test("a 401 that names no giver of tokens, and a giver that nothing asked for, are followed by no other request", async () => {
  const asked: string[] = [];
  const digestOf = (status: number, headers: Record<string, string>) =>
    registryClient({
      endpoints: {},
      fetch: async (url) => {
        asked.push(String(url));
        return new Response(null, { status, headers });
      },
    }).digestOf(image, "1");
  await expect(digestOf(401, {})).rejects.toMatchObject({ failure: { service: "quay.io" } });
  const challenge = { "www-authenticate": 'Bearer realm="https://quay.io/token"' };
  expect(await digestOf(200, { ...challenge, "docker-content-digest": digest })).toBe(digest);
  expect(asked).toHaveLength(2);
});

test("which registry an image is of, and that no other is on the list", () => {
  expect(imageOf("pangeo/ml-notebook")).toEqual({ registry: "docker.io", repository: "pangeo/ml-notebook" });
  expect(imageOf("index.docker.io/pangeo/x")).toEqual({ registry: "docker.io", repository: "pangeo/x" });
  expect(imageOf("ubuntu")).toEqual({ registry: "docker.io", repository: "library/ubuntu" });
  expect(imageOf("quay.io/a/b")).toEqual({ registry: "quay.io", repository: "a/b" });
  for (const other of [
    "ghcr.io/a/b",
    "localhost/a/b",
    "169.254.169.254/a/b",
    "quay.io:99/a/b",
    "quay.io/../b",
    "a/B",
    "constructor/../x",
  ])
    expect([other, imageOf(other)]).toEqual([other, undefined]);
});

test("a registry's own address asks for a token, and says with one which protocol it speaks", async () => {
  const base = `${served.url}/quay.io/v2/`;
  const asked = await fetch(base);
  expect([asked.status, asked.headers.get("www-authenticate")]).toEqual([
    401,
    `Bearer realm="${served.url}/quay.io/token",service="quay.io"`,
  ]);
  const scope = encodeURIComponent("repository:pangeo/ml-notebook:pull");
  const { token } = z
    .object({ token: z.string() })
    .parse(await (await fetch(`${served.url}/quay.io/token?service=quay.io&scope=${scope}`)).json());
  const authorization = `Bearer ${token}`;
  const known = await fetch(base, { headers: { authorization } });
  expect([known.status, known.headers.get("docker-distribution-api-version")]).toEqual([200, "registry/2.0"]);
  // A token for one repository opens no other, there or not.
  writeFileSync(join(folder, "quay.io/pangeo/ml.yaml"), `1: ${digest}\n`);
  for (const other of ["pangeo/ml", "pangeo/nothing"])
    expect((await fetch(`${base}${other}/manifests/1`, { headers: { authorization } })).status).toBe(401);
  // Of a manifest the digest of its index is served, and neither its body nor another kind of it.
  const there = await (
    await fetch(`${served.url}/quay.io/token?service=quay.io&scope=repository:pangeo/ml:pull`)
  ).json();
  const own = { authorization: `Bearer ${z.object({ token: z.string() }).parse(there).token}` };
  const accept = "application/vnd.oci.image.index.v1+json";
  const answers = [
    { method: "HEAD", headers: { ...own, accept } },
    { method: "GET", headers: { ...own, accept } },
    { method: "HEAD", headers: { ...own, accept: "*/*" } },
  ].map(async (asked) => (await fetch(`${base}pangeo/ml/manifests/1`, asked)).status);
  expect(await Promise.all(answers)).toEqual([200, 501, 501]);
  expect(takeViolations()).toHaveLength(2);
});
