// bump-image in simulation: releases whose images are built, missing or stale, an upstream repository that others work on too,
// and the one pull request that must come of it.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bumpImage } from "../../../functions/bump-image/handler.ts";
import { githubFarEnd } from "../../../local/github/far-end.ts";
import type { Upstream } from "../../../local/github/upstream.ts";
import { registryFarEnd } from "../../../local/registry/far-end.ts";
import { type EventOf, Notice } from "../../../shared/events.ts";
import { accountClient } from "../../../shared/github/account.ts";
import { forks } from "../../../shared/github/fork.ts";
import { repositories } from "../../../shared/github/repositories.ts";
import { ImagesState } from "../../../shared/images/records.ts";
import { Run } from "../../../shared/records.ts";
import { registryClient } from "../../../shared/registry/client.ts";
import { Settings } from "../../../shared/settings.ts";
import type { Flow, Harness, Hint } from "../flow.ts";
import type { House } from "../house.ts";
import type { Random } from "../random.ts";
import { endpoints, makeWorld, putSecret, type World } from "../world.ts";
import { hub, simulatedHub, stackWith } from "./settings.ts";

const token = "ghp_ofthefork";
const upstream = "operator/infrastructure";
const releasesOf = "pangeo-data/pangeo-docker-images";
const fork = "ground-crew/infrastructure";
const branch = `bump-image/${hub}`;
const file = "config/clusters/sim/common.values.yaml";
const images = ["docker.io/pangeo/pangeo-notebook", "quay.io/pangeo/ml-notebook"];

function settingsOf(random: Random): Settings {
  return Settings.parse({
    ...stackWith("bump-image", random),
    hubs: {
      [hub]: {
        ...simulatedHub,
        images: { upstream, files: "config/clusters/sim/*.values.yaml", waitMinutes: random.pick(0, 0, 30) },
      },
    },
  });
}

function worker(house: House) {
  const github = accountClient({ endpoints, token: () => house.secrets.read("github-fork-token") });
  const deps = {
    ...house,
    repositories: repositories(github),
    forks: forks(github),
    registry: registryClient({ endpoints }),
  };
  return house.worker(
    "release-published",
    (event, run, delivery) => bumpImage(event, run, delivery, deps),
    () => ["github", "docker.io", "quay.io"],
  );
}

type Built = "built" | "missing" | "stale";

/** The upstream side: what its people have written, released and built. */
function makeUpstream(random: Random, folder: string, upstreamOf: Upstream) {
  const releases = new Map<string, { sha: string; built: Built }>();
  /** Releases whose images were not, or not yet, what their commit built. */
  const doubtful = new Set<string>();
  /** Which release each choice stands on, and how often the file was touched otherwise. */
  const stands = { a: "2024.01.23", b: "2024.01.23" };
  let touched = 0;
  let strangers = false;
  const digest = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`;

  function build(): void {
    for (const image of images) {
      const lines = [...releases].flatMap(([tag, { sha, built }]) => {
        if (built === "missing") return [];
        const fresh = digest(`${image} ${sha}`);
        return [`"${sha.slice(0, 7)}": ${fresh}`, `"${tag}": ${built === "stale" ? digest(image) : fresh}`];
      });
      const at = join(folder, `${image}.yaml`);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, `${lines.join("\n")}\n`);
    }
  }
  const textOf = (a: string, b: string): string =>
    `# touched ${touched} times\na:\n  display_name: Pangeo (${a}) # kept\n  kubespawner_override:\n    image: pangeo/pangeo-notebook:${a}\nb:\n  image: "quay.io/pangeo/ml-notebook:${b}"\n`;
  /** Text of the file after a merge of somebody else's commit: no image stands in it. */
  let theirs: string | undefined;
  const text = (): string => theirs ?? textOf(stands.a, stands.b);
  function save(): void {
    theirs = undefined;
    upstreamOf.publish(
      upstream,
      new Map([
        [file, Buffer.from(text())],
        ["README.md", Buffer.from("x")],
      ]),
      "change",
    );
  }
  function release(tag: string, built: Built): void {
    const sha = upstreamOf.tag(releasesOf, { tag, at: new Date(`${tag.replaceAll(".", "-")}T12:00:00Z`) });
    if (sha !== undefined) releases.set(tag, { sha, built });
    if (built !== "built") doubtful.add(tag);
    build();
  }
  const newest = (): string => [...releases.keys()].sort().at(-1) ?? "";

  release("2024.01.23", "built");
  if (random.chance(0.8)) release("2024.06.02", random.pick("built", "built", "missing", "stale"));
  save();

  function edit(): string {
    const open = upstreamOf.pulls(upstream).find(({ state }) => state === "open");
    switch (random.below(9)) {
      case 0:
      case 1: {
        const tag = `202${random.between(4, 9)}.0${random.between(1, 9)}.1${random.below(9)}`;
        const built = random.pick("built", "built", "missing", "stale");
        release(tag, built);
        return `releases ${tag}, its images ${built}`;
      }
      case 2:
      case 3: {
        const known = releases.get(newest());
        if (known !== undefined) known.built = "built";
        build();
        return "builds the newest images anew";
      }
      case 4:
        touched += 1;
        save();
        return "touches the file upstream";
      case 5:
        stands.a = random.oneOf([...releases.keys()]) ?? stands.a;
        save();
        return `moves a choice by hand to ${stands.a}`;
      case 6:
        if (open === undefined) return "finds no pull request to merge";
        take(upstreamOf.merge(upstream, open.number).get(file)?.toString() ?? "");
        return `merges pull request ${open.number}`;
      case 7:
        if (open === undefined || random.chance(0.5)) return "leaves the pull request open";
        upstreamOf.close(upstream, open.number);
        return `closes pull request ${open.number}`;
      default:
        if (open === undefined || random.chance(0.7)) return "leaves the branch alone";
        strangers = true;
        upstreamOf.commit(fork, branch, { path: file, text: "# mine\n", author: "Stranger" });
        return "pushes a commit of their own to the branch";
    }
  }
  /** Takes over what a merge has made of the file. */
  function take(merged: string): void {
    theirs = merged.includes("image:") ? undefined : merged;
    stands.a = /pangeo-notebook:([\d.]+)/.exec(merged)?.[1] ?? stands.a;
    stands.b = /ml-notebook:([\d.]+)/.exec(merged)?.[1] ?? stands.b;
    touched = Number(/touched (\d+)/.exec(merged)?.[1] ?? touched);
  }

  return {
    edit,
    text,
    newest,
    wasDoubtful: (tag: string) => doubtful.has(tag),
    wasTouchedByStrangers: () => strangers,
    builtOf: (tag: string) => releases.get(tag)?.built,
    expected: () => {
      const tag = newest();
      const moved = (at: string) => (at < tag ? tag : at);
      return theirs ?? textOf(moved(stands.a), moved(stands.b));
    },
  };
}

export const bumpImageFlow: Flow = {
  name: "bump-image",
  async open(random, weather): Promise<Harness> {
    const world = await makeWorld({ random, weather, settings: settingsOf(random) });
    putSecret(world.folder, "github-fork-token", token);
    const github = githubFarEnd({
      ...world,
      app: { id: 1, publicKeyPem: "" },
      machine: { login: "ground-crew", token },
    });
    github.upstream.account("ground-crew");
    const folder = join(world.folder, "registry");
    const registry = registryFarEnd({ ...world, folder });
    world.hosts.set("github.far", github);
    world.hosts.set("registry.far", registry);
    world.violations.push(github.violations, registry.violations);
    const people = makeUpstream(random, folder, github.upstream);
    const found: string[] = [];
    // Tells whether one look may find no images: nobody is to wait for them, and a registry shows them late.
    const isLate =
      world.settings.hubs[hub]?.images?.waitMinutes === 0 &&
      weather.spells.some(({ name }) => name === "registry-lag");
    world.strike.told = ({ topic, event }) => {
      if (topic === "notice") found.push(...falseOf(Notice.parse(event), people, { ...github, isLate }));
    };
    const due = (why: string): Hint => ["release-published", { v: 1, hub, why }];
    return {
      world,
      steps: [8, 26],
      workers: { "bump-image": worker },
      hint() {
        const [topic, event] = due(random.pick("release", "schedule", "person", "continue"));
        return [topic, random.chance(0.1) ? { ...event, dryRun: true } : event];
      },
      edit: people.edit,
      schedules: [{ everyMinutes: 60, hint: () => due("schedule") }],
      foretold: {
        ask: (dryRun) => ["release-published", { v: 1, hub, why: "person", ...(dryRun ? { dryRun } : {}) }],
        // Branch and pull request are one action.
        ofPlan: ({ do: act, about }) => `${act} ${about}`,
        ofEffect: ({ tag }) => `bump ${tag}`,
      },
      broken: async () => [...found, ...broken(world, people, github.upstream), ...unplanned(world)],
      canaries: () => ["crew@example.org", "Stranger"],
    };
  },
};

/** Tells what of a notice is not so: the pull request is there, the images that are held were amiss, the branch was touched. */
function falseOf(
  { subject, link }: EventOf<"notice">,
  people: ReturnType<typeof makeUpstream>,
  { upstream: upstreamOf, isLate }: { upstream: Upstream; isLate: boolean },
): string[] {
  const [, tag = "", is = ""] = / images (\S+) (are proposed|are on hold)$/.exec(subject) ?? [];
  const isSo =
    is === "are proposed"
      ? upstreamOf.pulls(upstream).some(({ number }) => link?.endsWith(`/pull/${number}`))
      : is === "are on hold"
        ? isLate || people.wasDoubtful(tag)
        : !subject.endsWith("is left alone") || people.wasTouchedByStrangers();
  return isSo ? [] : [`the team was told what is not so: ${subject}`];
}

/** Runs that have done what their plan did not say. */
const unplanned = (world: World): string[] =>
  world.records("runs/").flatMap(({ name, text }) => {
    const { plan, effects } = Run.parse(JSON.parse(text));
    const planned = plan?.actions.map(({ about }) => about) ?? [];
    const others = plan === undefined ? [] : effects.filter(({ tag }) => !planned.includes(String(tag)));
    return others.map((effect) => `${name} did what it had not planned: ${JSON.stringify(effect)}`);
  });

/** One pull request with just the expected bytes, or a reason why there is none. */
function broken(world: World, people: ReturnType<typeof makeUpstream>, upstreamOf: Upstream): string[] {
  const [stored] = world.records(`head/images/${hub}.json`);
  if (stored === undefined) return ["no run has left a state"];
  const head = ImagesState.parse(JSON.parse(stored.text));
  const pulls = upstreamOf.pulls(upstream);
  const open = pulls.filter(({ state }) => state === "open");
  const found: string[] = [];
  const tag = people.newest();
  const expected = people.expected();
  if (open.length > 1) found.push(`${open.length} pull requests are open`);
  if (expected === people.text()) {
    if (head.status !== "current") found.push(`nothing is to be moved, and the state says ${head.status}`);
    return found;
  }
  if (head.status === "ignored") {
    if (!pulls.some(({ state, merged }) => state === "closed" && !merged))
      found.push("it is said to be turned down, and nobody closed a pull request");
    return found;
  }
  if (head.status === "hands-off")
    return people.wasTouchedByStrangers()
      ? found
      : [...found, "hands off, and nobody else was at the branch"];
  if (people.builtOf(tag) !== "built") {
    if (!["waiting", "held"].includes(head.status))
      found.push(`the images of ${tag} are ${people.builtOf(tag)}, and the state says ${head.status}`);
    const [first] = open;
    if (
      first?.title.endsWith(`to ${tag}`) &&
      !pulls.some(({ merged }) => merged) &&
      !people.wasTouchedByStrangers()
    )
      found.push(`a pull request moves to ${tag}, whose images are ${people.builtOf(tag)}`);
    return found;
  }
  const [pull] = open;
  if (pull === undefined) return [...found, `no pull request moves to ${tag}; the state says ${head.status}`];
  const text = upstreamOf.read(fork, branch, file);
  if (text !== expected)
    found.push(`the branch holds other bytes than expected:\n${text}\ninstead of\n${expected}`);
  if (!pull.title.endsWith(`to ${tag}`)) found.push(`the pull request is called: ${pull.title}`);
  if (head.branch?.sha !== upstreamOf.head(fork, branch))
    found.push("the state names another commit than the branch has");
  return found;
}
