// Reasons not to forget somebody yet, by the last look at sheet and teams; and what of somebody is out of reach. Pure.
import type { MembersState } from "../../shared/members/records.ts";
import type { Who } from "./who.ts";

/** Gives the reason in words without their name; undefined where they are gone. */
export function whyNot(who: Who, state: MembersState | undefined): string | undefined {
  if (state === undefined)
    return "no run has compared sheet and teams yet: nobody knows whether they are gone";
  const is = (...names: (string | undefined)[]): boolean =>
    names.some((name) => name !== undefined && (who.logins.has(lower(name)) || who.mails.has(lower(name))));
  const row = state.people.find(({ login, email, renamedTo }) => is(login, email, renamedTo));
  if (row !== undefined) return `they are in the sheet, in ${row.cell}: take them out of it first`;
  const typed = state.pairings?.find(({ login, email }) => is(login, email));
  if (typed !== undefined) return `they are in the sheet, in row ${typed.at}: take them out of it first`;
  const refused = state.rejected.find(({ value, suggestion }) => is(value, suggestion));
  if (refused !== undefined) return `they are in the sheet, in ${refused.cell}: take them out of it first`;
  const others = [...(state.others ?? []), ...state.unmanaged, ...(state.reported ?? [])];
  const there = others.find((one) =>
    is(one.login, "email" in one ? one.email : undefined, "before" in one ? one.before : undefined),
  );
  if (there === undefined) return undefined;
  return there.team === undefined || "invitedAt" in there
    ? "they are invited to the organisation: cancel the invitation at GitHub first"
    : `they are in the team ${there.team}: take them out of it at GitHub first`;
}

const lower = (text: string): string => text.toLowerCase();

/** Of somebody who was forgotten, what is left elsewhere, and how it ends. */
export const unreachable: readonly string[] = [
  "the ledger's own backups: earlier versions of what was changed are gone for good a week later",
  "the sheet's version history, and whoever has a copy of the sheet",
  "GitHub's audit log, which keeps who was let in for 180 days, and the account itself",
  "mails that were sent: they are in the team's mailbox, and in theirs",
  "messages in Slack: delete them there",
  "their home on the hub's volume: while its folder is there, each scan reads its name again",
  "transfers, should a path or an object have their name in it",
  "Google's own logs, which have no name from here, and keep the addresses of callers for 30 days",
  "the settings, should they name them as protected, or as writers of a remote",
];
