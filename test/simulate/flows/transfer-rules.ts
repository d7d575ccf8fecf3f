// Rules for transfers: no machine is left, no shard has two, and every object is copied or listed in the receipt.
import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { ComputeFarEnd } from "../../../local/compute/far-end.ts";
import { Notice } from "../../../shared/events.ts";
import { limitsOf } from "../../../shared/settings/limits.ts";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { TransferState } from "../../../shared/transfers/records.ts";
import { operatorStorage } from "../house.ts";
import type { Random } from "../random.ts";
import type { Strikes } from "../strikes.ts";
import type { World } from "../world.ts";
import { type Life, overDollars } from "./dollars.ts";
import { hub } from "./settings.ts";

export const ids = ["t1", "t2"] as const;

/** @param lives of all machines that there were. */
export function transferRules(world: World, random: Random, compute: ComputeFarEnd, lives: () => Life[]) {
  const found: string[] = [];
  const limit = limitsOf(world.settings.hubs[hub]).machines;
  const source = new Map<string, Map<string, string>>(ids.map((id) => [id, new Map()]));
  let waiting: (() => Promise<unknown>)[] = [];
  /** Names at which somebody else has put an object of theirs. */
  const strangers = new Set<string>();

  const put = (bucket: string, name: string, text: string) => operatorStorage(world, bucket, name, text);
  const isOutside = world.hosts.has("s3.far");
  /** As the people of the source put it there. */
  async function offer(name: string, text: string): Promise<void> {
    if (!isOutside) return put("persistent", name, text);
    const file = join(world.folder, "persistent", name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  async function fill(): Promise<void> {
    for (const id of ids)
      for (let count = random.between(1, 5); count > 0; count -= 1) {
        const name = `object ${count}`;
        const text = `${id} ${count} `.repeat(random.between(1, 200));
        source.get(id)?.set(name, text);
        await offer(`${id}/${name}`, text);
        if (random.chance(0.1)) await put("scratch", `copy-${id}/${name}`, text);
      }
  }

  async function stranger(): Promise<void> {
    const id = random.pick(...ids);
    const name = random.oneOf([...(source.get(id)?.keys() ?? [])]);
    if (name === undefined || targets().has(`copy-${id}/${name}`)) return;
    strangers.add(`copy-${id}/${name}`);
    await put("scratch", `copy-${id}/${name}`, "somebody else's");
  }

  const targets = (): Map<string, string> =>
    new Map(
      world.state
        .prepare("SELECT name, md5 FROM storage_object WHERE bucket = 'scratch'")
        .all()
        .map(({ name, md5 }) => [String(name), String(md5)]),
    );

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
    found.push(...overDollars(world, lives()));
  };

  function ofTransfer(id: string): string[] {
    const receipt = world.records(`transfers/${hub}/${id}/receipt.json`)[0];
    const record = world.records(`head/transfers/${hub}/${id}.json`)[0];
    const cancelled = world.records(`transfers/${hub}/${id}/cancel.json`).length > 0;
    const requested = world.records(`transfers/${hub}/${id}/request.json`).length > 0;
    const state = record && TransferState.parse(JSON.parse(record.text));
    if (state === undefined || state.state === "planned") {
      if (!requested || cancelled) return [];
      const refused = world.published.some(
        ({ topic, event }) => topic === "notice" && JSON.stringify(event).includes(`transfer/${id}/refused/`),
      );
      return refused || givenUp(id) ? [] : [`${id} was asked for and never begun`];
    }
    if (state.state === "running" || receipt === undefined)
      return [`${id} has not ended: ${state.said}; ${JSON.stringify([state.shards, state.lists])}`];
    const written = TransferReceipt.parse(JSON.parse(receipt.text));
    if (written.state !== state.state)
      found.push(`${id} is ${state.state}, and its receipt says ${written.state}`);
    // Takes no machine's word for its part: who lies is followed by another, for as long as there may be one.
    if (written.state === "failed" && state.lists?.every((list) => list.state === "done"))
      found.push(
        `${id} failed, and each of its parts was taken for done: ${written.notThere.length} are not there`,
      );
    const there = targets();
    const listed = new Set([...written.notThere, ...written.conflicts, ...written.unmovable]);
    return absent(id, there).flatMap((name) => [
      ...(listed.has(name) ? [] : [`${name} of ${id} is neither copied nor listed in the receipt`]),
      ...(written.state === "done" ? [`${id} is done without ${name}`] : []),
    ]);
  }

  /** Names of a transfer that are not at its target as they are at its source, but for those that somebody else has written. */
  const absent = (id: string, there: ReadonlyMap<string, string>): string[] =>
    [...(source.get(id) ?? [])].flatMap(([name, text]) => {
      const at = `copy-${id}/${name}`;
      const md5 = createHash("md5").update(text).digest("base64");
      return there.get(at) === md5 || (strangers.has(at) && there.has(at)) ? [] : [name];
    });

  /** Holds that a transfer of which the team is told that it is done is so: by its receipt, and by what is there. */
  const told: Strikes["told"] = ({ topic, event }) => {
    const { key, subject } = topic === "notice" ? Notice.parse(event) : { key: "", subject: "" };
    const [, id] = /^transfer\/(.+)\/ended$/.exec(key) ?? [];
    if (id === undefined) return;
    const [receipt] = world.records(`transfers/${hub}/${id}/receipt.json`);
    const state = receipt && TransferReceipt.parse(JSON.parse(receipt.text)).state;
    const isDone = subject.endsWith("is done");
    if (state === undefined || (state === "done") !== isDone)
      found.push(`the team was told of ${id}: "${subject}", and the receipt says ${state}`);
    if (isDone && absent(id, targets()).length > 0)
      found.push(`the team was told that ${id} is done, and not everything is there`);
    if (compute.machines().some(({ labels, status }) => labels["transfer"] === id && status !== "STOPPING"))
      found.push(`the team was told that all machines of ${id} are deleted, and one is not`);
  };

  /** Its first message was used up by failures, and people find it under Undelivered. */
  const givenUp = (id: string): boolean =>
    world.records("undelivered/").some(({ text }) => text.includes(`"id":"${id}"`));

  return {
    watch,
    told,
    outlived(names: readonly string[]): void {
      for (const name of names) found.push(`${name} has outlived its work, and no sweep took it`);
    },
    fill,
    stranger,
    /** Done when time next moves. */
    soon: (work: () => Promise<unknown>): void => {
      waiting.push(work);
    },
    async happen(): Promise<void> {
      const due = waiting;
      waiting = [];
      for (const work of due) await work();
    },
    cancel: (id: string) =>
      put(
        "sample-hub-ledger",
        `transfers/${hub}/${id}/cancel.json`,
        JSON.stringify({ v: 1, by: "somebody", at: world.now().toISOString() }),
      ),
    broken(asked: ReadonlySet<string>): string[] {
      const left = compute.machines().map(({ name }) => `a machine is left: ${name}`);
      const transfers = [...asked].flatMap(ofTransfer);
      return [...new Set(found), ...left, ...transfers];
    },
  };
}
