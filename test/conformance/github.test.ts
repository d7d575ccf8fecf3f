// The same scenarios on our GitHub and on `emulate`, for what the latter has right. What is known to differ is asked of both
// too, each held to its own column, so that the list stays true.
import { createServer } from "node:http";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { signatureOf } from "../../local/github/signature.ts";
import { listen } from "../../local/wire/listen.ts";
import { isSigned } from "../../shared/github/signature.ts";
import { saySkipped } from "../skipped.ts";
import { expectCalled } from "./calls.ts";
import { crew, emulatedGithub, hookSecret, jwt, ourGithub, type Side } from "./github-harness.ts";

const delivered: { raw: Buffer; signature: string }[] = [];
const hooks = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const signature = String(request.headers["x-hub-signature-256"]);
    delivered.push({ raw: Buffer.concat(chunks), signature });
    response.end();
  });
});
const ours = await ourGithub();
const other = await emulatedGithub(`http://127.0.0.1:${await listen(hooks)}/`);
if ("missing" in other) saySkipped("test/conformance/github.test.ts, beside ours", other.missing);
afterAll(async () => {
  await ours.close();
  if ("close" in other) await other.close();
  hooks.closeAllConnections();
  hooks.close();
});
const sides: ["ours" | "emulate", Side][] = [["ours", ours]];
if ("close" in other) sides.push(["emulate", other]);

const team = "/orgs/sample-hub/teams/members";
const upstream = "/repos/operator/infrastructure";
const fork = "/repos/crew/infrastructure";
const at = "2026-01-02T03:04:05Z";
const who = { name: "Crew", email: "crew@example.org", date: at };
const pull = { title: "Move the tag", head: "crew:bump", base: "main", body: "Why" };

// By git itself: `git hash-object`, `git mktree` and `git commit-tree` of the same bytes.
const [blob, tree, root] = [
  "f2ad6c76f0115a6ba5b00456a849810e7ec0af20",
  "bef4a628f037f630fa01781ebc42ad8dfaef7ea4",
  "9d9e2d1a6b42ce071a93bd8c2cfe2350d2ada901",
];
const Sha = z.object({ sha: z.string() });

function asking({ url }: Side) {
  return async (method: string, path: string, token: string, body?: unknown) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json: unknown = text === "" ? undefined : JSON.parse(text);
    return { status: response.status, json };
  };
}
type Ask = ReturnType<typeof asking>;

async function installationToken(ask: Ask): Promise<string> {
  const { json } = await ask("GET", "/orgs/sample-hub/installation", jwt());
  const { id } = z.object({ id: z.number() }).parse(json);
  const made = await ask("POST", `/app/installations/${id}/access_tokens`, jwt(), {});
  expect(made.status).toBe(201);
  return z.object({ token: z.string() }).parse(made.json).token;
}

const commit = async (ask: Ask, parents: string[], message: string): Promise<string> => {
  const request = { message, tree, parents, author: who, committer: who };
  return Sha.parse((await ask("POST", `${fork}/git/commits`, crew, request)).json).sha;
};

/** Git's objects have the names that git gives them. */
async function expectObjects(ask: Ask): Promise<void> {
  expect(await ask("GET", "/user", crew)).toMatchObject({ status: 200, json: { login: "crew" } });
  expect(await ask("POST", `${upstream}/forks`, crew, {})).toMatchObject({
    status: 202,
    json: { full_name: "crew/infrastructure", fork: true },
  });
  const file = { mode: "100644", type: "blob" };
  const files = [
    { ...file, path: "a/b.yaml", content: "x: 1\n" },
    { ...file, path: "c.txt", content: "c\n" },
  ];
  const made = await ask("POST", `${fork}/git/trees`, crew, { tree: files });
  expect(made).toMatchObject({ status: 201, json: { sha: tree } });
  expect(await ask("GET", `${fork}/git/trees/${tree}?recursive=1`, crew)).toMatchObject({
    status: 200,
    json: { truncated: false, tree: expect.arrayContaining([expect.objectContaining({ sha: blob })]) },
  });
  expect(await ask("GET", `${fork}/git/blobs/${blob}`, crew)).toMatchObject({
    status: 200,
    json: { size: 2, content: "Ywo=", encoding: "base64" },
  });
  expect(await commit(ask, [], "root\n")).toBe(root);
  expect(await ask("GET", `${fork}/git/commits/${root}`, crew)).toMatchObject({
    status: 200,
    json: { tree: { sha: tree }, parents: [], author: who },
  });
}

/** A branch goes forward only. */
async function expectForward(ask: Ask): Promise<void> {
  const main = await ask("GET", `${fork}/git/ref/heads/main`, crew);
  const head = z.object({ object: Sha }).parse(main.json).object.sha;
  const first = await commit(ask, [head], "first\n");
  const after = await commit(ask, [first], "second\n");
  const branch = { ref: "refs/heads/bump", sha: first };
  expect((await ask("POST", `${fork}/git/refs`, crew, branch)).status).toBe(201);
  expect(await ask("POST", `${fork}/git/refs`, crew, branch)).toMatchObject({
    status: 422,
    json: { message: "Reference already exists" },
  });
  expect((await ask("PATCH", `${fork}/git/refs/heads/bump`, crew, { sha: after })).status).toBe(200);
  expect(await ask("PATCH", `${fork}/git/refs/heads/bump`, crew, { sha: root })).toMatchObject({
    status: 422,
    json: { message: expect.stringMatching(/^Update is not a fast.forward$/) },
  });
  expect(await ask("GET", `${fork}/git/ref/heads/bump`, crew)).toMatchObject({
    json: { object: { sha: after } },
  });
  expect((await ask("GET", `${fork}/git/ref/heads/none`, crew)).status).toBe(404);
}

/** A pull request from the fork is opened, found and closed. */
async function expectPull(ask: Ask): Promise<void> {
  const opened = await ask("POST", `${upstream}/pulls`, crew, pull);
  expect(opened).toMatchObject({
    status: 201,
    json: { number: 1, state: "open", head: { label: "crew:bump" }, base: { ref: "main" } },
  });
  const open = `${upstream}/pulls?state=open&head=crew:bump`;
  expect((await ask("GET", open, crew)).json).toMatchObject([{ number: 1 }]);
  const words = { title: "Another", body: "Still", state: "closed" };
  expect(await ask("PATCH", `${upstream}/pulls/1`, crew, words)).toMatchObject({
    status: 200,
    json: { state: "closed", title: "Another" },
  });
  expect((await ask("GET", open, crew)).json).toEqual([]);
}

describe.each(sides)("%s", (name, side) => {
  const ask = asking(side);

  test("the App is known by its JWT, and nobody by a forged one", async () => {
    expect(await ask("GET", "/app", jwt())).toMatchObject({ status: 200, json: { id: 4711 } });
    const forged = `${jwt().slice(0, -6)}AAAAAA`;
    expect(await ask("GET", "/app", forged)).toMatchObject({
      status: 401,
      json: { message: "A JSON web token could not be decoded" },
    });
    expect(await installationToken(ask)).toMatch(/^ghs_/);
  });

  test("a team: who is in it, who comes in, who leaves", async () => {
    const token = await installationToken(ask);
    const of = (login: string) => `${team}/memberships/${login}`;
    const logins = async () =>
      z
        .array(z.object({ login: z.string() }))
        .parse((await ask("GET", `${team}/members`, token)).json)
        .map(({ login }) => login)
        .toSorted();
    expect(await ask("GET", team, token)).toMatchObject({
      status: 200,
      json: { slug: "members", name: "Members" },
    });
    for (const login of ["ada-a", "olga-owner"])
      expect((await ask("PUT", of(login), token, {})).status).toBe(200);
    expect(await logins()).toEqual(["ada-a", "olga-owner"]);
    expect(await ask("GET", of("olga-owner"), token)).toMatchObject({
      status: 200,
      json: { state: "active" },
    });
    expect((await ask("DELETE", of("ada-a"), token)).status).toBe(204);
    expect(await logins()).toEqual(["olga-owner"]);
    expect((await ask("GET", of("ada-a"), token)).status).toBe(404);
    expect((await ask("PUT", of("nobody-x"), token, {})).status).toBe(404);
  });

  test("a fork: git's names for its objects, a branch that goes forward only, and its pull request", async () => {
    await expectObjects(ask);
    await expectForward(ask);
    await expectPull(ask);
    // Differs, as is known: a second pull request of a branch, and a commit's message without a line's end.
    const known = { ours: [422, "a76d20087953d8f239bf92835c65086b6a19c686"], emulate: [201, root] };
    await ask("POST", `${upstream}/pulls`, crew, pull);
    const second = (await ask("POST", `${upstream}/pulls`, crew, pull)).status;
    expect([second, await commit(ask, [], "root")]).toEqual(known[name]);
  });

  test.each([
    [
      "taking somebody out of a team who is not in it",
      404,
      204,
      async () => {
        const token = await installationToken(ask);
        const out = () => ask("DELETE", `${team}/memberships/ada-a`, token);
        return [await out(), await out()][1]?.status;
      },
    ],
    ["an unknown token", 401, 200, async () => (await ask("GET", "/user", "ghp_unknown")).status],
    [
      "invitations of an organisation",
      200,
      404,
      async () => (await ask("GET", "/orgs/sample-hub/invitations", await installationToken(ask))).status,
    ],
  ] as const)("differs, as is known: %s", async (_, here, there, act) => {
    expect(await act()).toBe(name === "ours" ? here : there);
  });
});

// Deliveries that emulate has sent meanwhile are signed as ours are, and our door takes them.
afterAll(async () => {
  if ("missing" in other) return;
  expect(delivered.length).toBeGreaterThan(0);
  for (const { raw, signature } of delivered) {
    expect(signatureOf(hookSecret, raw)).toBe(signature);
    expect(await isSigned(hookSecret, raw, signature)).toBe(true);
    expect(await isSigned("another", raw, signature)).toBe(false);
  }
});
afterAll(() => expectCalled("GitHub's scenarios"));
