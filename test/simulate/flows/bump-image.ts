// bump-image in simulation: releases whose images are built, missing or stale, an upstream repository that others work on too,
// and the one pull request that must come of it.
import { join } from "node:path";
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
import { branch, file, fork, makeUpstream, type UpstreamSide, upstream } from "./bump-upstream.ts";
import { hub, simulatedHub, stackWith } from "./settings.ts";
import { type Words, wordsOn } from "./words.ts";

const token = "ghp_ofthefork";
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
    const words = wordsOn(world, "bump-image", `head/images/${hub}.json`);
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
      edit() {
        const verdict = random.pick("approved", "approved", "rejected");
        return words.say(verdict, () => random.chance(0.3))
          ? `says ${verdict} to what is on hold`
          : people.edit();
      },
      schedules: [{ everyMinutes: 60, hint: () => due("schedule") }],
      settle: () => (words.say(random.pick("approved", "rejected"), () => random.chance(0.3)) ? 1 : 0),
      moved: words.moved,
      foretold: {
        ask: (dryRun) => ["release-published", { v: 1, hub, why: "person", ...(dryRun ? { dryRun } : {}) }],
        // Branch and pull request are one action.
        ofPlan: ({ do: act, about }) => `${act} ${about}`,
        ofEffect: ({ tag }) => `bump ${tag}`,
      },
      broken: async () => [
        ...found,
        ...broken(world, { people, upstreamOf: github.upstream, words }),
        ...unplanned(world),
      ],
      canaries: () => ["crew@example.org", "Stranger"],
    };
  },
};

/** Tells what of a notice is not so: the pull request is there, the images that are held were amiss, the branch was touched. */
function falseOf(
  { subject, link }: EventOf<"notice">,
  people: UpstreamSide,
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
function broken(world: World, of: { people: UpstreamSide; upstreamOf: Upstream; words: Words }): string[] {
  const { people, upstreamOf, words } = of;
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
    const isRejected = people.builtOf(tag) !== "built" && words.isSaid("rejected", tag);
    if (!isRejected && !pulls.some(({ state, merged }) => state === "closed" && !merged))
      found.push("it is said to be turned down, and nobody closed a pull request");
    return found;
  }
  if (head.status === "hands-off")
    return people.wasTouchedByStrangers()
      ? found
      : [...found, "hands off, and nobody else was at the branch"];
  const isApproved = words.isSaid("approved", tag);
  if (people.builtOf(tag) !== "built" && !(isApproved && head.status === "proposed")) {
    if (!["waiting", "held"].includes(head.status))
      found.push(`the images of ${tag} are ${people.builtOf(tag)}, and the state says ${head.status}`);
    const [first] = open;
    if (
      first?.title.endsWith(`to ${tag}`) &&
      !isApproved &&
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
