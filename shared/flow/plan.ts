// Plan of what a flow would do, as a value: made by `decide`, stored and shown whole, carried out as it is. Every flow's plan has
// this shape, so that worker, console, command line and messages read one thing.
import { hash } from "node:crypto";
import * as z from "zod";
import { Figures } from "../transfers/figures.ts";

/**
 * One change that a flow would make. `about` is whom or what it concerns: a login, a directory, a release, a transfer's id.
 * `at` is where it was read, a cell or a line: it moves when somebody sorts a sheet, and is no part of what is approved.
 */
export const Action = z.looseObject({
  do: z.string(),
  about: z.string(),
  why: z.string(),
  at: z.string().optional(),
});
export type Action = { do: string; about: string; why: string; at?: string | undefined };

/** A change that waits for a person: its own hash, which an approval names, and why it is held. */
export type HeldAction<A extends Action = Action> = A & { hash: string; because: string };

/** Cell or file that could not be understood. `value` is what stands there, `suggestion` what was perhaps meant. */
export const Refused = z.strictObject({
  about: z.string(),
  why: z.string(),
  value: z.string().optional(),
  suggestion: z.string().optional(),
});
export type Refused = z.infer<typeof Refused>;

/** Cost of carrying it out, at most, where it costs anything. */
export const Cost = z.strictObject({
  dollars: z.number(),
  hours: z.number(),
  bytes: z.number(),
  /** Those of a transfer. */
  figures: Figures.optional(),
});
export type Cost = z.infer<typeof Cost>;

export type Plan<A extends Action = Action> = {
  /** Names what was shown. */
  hash: string;
  actions: A[];
  held: HeldAction<A>[];
  refused: Refused[];
  cost?: Cost | undefined;
};

/** A plan as it is stored, of any flow. */
export const StoredPlan = z.strictObject({
  hash: z.string(),
  actions: z.array(Action),
  held: z.array(Action.extend({ hash: z.string(), because: z.string() })),
  refused: z.array(Refused),
  cost: Cost.optional(),
});
export type StoredPlan = z.infer<typeof StoredPlan>;

/** Names the ledger's object of a plan that was held. */
export const planName = (hub: string, hash: string): string => `plans/${hub}/${hash}.json`;

/** Makes a plan of its parts: gives each held action its hash, and the whole its own. */
export function planOf<A extends Action>(parts: {
  actions: readonly A[];
  held: readonly (A & { because: string })[];
  refused: readonly Refused[];
  cost?: Cost;
}): Plan<A> {
  const held = parts.held.map((action) => ({ ...action, hash: hashOf(action) }));
  const { cost } = parts;
  return {
    hash: digest([
      ...parts.actions.map((action) => `goes ${hashOf(action)}`),
      ...held.map((action) => `held ${action.hash}`),
    ]),
    actions: [...parts.actions],
    held,
    refused: [...parts.refused],
    ...(cost === undefined ? {} : { cost }),
  };
}

/**
 * Names exactly what a plan does and holds now. A plan that people were shown keeps that one's hash while some of it waits, whatever
 * else has changed.
 */
export const exactHashOf = ({ actions, held }: Pick<Plan, "actions" | "held">): string =>
  planOf({ actions, held, refused: [] }).hash;

/**
 * Names an action by who, what and why: 16 letters. The same change has the same hash wherever its cell or line has moved to, in
 * whatever case GitHub writes a login, and whatever else its plan holds.
 */
export function hashOf(action: Action & { because?: string; hash?: string }): string {
  const { at: _, because: __, hash: ___, ...rest } = action;
  const fields = Object.entries({ ...rest, about: rest.about.toLowerCase() }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  return digest([JSON.stringify(fields)]);
}

const digest = (lines: readonly string[]): string =>
  hash("sha256", [...lines].sort().join("\n")).slice(0, 16);
