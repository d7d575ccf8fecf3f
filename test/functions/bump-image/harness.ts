// The worker on far ends of a test's own: GitHub and registries in process, the ledger over the real client. Each hub has an
// upstream repository, registries and a GitHub of its own.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bumpImage } from "../../../functions/bump-image/handler.ts";
import { githubFarEnd } from "../../../local/github/far-end.ts";
import { registryFarEnd } from "../../../local/registry/far-end.ts";
import { publishReleases, type SampleRelease } from "../../../local/sample/releases.ts";
import type { Faults } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { openRun } from "../../../shared/delivery/recorder.ts";
import type { EventOf } from "../../../shared/events.ts";
import { approve } from "../../../shared/flow/approvals.ts";
import type { StoredPlan } from "../../../shared/flow/plan.ts";
import { accountClient } from "../../../shared/github/account.ts";
import { forks } from "../../../shared/github/fork.ts";
import { repositories } from "../../../shared/github/repositories.ts";
import { ImagesState } from "../../../shared/images/records.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { HeldPlan } from "../../../shared/records.ts";
import { registryClient } from "../../../shared/registry/client.ts";
import type { Hub } from "../../../shared/settings.ts";
import { settingsOf } from "../../local/sample/sample-settings.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";

const token = "ghp_ofthefork";
export const upstream = "operator/infrastructure";
export const releasesOf = "pangeo-data/pangeo-docker-images";
export const fork = "ground-crew/infrastructure";
export const file = "config/clusters/leap/common.values.yaml";

export const release = (tag: string, images: SampleRelease["images"] = "built"): SampleRelease => ({
  tag,
  date: tag.replaceAll(".", "-"),
  prerelease: "false",
  images,
});

/** A choice on a release, with its label. */
export const choice = (tag: string): string =>
  `a:\n  display_name: Pangeo (${tag}) # of ${tag}\n  kubespawner_override:\n    image: pangeo/pangeo-notebook:${tag}\nb:\n  image: "quay.io/pangeo/ml-notebook:${tag}"\n`;

export type BumpHarness = Awaited<ReturnType<typeof bumpHarness>>;
export type HubHarness = ReturnType<BumpHarness["hub"]>;

export async function bumpHarness() {
  const base = await ledgerHarness();
  const ledger = await base.ledgerOf("bump-image");
  const people = await base.ledgerOf("console");
  const folders: string[] = [];
  let count = 0;
  return {
    faults: base.faults,
    served: base,
    ledger,
    hub: (
      options: { mode?: "plan" | "apply"; images?: Partial<NonNullable<Hub["images"]>>; text?: string } = {},
    ) => {
      count += 1;
      const folder = mkdtempSync(join(tmpdir(), "registry-"));
      folders.push(folder);
      return hubHarness({ name: `hub-${count}`, folder, ledger, people, faults: base.faults, ...options });
    },
    async close() {
      await base.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function hubHarness(of: {
  name: string;
  folder: string;
  ledger: Ledger;
  /** The console's. */
  people: Ledger;
  faults: Faults;
  mode?: "plan" | "apply";
  images?: Partial<NonNullable<Hub["images"]>>;
  text?: string;
}) {
  const { name: hub, folder, ledger, faults } = of;
  const clock = stoppedClock(new Date("2031-03-03T10:00:00Z"));
  const github = githubFarEnd({
    state: openState(":memory:"),
    faults,
    clock,
    random: () => 0.5,
    app: { id: 1, publicKeyPem: "" },
    machine: { login: "ground-crew", token },
  });
  github.upstream.account("ground-crew");
  const registry = registryFarEnd({ faults, folder });
  /** Old names of repositories, from which GitHub leads to the new ones. */
  const renamed = new Map<string, string>();
  const led = (input: string | URL | Request): string | URL | Request => {
    const [, of = ""] = /\/repos\/([^/]+\/[^/?]+)/.exec(String(input)) ?? [];
    const to = renamed.get(of);
    return to === undefined ? input : String(input).replace(of, to);
  };
  const inProcess =
    (farEnd: { fetch: (request: Request) => Response | Promise<Response> }) =>
    async (input: string | URL | Request, init?: RequestInit) =>
      farEnd.fetch(new Request(led(input), init));
  const account = accountClient({
    endpoints: { github: "http://github.test" },
    token: async () => token,
    fetch: inProcess(github),
  });
  const images = { upstream, files: "config/clusters/leap/*.values.yaml", waitMinutes: 0, ...of.images };
  const settings = settingsOf({
    flows: { "bump-image": of.mode ?? "apply" },
    hubs: { [hub]: { images } },
  });
  const notices: EventOf<"notice">[] = [];
  let failing = 0;
  const publishing = { failAt: 0, calls: 0 };
  const save = (text: string, path = file) =>
    github.upstream.publish(
      upstream,
      new Map([
        [path, Buffer.from(text)],
        ["README.md", Buffer.from("x")],
      ]),
      "change",
    );
  const publish = (...rows: SampleRelease[]) =>
    publishReleases(rows, {
      upstream: github.upstream,
      repository: releasesOf,
      images: ["pangeo/pangeo-notebook", "pangeo/ml-notebook"],
      registry: folder,
    });
  save(of.text ?? choice("2024.01.23"));
  publish(release("2024.01.23"), release("2024.06.02"));

  const deps = {
    ledger,
    settings,
    now: clock.now,
    repositories: repositories(account),
    forks: forks(account),
    registry: registryClient({ endpoints: { registry: "http://registry.test" }, fetch: inProcess(registry) }),
    publish: async (_topic: string, event: unknown) => {
      publishing.calls += 1;
      if (publishing.calls === publishing.failAt) throw new Error("not published");
      notices.push(event as EventOf<"notice">);
      return "1";
    },
  };
  /** A person's word on all that a plan holds, given a minute later. */
  async function say(verdict: "approved" | "rejected", plan: StoredPlan): Promise<void> {
    clock.moveBy(60_000);
    await approve(
      of.people,
      { hub, flow: "bump-image" },
      {
        verdict,
        by: "keeper",
        at: clock.now().toISOString(),
        plan: plan.hash,
        items: plan.held.map((each) => each.hash),
      },
    );
  }
  let messages = 0;
  const effects: string[] = [];
  /** One delivery; a failed one comes again with the same message, up to five times. */
  async function deliver(event: Partial<EventOf<"release-published">> = {}) {
    messages += 1;
    const messageId = `${hub}-${messages}`;
    for (let attempt = 1; ; attempt += 1) {
      const whole = { v: 1 as const, hub, why: "release" as const, ...event };
      const run = openRun(
        "bump-image",
        { messageId, attempt, event: "release-published", payload: whole },
        { ledger, now: clock.now },
      );
      const recorder = {
        step: run.step,
        effect: (effect: { do: string }) => {
          effects.push(effect.do);
          run.effect(effect);
        },
      };
      try {
        return await bumpImage(whole, recorder, { messageId }, deps);
      } catch (error) {
        failing += 1;
        if (attempt === 5 || (error instanceof Error && error.name === "Permanent")) throw error;
      }
    }
  }
  return {
    name: hub,
    clock,
    github,
    registry,
    renamed,
    settings,
    deps,
    notices,
    effects,
    publishing,
    folder,
    failures: () => failing,
    save,
    publish,
    deliver,
    say,
    state: async () => (await ledger.read(`head/images/${hub}.json`, ImagesState))?.value,
    /** The plans that were stored for people. */
    plans: async () => {
      const entries = await of.people.list(`plans/${hub}/`);
      const read = await Promise.all(entries.map(({ name }) => of.people.read(name, HeldPlan)));
      return read.flatMap((each) => (each === undefined ? [] : [each.value]));
    },
    branch: `bump-image/${hub}`,
    /** Gives what a wrong run would change: the pull requests, the text on their branch, and who was told what. */
    end: () => ({
      pulls: github.upstream.pulls(upstream).map(({ number, title, state }) => ({ number, title, state })),
      text: github.upstream.read(fork, `bump-image/${hub}`, file),
      told: [...new Set(notices.map(({ key }) => key))],
      violations: [...github.violations, ...registry.violations],
    }),
  };
}

/** The end of every hub whose images are as they should be. */
export const proposed = (hub: HubHarness, tag = "2024.06.02") => ({
  pulls: [{ number: 1, title: `[${hub.name}] Bump images from 2024.01.23 to ${tag}`, state: "open" }],
  text: choice("2024.01.23").replaceAll("2024.01.23", tag).replace(`# of ${tag}`, "# of 2024.01.23"),
  told: ["images-proposed/operator/infrastructure/1"],
  violations: [],
});
