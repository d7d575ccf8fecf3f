// What a registry of container images says of a tag: its digest, or that there is none. Plain fetch: the token dance of
// docker.io and quay.io, two requests an image. Only registries of the list below are ever asked, and no redirect is followed.

import { z } from "zod";
import type { Endpoints } from "../endpoints.ts";
import { passing } from "../errors.ts";

/** Where each registry answers, and who may give tokens for it (https://distribution.github.io/distribution/spec/auth/token/). */
const registries: Record<string, { at: string; tokens: string }> = {
  "docker.io": { at: "https://registry-1.docker.io", tokens: "https://auth.docker.io" },
  "quay.io": { at: "https://quay.io", tokens: "https://quay.io" },
};

export type Image = { registry: string; repository: string };

export type Registry = {
  /** The digest of what a tag names; undefined when there is no such tag or image. */
  digestOf: (image: Image, tag: string) => Promise<string | undefined>;
};

/** Without an index type in Accept a registry hands out one platform's manifest, whose digest is another. */
const manifests = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const timeoutMs = 20_000;
const maximumTokenBytes = 64 * 1024;

/** `quay.io/pangeo/ml-notebook` in two parts; without a registry it is Docker Hub. Undefined where nobody may be asked. */
export function imageOf(written: string): Image | undefined {
  const [first = "", ...rest] = written.split("/");
  const named = rest.length > 0 && (/[.:]/.test(first) || first === "localhost");
  const registry = named ? first.replace(/^(?:index|registry-1)\.docker\.io$/, "docker.io") : "docker.io";
  const name = named ? rest.join("/") : written;
  const repository = registry === "docker.io" && !name.includes("/") ? `library/${name}` : name;
  const wellFormed = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/.test(repository);
  return Object.hasOwn(registries, registry) && wellFormed ? { registry, repository } : undefined;
}

/** Asks registries of the list for digests; another registry is thrown as our own mistake. */
export function registryClient(options: { endpoints: Endpoints; fetch?: typeof fetch }): Registry {
  const { endpoints, fetch: send = fetch } = options;
  const ask = (url: string, init: RequestInit): Promise<Response> =>
    send(url, { ...init, redirect: "error", signal: AbortSignal.timeout(timeoutMs) });
  const placeOf = (registry: string): { at: string; tokens: string } => {
    const known = registries[registry];
    if (known === undefined) throw passing("a registry that is not on the list was to be asked");
    return endpoints.registry === undefined
      ? known
      : { at: `${endpoints.registry}/${registry}`, tokens: new URL(endpoints.registry).origin };
  };

  async function token(challenge: string, { registry, repository }: Image): Promise<string> {
    const parts = new Map(
      [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]),
    );
    const realm = URL.parse(parts.get("realm") ?? "");
    // Who answers may name any address as the giver of tokens: only the registry's own is asked.
    if (!/^Bearer /i.test(challenge) || realm?.origin !== placeOf(registry).tokens)
      throw passing("the registry asked for a sign-in that is not known of it");
    realm.searchParams.set("service", parts.get("service") ?? "");
    realm.searchParams.set("scope", `repository:${repository}:pull`);
    const response = await ask(realm.href, { method: "GET" });
    if (response.status !== 200) throw passing(`the registry gave no token: it answered ${response.status}`);
    const text = await response.text();
    if (text.length > maximumTokenBytes) throw passing("the registry's token is too long");
    const { token: given, access_token } = Token.parse(JSON.parse(text));
    const value = given ?? access_token;
    if (value === undefined) throw passing("the registry gave no token");
    return value;
  }

  return {
    async digestOf(image, tag) {
      const url = `${placeOf(image.registry).at}/v2/${image.repository}/manifests/${encodeURIComponent(tag)}`;
      const head = (authorization: Record<string, string>) =>
        ask(url, { method: "HEAD", headers: { accept: manifests, ...authorization } });
      let response = await head({});
      const challenge = response.headers.get("www-authenticate");
      if (response.status === 401 && challenge !== null)
        response = await head({ authorization: `Bearer ${await token(challenge, image)}` });
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw passing(`the registry answered ${response.status}`);
      return Digest.parse(response.headers.get("docker-content-digest"));
    },
  };
}

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });
const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
