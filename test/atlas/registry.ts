// Answers of Docker Hub and quay.io when they give no digest, as the public has recorded them. A manifest is asked for by HEAD:
// the bodies below are what a GET shows, and none of them reaches us.
import type { Service } from "../../shared/failure.ts";
import type { Entry, Recorded } from "./entry.ts";

/** `manifest`: before a token was asked for; `token`: the giver of tokens; `with-token`: the manifest once more. */
export type RegistryCall = "manifest" | "token" | "with-token";
export type RegistryEntry = Entry<RegistryCall>;
type Registry = Extract<Service, "docker.io" | "quay.io">;

const names = { "docker.io": "Docker Hub", "quay.io": "quay.io" } as const;
const html = { "content-type": "text/html" };
const json = { "content-type": "application/json" };

function transient(
  [service, call, source]: [Registry, RegistryCall, string],
  recorded: Recorded,
  [cause, why, waitSeconds]: [string, string, number?],
): RegistryEntry {
  const wait = waitSeconds === undefined ? {} : { waitSeconds };
  const reads = {
    service,
    lasts: "transient",
    cause,
    why,
    next: /^nothing: .*see https:\/\//,
    ...wait,
  } as const;
  return { source, call, ...recorded, reads };
}

const limited = (service: Registry): [string, string] => [
  "too-many-requests",
  `${names[service]} takes no more questions from this network for now`,
];
const answered = (service: Registry, status: number): [string, string] => [
  `${status}`,
  `${names[service]} answered ${status}`,
];
const challenge = (service: Registry, error: string) => ({
  "www-authenticate": `Bearer realm="https://auth.example.org/token",service="${service}",scope="repository:example/notebook:pull",error="${error}"`,
});

const blocked =
  "<html><body><h1>403 Forbidden</h1>\nSince Docker is a US company, we must comply with US export control regulations. In an effort to comply with these, we now block all IP addresses that are located in Cuba, Iran, North Korea, Republic of Crimea, Sudan, and Syria. If you are not in one of these cities, countries, or regions and are blocked, please reach out to https://support.docker.com\n</body></html>\n\n";
const unauthorized = (repository: string): string =>
  `{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":[{"Type":"repository","Class":"","Name":"${repository}","Action":"pull"}]}]}\n`;

export const registryEntries: readonly RegistryEntry[] = [
  transient(
    ["docker.io", "with-token", "https://github.com/apache/incubator-kie-kogito-runtimes/pull/2854"],
    {
      status: 429,
      headers: { ...json, "ratelimit-limit": "100;w=21600", "ratelimit-remaining": "0;w=21600" },
      body: '{\n  "errors": [\n    {\n      "code": "TOOMANYREQUESTS",\n      "message": "You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: https://www.docker.com/increase-rate-limit"\n    }\n  ]\n}',
    },
    limited("docker.io"),
  ),
  transient(
    ["docker.io", "manifest", "https://github.com/docker/hub-feedback/issues/1907"],
    {
      status: 429,
      body: "Too Many Requests. Please see https://docs.docker.com/docker-hub/download-rate-limit/",
    },
    limited("docker.io"),
  ),
  transient(
    ["quay.io", "token", "https://www.rfc-editor.org/rfc/rfc6585#section-4"],
    {
      status: 429,
      headers: { ...html, "retry-after": "3600" },
      body: "<html>\n   <head>\n      <title>Too Many Requests</title>\n   </head>\n   <body>\n      <h1>Too Many Requests</h1>\n      <p>I only allow 50 requests per hour to this Web site per\n         logged in user.  Try again soon.</p>\n   </body>\n</html>",
    },
    [...limited("quay.io"), 3600],
  ),
  transient(
    ["docker.io", "token", "https://github.com/docker/hub-feedback/issues/1907"],
    { status: 429, headers: html, body: "Too Many Requests (HAP429)" },
    limited("docker.io"),
  ),
  transient(
    ["docker.io", "token", "https://github.com/ketches/registry-proxy/issues/5"],
    {
      status: 429,
      headers: html,
      body: '<!DOCTYPE html>\n\n<html class="no-js" lang="en-US">\n\n   <head>\n      <title>This website has been temporarily rate limited | registry.example.org | Cloudflare</title>\n      <meta charset="UTF-8" />\n</head></html>',
    },
    limited("docker.io"),
  ),
  transient(
    ["docker.io", "manifest", "https://github.com/docker/hub-feedback/issues/842"],
    {
      status: 503,
      headers: html,
      body: "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>\n\n",
    },
    answered("docker.io", 503),
  ),
  transient(
    ["docker.io", "token", "https://github.com/docker-hardened-images/catalog/issues/171"],
    {
      status: 503,
      headers: { "content-type": "text/plain" },
      body: "upstream connect error or disconnect/reset before headers. reset reason: connection termination",
    },
    answered("docker.io", 503),
  ),
  transient(
    ["docker.io", "token", "https://github.com/docker-library/tomcat/issues/321"],
    { status: 401, headers: json, body: "" },
    ["no-token", "Docker Hub gave no token, which it gives to everybody"],
  ),
  transient(
    ["docker.io", "token", "https://github.com/microsoft/vscode-remote-release/issues/6920"],
    { status: 403, body: "" },
    ["no-token", "Docker Hub gave no token, which it gives to everybody"],
  ),
  transient(
    ["docker.io", "with-token", "https://github.com/docker/docs/issues/11662"],
    {
      status: 401,
      headers: { ...json, ...challenge("docker.io", "invalid_token") },
      body: unauthorized("ratelimitpreview/test"),
    },
    ["token-not-taken", "Docker Hub does not take the token that it has just given"],
  ),
  transient(
    ["docker.io", "with-token", "https://github.com/distribution/distribution-library-image/issues/146"],
    {
      status: 500,
      headers: json,
      body: '{"errors":[{"code":"UNKNOWN","message":"unknown error","detail":{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"},{"code":"UNAUTHORIZED","message":"authentication required","detail":[{"Action":"pull","Class":"","Name":"example/notebook","Type":"repository"}]}]}}]}',
    },
    answered("docker.io", 500),
  ),
  transient(
    ["docker.io", "with-token", "https://github.com/distribution/distribution/issues/3848"],
    { status: 200, headers: { "content-type": "application/vnd.oci.image.index.v1+json" }, body: "{}" },
    ["no-digest", "Docker Hub, or what stands before it, answered without the image's digest"],
  ),
  transient(
    ["docker.io", "token", "https://github.com/docker/hub-feedback/issues/2214"],
    { status: 200, headers: { "content-type": "text/plain; charset=utf-8" }, body: "" },
    ["unreadable", "Docker Hub's answer was broken off, or is none"],
  ),
  {
    source: "https://github.com/NaturalHistoryMuseum/scratchpads2/issues/6172",
    call: "token",
    status: 403,
    headers: html,
    body: blocked,
    reads: {
      service: "docker.io",
      lasts: "lasting",
      cause: "network-blocked",
      why: "Docker Hub answers nobody from the network that Groundcrew runs in",
      next: /^whoever runs Groundcrew asks Docker Hub's support/,
    },
  },
  {
    source: "https://github.com/moby/moby/issues/16746",
    call: "manifest",
    status: 403,
    headers: html,
    body: blocked,
    reads: {
      service: "docker.io",
      lasts: "lasting",
      cause: "network-blocked",
      why: "Docker Hub answers nobody from the network that Groundcrew runs in",
      next: /^whoever runs Groundcrew asks Docker Hub's support/,
    },
  },
  transient(
    ["quay.io", "token", "https://github.com/podman-container-tools/podman/issues/17802"],
    {
      status: 502,
      headers: html,
      body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body bgcolor="white">\r\n<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.14.1</center>\r\n</body>\r\n</html>\r\n',
    },
    answered("quay.io", 502),
  ),
  transient(
    ["quay.io", "manifest", "https://github.com/oauth2-proxy/oauth2-proxy/issues/3395"],
    { status: 502, headers: html, body: "" },
    answered("quay.io", 502),
  ),
  transient(
    ["quay.io", "with-token", "https://github.com/rebuy-de/aws-nuke/issues/506"],
    { status: 500, headers: html, body: "" },
    answered("quay.io", 500),
  ),
  transient(
    ["quay.io", "manifest", "https://github.com/ivanilves/lstags/issues/204"],
    { status: 429, headers: html, body: "" },
    limited("quay.io"),
  ),
];

/** Answers that say, to everybody, that there is no such image or tag. */
export const absent: readonly (Recorded & { source: string; registry: Registry; call: RegistryCall })[] = [
  {
    source: "https://github.com/docker-archive/docker-registry/issues/1071",
    registry: "docker.io",
    call: "with-token",
    status: 401,
    headers: { ...json, ...challenge("docker.io", "insufficient_scope") },
    body: unauthorized("example/nothing"),
  },
  {
    source: "https://github.com/goharbor/harbor/issues/714",
    registry: "docker.io",
    call: "with-token",
    status: 401,
    headers: json,
    body: '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required","detail":[{"Type":"repository","Name":"example/nginx","Action":"pull"}]}]}\n',
  },
  {
    source: "https://github.com/hpe-storage/csi-driver/issues/288",
    registry: "quay.io",
    call: "with-token",
    status: 401,
    headers: json,
    body: "",
  },
  {
    source: "https://distribution.github.io/distribution/spec/api/#errors-2",
    registry: "docker.io",
    call: "with-token",
    status: 404,
    headers: json,
    body: '{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":"unknown tag=2026.06.04"}]}',
  },
  {
    source: "https://distribution.github.io/distribution/spec/api/#errors-2",
    registry: "quay.io",
    call: "with-token",
    status: 403,
    headers: json,
    body: '{"errors":[{"code":"DENIED","message":"requested access to the resource is denied"}]}',
  },
  {
    source: "https://distribution.github.io/distribution/spec/api/#errors-2",
    registry: "quay.io",
    call: "manifest",
    status: 404,
    headers: json,
    body: '{"errors":[{"code":"NAME_UNKNOWN","message":"repository name not known to registry"}]}',
  },
];
