// The door for releases: what it believes, what it passes on, and what it answers to everything else.
import { describe, expect, test } from "@jest/globals";
import { githubWebhook } from "../../../functions/github-webhook/handler.ts";
import { signatureOf } from "../../../local/github/signature.ts";
import { settingsOf } from "../../local/sample/sample-settings.ts";

const secret = "the-secret-of-the-webhook";
const images = { upstream: "operator/infrastructure", files: "config/*.yaml" };
const settings = settingsOf({
  flows: { "bump-image": "apply" },
  hubs: { leap: { images }, other: { images: { ...images, releases: "other/images" } }, none: {} },
});
const repository = { full_name: "Pangeo-Data/pangeo-docker-images", private: false };
const release = (more: object = {}, action = "published") => ({
  action,
  release: { tag_name: "2026.06.04", draft: false, prerelease: false, name: null, ...more },
  repository,
});

async function call(
  event: string,
  body: unknown,
  more: Partial<{
    raw: Buffer;
    signature: string;
    secret: string;
    type: string;
    method: string;
    publish: () => Promise<string>;
  }> = {},
) {
  const raw = more.raw ?? Buffer.from(JSON.stringify(body));
  const published: unknown[] = [];
  const logged: unknown[] = [];
  const answer = await githubWebhook(
    {
      method: more.method ?? "POST",
      headers: {
        "x-github-event": event,
        "content-type": more.type ?? "application/json",
        "x-hub-signature-256": more.signature ?? signatureOf(secret, raw),
      },
      raw,
    },
    {
      log: (...line) => void logged.push(line),
      publish: more.publish ?? (async (name, said) => `${published.push([name, said])}`),
      secret: async () => more.secret ?? secret,
      settings,
    },
  );
  return { status: answer.status, published, logged: JSON.stringify(logged) };
}
const told = [["release-published", { v: 1, hub: "leap", why: "release", tag: "2026.06.04" }]];

test("a release, a new tag and a pushed tag are passed on for the hubs whose images they are", async () => {
  for (const [event, body] of [
    ["release", release()],
    ["release", release({}, "released")],
    ["create", { ref: "2026.06.04", ref_type: "tag", master_branch: "master", repository }],
    ["push", { ref: "refs/tags/2026.06.04", deleted: false, repository }],
  ] as const)
    expect([event, await call(event, body)]).toMatchObject([event, { status: 204, published: told }]);
});

test("all other news is acknowledged and left", async () => {
  const elsewhere = { full_name: "somebody/else" };
  for (const [event, body] of [
    ["ping", { zen: "x" }],
    ["issues", { action: "opened", repository }],
    ["release", release({}, "created")],
    ["release", release({}, "deleted")],
    ["release", release({ draft: true })],
    ["release", release({ prerelease: true })],
    ["release", { ...release(), repository: elsewhere }],
    ["create", { ref: "a-branch", ref_type: "branch", repository }],
    ["create", { ref: "../../x y", ref_type: "tag", repository }],
    ["push", { ref: "refs/heads/master", repository }],
    ["push", { ref: "refs/tags/2026.06.04", deleted: true, repository }],
  ] as const)
    expect([event, await call(event, body)]).toMatchObject([event, { status: 204, published: [] }]);
});

describe("what is refused", () => {
  const raw = Buffer.from(JSON.stringify(release()));
  const right = signatureOf(secret, raw);
  const cases: [string, Parameters<typeof call>[2], number][] = [
    ["no signature", { signature: "" }, 401],
    ["another key's", { signature: signatureOf("another", raw) }, 401],
    ["cut short", { signature: right.slice(0, -1) }, 401],
    ["too long", { signature: `${right}0` }, 401],
    ["the older kind", { signature: right.replace("sha256=", "sha1=") }, 401],
    ["of another body", { raw: Buffer.concat([raw, Buffer.from(" ")]), signature: right }, 401],
    ["an empty secret", { secret: "\n", signature: signatureOf("", raw) }, 401],
    ["huge", { raw: Buffer.alloc(2 * 1024 * 1024 + 1) }, 413],
    ["a form", { type: "application/x-www-form-urlencoded" }, 415],
    ["no JSON", { raw: Buffer.from("{") }, 400],
    ["not UTF-8", { raw: Buffer.from([0x22, 0xff, 0x22]) }, 401],
    ["not that event", { raw: Buffer.from("{}") }, 400],
    ["a look", { method: "GET" }, 405],
  ];
  test.each(cases)("%s", async (_, more, status) => {
    expect(await call("release", release(), more)).toMatchObject({ status, published: [] });
  });
});

test("while the secret is changed, the new and the one before it are taken, and no third", async () => {
  const raw = Buffer.from(JSON.stringify(release()));
  const rotating = `new-secret\r\n${secret}\nforgotten\n`;
  const status = async (key: string) =>
    (await call("release", release(), { secret: rotating, signature: signatureOf(key, raw) })).status;
  expect([await status("new-secret"), await status(secret), await status("forgotten")]).toEqual([
    204, 204, 401,
  ]);
});

test("what cannot be published is to be sent again, and no log names what came", async () => {
  const failed = await call("release", release(), {
    publish: () => Promise.reject(new Error("2026.06.04 by somebody")),
  });
  expect(failed.status).toBe(503);
  expect(failed.logged).toContain("release not announced");
  expect(failed.logged).not.toContain("somebody");
});
