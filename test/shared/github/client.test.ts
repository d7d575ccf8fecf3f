// The real Octokit against our GitHub: signing in as the App, with a token that can do no more than is needed.
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { serveFarEnd } from "../../../local/wire/far-end.ts";
import { readTeams } from "../../../shared/github/people.ts";
import { teamWrites } from "../../../shared/github/team-writes.ts";
import { githubHarness, organisation } from "../../local/github/harness.ts";

const managed = ["base", "full", "public"];

const Explained = z.object({ explanation: z.object({ what: z.string(), why: z.string() }) });
/** Gives what a person is told of a failure. */
const explained = async (work: Promise<unknown>) =>
  Explained.parse(await work.catch((error: unknown) => error)).explanation;

const failing = (options: Parameters<typeof githubHarness>[0]) =>
  explained(readTeams(githubHarness(options).client("write"), organisation, managed));

test("says in a person's words what is missing", async () => {
  expect(await failing({ permissions: { members: "read" } })).toMatchObject({
    why: "the App lacks the organisation permission Members: Read and write",
  });
  expect(await failing({ permissions: { metadata: "read" } })).toMatchObject({
    why: "the App lacks the organisation permission Members: Read and write",
  });
  expect(await failing({ organisation: "elsewhere" })).toMatchObject({
    what: "GitHub did not let the App in",
    why: "the App is not installed in the organisation, or the organisation has another name now",
  });
  const { generateKeyPairSync } = await import("node:crypto");
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  expect(await failing({ key })).toMatchObject({
    why: "the App's private key was revoked, or belongs to another App than the settings name",
  });
  expect(await failing({ key: "no key" })).toMatchObject({
    why: "the secret github-app-key holds no private key",
  });
});

test("a reader's token cannot write", async () => {
  const { farEnd, client } = githubHarness();
  const writes = teamWrites(client("read"), organisation);
  expect(await explained(writes.removeFromTeam({ slug: "base", login: "ada-a" }))).toMatchObject({
    why: "the App lacks the organisation permission Members: Read and write",
  });
  expect(farEnd.snapshot().teams["base"]).toEqual(["ada-a", "Bo-B"]);
});

test("a token that GitHub has forgotten is replaced once, and one is used for many requests", async () => {
  const { client, state, requests } = githubHarness();
  const github = client("read");
  await readTeams(github, organisation, managed);
  state.exec("DELETE FROM github_token");
  await readTeams(github, organisation, managed);
  expect(requests.filter((each) => each.endsWith("/access_tokens"))).toHaveLength(2);
  expect(requests.filter((each) => each.endsWith("/installation"))).toHaveLength(1);
});

test("a page in place of a token is no token: it is asked for again, and never sent", async () => {
  const { send, client, requests } = githubHarness();
  let pages = 1;
  const sent: (string | null)[] = [];
  const over: typeof send = async (input, init) => {
    sent.push(new Request(input, init).headers.get("authorization"));
    const answer = await send(input, init);
    if (!String(input).endsWith("/access_tokens") || pages-- <= 0) return answer;
    return new Response("<html>Sign in</html>", { status: 200, headers: { "content-type": "text/html" } });
  };
  const github = client("read", undefined, over);
  expect(await explained(readTeams(github, organisation, managed))).toEqual({
    what: "GitHub did not let the App in",
    why: "GitHub's answer was broken off, or is none",
  });
  expect(Object.keys((await readTeams(github, organisation, managed)).teams)).toEqual(managed);
  expect(requests.filter((each) => each.endsWith("/access_tokens"))).toHaveLength(2);
  expect(sent.filter((each) => each?.includes("undefined"))).toEqual([]);
});

test("the same over a port", async () => {
  const { farEnd, faults, client } = githubHarness();
  const served = await serveFarEnd(farEnd);
  try {
    const github = client("write", served.url, fetch);
    const { teams } = await readTeams(github, organisation, managed);
    expect(teams["base"]?.members.map(({ login }) => login)).toEqual(["ada-a", "Bo-B"]);
    faults.add({ farEnd: "github", match: "PUT", failure: { kind: "lost-answer" } });
    const lost = teamWrites(github, organisation).addToTeam({ slug: "base", login: "cy-c" });
    await expect(lost).rejects.toThrow(/whether the change was made is unknown.*: GitHub did not answer$/);
    expect(farEnd.snapshot().teams["base"]).toEqual(["ada-a", "Bo-B", "cy-c"]);
  } finally {
    await served.close();
  }
});
