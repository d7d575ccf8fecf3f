// In which order a plan is carried out over a scripted GitHub: before each write it is asked whether another delivery has taken over.
import { describe, expect, test } from "@jest/globals";
import { type ActDeps, act } from "../../../functions/bump-image/act.ts";
import { type Bump, type Decision, editDigest } from "../../../functions/bump-image/decide.ts";
import type { Seen } from "../../../functions/bump-image/gather.ts";
import { hashOf, planOf } from "../../../shared/flow/plan.ts";
import type { Fork, Pull } from "../../../shared/github/fork.ts";
import type { ImagesState } from "../../../shared/images/records.ts";
import { ImagesSettings } from "../../../shared/images/settings.ts";

const images = ImagesSettings.parse({ upstream: "operator/infrastructure", files: "a.yaml" });
const fork: Fork = { repository: "crew/infrastructure", owner: { login: "crew", person: true } };
const text = { title: "Bump to 2024.06.02", body: "why" };
const pull: Pull = {
  ...{ number: 7, url: "https://github.test/7", state: "open", merged: false, sha: "c1", ...text },
};
const bump: Bump = {
  ...{ do: "bump", about: "2024.06.02", why: "", hash: "h", moves: ["a.yaml: one"], images: [] },
};
const edits = [{ path: "a.yaml", mode: "100644", text: "new", moved: [], left: [] }] as const;

const remembered: ImagesState = {
  ...{ v: 1, at: "2031-03-03T10:00:00.000Z", status: "planned", sentence: "", releases: [], refs: [] },
  ...{ unread: [], evidence: [] },
};

/** Carries a bump out; gives each call in turn. The delivery is overtaken before its n-th write. */
async function carried(
  proposed: Seen["proposed"],
  {
    overtakenAt = 0,
    opens = pull as Pull | "exists" | "nothing",
    made = fork as Fork | "pending",
    before = {} as Partial<ImagesState>,
    pullRequest = images.pullRequest,
  } = {},
) {
  const calls: string[] = [];
  let state: ImagesState = { ...remembered, ...before };
  let checks = 0;
  const does = async <T>(what: string, result: T): Promise<T> => {
    calls.push(what);
    return result;
  };
  const forks: Partial<ActDeps["forks"]> = {
    fork: () => does("fork", made),
    commit: () => does("commit", "c2"),
    point: (_, __, sha, there) => does(`point ${there ? "again" : "first"} ${sha}`, undefined),
    pulls: () => does("pulls", [pull]),
    open: () => does("open", opens),
    update: () => does("update", undefined),
  };
  const deps = {
    forks,
    publish: (_: string, { key }: { key: string }) => does(`tell ${key}`, "1"),
  } as unknown as ActDeps;
  const work = {
    ...{ hub: "prod", images: { ...images, pullRequest }, deps },
    run: { step: () => undefined, effect: () => undefined },
    async check() {
      checks += 1;
      calls.push("check");
      if (checks === overtakenAt) throw new Error("overtaken");
    },
  };
  const decision = {
    status: "planned",
    sentence: "s",
    edits,
    target: bump.about,
    text,
    plan: planOf({ actions: [], held: [], refused: [] }),
  } as unknown as Decision;
  const seen = { head: { branch: "main", sha: "c0", tree: "t0" }, proposed } as unknown as Seen;
  const hold = { go: [bump], isNew: false, key: "k" } as unknown as Parameters<typeof act>[1];
  const keep = async (next: ImagesState): Promise<void> => {
    state = next;
    calls.push(`keep ${next.branch?.pushing}`);
  };
  const acted = await act(work, hold, { seen, decision, state: { value: () => state, keep } as never }).catch(
    (error: unknown) => String(error),
  );
  return { calls, acted };
}

const first = ["check", "fork", "check", "commit", "keep c2", "check", "point first c2", "check", "open"];

describe("a write is asked for right before it", () => {
  test("of a fork, a commit, a branch and a pull request", async () => {
    const { calls, acted } = await carried({ pulls: [] });
    expect(calls).toEqual([...first, "tell images-proposed/7"]);
    expect(acted).toMatchObject({
      status: "proposed",
      branch: { sha: "c2" },
      proposal: { tag: bump.about, number: 7, action: hashOf(bump) },
    });
  });

  test("of a branch that is there, and of a pull request that reads otherwise", async () => {
    const { calls } = await carried({
      fork,
      branch: "c1",
      pulls: [{ ...pull, title: "Bump to 2024.01.23" }],
    });
    expect(calls).toEqual([
      ...["check", "check", "commit", "keep c2", "check", "point again c2", "check", "update"],
      "tell images-proposed/7",
    ]);
  });

  test.each([
    [1, "fork"],
    [2, "commit"],
    [3, "point first c2"],
    [4, "open"],
  ])(
    "overtaken before its write %i: neither it nor anything after it is done",
    async (overtakenAt, write) => {
      const { calls, acted } = await carried({ pulls: [] }, { overtakenAt });
      expect(acted).toBe("Error: overtaken");
      expect(calls).toEqual(first.slice(0, first.indexOf(write)));
    },
  );
});

test("who was faster with the pull request has opened ours; a branch that changes nothing needs none", async () => {
  expect((await carried({ pulls: [] }, { opens: "exists" })).calls).toEqual([
    ...first,
    "pulls",
    "tell images-proposed/7",
  ]);
  const nothing = await carried({ pulls: [] }, { opens: "nothing" });
  expect([nothing.calls, nothing.acted]).toEqual([first, expect.objectContaining({ status: "current" })]);
});

test("a fork that GitHub is still making is waited for", async () => {
  const { calls, acted } = await carried({ pulls: [] }, { made: "pending" });
  expect(calls).toEqual(["check", "fork"]);
  expect(acted).toEqual({ status: "planned", sentence: "GitHub is making the fork" });
});

describe("what is there already is not written again", () => {
  const branch = { sha: "c1", edit: editDigest([...edits] as never) };
  const proposal = { tag: bump.about, url: pull.url, number: 7, action: hashOf(bump) };

  test("a branch that an open pull request shows, of which the team has heard", async () => {
    const { calls, acted } = await carried(
      { fork, branch: "c1", pulls: [pull] },
      { before: { branch, proposal } },
    );
    expect([calls, acted]).toEqual([["check"], expect.objectContaining({ status: "proposed", branch })]);
  });

  test("a branch by itself, where the settings want no pull request", async () => {
    const { calls } = await carried(
      { fork, branch: "c1", pulls: [] },
      { before: { branch }, pullRequest: "branch" },
    );
    expect(calls).toEqual(["check", "tell images-branch/2024.06.02"]);
  });

  test("but one whose pull request is closed is, and one that is gone", async () => {
    const again = ["check", "check", "commit", "keep c2", "check"];
    const closed = await carried(
      { fork, branch: "c1", pulls: [{ ...pull, state: "closed" }] },
      { before: { branch, proposal } },
    );
    expect(closed.calls.slice(0, 6)).toEqual([...again, "point again c2"]);
    const gone = await carried({ fork, pulls: [] }, { before: { branch }, pullRequest: "branch" });
    expect(gone.calls.slice(0, 6)).toEqual([...again, "point first c2"]);
  });
});
