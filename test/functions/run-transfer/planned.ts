// Plan equals apply, for ends and limits drawn at random.
import { expect } from "@jest/globals";
import fc from "fast-check";
import type { RemoteObject } from "../../../shared/transfers/records.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { ledgerHarness } from "../../shared/ledger-harness.ts";
import { asked, transferHarness } from "./harness.ts";

export type On = Awaited<ReturnType<typeof transferHarness>>;
export const dryRun = { ...asked, dryRun: true } as const;

/** The plan of a delivery that said something. */
export const planIn = (result: Awaited<ReturnType<On["deliver"]>>) =>
  "plan" in result ? result.plan : undefined;

/** Delivers until it has ended; gives the plan of the first delivery. */
export async function carriedOut(on: On, id: string = asked.id) {
  const first = await on.deliver({ ...asked, id });
  for (let look = 0; look < 60 && (await on.state(id))?.state === "running"; look += 1) {
    on.moveBy(60_000);
    await on.deliver({ v: 1, hub: "sample", id, why: "continue" });
  }
  return planIn(first);
}

/** Objects of both ends: some are there already, some with another content or a name that cannot be copied. */
const worlds = fc
  .array(
    fc.tuple(fc.constantFrom("new", "same", "other", "unmovable"), fc.integer({ min: 1, max: 200_000 })),
    {
      maxLength: 12,
    },
  )
  .map((drawn) => {
    const source: RemoteObject[] = [];
    const target: RemoteObject[] = [];
    for (const [index, [kind, size]] of drawn.entries()) {
      const name = kind === "unmovable" ? `${"x".repeat(1100)} ${index}` : `object ${index}`;
      source.push({ name, size, md5: "aa" });
      if (kind === "same") target.push({ name, size, md5: "aa" });
      if (kind === "other") target.push({ name, size, md5: "bb" });
    }
    return { source, target };
  });

/** Plans and carries out so many transfers, each with ends and limits of its own. */
export async function plannedIsDone(numRuns: number): Promise<void> {
  const served = await ledgerHarness();
  let worldsSoFar = 0;
  await fc.assert(
    fc.asyncProperty(worlds, fc.integer({ min: 1, max: 4 }), fc.boolean(), async (ends, machines, dry) => {
      const settings = sampleSettings();
      const transfers = settings.hubs["sample"]?.transfers;
      if (transfers === undefined) throw new Error("the sample settings have no transfers");
      Object.assign(transfers.limits, { machines, gigabytes: 0.001 });
      const on = await transferHarness({ ...ends, settings, served });
      worldsSoFar += 1;
      const id = `world-${worldsSoFar}`;
      const planned = planIn(
        await (dry ? on.deliver({ ...dryRun, id }) : on.deliver({ ...asked, id }, { mode: "plan" })),
      );
      const before = new Set(on.target.keys());
      expect([on.made, on.effects]).toEqual([[], []]);
      expect(await carriedOut(on, id)).toEqual(planned);
      const copied = [...on.target.values()].filter(({ name }) => !before.has(name));
      const bytes = copied.reduce((sum, { size }) => sum + size, 0);
      const begun = on.effects.filter((effect) => effect.do === "plan-transfer");
      const [action] = planned?.actions ?? [];
      expect(begun).toHaveLength(action === undefined ? 0 : 1);
      if (action !== undefined) {
        expect(action).toMatchObject({ objects: copied.length, bytes, machines: on.made.length });
        expect((await on.state(id))?.hash).toBe(planned?.hash);
        const left = ends.source.filter(({ name, md5 }) => on.target.get(name)?.md5 !== md5);
        expect(planned?.refused.map(({ about }) => about).sort()).toEqual(
          left.map(({ name }) => name).sort(),
        );
      } else expect([on.made, copied]).toEqual([[], []]);
    }),
    { numRuns },
  );
  await served.close();
}
