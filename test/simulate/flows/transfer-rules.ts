// Rules for transfers: no machine is left, no shard has two, overlapping places wait for each other, what is done is as at the source, and
// everything else is listed in the receipt.
import { createHash } from "node:crypto";
import type { ComputeFarEnd } from "../../../local/compute/far-end.ts";
import { Notice } from "../../../shared/events.ts";
import { limitsOf } from "../../../shared/settings/limits.ts";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { TransferAsked, TransferState } from "../../../shared/transfers/records.ts";
import type { Strikes } from "../strikes.ts";
import type { World } from "../world.ts";
import { type Life, overDollars } from "./dollars.ts";
import { hub } from "./settings.ts";
import { addedName, type Ends, keyOf, overlap, type Wanted } from "./transfer-ends.ts";
import type { People } from "./transfer-people.ts";

/**
 * @param found takes a sentence for each rule that broke meanwhile.
 * @param lives of all machines that there were.
 * @param hasWritten tells whether a machine has ever written something of a transfer.
 */
export function transferRules(
  world: World,
  of: {
    compute: ComputeFarEnd;
    ends: Ends;
    people: People;
    found: string[];
    lives: () => Life[];
    hasWritten: (id: string) => boolean;
  },
) {
  const { compute, ends, people, found, lives } = of;
  const limit = limitsOf(world.settings.hubs[hub]).machines;
  /** Transfers of which the team was told how they ended. */
  const ended = new Set<string>();

  const watch: Strikes["watch"] = ({ host, what }) => {
    if (host !== "compute" || !what.startsWith("POST") || !what.endsWith("/instances")) return;
    const alive = compute.machines().filter(({ status }) => status !== "STOPPING");
    const names = alive.map(({ name }) => name);
    for (const name of new Set(names))
      if (names.filter((one) => one === name).length > 1) found.push(`two machines are called ${name}`);
    for (const { name } of alive)
      if (!name.startsWith(`transfer-${hub}-`)) found.push(`a machine has a name of its own: ${name}`);
    if (alive.length > limit)
      found.push(`${alive.length} machines run for the transfers of the hub, and ${limit} are allowed`);
    found.push(...overDollars(world, lives()), ...inEachOthersWay());
    for (const id of begun())
      if (people.wasAsked(id) && people.approved(id).length === 0)
        found.push(`${id} has a machine before anybody has approved its plan`);
  };

  const begun = (): string[] => [...new Set(lives().map(({ transfer }) => transfer))];

  /** Holds that of two transfers into one place one has ended before the other one begins. */
  function inEachOthersWay(): string[] {
    const open = begun().flatMap((id) => (ended.has(id) ? [] : (ends.wanted.get(id) ?? [])));
    return open.flatMap((one, index) =>
      open
        .slice(index + 1)
        .filter((other) => overlap(one, other))
        .map((other) => `${one.id} and ${other.id} copy into one place at the same time`),
    );
  }

  /** Time at which a transfer was asked for. */
  function askedAt(id: string): number {
    const [stored] = world.records(`transfers/${hub}/${id}/request.json`);
    return stored === undefined ? 0 : Date.parse(TransferAsked.parse(JSON.parse(stored.text)).at);
  }

  /** Time since which no machine of a transfer is there: what somebody else does then, its check finds or nobody does. */
  const quietSince = (id: string): number =>
    Math.max(
      askedAt(id),
      ...lives().flatMap(({ transfer, until }) => (transfer === id && until !== undefined ? [until] : [])),
    );

  /**
   * Names of a transfer that are not at its target with a content that its source has had, but for those that somebody else has changed there in
   * the end, and those that the source had lost before.
   */
  function absent(wanted: Wanted): string[] {
    const { bucket } = wanted.place;
    const there = ends.there(bucket);
    const quiet = quietSince(wanted.id);
    return [...wanted.objects].flatMap(([name, text]) => {
      const at = keyOf(wanted, name);
      const changes = ends.changesOf(wanted.id, name);
      const texts = [text, ...changes.flatMap((change) => change.text ?? [])];
      const isSame = texts.some((one) => there.get(at)?.md5 === md5Of(one));
      const isWithdrawn = changes.some(
        (change) => change.text === undefined && change.at < begunAt(wanted.id),
      );
      return isSame || isWithdrawn || ends.touchedAt(bucket, at) >= quiet ? [] : [name];
    });
  }

  /** Time at which the first machine of a transfer began; of one that needed none it never comes. */
  const begunAt = (id: string): number =>
    Math.min(...lives().flatMap(({ transfer, from }) => (transfer === id ? [from] : [])));

  /** Names that a receipt says were deleted, changed or added at the source, and which nobody has touched there. */
  const untouchedAtSource = (id: string, { since }: TransferReceipt): string[] =>
    [...(since?.deleted.names ?? []), ...(since?.changed.names ?? []), ...(since?.added.names ?? [])].filter(
      (name) => ends.changesOf(id, name).length === 0,
    );

  /** Names that a sync has left at its target, and that are not at its source; what somebody else has written since it was asked for stays. */
  function surplus(wanted: Wanted): string[] {
    if (wanted.mode !== "sync" || wanted.isSingle) return [];
    const { bucket } = wanted.place;
    const since = askedAt(wanted.id);
    const own = new Set([...wanted.objects.keys(), addedName].map((name) => keyOf(wanted, name)));
    return [...ends.there(bucket).keys()].filter(
      (name) => name.startsWith(`${wanted.path}/`) && !own.has(name) && ends.touchedAt(bucket, name) < since,
    );
  }

  /** Holds that what the team is told of a transfer's end is so: by its receipt, and by what is there. */
  const told: Strikes["told"] = (message) => {
    people.told(message);
    const { topic, event } = message;
    const { key, subject } = topic === "notice" ? Notice.parse(event) : { key: "", subject: "" };
    const [, id] = /^transfer\/(.+)\/ended$/.exec(key) ?? [];
    if (id === undefined) return;
    ended.add(id);
    if (compute.machines().some(({ labels, status }) => labels["transfer"] === id && status !== "STOPPING"))
      found.push(`the team was told that all machines of ${id} are deleted, and one is not`);
    const receipt = receiptOf(id);
    const isDone = subject.endsWith("is done");
    if (receipt === undefined || (receipt.state === "done") !== isDone)
      found.push(`the team was told of ${id}: "${subject}", and the receipt says ${receipt?.state}`);
    const wanted = ends.wanted.get(id);
    if (receipt === undefined || wanted === undefined) return;
    const { notThere, conflicts, unmovable, changed = [], unproved = [], since } = receipt;
    const ofSource = [...(since?.deleted.names ?? []), ...(since?.changed.names ?? [])];
    const listed = new Set([...notThere, ...conflicts, ...unmovable, ...changed, ...unproved, ...ofSource]);
    for (const name of untouchedAtSource(id, receipt))
      found.push(`the receipt of ${id} says that the source has changed ${name}, and nobody has`);
    for (const name of absent(wanted)) {
      if (isDone) found.push(`the team was told that ${id} is done, and ${name} is not as at the source`);
      if (!listed.has(name)) found.push(`${name} of ${id} is neither copied nor listed in the receipt`);
    }
    if (isDone)
      for (const name of surplus(wanted))
        found.push(`the team was told that ${id} is done, and ${name} was not deleted`);
  };

  const md5Of = (text: string): string => createHash("md5").update(text).digest("base64");

  function receiptOf(id: string): TransferReceipt | undefined {
    const [stored] = world.records(`transfers/${hub}/${id}/receipt.json`);
    return stored && TransferReceipt.parse(JSON.parse(stored.text));
  }

  /** Says how a transfer that was asked for has not ended as it should, when all is calm. */
  function notEnded(id: string): string[] {
    const [record] = world.records(`head/transfers/${hub}/${id}.json`);
    const state = record && TransferState.parse(JSON.parse(record.text));
    if (state === undefined || state.state === "planned") return neverBegun(id);
    if (state.state === "running" || state.state === "waiting")
      return [`${id} has not ended: ${state.said}; ${JSON.stringify([state.shards, state.lists])}`];
    const receipt = receiptOf(id);
    if (receipt === undefined) {
      if (!["cancelled", "not-begun"].includes(state.state))
        return [`${id} is ${state.state}, without a receipt`];
      const isBegun = of.hasWritten(id) || begun().includes(id);
      return isBegun ? [`${id} is ${state.state}, and something of it had begun`] : [];
    }
    return [
      ...(receipt.state === state.state
        ? []
        : [`${id} is ${state.state}, and its receipt says ${receipt.state}`]),
      ...(ended.has(id) ? [] : [`${id} has ended, and nobody was told`]),
      ...(receipt.state === "failed" && state.lists?.every((list) => list.state === "done")
        ? untouched(id, receipt.notThere).map(
            (name) => `${name} of ${id} is not there, and was taken for done`,
          )
        : []),
    ];
  }

  /** Names that nobody else has taken away: a machine that lied of them is followed by another, for as long as there may be one. */
  function untouched(id: string, names: readonly string[]): string[] {
    const wanted = ends.wanted.get(id);
    return names.filter(
      (name) =>
        wanted !== undefined &&
        ends.touchedAt(wanted.place.bucket, keyOf(wanted, name)) === Number.NEGATIVE_INFINITY,
    );
  }

  function neverBegun(id: string): string[] {
    const isIn = (name: string): boolean => world.records(`transfers/${hub}/${id}/${name}.json`).length > 0;
    if (!isIn("request") || isIn("cancel")) return [];
    const isRefused = world.published.some(
      ({ topic, event }) => topic === "notice" && JSON.stringify(event).includes(`transfer/${id}/refused/`),
    );
    // Its first message was used up by failures, and people find it under Undelivered.
    const isGivenUp = world.records("undelivered/").some(({ text }) => text.includes(`"id":"${id}"`));
    return isRefused || isGivenUp ? [] : [`${id} was asked for and never begun`];
  }

  return {
    watch,
    told,
    outlived(names: readonly string[]): void {
      for (const name of names) found.push(`${name} has outlived its work, and no sweep took it`);
    },
    broken(asked: ReadonlySet<string>): string[] {
      const left = compute.machines().map(({ name }) => `a machine is left: ${name}`);
      return [...new Set(found), ...left, ...[...asked].flatMap(notEnded)];
    },
  };
}
