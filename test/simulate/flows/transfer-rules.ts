// Rules for transfers: no machine is left, no shard has two, and every object is copied or listed in the receipt.
import { createHash } from "node:crypto";
import type { ComputeFarEnd } from "../../../local/compute/far-end.ts";
import { TransferReceipt, TransferState } from "../../../shared/transfers/records.ts";
import { operatorStorage } from "../house.ts";
import type { Random } from "../random.ts";
import type { Strikes } from "../strikes.ts";
import type { World } from "../world.ts";
import { hub } from "./settings.ts";

export const ids = ["t1", "t2"] as const;

export function transferRules(world: World, random: Random, compute: ComputeFarEnd) {
  const found: string[] = [];
  const limit = world.settings.hubs[hub]?.transfers?.limits.machines ?? 0;
  const source = new Map<string, Map<string, string>>(ids.map((id) => [id, new Map()]));
  let waiting: (() => Promise<unknown>)[] = [];
  let strangers = 0;

  const put = (bucket: string, name: string, text: string) => operatorStorage(world, bucket, name, text);

  async function fill(): Promise<void> {
    for (const id of ids)
      for (let count = random.between(1, 5); count > 0; count -= 1) {
        const name = `object ${count}`;
        const text = `${id} ${count} `.repeat(random.between(1, 200));
        source.get(id)?.set(name, text);
        await put("persistent", `${id}/${name}`, text);
        if (random.chance(0.1)) await put("scratch", `copy-${id}/${name}`, text);
      }
  }

  async function stranger(): Promise<void> {
    const id = random.pick(...ids);
    const name = random.oneOf([...(source.get(id)?.keys() ?? [])]);
    if (name === undefined || targets().has(`copy-${id}/${name}`)) return;
    strangers += 1;
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
    for (const id of ids) {
      const count = alive.filter(({ labels }) => labels["transfer"] === id).length;
      if (count > limit) found.push(`${count} machines run for ${id}, and ${limit} are allowed`);
    }
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
      return [`${id} has not ended: ${state.said}; ${JSON.stringify(state.shards)}`];
    const written = TransferReceipt.parse(JSON.parse(receipt.text));
    if (written.state !== state.state)
      found.push(`${id} is ${state.state}, and its receipt says ${written.state}`);
    const there = targets();
    const listed = new Set([...written.notThere, ...written.conflicts, ...written.unmovable]);
    const broken: string[] = [];
    for (const [name, text] of source.get(id) ?? []) {
      const md5 = createHash("md5").update(text).digest("base64");
      const same = there.get(`copy-${id}/${name}`) === md5;
      if (!same && !listed.has(name) && strangers === 0)
        broken.push(`${name} of ${id} is neither copied nor listed in the receipt`);
      if (!same && written.state === "done" && strangers === 0) broken.push(`${id} is done without ${name}`);
    }
    return broken;
  }

  /** Its first message was used up by failures, and people find it under Undelivered. */
  const givenUp = (id: string): boolean =>
    world.records("undelivered/").some(({ text }) => text.includes(`"id":"${id}"`));

  return {
    watch,
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
