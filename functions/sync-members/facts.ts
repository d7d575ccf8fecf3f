// Types of what a run of sync-members works on: what was gathered, what was decided on that, what was done, and the shape of one change.
import type { Explanation } from "../../shared/errors.ts";
import type { Failure } from "../../shared/failure.ts";
import type { Action, Plan } from "../../shared/flow/plan.ts";
import type { Account as GitHubAccount } from "../../shared/github/logins.ts";
import type { TeamsRead } from "../../shared/github/people.ts";
import { noSuchAccount } from "../../shared/github/refusals-app.ts";
import type { ClassRecord } from "../../shared/members/classes.ts";
import type { InvitationOutcome } from "../../shared/members/invitations.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { MembersSettings } from "../../shared/members/settings.ts";
import type { SheetRows } from "../../shared/sheets/rows.ts";
import type { Doubt } from "./doubt.ts";

/** One change of one person's access. `about` is their login, as GitHub or else the sheet has it. */
export type MemberAction = Action & { do: AtGithub | InMemory; team: string };
export type AtGithub = "invite" | "add" | "remove" | "cancel-invitation";
/** Changes of what is remembered alone: whose doing a membership is, and which address belongs to which login. */
export type InMemory = "adopt" | "pair";

export const isInMemory = ({ do: act }: Pick<MemberAction, "do">): boolean =>
  act === "adopt" || act === "pair";

/** Answer of GitHub about a login. */
export type Account = GitHubAccount | "not-found";

/** Facts that a decision is made of. */
export type Facts = Omit<SheetRows, "problem" | "remarks"> & {
  github: TeamsRead;
  /** Answers of GitHub about logins that are in no managed team and not invited: lower-case login -> account. */
  accounts: ReadonlyMap<string, Account>;
  /** State that the run before left. */
  state: MembersState | undefined;
  settings: MembersSettings;
  /** Time since which a person wants the memberships marked that the sheet lists. */
  adoptingSince?: string | undefined;
  /** Classes that may be looked after today. */
  classes?: readonly ClassRecord[];
  /** Day at the hub, YYYY-MM-DD. */
  today: string;
  now: Date;
};

/** The facts, the message that woke the run, and a digest of all that matters in the sheet and of what the settings and the day make of it. */
export type Seen = Facts & { digest: string; run: string };

export type Decision = {
  plan: Plan<MemberAction>;
  /** Invitations for which today's budget is used up: they go out later. */
  deferred: MemberAction[];
  /** Of those, whom a class's people go before, by lower-case login: the class. */
  keptBack: ReadonlyMap<string, string>;
  /** Members of managed teams that the sheet has never named, or who were put there by hand. */
  unmanaged: MembersState["unmanaged"];
  /** Access that the sheet no longer gives and that stays. */
  reported: NonNullable<MembersState["reported"]>;
  /** Doubt about the sheet as a whole: what is held of this read, by the name of what happened to it. */
  doubt: Doubt;
  /** Since when the sheet has taken something away, by change. */
  leaving: Record<string, string>;
  /** Lower-case logins that no good row has, but perhaps a refused one: left alone until it is mended. */
  doubted: string[];
};

/** Outcome of a plan. */
export type Acted = {
  done: MemberAction[];
  /** Actions that need no other look: done, or found done already. */
  settled: MemberAction[];
  /** Number of actions that are left for later. */
  left: number;
  overLimit: boolean;
  /** GitHub has asked to be left alone for so long; then nothing more was tried. */
  waitSeconds?: number;
  /** Lower-case logins that an invitation was tried for, taken or refused. */
  asked: Set<string>;
  /** Outcome for each of whom something was tried or done, by lower-case login. */
  outcomes: Map<string, InvitationOutcome>;
  /** Failure for each whom GitHub refused, by lower-case login; the team, where it refused this person. */
  refused: Map<string, { failure: Failure; team?: string }>;
  /** Refusal that keeps everybody out, by what was tried: no more of that was tried after it. */
  stopped: Map<MemberAction["do"], Failure>;
  invited: Set<string>;
  added: Set<string>;
  /** Lower-case logins that were to get access and did not, in this run. */
  notLetIn: Set<string>;
  /** Reasons that nobody knows, one for each who was refused for one. */
  refusals: string[];
  /** People who are still to be told. */
  announce: MembersState["announce"];
  /** People who were told, with the mail that did, by lower-case login. */
  told: Map<string, MembersState["announce"][string]>;
};

/** Gives the outcome of a run that did nothing. */
export const nothingDone = (announce: MembersState["announce"]): Acted => ({
  done: [],
  settled: [],
  left: 0,
  overLimit: false,
  asked: new Set(),
  outcomes: new Map(),
  refused: new Map(),
  stopped: new Map(),
  invited: new Set(),
  added: new Set(),
  notLetIn: new Set(),
  refusals: [],
  announce: { ...announce },
  told: new Map(),
});

/** Says whether GitHub took nobody of those who were asked in, and did not say why. Whoever moves between teams says nothing of them. */
export function nobodyLetIn({ refusals, refused, asked, notLetIn, added }: Acted): boolean {
  // One account may be gone since it was looked up; of several GitHub says so to whom it shows nothing.
  const [only] = refused.size === 1 ? refused.values() : [];
  if (refusals.length === 0 || only?.failure.cause === noSuchAccount.cause) return false;
  if (asked.size > 0) return [...asked].every((login) => notLetIn.has(login));
  return added.size === 0;
}

/** One person's refusal is theirs; when nobody is let in, something is amiss that only a person finds. */
export function refusedAll(refusals: readonly string[]): Explanation {
  const [why = ""] = refusals;
  return {
    what: "GitHub let nobody in",
    why: refusals.length === 1 ? why : `it refused ${refusals.length} people: ${why}`,
    next: "mend it as an owner of the organisation, or correct the sheet; each is asked again after a day",
  };
}
