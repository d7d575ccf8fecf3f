// The door for "there is a release": GitHub's webhook of the images' repository. It verifies the signature on the raw bytes, says
// "look again" to the topic, and answers. It reads no tag for true: the worker asks GitHub itself.
import * as z from "zod";
import type { Publish } from "../../shared/bus/publish.ts";
import { explain } from "../../shared/delivery/explain.ts";
import {
  type Answer,
  type Call,
  jsonIn,
  notJson,
  once,
  refusedUnread,
  unauthenticated,
} from "../../shared/delivery/webhook.ts";
import { bodyBytesOf, rowOf } from "../../shared/functions.ts";
import { isSigned } from "../../shared/github/signature.ts";
import type { Log } from "../../shared/log.ts";
import type { Settings } from "../../shared/settings.ts";

export type GithubWebhookDeps = {
  log: Log;
  publish: Publish;
  secret: () => Promise<string>;
  settings: Settings;
};

const tag = z.string().regex(/^[\w][\w.-]{0,127}$/);
const repository = z.object({ full_name: z.string() });
const bodies = {
  release: z
    .object({
      action: z.string(),
      release: z.object({ tag_name: tag, draft: z.boolean(), prerelease: z.boolean() }),
      repository,
    })
    .transform(({ action, release, repository: { full_name } }) => ({
      repository: full_name,
      tag:
        ["published", "released"].includes(action) && !release.draft && !release.prerelease
          ? release.tag_name
          : undefined,
    })),
  create: z
    .object({ ref: z.string(), ref_type: z.string(), repository })
    .transform(({ ref, ref_type, repository: { full_name } }) => ({
      repository: full_name,
      tag: ref_type === "tag" ? tag.safeParse(ref).data : undefined,
    })),
  push: z
    .object({ ref: z.string(), deleted: z.boolean().default(false), repository })
    .transform(({ ref, deleted, repository: { full_name } }) => ({
      repository: full_name,
      tag:
        deleted || !ref.startsWith("refs/tags/")
          ? undefined
          : tag.safeParse(ref.slice("refs/tags/".length)).data,
    })),
} as const;

export async function githubWebhook(call: Call, deps: GithubWebhookDeps): Promise<Answer> {
  const unread = refusedUnread(call, bodyBytesOf(rowOf("github-webhook")));
  if (unread !== undefined) return unread;
  const { headers, raw } = call;
  try {
    const signature = once(headers["x-hub-signature-256"]);
    if (!/^sha256=[0-9a-f]{64}$/.test(signature) || !(await isSigned(await deps.secret(), raw, signature)))
      return unauthenticated;
    const otherType = notJson(call);
    if (otherType !== undefined) return otherType;
    const said = newsIn(once(headers["x-github-event"]), raw);
    if (said === "not understood") return { status: 400, body: "the body is not that event" };
    if (said === undefined) return ignored;
    const hubs = Object.entries(deps.settings.hubs).filter(
      ([, { images }]) => images?.releases.toLowerCase() === said.repository.toLowerCase(),
    );
    for (const [hub] of hubs)
      await deps.publish("release-published", { v: 1, hub, why: "release", tag: said.tag });
    if (hubs.length > 0) deps.log("INFO", "release announced", { hubs: hubs.length });
    return ignored;
  } catch (error) {
    deps.log("ERROR", "release not announced", { why: explain(error, "github-webhook").why });
    return { status: 503, body: "try again" };
  }
}

const ignored: Answer = { status: 204, body: "" };

/** A tag of a repository; undefined where it is other news. */
function newsIn(
  event: string,
  raw: Buffer,
): { repository: string; tag: string } | "not understood" | undefined {
  if (event !== "release" && event !== "create" && event !== "push") return undefined;
  const read = bodies[event].safeParse(jsonIn(raw));
  if (!read.success) return "not understood";
  const { repository: name, tag: found } = read.data;
  return found === undefined ? undefined : { repository: name, tag: found };
}
