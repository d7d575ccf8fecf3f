// Scopes of the token that the fork is written with: what is missing is not found, and workflows want one of their own.
import { describe, expect, test } from "@jest/globals";
import { fork, repositories, upstream } from "./repositories-harness.ts";

describe("a classic token", () => {
  const workflow: [string, string] = [".github/workflows/ci.yml", "on: push\n"];
  const refusal =
    "refusing to allow a Personal Access Token to create or update workflow `.github/workflows/ci.yml` without `workflow` scope";

  test("says its scopes, and which an operation accepts", async () => {
    const { ask } = repositories();
    const { headers } = await ask("GET", `/repos/${upstream}`);
    expect([headers.get("x-oauth-scopes"), headers.get("x-accepted-oauth-scopes")]).toEqual([
      "public_repo, workflow",
      "",
    ]);
    const made = await ask("POST", `/repos/${upstream}/forks`, {});
    expect([made.status, made.headers.get("x-accepted-oauth-scopes")]).toEqual([202, "public_repo, repo"]);
  });

  test("without public_repo reads, and finds nothing to write to", async () => {
    const { ask, farEnd } = repositories(["workflow", "read:org"]);
    expect((await ask("GET", `/repos/${upstream}`)).status).toBe(200);
    expect((await ask("POST", `/repos/${upstream}/forks`, {})).status).toBe(404);
    expect(farEnd.upstream.head(fork, "main")).toBeUndefined();
  });

  test("without workflow brings none into the fork, by a sync or in a tree", async () => {
    const { ask, publish, makeFork, main, farEnd } = repositories(["public_repo"]);
    await makeFork();
    const before = main();
    publish("x: 2\n", "c\n", [workflow]);
    const sync = await ask("POST", `/repos/${fork}/merge-upstream`, { branch: "main" });
    expect([sync.status, sync.json]).toEqual([422, expect.objectContaining({ message: refusal })]);
    const entry = { path: workflow[0], mode: "100644", type: "blob", content: workflow[1] };
    expect((await ask("POST", `/repos/${fork}/git/trees`, { base_tree: before, tree: [entry] })).status).toBe(
      404,
    );
    expect(farEnd.upstream.head(fork, "main")).toBe(before);
    expect(farEnd.violations).toEqual([]);
  });

  test("without workflow makes no branch whose workflows the fork does not have", async () => {
    const { ask, publish, makeFork, main, farEnd } = repositories(["public_repo"]);
    publish("x: 2\n", "c\n", [workflow]);
    const old = main();
    publish("x: 2\n", "c\n", [[workflow[0], "on: pull_request\n"]]);
    await makeFork();
    const branch = (name: string, sha: string) =>
      ask("POST", `/repos/${fork}/git/refs`, { ref: `refs/heads/${name}`, sha });
    const refused = await branch("old", old);
    expect([refused.status, refused.json]).toEqual([422, expect.objectContaining({ message: refusal })]);
    expect((await branch("new", main())).status).toBe(201);
    const moved = await ask("PATCH", `/repos/${fork}/git/refs/heads/new`, { sha: old, force: true });
    expect(moved.status).toBe(422);
    expect(farEnd.upstream.head(fork, "new")).toBe(main());
  });

  test("with it brings them", async () => {
    const { ask, publish, makeFork, main, farEnd } = repositories(["public_repo", "workflow"]);
    await makeFork();
    publish("x: 2\n", "c\n", [workflow]);
    expect((await ask("POST", `/repos/${fork}/merge-upstream`, { branch: "main" })).status).toBe(200);
    expect(farEnd.upstream.head(fork, "main")).toBe(main());
  });
});
