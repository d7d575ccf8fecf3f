// Damage of every kind, at every stage, to objects of every kind: a receipt names each of them, and nothing else.
import { expect } from "@jest/globals";
import fc from "fast-check";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { asked, transferHarness } from "./harness.ts";
import { kinds, type Stored, type Stores, storesOf } from "./stores.ts";

const damages = {
  "a flipped bit": (content: string) => `${content.slice(0, -1)}!`,
  "a cut end": (content: string) => content.slice(0, -1),
  "another's content": () => "swapped",
  "an old version of the same size": (content: string) => content.replaceAll(/./g, "o"),
  "no object": () => undefined,
} as const;
type Damage = keyof typeof damages;

/** Listing of the target right after which it happens, or what else happens then. */
const stages = ["there before", "while it is copied", "right after it is read", 0, 1, 2, 3] as const;

const objects = fc.array(
  fc.record({
    size: fc.integer({ min: 2, max: 40 }),
    from: fc.constantFrom(...kinds),
    to: fc.constantFrom(...kinds),
    damage: fc.option(fc.constantFrom(...(Object.keys(damages) as Damage[])), { freq: 3, nil: undefined }),
    stage: fc.constantFrom(...stages),
    isThere: fc.boolean(),
  }),
  { minLength: 10, maxLength: 25 },
);
type Drawn = typeof objects extends fc.Arbitrary<infer T> ? T : never;

/** `last`: what the target held when it was listed last. */
function worldOf(drawn: Drawn): { stores: Stores; last: () => ReadonlyMap<string, Stored> } {
  let last: ReadonlyMap<string, Stored> = new Map();
  const named = new Map(drawn.map((one, index) => [`object ${index}`, one]));
  /** Each damage is done once. */
  const done = new Set<string>();
  function strike(name: string, stores: Stores): void {
    const one = named.get(name);
    const stored = stores.ends.target.get(name);
    if (one?.damage === undefined || stored === undefined || done.has(name)) return;
    done.add(name);
    const content = damages[one.damage](stored.content);
    if (content === undefined) stores.ends.target.delete(name);
    else stores.write("target", name, { ...stored, content });
  }
  const stores: Stores = storesOf({
    copied(name) {
      const one = named.get(name);
      const stored = stores.ends.target.get(name);
      // The target's store shows what it has in its own way.
      if (one !== undefined && stored !== undefined)
        stores.write("target", name, { ...stored, kind: one.to });
      if (one?.stage === "while it is copied") strike(name, stores);
    },
    read(name) {
      if (named.get(name)?.stage === "right after it is read") strike(name, stores);
    },
    listed(before, held) {
      last = held;
      for (const [name, one] of named) if (one.stage === before) strike(name, stores);
    },
  });
  for (const [name, one] of named) {
    const content = `${name} `.padEnd(one.size, "x").slice(0, one.size);
    stores.write("source", name, { content, kind: one.from });
    if (!one.isThere && one.stage !== "there before") continue;
    stores.write("target", name, { content, kind: one.to });
    if (one.stage === "there before") strike(name, stores);
  }
  return { stores, last: () => last };
}

/** Damages objects of so many transfers, and gives how many were named by their receipts. */
export async function damageIsFound(numRuns: number): Promise<number> {
  const served = await ledgerHarness();
  let found = 0;
  let left = 0;
  let worlds = 0;
  const property = fc.asyncProperty(objects, fc.boolean(), async (drawn, isTaken) => {
    const { stores, last } = worldOf(drawn);
    worlds += 1;
    const id = `damage-${worlds}`;
    const preempt = new Set(isTaken ? ["0-1"] : []);
    const on = await transferHarness({ served, stores, preempt });
    await on.deliver({ ...asked, id });
    for (let look = 0; look < 60 && (await on.state(id))?.state === "running"; look += 1) {
      on.moveBy(60_000);
      await on.deliver({ v: 1, hub: "sample", id, why: "continue" });
    }
    const receipt = TransferReceipt.parse(await on.jsonOf(`transfers/sample/${id}/receipt.json`));
    const badIn = (target: ReadonlyMap<string, Stored>): string[] =>
      [...stores.ends.source].flatMap(([name, { content }]) =>
        target.get(name)?.content === content ? [] : [name],
      );
    const bad = badIn(last());
    // Damage that is done after the last listing is seen where a store is asked after it.
    const since = badIn(stores.ends.target);
    const { notThere, conflicts, changed = [], unproved = [], state } = receipt;
    const named = [...notThere, ...conflicts, ...changed];
    // One written after its machine was done is not read back any more: nobody says that it is the same.
    expect(bad.filter((name) => !named.includes(name) && !unproved.includes(name))).toEqual([]);
    expect(named.filter((name) => !bad.includes(name) && !since.includes(name))).toEqual([]);
    expect(state === "done").toBe(named.length + unproved.length === 0);
    // Each object is counted once.
    expect(receipt.copied + receipt.already + named.length + unproved.length).toBe(drawn.length);
    found += bad.length;
    left += unproved.filter((name) => !bad.includes(name) && !since.includes(name)).length;
  });
  await fc.assert(property, { numRuns, endOnFailure: true }).finally(served.close);
  // Nothing is left unproved that nobody wrote on.
  expect(left).toBe(0);
  return found;
}
