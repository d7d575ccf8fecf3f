// Registries of container images over a folder that a person edits: <registry>/<owner>/<image>.yaml, each line a tag and its
// digest. The token dance and manifests by tag are all that Groundcrew asks for.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { join } from "node:path";
import { Hono } from "hono";
import * as z from "zod";
import { readPersonText } from "../sample/person-file.ts";
import { usualYamlBytes, yamlOf } from "../sample/person-yaml.ts";
import { violationList } from "../wire/called-routes.ts";
import { type FarEnd, failing, offerRoutes } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import { closed, givenTwice, notedFor, type Vocabulary } from "../wire/vocabulary.ts";
import { laggingLooks } from "../wire/weather.ts";

const lifeSeconds = 300;
const version = { "docker-distribution-api-version": "registry/2.0" };
const Tags = z.record(z.string(), z.string());
const name = /^[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)+$/;
const index = "application/vnd.oci.image.index.v1+json";

/** Text and tags last read of each file: hundreds of tags are asked for one by one. */
const read = new Map<string, { text: string; tags: Record<string, string> }>();

export type ImageTags = { tags: Record<string, string>; missing?: true } | { problem: string };

/** The tags of an image, as the file has them, none where there is no file; every scalar is text, also 1234567. */
export const imageTags = (folder: string, registry: string, repository: string): ImageTags =>
  tagsIn(join(folder, registry, `${repository}.yaml`));

/** The same of a file by its path; or what is wrong with it, to stand behind its name. */
export function tagsIn(file: string): ImageTags {
  const there = readPersonText(file, usualYamlBytes);
  if ("problem" in there) return there.missing ? { tags: {}, missing: true } : there;
  const { text } = there;
  const known = read.get(file);
  if (known?.text === text) return known;
  const said = yamlOf(text, "failsafe");
  if ("problem" in said) return said;
  const tags = Tags.safeParse(said.yaml ?? {});
  if (!tags.success) return { problem: 'needs a line a tag: "<tag>": <digest>' };
  read.set(file, { text, tags: tags.data });
  return { tags: tags.data };
}

const vocabulary: Record<string, Vocabulary> = {
  "GET /:registry{docker\\.io|quay\\.io}/token": { query: ["scope", "service"] },
};

export function registryFarEnd(options: {
  faults: Faults;
  folder: string;
}): FarEnd & { violations: string[] } {
  const { faults, folder } = options;
  const key = randomBytes(32);
  const sign = (text: string): string => createHmac("sha256", key).update(text).digest("hex");
  const seen = laggingLooks<ImageTags>(faults.sky, "registry");
  const violations = violationList();
  const app = new Hono();
  app.use(failing("registry", faults));
  const noted = notedFor("a registry", violations);
  const notServed = (what: string): Response =>
    // https://github.com/opencontainers/distribution-spec/blob/main/spec.md#error-codes
    Response.json({ errors: [{ code: "UNSUPPORTED", message: noted(what) }] }, { status: 501 });
  app.use(closed(vocabulary, [], notServed));
  app.use(async (c, next) => {
    const twice = givenTwice(new URL(c.req.url).searchParams);
    return twice === undefined ? next() : notServed(twice);
  });

  app.get("/:registry{docker\\.io|quay\\.io}/token", (c) => {
    const scope = c.req.query("scope") ?? "";
    const [, repository = ""] = /^repository:(.+):pull$/.exec(scope) ?? [];
    // Nobody has an account here, and everybody may pull.
    if (c.req.header("authorization") !== undefined) return notServed("a sign-in for a token");
    if (repository === "" || / /.test(scope)) return notServed(`the scope ${scope} of a token`);
    if (!name.test(repository) || c.req.query("service") !== c.req.param("registry"))
      return c.json({ details: "invalid scope or service" }, 400);
    const text = `${c.req.param("registry")} ${repository} ${Math.floor(Date.now() / 1000) + lifeSeconds}`;
    const token = `${Buffer.from(text).toString("base64url")}.${sign(text)}`;
    return c.json({ token, access_token: token, expires_in: lifeSeconds });
  });

  // Hono answers a HEAD by what the GET gives, without its body.
  app.get("/:registry{docker\\.io|quay\\.io}/v2/:rest{.*}", (c) => {
    const registry = c.req.param("registry");
    const realm = `${new URL(c.req.url).origin}/${registry}/token`;
    const authorization = c.req.header("authorization");
    // https://github.com/opencontainers/distribution-spec/blob/main/spec.md#determining-support
    if (c.req.param("rest") === "")
      return admits(authorization, registry)
        ? c.json({}, 200, version)
        : c.json({ errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] }, 401, {
            ...version,
            "www-authenticate": `Bearer realm="${realm}",service="${registry}"`,
          });
    const [, repository = "", tag = ""] =
      /^(.+)\/manifests\/([\w][\w.-]{0,127})$/.exec(c.req.param("rest")) ?? [];
    if (!name.test(repository)) return notServed(`GET ${c.req.path}`);
    const scope = `repository:${repository}:pull`;
    const challenge = `Bearer realm="${realm}",service="${registry}",scope="${scope}"`;
    const unauthorized = (error: string): Response =>
      c.json(
        {
          errors: [
            {
              code: "UNAUTHORIZED",
              message: "authentication required",
              detail: [{ Type: "repository", Class: "", Name: repository, Action: "pull" }],
            },
          ],
        },
        401,
        { "www-authenticate": `${challenge}${error}` },
      );
    if (!admits(authorization, `${registry} ${repository}`)) return unauthorized("");
    // A token that everybody gets opens no repository that is not there: https://github.com/docker-archive/docker-registry/issues/1071.
    const found = seen(`${registry}/${repository}`, imageTags(folder, registry, repository));
    if ("missing" in found) return unauthorized(',error="insufficient_scope"');
    // Of a manifest its digest alone is here, and of its kinds the index.
    if (c.req.method !== "HEAD") return notServed("a manifest's body");
    if (!(c.req.header("accept") ?? "").includes(index)) return notServed("a manifest but the index");
    // Not "no such tag": nobody knows.
    if ("problem" in found) return new Response(null, { status: 503 });
    const digest = Object.hasOwn(found.tags, tag) ? found.tags[tag] : undefined;
    if (digest === undefined)
      return c.json(
        { errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown", detail: `unknown tag=${tag}` }] },
        404,
      );
    const headers = { "docker-content-digest": digest, "content-type": index };
    return new Response(null, { status: 200, headers });
  });

  /** Tells whether a token is good for a repository; for a registry's own address any of its tokens is. */
  function admits(authorization: string | undefined, to: string): boolean {
    const [, body = "", signature = ""] = /^Bearer ([\w-]+)\.([0-9a-f]{64})$/.exec(authorization ?? "") ?? [];
    const text = Buffer.from(body, "base64url").toString();
    if (signature === "" || !timingSafeEqual(Buffer.from(sign(text)), Buffer.from(signature))) return false;
    const cut = text.lastIndexOf(" ");
    const of = text.slice(0, cut);
    return (of === to || of.split(" ")[0] === to) && Number(text.slice(cut + 1)) > Date.now() / 1000;
  }

  offerRoutes("registry", app);
  return { fetch: app.fetch, violations };
}
