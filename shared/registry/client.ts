// Asks a registry of container images about a tag: its digest, or that there is none. Plain fetch: the token dance of docker.io
// and quay.io, two requests an image. Only registries of the list below are ever asked, and no redirect is followed.

import * as z from "zod";
import { boundedText } from "../bounded.ts";
import type { Endpoints } from "../endpoints.ts";
import { transient } from "../errors.ts";
import { again, failed, refused, retryAfterSeconds, type Service, services } from "../failure.ts";
import { jsonOf } from "../json.ts";
import { refusals } from "./refusals.ts";

/** Addresses of each registry, and of who may give tokens for it (https://distribution.github.io/distribution/spec/auth/token/). */
const registries: Record<string, Place> = {
  "docker.io": {
    service: "docker.io",
    at: "https://registry-1.docker.io",
    tokens: "https://auth.docker.io",
  },
  "quay.io": { service: "quay.io", at: "https://quay.io", tokens: "https://quay.io" },
};
type Place = { service: Service; at: string; tokens: string };

export type Image = { registry: string; repository: string };

export type Registry = {
  /** The digest of what a tag names; undefined when everybody is told that there is no such tag or image. Throws a `Failure`. */
  digestOf: (image: Image, tag: string) => Promise<string | undefined>;
};

/** Without an index type in Accept a registry hands out one platform's manifest, whose digest is another. */
const manifests = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const defaultTimeoutMs = 20_000;
const maximumTokenBytes = 64 * 1024;
const what = "the images of a release cannot be looked for";

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
export function registryClient(options: {
  endpoints: Endpoints;
  fetch?: typeof fetch;
  timeoutMs?: number;
}): Registry {
  const { endpoints, fetch: send = fetch, timeoutMs = defaultTimeoutMs } = options;
  const ask = async ({ service }: Place, url: string, init: RequestInit): Promise<Response> => {
    try {
      return await send(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      throw refused({ service, what }, "no-answer", [], { cause: error });
    }
  };
  const placeOf = (registry: string): Place => {
    const known = registries[registry];
    if (known === undefined) throw transient("a registry that is not on the list was to be asked");
    return endpoints.registry === undefined
      ? known
      : {
          service: known.service,
          at: `${endpoints.registry}/${registry}`,
          tokens: new URL(endpoints.registry).origin,
        };
  };

  async function token(challenge: string, { registry, repository }: Image): Promise<string> {
    const place = placeOf(registry);
    const { service } = place;
    const parts = partsOf(challenge);
    const realm = URL.parse(parts.get("realm") ?? "");
    // The answering side may name any address as the giver of tokens: only the registry's own is asked.
    if (!/^Bearer /i.test(challenge) || realm?.origin !== place.tokens) throw otherSignIn(service);
    realm.searchParams.set("service", parts.get("service") ?? "");
    realm.searchParams.set("scope", `repository:${repository}:pull`);
    const response = await ask(place, realm.href, { method: "GET" });
    const text = await boundedText(response, maximumTokenBytes).catch(() => undefined);
    if (response.status !== 200) throw refusal(service, "token", response, text ?? "");
    const given = Token.safeParse(jsonOf(text ?? "")).data;
    const value = given?.token ?? given?.access_token;
    if (value === undefined) throw refused({ service, what }, "unreadable", []);
    return value;
  }

  return {
    async digestOf(image, tag) {
      const place = placeOf(image.registry);
      const url = `${place.at}/v2/${image.repository}/manifests/${encodeURIComponent(tag)}`;
      const head = (authorization: Record<string, string>) =>
        ask(place, url, { method: "HEAD", headers: { accept: manifests, ...authorization } });
      let response = await head({});
      const challenge = response.headers.get("www-authenticate");
      if (response.status === 401 && challenge !== null) {
        response = await head({ authorization: `Bearer ${await token(challenge, image)}` });
        if (isAbsent(response)) return undefined;
      }
      if (response.status === 404) return undefined;
      if (response.status !== 200) throw refusal(place.service, "manifest", response, "");
      const digest = Digest.safeParse(response.headers.get("docker-content-digest"));
      if (!digest.success) throw noDigest(place.service);
      return digest.data;
    },
  };
}

const partsOf = (challenge: string): Map<string, string> =>
  new Map([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [key, value]));

/**
 * With a token that everybody gets, registries say 401 or 403 of a repository that is not there, so as not to tell that a
 * private one is (https://github.com/distribution/distribution/issues/1291, https://github.com/jupyterhub/binderhub/issues/1664).
 * For us it is the same as 404: the hub's images are public, or nobody could start one. As a failure it would hold up all of
 * the hub's images, hourly and without an end; as absent it is waited for, and then the team is told which image it is.
 * A token that itself is not taken says nothing of the image.
 */
function isAbsent({ status, headers }: Response): boolean {
  const error = partsOf(headers.get("www-authenticate") ?? "").get("error");
  return status === 403 || (status === 401 && error !== "invalid_token");
}

function refusal(
  service: Service,
  at: "manifest" | "token",
  { status, headers }: Response,
  text: string,
): Error {
  const waitSeconds = retryAfterSeconds(headers.get("retry-after"), headers.get("date"));
  return refused({ service, what }, { status, text, waitSeconds }, refusals(service, at));
}

const otherSignIn = (service: Service): Error =>
  failed({
    service,
    cause: "other-sign-in",
    lasts: "transient",
    explanation: {
      what,
      why: `${services[service].name} asked for a sign-in that is not known of it`,
      next: again(service),
    },
  });

const noDigest = (service: Service): Error =>
  failed({
    service,
    cause: "no-digest",
    lasts: "transient",
    explanation: {
      what,
      why: `${services[service].name}, or what stands before it, answered without the image's digest`,
      next: again(service),
    },
  });

const Token = z.object({ token: z.string().optional(), access_token: z.string().optional() });
const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
