// In which order a plan is carried out over a scripted GitHub: before each write it is asked whether another delivery has taken over.
import { describe, expect, test } from "@jest/globals";
import { type ActDeps, act } from "../../../functions/bump-image/act.ts";
import { type Bump, type Decision, editDigest } from "../../../functions/bump-image/decide.ts";
import type { FileEdit } from "../../../functions/bump-image/edit.ts";
import type { Proposed, Seen } from "../../../functions/bump-image/gather.ts";
import { hold } from "../../../shared/flow/hold.ts";
import { hashOf, planOf } from "../../../shared/flow/plan.ts";
import type { Fork, Forks, Pull } from "../../../shared/github/fork.ts";
import type { ImagesState } from "../../../shared/images/records.ts";
import { ImagesSettings } from "../../../shared/images/settings.ts";
import type { Ledger } from "../../../shared/ledger.ts";

const images = ImagesSettings.parse({ upstream: "operator/infrastructure", files: "a.yaml" });
const fork: Fork = { repository: "crew/infrastructure", owner: { login: "crew", person: true } };
const text = { title: "Bump to 2024.06.02", body: "why" };
const pull: Pull = {
  ...{
    number: 7,
    url: "https://github.test/operator/infrastructure/pull/7",
    state: "open",
    merged: false,
    sha: "c1",
    ...text,
  },
};
const bump: Bump = { do: "bump", about: "2024.06.02", why: "", moves: ["a.yaml: one"], images: [] };
const edits: FileEdit[] = [{ path: "a.yaml", mode: "100644", text: "new", moved: [] }];
const plan = planOf({ actions: [bump], held: [], refused: [] });
const now = () => new Date("2031-03-03T10:00:00.000Z");

const remembered: ImagesState = {
  ...{ v: 1, at: now().toISOString(), status: "planned", sentence: "", releases: [], refs: [] },
  ...{ unread: [], evidence: [] },
};
const decision: Decision = {
  ...{ edits, left: [], refs: [], unread: [], plan, status: "planned", sentence: "s" },
  ...{ target: bump.about, evidence: [], text },
};

const uncalled = (): never => {
  throw new Error("carrying out a bump calls this nowhere");
};
const ledger: Ledger = {
  ...{ create: uncalled, read: uncalled, swap: uncalled, remove: uncalled, list: uncalled },
};

/** Carries a bump out; gives each call in turn. The delivery is overtaken before its n-th write. */
async function carried(
  proposed: Proposed,
  given: {
    overtakenAt?: number;
    opens?: Pull | "exists" | "nothing";
    made?: Fork | "pending";
    /** Commit of our branch on the fork that is made. */
    taken?: string;
    before?: Partial<ImagesState>;
    pullRequest?: ImagesSettings["pullRequest"];
  } = {},
) {
  const { overtakenAt, opens = pull, made = fork, pullRequest = images.pullRequest } = given;
  const calls: string[] = [];
  let state: ImagesState = { ...remembered, ...given.before };
  let checks = 0;
  const does = async <T>(what: string, result: T): Promise<T> => {
    calls.push(what);
    return result;
  };
  const forks: Forks = {
    find: uncalled,
    branch: () => does("branch", given.taken),
    fork: () => does("fork", made),
    commit: () => does("commit", "c2"),
    point: (_, __, sha, there) => does(`point ${there ? "again" : "first"} ${sha}`, undefined),
    pulls: () => does("pulls", [pull]),
    open: () => does("open", opens),
    update: () => does("update", undefined),
  };
  const publish: ActDeps["publish"] = (_, event) => does(`tell ${"key" in event && event.key}`, "1");
  const work = {
    ...{ hub: "prod", images: { ...images, pullRequest }, deps: { ledger, forks, publish, now } },
    run: { step: () => undefined, effect: () => undefined },
    async check() {
      checks += 1;
      calls.push("check");
      if (checks === overtakenAt) throw new Error("overtaken");
    },
  };
  const head = { branch: "main", sha: "c0", tree: "t0" };
  const seen: Seen = { head, releases: [bump.about], files: [], evidence: [], proposed };
  const keep = async (next: ImagesState): Promise<void> => {
    state = next;
    calls.push(`keep ${next.branch?.pushing}`);
  };
  const held = await hold(
    plan,
    undefined,
    { hub: "prod", flow: "bump-image", hours: 24, planning: false },
    { ledger, now },
  );
  const acting = { seen, decision, state: { value: () => state, keep } };
  const acted = await act(work, held, acting).catch((error: unknown) => String(error));
  return { calls, acted };
}

const first = [
  "check",
  "fork",
  "branch",
  "check",
  "commit",
  "keep c2",
  "check",
  "point first c2",
  "check",
  "open",
];

describe("a write is asked for right before it", () => {
  test("of a fork, a commit, a branch and a pull request", async () => {
    const { calls, acted } = await carried({ pulls: [] });
    expect(calls).toEqual([...first, "tell images-proposed/operator/infrastructure/7"]);
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
      "tell images-proposed/operator/infrastructure/7",
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
    "tell images-proposed/operator/infrastructure/7",
  ]);
  const nothing = await carried({ pulls: [] }, { opens: "nothing" });
  expect([nothing.calls, nothing.acted]).toEqual([first, expect.objectContaining({ status: "current" })]);
});

test("a fork that GitHub is still making is waited for", async () => {
  const { calls, acted } = await carried({ pulls: [] }, { made: "pending" });
  expect(calls).toEqual(["check", "fork"]);
  expect(acted).toEqual({ status: "planned", sentence: "GitHub is making the fork" });
});

test("a fork that was there, by another name, is looked at before its branch is written", async () => {
  const { calls, acted } = await carried({ pulls: [] }, { taken: "c1" });
  expect(calls).toEqual(["check", "fork", "branch"]);
  expect(acted).toMatchObject({ status: "planned", fork: fork.repository });
});

describe("what is there already is not written again", () => {
  const branch = { sha: "c1", edit: editDigest(edits) };
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
    expect(calls).toEqual(["check", "tell images-branch/2024.06.02/c0"]);
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
