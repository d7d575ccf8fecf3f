// Events around the sample hub's images when somebody saves a file: a commit in the operator's repository, a release with its
// images and GitHub's webhooks for it, a change in a registry. Acts of a person on GitHub's pages, too: merge, close.
import { relative } from "node:path";
import { codeOf } from "../../shared/errors.ts";
import type { ImagesSettings } from "../../shared/images/settings.ts";
import { imageOf } from "../../shared/registry/client.ts";
import type { Settings } from "../../shared/settings.ts";
import { signatureOf } from "../github/signature.ts";
import type { FarEnds } from "../instance/far-ends.ts";
import { tagsIn } from "../registry/far-end.ts";
import { publishReleases, readReleases } from "./releases.ts";
import { layUpstream, readUpstream, writeUpstream } from "./upstream.ts";
import type { WorldFolder } from "./world.ts";

export type ImageWorld = ReturnType<typeof imageWorld>;

/** Verdict of a person on a pull request of a hub's upstream repository. */
export type PullWord = { hub: string; number: number; verdict: "merge" | "close" };

/** Time that a door has to answer, as GitHub gives it. */
const webhookMs = 10_000;

export function imageWorld(options: {
  world: WorldFolder;
  settings: Settings;
  far: FarEnds;
  /** Gives the address where the webhooks go; they go nowhere before the doors are open. */
  webhook: () => string | undefined;
  log: (line: string) => void;
}) {
  const { world, settings, far, webhook, log } = options;
  const { upstream } = far.github;
  const hubs = Object.entries(settings.hubs).flatMap(([hub, { images }]): [string, ImagesSettings][] =>
    images === undefined ? [] : [[hub, images]],
  );

  /** The operator commits what lies in upstream/. */
  function commit(): boolean {
    const read = readUpstream(world.upstream);
    if ("problem" in read) {
      log(`${read.problem}; nothing is committed until it can be read, whole`);
      return false;
    }
    return hubs
      .map(([, { upstream: name }]) => upstream.publish(name, read.files, "Change the configuration"))
      .includes("committed");
  }
  function release() {
    const { releases: rows, problems } = readReleases(world.releases);
    for (const problem of problems) log(problem);
    return hubs.flatMap(([, images]) => {
      const names = images.names.flatMap((name) => imageOf(name)?.repository ?? []);
      const to = {
        upstream,
        repository: images.releases,
        images: names,
        registry: world.registry,
        problem: log,
      };
      return publishReleases(rows, to).map((made) => ({ ...made, repository: images.releases }));
    });
  }
  const look = async (why: "edit" | "push"): Promise<void> => {
    for (const [hub] of settings.flows["bump-image"] === "off" ? [] : hubs)
      await far.pubsub.publish("release-published", JSON.stringify({ v: 1, hub, why }));
  };

  /** GitHub tells of a tag twice, as a new ref and as a push; a release of its own makes a third. */
  async function announce(made: {
    repository: string;
    tag: string;
    sha: string;
    prerelease: boolean;
  }): Promise<void> {
    const { repository: full_name, tag, sha, prerelease } = made;
    const [login, name] = full_name.split("/");
    const repository = { name, full_name, owner: { login } };
    await post("create", { ref: tag, ref_type: "tag", master_branch: "main", repository });
    await post("push", {
      ref: `refs/tags/${tag}`,
      before: "0".repeat(40),
      after: sha,
      created: true,
      deleted: false,
      repository,
    });
    if (prerelease)
      await post("release", {
        action: "published",
        release: { tag_name: tag, draft: false, prerelease },
        repository,
      });
  }
  async function post(event: string, payload: object): Promise<void> {
    const address = webhook();
    if (address === undefined) return;
    const raw = Buffer.from(JSON.stringify(payload));
    await fetch(address, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "user-agent": "GitHub-Hookshot/sample",
        "x-github-event": event,
        "x-github-delivery": crypto.randomUUID(),
        "x-hub-signature-256": signatureOf(far.secrets.webhookSecret, raw),
      },
      body: raw,
      signal: AbortSignal.timeout(webhookMs),
    }).then((response) => response.arrayBuffer());
  }

  return {
    /** At a start: what was saved while nothing ran is there, untold; the flow looks by itself. */
    catchUp(): void {
      if (hubs.length === 0) return;
      try {
        layUpstream(world);
      } catch (error) {
        log(
          `upstream/, registry/ or releases.yaml could not be laid (${codeOf(error)}): see what lies there instead`,
        );
      }
      upstream.account(far.secrets.machine.login);
      commit();
      release();
    },
    /** After a save of one of the files. */
    async saved(file: string): Promise<void> {
      if (hubs.length === 0) return;
      if (file === world.releases) {
        for (const made of release()) await announce(made);
        return;
      }
      const tags = file.startsWith(world.registry) ? tagsIn(file) : {};
      if ("problem" in tags) log(`${relative(world.root, file)} ${tags.problem}`);
      const changed = file.startsWith(world.upstream) ? commit() : true;
      if (changed) await look(file.startsWith(world.upstream) ? "edit" : "push");
    },
    /** Merges or closes a pull request, as the operator says. */
    async decide({ hub, number, verdict }: PullWord): Promise<string> {
      const name = hubs.find(([each]) => each === hub)?.[1].upstream;
      if (name === undefined) throw new Error("no hub of this name has images");
      const open = upstream.pulls(name).some((pull) => pull.number === number && pull.state === "open");
      if (!open) throw new Error("there is no such open pull request");
      if (verdict === "close") upstream.close(name, number);
      else writeUpstream(world.upstream, upstream.merge(name, number));
      await look("push");
      return verdict === "close" ? `pull request ${number} is closed` : `pull request ${number} is merged`;
    },
  };
}
