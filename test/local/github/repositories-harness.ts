// A repository at GitHub's far end, and the account that forks it.
import * as z from "zod";
import { githubFarEnd } from "../../../local/github/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";

export const upstream = "operator/infrastructure";
export const fork = "crew/infrastructure";
const token = "ghp_ofcrew";
export const Sha = z.looseObject({ sha: z.string() });

/** The far end with a repository, and an account that may fork it with a token of these scopes. */
export function repositories(scopes?: readonly string[]) {
  const farEnd = githubFarEnd({
    state: openState(":memory:"),
    faults: faultStore(),
    clock: stoppedClock(new Date("2031-03-03T10:00:00Z")),
    random: () => 0.5,
    app: { id: 1, publicKeyPem: "" },
    machine: { login: "crew", token, ...(scopes && { scopes }) },
  });
  farEnd.upstream.account("crew");
  /** The operator commits both files to its default branch. */
  const publish = (yaml: string, text: string, more: [string, string][] = []) =>
    farEnd.upstream.publish(
      upstream,
      new Map([
        ["a/b.yaml", Buffer.from(yaml)],
        ["c.txt", Buffer.from(text)],
        ...more.map(([path, content]) => [path, Buffer.from(content)] as const),
      ]),
      "change",
    );
  publish("x: 1\n", "c\n");
  const ask = async (method: string, path: string, body?: unknown, authorization = `token ${token}`) => {
    const response = await farEnd.fetch(
      new Request(`http://github.test${path}`, {
        method,
        headers: { authorization, "user-agent": "test" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
    const text = await response.text();
    const json: unknown = text === "" ? undefined : JSON.parse(text);
    return { status: response.status, json, headers: response.headers };
  };
  /** A commit in the fork that changes a file, on top of `parent`. */
  const commit = async (parent: string, text: string): Promise<string> => {
    const tree = Sha.parse(
      (
        await ask("POST", `/repos/${fork}/git/trees`, {
          base_tree: parent,
          tree: [{ path: "a/b.yaml", mode: "100644", type: "blob", content: text }],
        })
      ).json,
    ).sha;
    return Sha.parse(
      (await ask("POST", `/repos/${fork}/git/commits`, { message: "m", tree, parents: [parent] })).json,
    ).sha;
  };
  const makeFork = () => ask("POST", `/repos/${upstream}/forks`, {});
  const main = () => farEnd.upstream.head(upstream, "main") ?? "";
  return { farEnd, publish, ask, commit, makeFork, main };
}
