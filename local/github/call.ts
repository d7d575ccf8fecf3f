// One REST request on its way to its rule, and what the rules have in common: pages, and the organisation that is meant.
import { type Answer, notFound } from "./answers.ts";
import type { App } from "./app-auth.ts";
import type { Limits } from "./limits.ts";
import type { Account, Store, Team, Window } from "./state.ts";

export type Call = {
  store: Store;
  app: App;
  limits: Limits;
  /** Now, by the movable clock. */
  nowMs: number;
  /** Address of this far end: the start of every address in its answers. */
  api: string;
  path: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
  /** The account whose own token calls; none for an App. */
  user?: Account;
  /** Scopes of that token. */
  scopes?: readonly string[];
};

export type Rule = (call: Call) => Answer;
export type Organisation = Account & { created: number };

/** Reads the digits with which a text begins, as GitHub does: what has none is nothing. */
const numberIn = (text = ""): number => Number(/^\d{1,9}/.exec(text)?.[0] ?? 0);

/** Page and size as asked for; GitHub gives 30 by default and never more than 100. */
export function windowOf({ query }: Call): Window & { page: number } {
  const limit = Math.min(100, numberIn(query["per_page"]) || 30);
  const page = numberIn(query["page"]) || 1;
  return { limit, page, offset: (page - 1) * limit };
}

/** Runs a rule on the organisation of the path; the caller's right to it has been checked before. */
export const inOrganisation =
  (rule: (call: Call, organisation: Organisation) => Answer): Rule =>
  (call) => {
    const organisation = call.store.organisationBy.login(call.path["org"] ?? "");
    return organisation === undefined ? notFound : rule(call, organisation);
  };

/** The same, on a team of it. */
export const inTeam = (rule: (call: Call, team: Team, organisation: Organisation) => Answer): Rule =>
  inOrganisation((call, organisation) => {
    const team = call.store.teamBy.slug(organisation.id, call.path["team_slug"] ?? "");
    return team === undefined ? notFound : rule(call, team, organisation);
  });

/** The account that the path names, unless it is gone or suspended. */
export function accountIn({ store, path }: Call): Account | undefined {
  const account = store.accountBy.login(path["username"] ?? "");
  return account?.suspended === 1 ? undefined : account;
}
