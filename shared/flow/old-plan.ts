// A plan as it was stored before each held action had a hash, in today's shape.
import * as z from "zod";
import { hashOf, type StoredPlan } from "./plan.ts";

const OldAction = z.object({ do: z.string(), login: z.string(), team: z.string(), why: z.string() });
export const OldPlan = z.strictObject({
  hash: z.string(),
  actions: z.array(OldAction),
  held: z.array(OldAction),
  rejected: z.array(
    z.object({ cell: z.string(), value: z.string(), why: z.string(), suggestion: z.string().optional() }),
  ),
});

/** Gives an old plan today's shape. The cell stood behind the reason: "the membership ended on 2020-01-31 (C12)". */
export function planOfOld(
  { hash, actions, held, rejected }: z.infer<typeof OldPlan>,
  because: string,
): StoredPlan {
  const today = ({ login, why, ...rest }: z.infer<typeof OldAction>) => {
    const [, reason = why, cell] = /^(.*) \(([A-Z]{1,3}\d+)\)$/.exec(why) ?? [];
    return { ...rest, about: login, why: reason, ...(cell === undefined ? {} : { at: cell }) };
  };
  return {
    hash,
    actions: actions.map(today),
    held: held.map((action) => ({ ...today(action), because, hash: hashOf(today(action)) })),
    refused: rejected.map(({ cell, ...rest }) => ({ about: cell, ...rest })),
  };
}
