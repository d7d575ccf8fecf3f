// Events that no attempt could finish, and what a person does about each: send it again, mend and send it, or drop it.
// Publishing comes before the mark: two people at once send twice, which is harmless; the other order could lose it.
import type { Clock } from "../../../shared/clock.ts";
import type { UndeliveredLine } from "../../../shared/control.ts";
import { everyHub } from "../../../shared/delivery/not-before.ts";
import { replaying } from "../../../shared/delivery/passage.ts";
import { Notice } from "../../../shared/events.ts";
import type { Entry, Ledger } from "../../../shared/ledger.ts";
import { Resolved, Undelivered } from "../../../shared/records.ts";
import type { Settings } from "../../../shared/settings.ts";
import { checkEvent, checkMade, type Publish } from "../events/send.ts";
import { type Refusal, refuse } from "../http/refusal.ts";
import type { IncidentStore } from "../incidents/incidents.ts";
import type { States } from "../states.ts";

export type UndeliveredDeps = {
  settings: Settings;
  ledger: Ledger;
  now: Clock;
  publish: Publish;
  states: States;
};

export type UndeliveredStore = {
  /** Those that wait, newest first, then the last ones that somebody has dealt with. */
  all: () => Promise<UndeliveredLine[]>;
  one: (id: string) => Promise<UndeliveredLine | undefined>;
  replay: (id: string, by: string, payload?: unknown) => Promise<{ messageId: string } | Refusal>;
  drop: (id: string, by: string) => Promise<{ said: string } | Refusal>;
};

/** Number of events that are read for the list; the rest is counted. */
const shown = 200;
const shownResolved = 30;

export function undeliveredStore(
  deps: UndeliveredDeps,
  incidents: Pick<IncidentStore, "undeliveredResolved">,
): UndeliveredStore {
  const { ledger, settings, now, publish, states } = deps;
  const kept = new Map<string, Undelivered>();

  async function names(): Promise<{ open: Entry[]; resolved: Map<string, Resolved> }> {
    const [records, words] = await Promise.all([ledger.list("undelivered/"), ledger.list("resolved/")]);
    const resolved = new Map(
      words.map(({ name, metadata }) => [
        idOf(name),
        Resolved.safeParse({ v: 1, ...metadata }).data ?? unlabelled,
      ]),
    );
    return { open: records.filter(({ name }) => !resolved.has(idOf(name))), resolved };
  }

  async function read(id: string): Promise<Undelivered | undefined> {
    const known = kept.get(id);
    if (known !== undefined) return known;
    const record = (await ledger.read(`undelivered/${id}.json`, Undelivered))?.value;
    if (record !== undefined) kept.set(id, record);
    return record;
  }

  async function one(id: string): Promise<UndeliveredLine | undefined> {
    if (!/^[\w.-]{1,128}$/.test(id)) return undefined;
    const record = await read(id);
    if (record === undefined) return undefined;
    const word = (await ledger.read(`resolved/${id}.json`, Resolved))?.value;
    return word === undefined ? record : { ...record, resolved: describe(word) };
  }

  async function unresolved(id: string): Promise<UndeliveredLine | Refusal> {
    const record = await one(id);
    if (record === undefined)
      return refuse(
        404,
        "nothing was done",
        "there is no such undelivered event",
        "look it up in Undelivered",
      );
    if (record.resolved !== undefined) return already(record.resolved);
    return record;
  }

  async function mark(id: string, how: Resolved["how"], by: string): Promise<"created" | "exists"> {
    const word: Resolved = { v: 1, how, by, at: now().toISOString() };
    const marked = await ledger.create(`resolved/${id}.json`, word, { how, by, at: word.at });
    await tellIncidents((await read(id))?.hub ?? everyHub);
    return marked;
  }

  /** Tells a hub's incidents what still waits: the others are over, unless they still go on. */
  async function tellIncidents(hub: string): Promise<void> {
    const { open } = await names();
    const left = open
      .filter(({ metadata }) => (metadata["hub"] ?? everyHub) === hub)
      .flatMap(({ metadata }) => metadata["incident"] ?? []);
    await incidents.undeliveredResolved(hub, new Set(left));
  }

  return {
    async all() {
      const { open, resolved } = await names();
      const waiting = await Promise.all(open.slice(-shown).map(({ name }) => read(idOf(name))));
      const newest = [...resolved].sort(([, a], [, b]) => (a.at < b.at ? 1 : -1)).slice(0, shownResolved);
      const done = await Promise.all(
        newest.map(async ([id, word]) => {
          const record = await read(id);
          return record === undefined ? undefined : { ...record, resolved: describe(word) };
        }),
      );
      return [
        ...waiting.filter((line) => line !== undefined).sort((a, b) => (a.at < b.at ? 1 : -1)),
        ...done.filter((line) => line !== undefined),
      ];
    },

    one,

    async replay(id, by, payload) {
      const record = await unresolved(id);
      if ("refused" in record) return record;
      const check =
        payload === undefined
          ? checkEvent(record.topic, sentAgain(record), settings)
          : await checkMade(record.topic, payload, { settings, states }, addressesOf(record.payload));
      if ("refused" in check) return check;
      const messageId = await publish(check.topic, check.event, replaying(id));
      const marked = await mark(id, payload === undefined ? "replayed" : "edited", by);
      if (marked === "exists") return already("dealt with by somebody else at the same moment");
      return { messageId };
    },

    async drop(id, by) {
      const record = await unresolved(id);
      if ("refused" in record) return record;
      if ((await mark(id, "dropped", by)) === "exists")
        return already("dealt with by somebody else at the same moment");
      return { said: "dropped: nothing will be done about it" };
    },
  };
}

/** A message is attempted once a key; a person who sends it again says so, or it would be left out as already tried. */
export function sentAgain({ topic, payload }: Pick<Undelivered, "topic" | "payload">): unknown {
  if (topic !== "notice" || typeof payload !== "object" || payload === null) return payload;
  const again = "again" in payload && typeof payload.again === "number" ? payload.again : 0;
  return { ...payload, again: again + 1 };
}

/** The addresses of a message; none of any other event. */
function addressesOf(payload: unknown): string[] {
  const to = Notice.safeParse(payload).data?.to;
  return to === undefined || to === "team" ? [] : to.mail;
}

const idOf = (name: string): string => name.slice(name.indexOf("/") + 1, -".json".length);
const unlabelled: Resolved = { v: 1, how: "dropped", by: "somebody", at: "1970-01-01T00:00:00.000Z" };

const words = { replayed: "sent again", edited: "mended and sent", dropped: "dropped" } as const;
const describe = ({ how, by, at }: Resolved): string =>
  `${words[how]} from the ${by}, ${at.slice(0, 16).replace("T", " ")} UTC`;

const already = (resolved: string): Refusal =>
  refuse(
    409,
    "nothing more was done",
    `somebody already did: ${resolved}`,
    "nothing; it needs nobody any more",
  );
