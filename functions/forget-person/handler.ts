// Forgets a person who has left, at somebody's word: takes them out of every record of their hub, and says what it cannot reach. Refuses
// while they are in the sheet, in a team, or invited, for then the next run would know them again.
import * as z from "zod";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import { isPermanent, transient } from "../../shared/errors.ts";
import { untilSwapped } from "../../shared/flow/swap.ts";
import type { Entry, Ledger, Versioned } from "../../shared/ledger.ts";
import { ForgetRequest, forgetFolder, MembersState } from "../../shared/members/records.ts";
import { unreachable, whyNot } from "./refuse.ts";
import { type Scrubber, scrubber } from "./scrub.ts";
import { learn, type Who, whoIs } from "./who.ts";

type Deps = { ledger: Ledger };

/** Folders that tell of people. Of transfers only who asked is looked at: paths and names of objects stay as they are. */
const folders = [
  "head/members/",
  "head/quota/",
  "head/continue/",
  "head/incidents/",
  "head/budgets/",
  "head/transfers/",
  "transfers/",
  "runs/",
  "plans/",
  "approvals/",
  "classes/",
  "undelivered/",
  "notices/",
  "history/",
  "reports/",
] as const;
type Folder = (typeof folders)[number];
type Found = { folder: Folder; entry: Entry };

/** Folders of what the flows know now: an entry about somebody goes as a whole. Elsewhere a word stands in its place. */
const erased: ReadonlySet<Folder> = new Set(["head/members/", "head/quota/"]);
/** Folders of what is about one person alone, where it is a message to them. */
const messages: ReadonlySet<Folder> = new Set(["head/continue/", "runs/", "undelivered/"]);

/** Folders in which who asked stands, beside paths that are not to be touched. */
const asked: ReadonlySet<Folder> = new Set(["head/transfers/", "transfers/"]);
const tellsWhoAsked = (name: string): boolean =>
  name.startsWith("head/transfers/") || /^transfers\/[^/]+\/[^/]+\/(?:request|receipt)\.json$/.test(name);

/** Number of records that are read at once. */
const atOnce = 16;

/** Does what is asked for a hub. A request goes when it is done: whoever dies before leaves it to the next attempt. */
export async function forgetPeople(hub: string, run: Recorder, deps: Deps): Promise<Result> {
  let result: Result = { outcome: "idle" };
  for (const { name } of await deps.ledger.list(forgetFolder(hub))) {
    const request = await deps.ledger.read(name, ForgetRequest);
    if (request === undefined) continue;
    result = await forget({ hub, name, request, run }, deps);
    const left = await deps.ledger.read(name, ForgetRequest);
    if (left !== undefined) await deps.ledger.remove(name, left.generation);
  }
  return result;
}

type Work = { hub: string; name: string; request: Versioned<ForgetRequest>; run: Recorder };

async function forget(work: Work, { ledger }: Deps): Promise<Result> {
  const { hub, run } = work;
  const request = work.request.value;
  const state = (await ledger.read(`head/members/${hub}.json`, MembersState))?.value;
  const who = whoIs(request, state);
  const why = whyNot(who, state);
  if (why !== undefined) {
    run.step(why);
    const what = "nobody was forgotten";
    const reason = { what, why, next: "forget them when they are gone from sheet and teams" };
    return { outcome: "blocked", title: what, cause: "not-gone", aside: true, reason };
  }
  const records = await recordsOf(hub, ledger);
  // A login that they had before may be found on the way.
  for (let known = 0; known < who.logins.size; ) {
    known = who.logins.size;
    await forEach(records, async ({ entry }) => learn(who, await recordAt(entry.name, ledger)));
  }
  const dry = request.dryRun === true;
  if (!dry) await writeDown(work, who, ledger);
  const counts = await rewrite({ hub, records, who, dry, at: request.at }, ledger);
  const would = dry ? "would be " : "";
  for (const [folder, { changed, deleted, unreadable }] of counts) {
    if (changed + deleted > 0) run.step(`${folder} ${would}changed ${changed}, ${would}deleted ${deleted}`);
    if (unreadable > 0) run.step(`${folder} not readable, and left: ${unreadable}`);
  }
  for (const what of unreachable) run.step(`out of reach: ${what}`);
  const sum = [...counts.values()].reduce((all, { changed, deleted }) => all + changed + deleted, 0);
  const words = sum === 0 ? "nothing is known" : `${sum} records ${dry ? "would be changed" : "changed"}`;
  return { outcome: "done", title: `${dry ? "plan: " : ""}forget one person: ${words}`, aside: true };
}

/** Writes down what was found out: an attempt that follows one that died reads it where no other record says it any more. */
async function writeDown({ name, request }: Work, who: Who, ledger: Ledger): Promise<void> {
  const { logins, mails, names, hashes } = who;
  const found = { logins: [...logins], mails: [...mails], names: [...names], hashes: [...hashes] };
  if ((await ledger.swap(name, { ...request.value, found }, request.generation)) === "changed")
    throw transient("another delivery forgets the same person");
}

/** Lists the hub's records, and those of no hub; those of runs say it in the listing. */
async function recordsOf(hub: string, ledger: Ledger): Promise<Found[]> {
  const lists = await Promise.all(folders.map((prefix) => ledger.list(prefix)));
  return folders.flatMap((folder, index) =>
    (lists[index] ?? []).flatMap((entry) => {
      if (asked.has(folder) && !tellsWhoAsked(entry.name)) return [];
      const of = hubOfName(folder, entry) ?? hub;
      return of === hub ? [{ folder, entry }] : [];
    }),
  );
}

/** Gives the hub in a record's name or label; undefined where neither says it. */
function hubOfName(folder: Folder, { name, metadata }: Entry): string | undefined {
  const parts = name
    .slice(folder.length)
    .replace(/\.json$/, "")
    .split("/");
  if (folder === "runs/" || folder === "undelivered/") return metadata["hub"];
  if (folder === "head/continue/" || folder === "history/") return parts[1];
  return parts[0];
}

type Count = { changed: number; deleted: number; unreadable: number };
type Rewriting = { hub: string; records: readonly Found[]; who: Who; dry: boolean; at: string };

async function rewrite(of: Rewriting, ledger: Ledger): Promise<Map<Folder, Count>> {
  // No account can have a name with a colon.
  const instead = `forgotten:${Date.parse(of.at).toString(36)}`;
  const options = { who: of.who, hub: of.hub, dry: of.dry };
  const counts = new Map<Folder, Count>();
  await forEach(of.records, async ({ folder, entry }) => {
    const scrub = scrubber(of.who, { instead, erase: erased.has(folder) });
    const became = await rewriteOne({ folder, entry, scrub, ...options }, ledger);
    const count = counts.get(folder) ?? { changed: 0, deleted: 0, unreadable: 0 };
    if (became !== "same") count[became] += 1;
    counts.set(folder, count);
  });
  return counts;
}

type One = Found & { scrub: Scrubber; who: Who; hub: string; dry: boolean };

function rewriteOne(
  { folder, entry, scrub, who, hub, dry }: One,
  ledger: Ledger,
): Promise<keyof Count | "same"> {
  const { name, metadata } = entry;
  return untilSwapped(async () => {
    const there = await recordAt(name, ledger);
    if (there === undefined) return "same";
    if (there === "unreadable") return "unreadable";
    const { value, generation } = there;
    if (OfHub.safeParse(value).data?.hub !== undefined && OfHub.safeParse(value).data?.hub !== hub)
      return "same";
    const alone =
      (!asked.has(folder) && name.split(/[/.]/).some(scrub.isThem)) ||
      (messages.has(folder) && isMessageTo(who, value));
    if (alone) {
      if (!dry && (await ledger.remove(name, generation)) === "changed") return "overtaken";
      return "deleted";
    }
    const left = asked.has(folder) ? withoutAsker(value, scrub) : scrub.record(value);
    const labels = Object.fromEntries(
      Object.entries(metadata).map(([key, label]) => [key, key === "title" ? scrub.text(label) : label]),
    );
    if (left === value && labels["title"] === metadata["title"]) return "same";
    if (!dry && (await ledger.swap(name, left, generation, labels)) === "changed") return "overtaken";
    return "changed";
  }, "the records are being written by others: they are gone through again");
}

/** Puts the word in the place of who asked, and leaves all else. */
function withoutAsker(value: unknown, { text }: Pick<Scrubber, "text">): unknown {
  const record = AskedBy.safeParse(value).data;
  if (record?.by === undefined || text(record.by) === record.by) return value;
  return { ...record, by: text(record.by) };
}

const AskedBy = z.looseObject({ by: z.string().optional() });
const OfHub = z.looseObject({ hub: z.string().optional().catch(undefined) });
const Message = z.object({
  payload: z.object({ key: z.string(), to: z.object({ mail: z.array(z.string()).min(1) }) }),
});

/** Tells whether a record is of a message that went, or is to go, to them and nobody else. */
function isMessageTo({ mails, logins }: Who, value: unknown): boolean {
  const message = Message.safeParse(value).data?.payload;
  if (message === undefined) return false;
  const isOfKey = message.key.split("/").some((part) => logins.has(part));
  return isOfKey || message.to.mail.every((mail) => mails.has(mail.toLowerCase()));
}

async function recordAt(
  name: string,
  ledger: Ledger,
): Promise<Versioned<unknown> | "unreadable" | undefined> {
  try {
    return await ledger.read(name, z.unknown());
  } catch (error) {
    if (isPermanent(error)) return "unreadable";
    throw error;
  }
}

async function forEach<T>(all: readonly T[], work: (one: T) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < all.length; start += atOnce)
    await Promise.all(all.slice(start, start + atOnce).map(work));
}
