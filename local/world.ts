// A sample hub's folder: what people edit lies on top (members.csv, groundcrew.yaml, mailbox/), what the program keeps for
// itself in .groundcrew/. Made from local/sample/ where it is missing; taken over by one running instance at a time.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { fileURLToPath } from "node:url";
import type { Explanation } from "../shared/errors.ts";
import { describeProblems, parseSettings, type Settings } from "../shared/settings.ts";
import { membersCsv, samplePeople } from "./sample/people.ts";

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
    state: join(own, "state.db"),
    clock: join(own, "clock"),
    ledger: join(own, "ledger"),
    secrets: join(own, "secrets"),
    log: join(own, "functions.log"),
    lock: join(own, "lock.db"),
    instance: join(own, "instance.json"),
    people: join(own, "people.json"),
  };
}

/** Whether the folder is a sample hub: only this program makes `.groundcrew/`. */
export const isWorld = (folder: string): boolean => existsSync(worldFolder(folder).own);

/** Makes the sample hub where there is none. A folder that holds something else is left alone. */
export function makeWorld(folder: string, people: number): WorldFolder {
  const world = worldFolder(folder);
  const { root } = world;
  if (!isWorld(root)) {
    if (existsSync(root) && readdirSync(root).length > 0)
      throw instanceError({
        what: `${folder} is not a sample hub`,
        why: "it holds other files and no .groundcrew folder",
        next: "name an empty or a new folder: --world <dir>",
      });
    if (!Number.isInteger(people) || people < 1 || people > maximumPeople)
      throw instanceError({
        what: "the sample hub was not made",
        why: `it can have 1 to ${maximumPeople} people`,
        next: "give another number: --people <n>",
      });
    for (const path of [root, world.mailbox, world.ledger, world.secrets])
      mkdirSync(path, { recursive: true });
    const schema = fileURLToPath(new URL("../groundcrew.schema.json", import.meta.url));
    const settings = readFileSync(new URL("./sample/groundcrew.yaml", import.meta.url), "utf8");
    writeFileSync(world.settings, settings.replace("SCHEMA", schema));
    writeFileSync(world.members, membersCsv(samplePeople(people)));
    // Last: a sample hub that was half made is made again.
    writeFileSync(world.people, JSON.stringify({ count: people }));
  }
  return world;
}

/** The settings in force, or why there are none. */
export function readSettings(world: WorldFolder): Settings {
  let text: string;
  try {
    text = readFileSync(world.settings, "utf8");
  } catch {
    throw instanceError({
      what: "the sample hub has no settings",
      why: "its groundcrew.yaml is missing",
      next: "put the file back, or delete the folder and start again",
    });
  }
  const read = parseSettings(text);
  if ("settings" in read) return read.settings;
  throw instanceError({
    what: "the settings are not right",
    why: describeProblems(world.settings, read.problems),
    next: "mend the lines named above and start again",
  });
}

/**
 * Takes the folder for this process. The lock is one of the operating system, on a database of its own: it ends with the
 * process, however that ends.
 */
export function lockWorld(world: WorldFolder): () => void {
  const database = new DatabaseSync(world.lock);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch {
    database.close();
    throw instanceError({
      what: "this sample hub is already running",
      why: "another instance holds its folder",
      next: "use that one (its address: npx groundcrew doctor), stop it, or name another folder: --world <dir>",
    });
  }
  return () => database.close();
}

/** Whether an instance runs on the folder now. */
export function isHeld(world: WorldFolder): boolean {
  try {
    lockWorld(world)();
    return false;
  } catch {
    return true;
  }
}
