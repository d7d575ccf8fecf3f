// Answers who can't log in, and why, from what the last run of sync-members saw in the sheet and in the teams.
import { closest, distance } from "fastest-levenshtein";
import { dayOf } from "../../../shared/clock.ts";
import type { Finding, WhyAnswer } from "../../../shared/control.ts";
import type { Explanation } from "../../../shared/errors.ts";
import { endedOf, invitationBudget } from "../../../shared/members/invitations.ts";
import type { MembersState, Rejected } from "../../../shared/members/records.ts";
import type { Hub, Settings } from "../../../shared/settings.ts";
import type { States } from "../states.ts";
import { type Outsider, outsiders } from "./list.ts";

type Person = MembersState["people"][number];
type Known = MembersState["known"][string];
type Found = Omit<WhyAnswer, "hub" | "asOf">;
type Said = Omit<Found, "finding">;

/** A class list has some dozens of names; more than this is a mistake of pasting. */
const mostAtOnce = 100;

/** Reads the names that people paste: one a line, with an @, a profile's address or quotes around it. */
export function wanted(text: string): string[] {
  const lines = text.split(/[\n,;]+/).map((line) => tidy(line));
  return [...new Set(lines.filter((line) => line !== ""))].slice(0, mostAtOnce);
}

function tidy(line: string): string {
  return line
    .trim()
    .replace(/^["'<(]+|[">')]+$/g, "")
    .replace(/^(https?:\/\/)?(www\.)?github\.com\//i, "")
    .replace(/^@|\/$/g, "")
    .trim()
    .slice(0, 200);
}

/** One answer for one hub. */
export async function why(
  question: { hub: string; who: string },
  deps: { hub: Hub; states: States; flows: Settings["flows"] },
): Promise<WhyAnswer> {
  const state = (await deps.states.all()).get(question.hub);
  const { hub } = question;
  if (state === undefined) return { hub, finding: "no-run-yet", ...said["no-run-yet"]() };
  if ("unreadable" in state) return { hub, finding: "unreadable", ...said.unreadable(state.unreadable) };
  const found = findIn(state, tidy(question.who), deps.hub);
  const next =
    deps.flows["sync-members"] === "plan" && found.finding === "to-invite" ? onceApplied : found.next;
  return { hub, ...found, next, asOf: state.at };
}

/** Sentence for a flow that only plans: it invites nobody. */
const onceApplied =
  "The members flow only plans; once flows.sync-members is apply, its next run invites them.";

/** Sentences for questions that nobody's status answers. */
const said = {
  "no-run-yet": () => ({
    sentence: "Nobody has compared sheet and teams yet.",
    next: "Press Run now beside the members flow, then ask again.",
  }),
  unreadable: ({ why, next }: Explanation) => ({
    sentence: `The record of the last run cannot be read: ${why}.`,
    next,
  }),
  rejected: ({ cell, why, suggestion }: Rejected) => ({
    sentence: `Cell ${cell} of the sheet has this, and it cannot be used: ${why}.`,
    next: `Correct cell ${cell}${suggestion === undefined ? "" : ` (perhaps to ${suggestion})`}; the rest happens by itself.`,
    cell,
  }),
  "not-in-sheet": ({ login, team, why }: Outsider, hub: Hub) => ({
    sentence: `In the team ${team}, though not in the sheet: access works, and Groundcrew leaves it alone${why === undefined ? "" : ` (${why})`}.`,
    next: "Nothing has to be done to log in. Add them to the sheet so that their membership is looked after.",
    paste: pasteInTeam(login, hub),
  }),
  "not-found": (byMail: boolean, near: Person | undefined) => {
    const guess =
      near === undefined ? "" : ` Cell ${near.cell} has ${byMail ? near.email : near.login}: is that them?`;
    return {
      sentence: `Not in the sheet, nor in a team.${guess}`,
      next: `Check the spelling${byMail ? ", or ask for their GitHub username" : ""}; if they should be a member, add a row to the sheet.`,
      ...(near === undefined ? {} : { cell: near.cell }),
    };
  },
} satisfies Record<Exclude<Finding, Person["status"]>, (...facts: never[]) => Said>;

/** Access that nobody's row asks for: whether it is to be is a person's to say. */
const invitedOutside = ({ team, why }: Outsider): Said => ({
  sentence: `Invited to the team ${team}, and not in the sheet: Groundcrew leaves the invitation alone (${why}).`,
  next: "If they should be a member, add a row to the sheet; otherwise the invitation lapses 7 days after it was sent.",
});

function findIn(state: MembersState, who: string, hub: Hub): Found {
  const wantedName = who.toLowerCase();
  const person = state.people.find(
    ({ login, email }) => login.toLowerCase() === wantedName || email.toLowerCase() === wantedName,
  );
  if (person !== undefined) return statusOf(person, state.known[person.login.toLowerCase()], hub);
  const cell = state.rejected.find(({ value }) => tidy(value).toLowerCase() === wantedName);
  if (cell !== undefined) return { finding: "rejected", ...said.rejected(cell) };
  const outsider = outsiders(state).find(({ login }) => login.toLowerCase() === wantedName);
  if (outsider?.isInvited) return { finding: "invited", ...invitedOutside(outsider) };
  if (outsider !== undefined) return { finding: "not-in-sheet", ...said["not-in-sheet"](outsider, hub) };
  const byMail = who.includes("@");
  return { finding: "not-found", ...said["not-found"](byMail, nearest(state, who, byMail)) };
}

/** Finds who is perhaps meant: a quarter of the letters may be wrong. */
function nearest({ people }: MembersState, who: string, byMail: boolean): Person | undefined {
  const known = people.map(({ login, email }) => (byMail ? email : login).toLowerCase());
  const near = known.length === 0 ? undefined : closest(who.toLowerCase(), known);
  return near !== undefined && distance(who.toLowerCase(), near) <= Math.max(1, Math.floor(near.length / 4))
    ? people[known.indexOf(near)]
    : undefined;
}

function statusOf(person: Person, known: Known | undefined, hub: Hub): Found {
  const { login, team, cell } = person;
  const since = person.since.slice(0, 10);
  switch (person.status) {
    case "in-team":
      return {
        finding: "in-team",
        sentence: `In the sheet (cell ${cell}) and in the team ${team} since ${since}: logging in should work.`,
        next: "Ask them to use a private browser window and exactly this GitHub account. If that fails, ask the hub's operator.",
        cell,
        paste: pasteInTeam(login, hub),
      };
    case "invited":
      return {
        finding: "invited",
        sentence: `Invited to the team ${team} on ${since}; the invitation has not been accepted yet.`,
        next: "They have to accept it; an invitation lapses after 7 days. Send them the paragraph below.",
        cell,
        paste: `Hello! Your access to ${hub.url} is almost ready: GitHub has sent an invitation to your account ${login}. Please sign in to GitHub with that account, open https://github.com/orgs/${hub.organisation}/invitation and press Join. Then log in at ${hub.url} with the same account.`,
      };
    case "to-invite":
      return {
        finding: "to-invite",
        sentence: `In the sheet (cell ${cell}), not invited yet.`,
        next: "The next run invites them; Run now on the members flow does it at once.",
        cell,
      };
    case "expired":
      return {
        finding: "expired",
        sentence: `In the sheet (cell ${cell}), but the membership's last day has passed.`,
        next: "If they should stay, put a later date in their row; access comes back by itself.",
        cell,
        paste: `Hello! Your membership of ${hub.url} has run out, which is why you cannot log in. Please write back if you would like to go on using it.`,
      };
    case "no-such-user":
      return {
        finding: "no-such-user",
        sentence: `Cell ${cell} says ${login}, and GitHub has no user of that name.`,
        next: `Ask for the right GitHub username and correct cell ${cell}.`,
        cell,
        paste: `Hello! We have "${login}" as your GitHub username, but GitHub knows no such account. Could you open https://github.com/settings/profile while signed in and send us the name at the top left? We will add it, and you will get an invitation by mail.`,
      };
    case "failed-invitation":
      return { ...failedInvitation(person, known, hub), finding: "failed-invitation", cell };
    case "held":
      return {
        finding: "held",
        sentence: `In the sheet (cell ${cell}); a change of theirs is on hold until somebody approves it.`,
        next: "Open Plans, look at what is on hold, and approve or reject it.",
        cell,
      };
    default:
      return person.status satisfies never;
  }
}

const pasteInTeam = (login: string, hub: Hub): string =>
  `Hello! Your GitHub account ${login} has access to ${hub.url}. Please open that address in a private browser window and sign in to GitHub as ${login} (another account will not work). If it still refuses, send us a picture of the page and the time.`;

/** They are invited again a week after the last time, and a person has to do it once that was done often enough. */
function failedInvitation(
  { login, team }: Person,
  known: Known | undefined,
  hub: Hub,
): Pick<Found, "sentence" | "next" | "paste"> {
  const { times, daysBetween } = invitationBudget;
  const sentence = `The invitation to the team ${team} lapsed or could not be delivered.`;
  if (known !== undefined && endedOf(known) >= times)
    return {
      sentence: `${sentence} It was the last of ${times}.`,
      next: `Ask whether they still want access; if so, invite them by hand at https://github.com/orgs/${hub.organisation}/people.`,
      paste: `Hello! Your access to ${hub.url} was offered to your GitHub account ${login} ${times} times, and each invitation lapsed. Do you still want it? Then write back, and we will send another one.`,
    };
  const again = new Date(Date.parse(known?.invitedAt ?? "") + daysBetween * 24 * 3600 * 1000);
  const when = Number.isNaN(again.getTime()) ? "with the next run" : `on ${dayOf(again)}`;
  return {
    sentence,
    next: `They are invited again by itself ${when}. Tell them that a mail from GitHub comes.`,
    paste: `Hello! Your invitation to ${hub.url} has lapsed. Another one comes to your GitHub account ${login}; please accept it within 7 days at https://github.com/orgs/${hub.organisation}/invitation.`,
  };
}
