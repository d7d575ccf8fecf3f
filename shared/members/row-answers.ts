// Sentences for each finding about somebody who has a row: what is so, the one step to take, and what to write to them.
import { dayOf } from "../clock.ts";
import type { Hub } from "../settings.ts";
import type { Need } from "./answers.ts";
import { askedAgain, invitationBudget } from "./invitations.ts";
import { paragraphs, pasteInTeam } from "./paragraphs.ts";
import type { MembersState, Rejected } from "./records.ts";
import { isUsername } from "./refused-rows.ts";
import type { Known, RowFinding, Standing, Surroundings } from "./standing.ts";

export type Said = {
  sentence: string;
  next: string;
  paste?: string;
  check?: string[];
  /** Need, where it is another than the finding's own. */
  need?: Need;
};

type About = Standing & { looked: Surroundings; state: MembersState };

export const rowAnswers: Record<RowFinding, (about: About) => Said> = {
  "in-team": inTeam,
  renamed: ({ person, looked: { hub } }) => ({
    sentence: `${person.login} has been renamed to ${person.renamedTo} at GitHub, and is in the team as that: logging in works as ${person.renamedTo} alone.`,
    next: `Correct cell ${person.cell} to ${person.renamedTo}.`,
    check: ["whether the hub keeps their home under the old name: its operator can tell"],
    paste: pasteInTeam(person.renamedTo ?? person.login, hub),
  }),
  "other-team": otherTeam,
  "home-full": ({ person, home, looked: { hub } }) => ({
    sentence: `In the team, but the home takes ${home?.takes} of the ${home?.most} at which nothing more can be written (measured on ${day(home?.measuredAt)}): a server seldom starts on a full home.`,
    next: "Ask the hub's operator to make room in their home, or to give it more.",
    paste: paragraphs(hub).homeFull(person.login),
  }),
  outage: (about) => (about.teams.length > 0 ? signInFails(about) : notGotThrough(about)),
  invited,
  "to-invite": toInvite,
  "only-planned": ({ person, looked }) => ({
    sentence: `In the sheet (cell ${person.cell}), not let in yet: the members flow ${looked.mode === "off" ? "is off" : "only plans"}.`,
    next: onceApplied,
    paste: paragraphs(looked.hub).soon(person.login),
  }),
  rejected: ({ person, cell, state, looked: { hub } }) => ({
    sentence: `Cell ${cell?.cell ?? person.cell} says ${cell?.value ?? person.login}, and that cannot be used: ${cell?.why ?? "it was not understood"}.`,
    ...correcting(cell ?? { cell: person.cell, value: person.login, why: "" }, { state, hub }),
  }),
  "no-such-user": ({ person, cell, looked: { hub } }) => ({
    sentence: `Cell ${person.cell} says ${person.login}: ${cell?.why ?? "GitHub has no user of that name"}.`,
    next: `Ask for the right GitHub username and correct cell ${person.cell}.`,
    paste: paragraphs(hub).whichAccount(person.login),
  }),
  expired: ({ person, looked }) => ({
    sentence: `In the sheet (cell ${person.cell}), but the membership's last day has passed.`,
    next: "If they should stay, put a later date in their row.",
    paste: paragraphs(looked.hub).ended(),
  }),
  held: ({ person, held, looked }) => ({
    ...(held?.verdict === "approved" ? { need: "to-wait" as const } : {}),
    sentence: `In the sheet (cell ${person.cell}) and in no team; a change of theirs ${held?.verdict === "approved" ? "is approved, and still to be made" : `is on hold${because(held)}`}.`,
    next:
      held?.verdict === "approved"
        ? "Run now on the members flow makes it at once."
        : held === undefined && looked.mode !== "apply"
          ? onceApplied
          : "Open Plans, look at what is on hold, and approve or reject it.",
    paste: paragraphs(looked.hub).soon(person.login),
  }),
  "turned-down": ({ person, held, looked: { hub } }) => ({
    sentence: `In the sheet (cell ${person.cell}) and in no team: somebody has rejected the change that would let them in${because(held)}.`,
    next: "If they should be let in all the same, approve that change under Plans.",
    paste: paragraphs(hub).notGranted(),
  }),
  lapsed: (about) =>
    again(about, `The invitation to the team ${about.person.team} lapsed: nobody accepted it in 7 days`),
  "unknown-end": (about) =>
    again(
      about,
      `An invitation to the team ${about.person.team} is there no more, and nobody can tell what became of it`,
    ),
  declined: ({ person, known, looked: { hub } }) => ({
    sentence: `The invitation to the team ${person.team} was declined by ${person.login}, or taken back at GitHub, by ${day(known?.outcomeAt)}; nobody is asked again after that.`,
    next: `Ask whether they still want access; if so, ${byHand(hub)}.`,
    paste: paragraphs(hub).stillWanted("was declined"),
  }),
  withdrawn: ({ person, known, state, looked }) => ({
    sentence: `${takenBack(known)}; cell ${person.cell} lists them again.`,
    next:
      onlyIf({ state, looked }) ?? "The next run lets them in; Run now on the members flow does it at once.",
    paste: paragraphs(looked.hub).soon(person.login),
    need: onlyIf({ state, looked }) === undefined ? "to-wait" : "to-correct",
  }),
  left: ({ known, looked: { hub } }) => ({
    sentence: `Was in, and has left the organisation or was taken out of it (seen on ${day(known?.outcomeAt)}); nobody is asked again after that.`,
    next: `Ask whether they still want access; if so, ${byHand(hub)}.`,
    check: [
      `whether their account has a second factor, in case ${hub.organisation} asks for one: GitHub takes out whoever has none`,
    ],
    paste: paragraphs(hub).stillWanted("has ended"),
  }),
  blocked: ({ person, known, looked: { hub } }) => ({
    sentence: `GitHub did not let ${person.login} in: ${known?.refusal?.why ?? "this person has blocked the organisation, or the organisation has blocked them"} (${day(known?.outcomeAt)}).`,
    next:
      known?.refusal?.next ??
      `An owner looks at https://github.com/organizations/${hub.organisation}/settings/blocked_users.`,
    paste: paragraphs(hub).blocked(),
  }),
  refused: ({ person, known, looked: { hub } }) => ({
    sentence: `GitHub refused ${person.login} on ${day(known?.outcomeAt)}: ${known?.refusal?.why ?? "it did not say why"}.`,
    next: `An owner tries it at https://github.com/orgs/${hub.organisation}/people, which says more.`,
    paste: paragraphs(hub).soon(person.login),
  }),
  "no-second-factor": ({ person, known, looked: { hub } }) => ({
    sentence: `GitHub refused ${person.login} on ${day(known?.outcomeAt)}: the organisation asks for a second factor, and their account has none.`,
    next: "Send them the paragraph below.",
    paste: paragraphs(hub).secondFactor(person.login),
  }),
  "no-seat": (about) =>
    nobodyLetIn(
      about,
      "the organisation has no free seat",
      "an owner adds a seat under Billing and licensing",
    ),
  organisation: (about) =>
    nobodyLetIn(
      about,
      "the organisation lets nobody in by Groundcrew",
      "an owner looks at the App's permission Members: Read and write",
    ),
};

const day = (at: string | undefined): string => at?.slice(0, 10) ?? "an unknown day";
/** Says what of somebody's waits beside what they have. */
export function changeOf(held: Standing["held"]): string {
  if (held === undefined) return "";
  if (held.verdict === undefined) return ` A change of theirs is on hold${because(held)}.`;
  return ` A change of theirs was ${held.verdict}${held.verdict === "approved" ? ", and is still to be made" : ""}.`;
}

/** Cure of a cell that cannot be used: its person may be asked for a username, of another cell they know no more than the team. */
export const correcting = (
  rejected: Rejected,
  { state, hub }: { state: MembersState; hub: Hub },
): Pick<Said, "next" | "paste"> => ({
  next: `Correct cell ${rejected.cell}${rejected.suggestion === undefined ? "" : ` (perhaps to ${rejected.suggestion})`}.`,
  ...(isUsername(rejected, state) ? { paste: paragraphs(hub).whichAccount(rejected.value) } : {}),
});

/** Says how access ended of which nobody can tell by whom: the sheet did not give it any more. */
export const takenBack = (known: Known | undefined): string =>
  `Their access or invitation ended when the sheet did not give it any more: Groundcrew took it back, or somebody did at GitHub (seen on ${day(known?.outcomeAt)})`;

const because = (held: Standing["held"]): string => (held === undefined ? "" : ` (${held.because})`);
const byHand = ({ organisation }: Hub): string =>
  `invite them by hand at https://github.com/orgs/${organisation}/people`;

const onceApplied = "Set flows.sync-members to apply in the settings: until then nobody is let in.";

/** Gives the step that comes first where the flow does not act by itself. */
const onlyIf = ({ state, looked: { mode, stuck } }: Pick<About, "state" | "looked">): string | undefined =>
  mode === "apply" ? (stuck?.next ?? state.nobodyLetIn?.next) : onceApplied;

function inTeam({ person, teams, held, known, looked }: About): Said {
  const { hub, fullHomes } = looked;
  const login = person.renamedTo ?? person.login;
  const paste = pasteInTeam(login, hub);
  const waits = changeOf(held);
  if (person.status === "expired")
    return {
      sentence: `In the sheet (cell ${person.cell}), and still in the team ${teams.join(" and ")} though the membership's last day has passed: logging in should work.${waits}`,
      next: "Nothing has to be done to log in; if they should stay, put a later date in their row.",
      paste,
    };
  const { at: since } = known?.memberships?.[person.team] ?? {};
  return {
    sentence: `In the sheet (cell ${person.cell}) and in the team ${person.team}${since === undefined ? "" : ` (known there since ${day(since)})`}: logging in should work.${waits}`,
    next: "Ask them to log out, and in again in a private browser window with exactly this GitHub account.",
    check: [
      "whether GitHub asks them for a second factor that they have not set up",
      `whether the hub's app is allowed: https://github.com/organizations/${hub.organisation}/settings/oauth_application_policy`,
      ...(fullHomes === undefined ? ["whether their home is full: the hub's operator can tell"] : []),
    ],
    paste,
  };
}

function toInvite({ person, known, state, looked: { hub } }: About): Said {
  const name = person.login.toLowerCase();
  const { keptBack = {} } = state;
  const title = Object.hasOwn(keptBack, name) ? keptBack[name] : undefined;
  const before = known?.outcome === "accepted" ? "was in before and is in no team now" : "not let in yet";
  return {
    sentence: `In the sheet (cell ${person.cell}), ${before}${title === undefined ? "" : `: the day's invitations are kept for the class ${title}`}.`,
    next:
      title === undefined
        ? "The next run lets them in; Run now on the members flow does it at once."
        : "They are invited once that class needs no more of a day's invitations; if they must not wait, add them to its list.",
    paste: paragraphs(hub).soon(person.login),
  };
}

function otherTeam({ person, teams, held, known, state, looked }: About): Said {
  const { team, login } = person;
  const refusal = known?.refusal;
  const why =
    held === undefined
      ? refusal === undefined
        ? ""
        : ` GitHub refused the move: ${refusal.why}.`
      : ` The move is on hold${because(held)}.`;
  const next =
    held === undefined
      ? (refusal?.next ?? onlyIf({ state, looked }) ?? "The next run moves them.")
      : "Open Plans, look at what is on hold, and approve or reject it.";
  return {
    sentence: `In the team ${teams.join(" and ")}, while the sheet (cell ${person.cell}) gives ${team}: logging in works with what that team has.${why}`,
    next,
    paste: pasteInTeam(login, looked.hub),
  };
}

function invited({ person, known, held, looked: { hub } }: About): Said {
  const login = person.renamedTo ?? person.login;
  const since = known?.outcome === "taken" ? known.invitedAt : undefined;
  const over =
    person.status === "expired"
      ? " The membership's last day has passed: without a later date it is of no use."
      : "";
  const waits = changeOf(held);
  return {
    sentence: `Invited${since === undefined ? "" : ` on ${day(since)}`}; the invitation has not been accepted yet.${over}${waits}`,
    next: "They have to accept it; an invitation lapses after 7 days. Send them the paragraph below.",
    paste: paragraphs(hub).accept(login),
  };
}

/** They are invited again a week after the last time, and a person has to do it once that was done often enough. */
function again({ person, known, state, looked }: About, what: string): Said {
  const { times } = invitationBudget;
  const from = askedAgain(known);
  const { hub } = looked;
  if (from === "never")
    return {
      sentence: `${what}. It was the last of ${times}.`,
      next: `Ask whether they still want access; if so, ${byHand(hub)}.`,
      paste: paragraphs(hub).offeredOften(person.login, times),
      need: "to-correct",
    };
  const first = onlyIf({ state, looked });
  return {
    sentence: `${what}.`,
    next:
      first ?? `They are invited again by itself ${whenOf(from)}: tell them that a mail from GitHub comes.`,
    paste: paragraphs(hub).comesAgain(person.login),
    need: first === undefined ? "to-wait" : "to-correct",
  };
}

const whenOf = (from: "now" | Date): string =>
  from === "now" || Number.isNaN(from.getTime()) ? "with the next run" : `on ${dayOf(from)}`;

function nobodyLetIn({ person, known, state, looked }: About, otherwise: string, next: string): Said {
  const { nobodyLetIn: reason } = state;
  const why = reason?.why ?? known?.refusal?.why ?? otherwise;
  return {
    sentence: `In the sheet (cell ${person.cell}), and not let in: ${why}${reason === undefined ? ` (when they were last asked, on ${day(known?.outcomeAt)})` : ", and so it is for everybody"}.`,
    next: reason?.next ?? known?.refusal?.next ?? `${next}.`,
    paste: paragraphs(looked.hub).soon(person.login),
  };
}

function signInFails({ teams, looked: { hub, outage } }: About): Said {
  return {
    sentence: `In the team ${teams.join(" and ")}, but GitHub, by which people log in, has trouble now: ${outage?.why}.`,
    next: "Wait until https://www.githubstatus.com says that it is over.",
    paste: paragraphs(hub).outage(),
  };
}

function notGotThrough({ person, looked: { hub, stuck } }: About): Said {
  return {
    sentence: `In the sheet (cell ${person.cell}), not let in yet: the members flow does not get through (${stuck?.what}: ${stuck?.why}).`,
    next: stuck?.next ?? "Look at Home for what is in the way.",
    paste: paragraphs(hub).soon(person.login),
  };
}
