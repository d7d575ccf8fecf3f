// Words that people say on what a flow holds, through the ledger as the console does: to all of it, or to a part.
import * as z from "zod";
import { approve } from "../../../shared/flow/approvals.ts";
import type { FlowName } from "../../../shared/functions.ts";
import { Approval, HeldPlan, Waiting } from "../../../shared/records.ts";
import { makeHouse } from "../house.ts";
import type { World } from "../world.ts";
import { hub } from "./settings.ts";

const Head = z.looseObject({ waiting: Waiting.optional() });
type Held = { plan: string; hash: string; do: string; about: string; team?: unknown; because: string };
export type Words = ReturnType<typeof wordsOn>;

/** @param head name of the record in which the flow remembers what waits. */
export function wordsOn(world: World, flow: FlowName, head: string) {
  const { ledger } = makeHouse("console", world, []);
  let waiting: (() => Promise<unknown>)[] = [];

  /** Lists what waits for a person now, with the plan that shows it. */
  function held(): Held[] {
    const [stored] = world.records(head);
    const since = stored && Head.parse(JSON.parse(stored.text)).waiting;
    const [shown] = since === undefined ? [] : world.records(`plans/${hub}/${since.plan}`);
    if (since === undefined || shown === undefined) return [];
    return HeldPlan.parse(JSON.parse(shown.text))
      .plan.held.filter(({ hash }) => Object.hasOwn(since.since, hash))
      .map((action) => ({ ...action, plan: since.plan }));
  }

  /** Gives the newest word on a held action. */
  const on = (hash: string): Approval | undefined =>
    world
      .records(`approvals/${hub}/${flow}/`)
      .map(({ text }) => Approval.parse(JSON.parse(text)))
      .findLast(({ items }) => items.includes(hash));

  return {
    held,
    /** Says it to those that are chosen, when time next moves, for an edit is made at once. Gives whether there are any. */
    say(verdict: Approval["verdict"], isChosen: () => boolean): boolean {
      const [first, ...others] = held().filter(isChosen);
      if (first === undefined) return false;
      const items = [first, ...others].map(({ hash }) => hash);
      const word = { verdict, by: "console", at: world.now().toISOString(), plan: first.plan, items };
      waiting.push(() => world.operate("console", () => approve(ledger, { hub, flow }, word)));
      return true;
    },
    on,
    /** Tells whether a person has said it last of something about somebody that was on hold. */
    isSaid: (verdict: Approval["verdict"], about: string): boolean =>
      world
        .records(`plans/${hub}/`)
        .flatMap(({ text }) => HeldPlan.parse(JSON.parse(text)).plan.held)
        .some((action) => action.about === about && on(action.hash)?.verdict === verdict),
    async moved(): Promise<void> {
      const due = waiting;
      waiting = [];
      for (const work of due) await work();
    },
  };
}
