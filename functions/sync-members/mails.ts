// Finds the mails that are due to members by what is so now: the same facts give the same mails, under the same keys, and a key is
// attempted once. So one that was handed over twice, late, or by a run that died goes out once. Pure.
import { dayIn, dayMs, dayOf } from "../../shared/clock.ts";
import { askedAgain, invitationEnds } from "../../shared/members/invitations.ts";
import { daysBeforeEnd, type MemberMail, type WaitingMail } from "../../shared/members/mails.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { accessAfter } from "./access.ts";
import type { Acted, Decision, Seen } from "./facts.ts";
import { digestOf } from "./gather.ts";
import { invited, knownOf, lower, sheetNames } from "./names.ts";
import { farewells } from "./partings.ts";
import { tellableFrom } from "./settled.ts";

/** Days of an invitation on which people are reminded; the nearest alone. */
const reminders = [6, 3] as const;
/** Most mails of these that a look hands over: the next one goes on, and the day's budget is not taken at once. */
export const mostMailsALook = 100;

type Person = MembersState["people"][number];
type Of = { seen: Seen; decision: Decision; acted: Acted; next: MembersState; timeZone: string };

/** Gives what is due, whether it has been handed over or not, and from when each may go. */
export function mailsDue(of: Of): WaitingMail[] {
  const { seen, decision, acted, next } = of;
  const accessOf = accessAfter(seen, acted);
  const hasAccess = (login: string): boolean => accessOf(login).teams.size > 0 || accessOf(login).invited;
  const { because, touched } = decision.doubt;
  const mayTell = tellableFrom(seen);
  const mailOf = mailFor(of);
  return [
    ...next.people
      .filter(({ login, email }) => email !== "" && !(because !== undefined && touched.has(lower(login))))
      .flatMap((person) => {
        const mail = mailOf(person);
        return mail === undefined
          ? []
          : [{ ...mail, email: person.email, name: person.name, from: mayTell(person.cell) }];
      }),
    // While something is amiss with the sheet as a whole, what stands in a cell may be another's.
    ...(because === undefined ? unreadableLogins(seen, mayTell) : []),
    ...farewells(next.partings ?? {}, hasAccess),
  ];
}

type Found = Omit<MemberMail, "email" | "name">;

/** Finds the one mail that a person's row and standing ask for. */
function mailFor({ seen, next, timeZone }: Of): (person: Person) => Found | undefined {
  const nameOf = sheetNames(seen.rows, seen.state);
  const invitations = new Map(invited(seen.github).map((one) => [nameOf(one), one]));
  const rows = new Map(seen.rows.map((row) => [lower(row.login), row]));
  return (person) => {
    const login = lower(person.login);
    const known = knownOf(next, login);
    const ends = rows.get(login)?.expires;
    const base = { login, tier: person.tier, ...(ends === undefined ? {} : { ends }) };
    switch (person.status) {
      case "in-team":
        return ends === undefined
          ? undefined
          : ending({ ...base, ends }, known?.memberships?.[person.team], seen.today);
      case "invited": {
        const invitation = invitations.get(login);
        if (invitation === undefined || !invitation.teams.includes(person.team)) return undefined;
        return reminder(base, new Date(invitation.createdAt), { now: seen.now, timeZone });
      }
      case "failed-invitation": {
        if (known?.outcome !== "lapsed") return undefined;
        const key = `expired/${login}/${(known.invitedAt ?? known.outcomeAt ?? "").slice(0, 10)}`;
        return { occasion: "expired", key, ...base, again: askedAgain(known) !== "never" };
      }
      case "no-such-user":
        return mistyped(person.email, person.login);
      case "to-invite":
      case "expired":
      case "held":
        return undefined;
      default:
        return person.status satisfies never;
    }
  };
}

type Base = Pick<MemberMail, "tier" | "ends"> & { login: string };

function reminder(
  base: Base,
  created: Date,
  { now, timeZone }: { now: Date; timeZone: string },
): Found | undefined {
  const day = reminders.find((days) => now.getTime() - created.getTime() >= days * dayMs);
  if (day === undefined) return undefined;
  const until = dayIn(timeZone, invitationEnds(created));
  return {
    occasion: `reminder-${day}`,
    key: `reminded/${base.login}/${dayOf(created)}/${day}`,
    ...base,
    until,
  };
}

type Membership = NonNullable<MembersState["known"][string]["memberships"]>[string];

/** Finds the mail on an end that is near. Whoever was let in within these days knows it from that mail. */
function ending(
  base: Base & { ends: string },
  membership: Membership | undefined,
  today: string,
): Found | undefined {
  const left = (from: string): number => Math.round((Date.parse(base.ends) - Date.parse(from)) / dayMs);
  const days = left(today);
  const step = daysBeforeEnd.find((most) => days <= most);
  if (step === undefined || days < 0) return undefined;
  if (membership?.how === "given" && left(membership.at.slice(0, 10)) <= step) return undefined;
  return { occasion: `ends-${step}`, key: `ends/${base.login}/${base.ends}/${step}`, ...base, days };
}

const mistyped = (email: string, typed: string): Found => ({
  occasion: "login-mistyped",
  key: `mistyped/${digestOf([lower(email), lower(typed)]).slice(0, 16)}`,
  typed,
});

/**
 * Finds refused logins, by the address beside each. Of one that is somebody's the team is to ask; of an empty one there is nothing to
 * say, nor to whoever has filled the form again and stands in a good row.
 */
function unreadableLogins(
  { rows, rejected, unreadable, accounts }: Seen,
  mayTell: (cell: string) => string,
): WaitingMail[] {
  const answered = new Set(rows.map((row) => lower(row.email)));
  const emails = new Map(unreadable.map(({ cell, email = "" }) => [cell, email]));
  return rejected.flatMap(({ cell, value }) => {
    const email = emails.get(cell) ?? "";
    const account = accounts.get(lower(value));
    const isNothing = email === "" || value.trim() === "" || answered.has(lower(email));
    if (isNothing || typeof account === "object") return [];
    return [{ ...mistyped(email, value), email, from: mayTell(cell) }];
  });
}
