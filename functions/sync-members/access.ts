// Finds what everybody of the sheet has at GitHub: the managed teams that they are in, and whether an invitation is live. Pure.
import type { MembersState } from "../../shared/members/records.ts";
import type { Acted, Seen } from "./facts.ts";
import { invited, invitedByMail, lower, sheetNames } from "./names.ts";
import { namesOfActions } from "./provenance.ts";

type Person = MembersState["people"][number];
/** An invitation to an account and one to an address are two, and only the first is ever withdrawn. */
type Access = { teams: Set<string>; invited: boolean; mailed: boolean };

/** Gives it as it is after the act, by the lower-case login of the sheet. */
export function accessAfter(
  { github, rows, state }: Pick<Seen, "github" | "rows" | "state">,
  { settled, added, invited: invitedNow }: Pick<Acted, "settled" | "added" | "invited">,
): (login: string) => Access {
  const nameOf = sheetNames(rows, state);
  const actedOn = namesOfActions(github, nameOf);
  const all = new Map<string, Access>();
  const of = (name: string): Access => {
    const known = all.get(name) ?? { teams: new Set<string>(), invited: false, mailed: false };
    all.set(name, known);
    return known;
  };
  for (const [team, { members }] of Object.entries(github.teams))
    for (const member of members) of(nameOf(member)).teams.add(team);
  for (const invitation of invited(github)) of(nameOf(invitation)).invited = true;
  const mailed = invitedByMail(github);
  for (const { login, email } of rows) if (mailed.has(lower(email))) of(lower(login)).mailed = true;
  for (const { do: act, about, team } of settled) {
    const one = of(actedOn(about));
    if (act === "remove") one.teams.delete(team);
    if (act === "cancel-invitation") one.invited = false;
    if (act === "add" && added.has(lower(about))) one.teams.add(team);
  }
  for (const name of invitedNow) of(actedOn(name)).invited = true;
  return of;
}

/** Gives what a person's status does not say of it. */
export function accessBeside(
  { login, team, status }: Pick<Person, "login" | "team" | "status">,
  accessOf: (login: string) => Access,
): Pick<Person, "access"> {
  const { teams, ...asked } = accessOf(lower(login));
  const isInvited = asked.invited || asked.mailed;
  const others = [...teams].filter((one) => status !== "in-team" || one !== team);
  const isSaid = others.length === 0 && (!isInvited || status === "invited" || status === "in-team");
  return isSaid ? {} : { access: { teams: others, invited: isInvited } };
}

/** Statuses that say how far somebody's access has come. */
const ofAccess: ReadonlySet<Person["status"]> = new Set(["in-team", "invited", "to-invite"]);

/** Brings somebody whose row cannot be read now up to what GitHub shows: they go on accepting, and leaving. */
export function asNow(person: Person, accessOf: (login: string) => Access, at: string): Person {
  const { access: _, ...kept } = person;
  const { teams, invited: isInvited, mailed } = accessOf(lower(person.login));
  const reached = isInvited || mailed ? "invited" : "to-invite";
  const found = teams.has(person.team) ? "in-team" : reached;
  const status = ofAccess.has(person.status) ? found : person.status;
  const since = status === person.status ? person.since : at;
  return { ...kept, status, since, ...accessBeside({ ...person, status }, accessOf) };
}
