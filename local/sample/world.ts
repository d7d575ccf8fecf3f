// A sample hub's folder: what people edit lies on top (members.csv, homes/, groundcrew.yaml, mailbox/), what the program keeps for
// itself in .groundcrew/. Made from local/sample/ where it is missing; taken over by one running instance at a time.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as z from "zod";
import { codeOf, type Explanation } from "../../shared/errors.ts";
import { jsonOf } from "../../shared/json.ts";
import { describeProblems, parseSettings } from "../../shared/settings/file.ts";
import type { Settings } from "../../shared/settings.ts";
import { fillBuckets, firstRequest } from "./buckets.ts";
import { makeHomes } from "./homes.ts";
import { keepToSelf } from "./own-folder.ts";
import { membersCsv, samplePeople } from "./people.ts";
import { readPersonText } from "./person-file.ts";
import { usualYamlBytes } from "./person-yaml.ts";
import { layUpstream } from "./upstream.ts";

export const defaultPeople = 60;
/** GitHub itself holds more, but no research hub does. */
export const maximumPeople = 20_000;

/** An instance that cannot start, or a folder that cannot be used: with what to do. */
export function instanceError(explanation: Explanation): Error & { explanation: Explanation } {
  return Object.assign(new Error(`${explanation.what}: ${explanation.why}`), {
    name: "InstanceError",
    explanation,
  });
}

export type WorldFolder = ReturnType<typeof worldFolder>;

/** The names in a sample hub's folder. */
export function worldFolder(folder: string) {
  const root = resolve(folder);
  const own = join(root, ".groundcrew");
  return {
    root,
    own,
    settings: join(root, "groundcrew.yaml"),
    members: join(root, "members.csv"),
    mailbox: join(root, "mailbox"),
    /** Log of what the team was told in Slack: a line a message. */
    slackLog: join(root, "slack.log"),
    homes: join(root, "homes"),
    upstream: join(root, "upstream"),
    registry: join(root, "registry"),
    releases: join(root, "releases.yaml"),
    /** A folder a remote. */
    buckets: join(root, "buckets"),
    /** A file a requested transfer. */
    requests: join(root, "requests"),
    state: join(own, "state.db"),
    clock: join(own, "clock"),
    ledger: join(own, "ledger"),
    secrets: join(own, "secrets"),
    log: join(own, "functions.log"),
    /** Names the folder of the functions' sockets. */
    sockets: join(own, "sockets"),
    instance: join(own, "instance.json"),
    people: join(own, "people.json"),
    machines: join(own, "machines"),
    tools: join(own, "tools"),
  };
}

/** Tells whether the folder is a sample hub: only this program makes `.groundcrew/`. */
export const isWorld = (folder: string): boolean => existsSync(worldFolder(folder).own);

/** Makes the sample hub where there is none. A folder that holds something else is left alone. */
export function makeWorld(
  folder: string,
  people: number,
  log: (line: string) => void = () => undefined,
): WorldFolder {
  const world = worldFolder(folder);
  const open = keepToSelf(world.root, {
    folders: [world.own, world.mailbox],
    files: [world.slackLog],
  });
  if (!Array.isArray(open)) throw instanceError(open);
  if (open.length > 0)
    log(
      `${open.map((path) => relative(world.root, path)).join(", ")} could be read by other users: now only by you`,
    );
  refuseDamaged(folder, world);
  if (existsSync(world.people)) return world;
  refuseOthers(folder, world);
  if (!Number.isInteger(people) || people < 1 || people > maximumPeople)
    throw instanceError({
      what: "the sample hub was not made",
      why: `it can have 1 to ${maximumPeople} people`,
      next: "give another number: --people <n>",
    });
  try {
    fill(world, people);
  } catch (error) {
    throw instanceError({
      what: "the sample hub was not made",
      why: `${folder} cannot be written (${codeOf(error)})`,
      next: "give yourself the right or make room, or name another folder: --world <dir>",
    });
  }
  return world;
}

function refuseOthers(folder: string, world: WorldFolder): void {
  const found = statSync(world.root, { throwIfNoEntry: false });
  if (found === undefined) return;
  const next = "name an empty or a new folder: --world <dir>";
  const what = `${folder} is not a sample hub`;
  if (!found.isDirectory()) throw instanceError({ what, why: "it is a file, not a folder", next });
  if (!isWorld(world.root) && readdirSync(world.root).length > 0)
    throw instanceError({ what, why: "it holds other files and no .groundcrew folder", next });
}

/** Error of a sample hub that has lost a part: nothing of it is made over. */
export const damaged = (folder: string, why: string, next: string) =>
  instanceError({ what: `the sample hub in ${folder} is damaged`, why, next });

/** One that has run holds what people typed: it is never made over. */
function refuseDamaged(folder: string, world: WorldFolder): void {
  for (const path of [world.ledger, world.secrets, world.mailbox, world.buckets])
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false)
      throw damaged(
        folder,
        `its ${relative(world.root, path)} is a file, where a folder belongs`,
        "move that file away and start again",
      );
  if (!existsSync(world.state)) return;
  for (const [path, putBack] of [
    [world.people, 'put the file back ({"count":60} for 60 people)'],
    [world.ledger, "put it back from a copy"],
  ] as const)
    if (!existsSync(path))
      throw damaged(
        folder,
        `its ${relative(world.root, path)} is missing`,
        `${putBack}, or delete the folder and start again`,
      );
}

/** Fills the folder, the mark of its own first and the count of people last: what was half made is made again. */
function fill(world: WorldFolder, people: number): void {
  for (const path of [world.own, world.mailbox, world.ledger, world.secrets, world.requests])
    mkdirSync(path, { recursive: true, mode: 0o700 });
  fillBuckets(world.buckets);
  writeFileSync(join(world.requests, "first-copy.yaml"), firstRequest);
  const schema = fileURLToPath(new URL("../../groundcrew.schema.json", import.meta.url));
  const settings = readFileSync(new URL("./groundcrew.yaml", import.meta.url), "utf8");
  writeFileSync(world.members, membersCsv(samplePeople(people)));
  layUpstream(world);
  const volume = makeHomes(world.homes, samplePeople(people));
  writeFileSync(
    world.settings,
    settings
      .replace("SCHEMA", schema)
      .replace(/volumeSize: \d+ kB/, `volumeSize: ${Math.ceil(volume / 1000)} kB`),
  );
  writeFileSync(`${world.people}.new`, JSON.stringify({ count: people }));
  renameSync(`${world.people}.new`, world.people);
}

/** Gives the number of people that the sample hub was made with. */
export function peopleIn(world: WorldFolder): number {
  const read = readPersonText(world.people);
  const kept = z
    .object({ count: z.number().int().min(1).max(maximumPeople) })
    .safeParse("text" in read ? jsonOf(read.text) : undefined);
  if (kept.success) return kept.data.count;
  throw instanceError({
    what: "the sample hub is damaged",
    why: `its .groundcrew/people.json ${"problem" in read ? read.problem : "is not what it was"}`,
    next: 'put the file back ({"count":60} for 60 people), or delete the folder and start again',
  });
}

/** The settings in force, or why there are none. */
export function readSettings(world: WorldFolder): Settings {
  const read = settingsIn(world);
  if ("settings" in read) return read.settings;
  throw instanceError(read.refused);
}

/** Says of settings that were just saved that they are not in force yet, or what is wrong with them. */
export function settingsSaved(world: WorldFolder): string {
  const read = settingsIn(world);
  return "settings" in read
    ? "groundcrew.yaml was saved: it counts from the next start (Ctrl-C, then start again)"
    : `groundcrew.yaml was saved, and as it is now the next start is refused: ${read.refused.why}`;
}

function settingsIn(world: WorldFolder): { settings: Settings } | { refused: Explanation } {
  const said = readPersonText(world.settings, usualYamlBytes);
  if ("problem" in said)
    return {
      refused: {
        what: "the sample hub has no settings",
        why: said.missing ? "its groundcrew.yaml is missing" : `its groundcrew.yaml ${said.problem}`,
        next: "put the file back, or delete the folder and start again",
      },
    };
  const read = parseSettings(said.text);
  if ("settings" in read) return read;
  return {
    refused: {
      what: "the settings are not right",
      why: describeProblems(world.settings, read.problems),
      next: "mend the lines named above and start again",
    },
  };
}
