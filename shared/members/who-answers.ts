// Answers who can't log in, and why, from what the last run of sync-members saw in the sheet and in the teams. It never says more
// than that run knew: what is newer than it is named as such. Pure.

import type { Explanation } from "../errors.ts";
import { loginForm } from "../github/login-form.ts";
import type { Finding, WhyAnswer } from "./answers.ts";
import { type Applicant, type Applications, type Found, findWith } from "./applicants.ts";
import { tidy } from "./asked.ts";
import type { Other, Outsider } from "./find.ts";
import { findingLooks } from "./findings.ts";
import { paragraphs, pasteInTeam } from "./paragraphs.ts";
import type { MembersState, Rejected } from "./records.ts";
import { changeOf, takenBack } from "./row-answers.ts";
import { type Answered, answerToCell, answerToRow } from "./sheet-answers.ts";
import type { Known, Person, Surroundings } from "./standing.ts";

/** All that an answer about a hub is made of. */
export type Looked = Surroundings & {
  hubName: string;
  /** State that the last run of sync-members left, or why it cannot be read; undefined before the first run. */
  state: MembersState | { unreadable: Explanation } | undefined;
  /** Undefined where the settings name none, or nobody is looked for in them. */
  applications?: Applications | undefined;
};

/** One answer for each person who is meant on one hub. */
export function answersTo(who: string, looked: Looked): WhyAnswer[] {
  const { state, hubName: hub, stuck } = looked;
  const finish = ({ need, finding, sentence, ...said }: Answered): WhyAnswer => ({
    hub,
    finding,
    letter: findingLooks[finding].letter,
    need: need ?? findingLooks[finding].need,
    sentence:
      stuck === undefined || tellsOfIt.has(finding)
        ? sentence
        : `${sentence} What is newer is not known: ${stuck.what}.`,
    ...said,
    ...(state === undefined || "unreadable" in state ? {} : { asOf: state.at }),
  });
  if (state === undefined) return [finish(noRunYet(looked))];
  if ("unreadable" in state) {
    const { why: reason, next } = state.unreadable;
    return [
      finish({
        finding: "unreadable",
        sentence: `The record of the last run cannot be read: ${reason}.`,
        next,
      }),
    ];
  }
  const { meant, lead = "", tail = "" } = findWith(state, who, looked.applications);
  return answered(meant, who, { ...looked, state }).map((one) =>
    finish({ ...one, sentence: `${lead}${one.sentence}${tail}` }),
  );
}

/** Findings whose sentence says itself that the runs do not get through. */
const tellsOfIt: ReadonlySet<Finding> = new Set<Finding>(["outage", "no-run-yet", "unreadable"]);

type Read = Looked & { state: MembersState };

function answered(meant: Found["meant"], who: string, looked: Read): Answered[] {
  switch (meant.is) {
    case "row":
      return meant.people.map((person) => answerToRow(person, looked.state, looked));
    case "cell":
      return [answerToCell(meant.cell, looked.state, looked)];
    case "outsider":
      return [ofOutsider(meant.outsider, meant.cell, looked)];
    case "other":
      return [ofOther(meant.other, meant.cell, looked)];
    case "gone":
      return [ofGone(meant, looked)];
    case "several":
      return [ofSeveral(meant.people)];
    case "applied":
      return [ofApplicant(meant, looked)];
    case "nobody":
      return [ofNobody(who, meant.near, looked)];
    default:
      return meant satisfies never;
  }
}

function noRunYet({ stuck, mode }: Looked): Answered {
  const sentence = "Nobody has compared sheet and teams yet";
  if (stuck !== undefined)
    return {
      finding: "no-run-yet",
      sentence: `${sentence}: ${stuck.what}, for ${stuck.why}.`,
      next: stuck.next,
    };
  return {
    finding: "no-run-yet",
    sentence: `${sentence}${mode === "off" ? ": the members flow is off" : ""}.`,
    next:
      mode === "off"
        ? "Set flows.sync-members to plan or apply in the settings."
        : "Press Run now beside the members flow, then ask again.",
  };
}

/** Says where their row is, if they have one that cannot be used. */
const rowOf = (cell: Rejected | undefined): string =>
  cell === undefined
    ? "not in the sheet"
    : `in a row of the sheet that cannot be used (cell ${cell.cell}: ${cell.why})`;

const lookedAfter = (cell: Rejected | undefined): string =>
  cell === undefined
    ? "Add them to the sheet, so that their membership is looked after; to log in, nothing has to be done."
    : `Correct cell ${cell.cell}, so that their membership is looked after; to log in, nothing has to be done.`;

function ofOutsider(
  { login, team, isInvited, why: reason }: Outsider,
  cell: Rejected | undefined,
  { hub }: Looked,
): Answered {
  if (isInvited)
    return {
      finding: "invited",
      sentence: `Invited to the team ${team}, and ${rowOf(cell)}: Groundcrew leaves the invitation alone (${reason}).`,
      next: "If they should be a member, add a row to the sheet; otherwise the invitation lapses 7 days after it was sent.",
      paste: paragraphs(hub).accept(login),
    };
  return {
    finding: "not-in-sheet",
    sentence: `In the team ${team}, though ${rowOf(cell)}: access works, and Groundcrew leaves it alone${reason === undefined ? "" : ` (${reason})`}.`,
    next: lookedAfter(cell),
    paste: pasteInTeam(login, hub),
  };
}

function ofOther(
  { login, email = "", team, invitedAt }: Other,
  cell: Rejected | undefined,
  looked: Read,
): Answered {
  const { hub, held, state } = looked;
  const where = team === undefined ? "the organisation, to no team of the hub" : `the team ${team}`;
  if (invitedAt !== undefined)
    return {
      finding: "invited",
      sentence: `Invited to ${where} on ${invitedAt.slice(0, 10)}, by hand or by a row that is gone, and ${rowOf(cell)}; the invitation has not been accepted yet.`,
      next: "They have to accept it; an invitation lapses after 7 days. Send them the paragraph below.",
      paste: login === undefined ? paragraphs(hub).acceptByMail() : paragraphs(hub).accept(login),
    };
  const change = held.get((login ?? email).toLowerCase());
  const leaves = Object.hasOwn(state.leaving ?? {}, `remove ${(login ?? email).toLowerCase()} ${team}`);
  const ends = leaves ? " It ends once the sheet has been without them for long enough." : "";
  const waits = change === undefined ? ends : changeOf(change);
  return {
    finding: "not-in-sheet",
    sentence: `In ${where}, though ${rowOf(cell)}: access works.${waits}`,
    next: lookedAfter(cell),
    paste: pasteInTeam(login ?? email, hub),
  };
}

const asOf = ({ at }: MembersState): string =>
  `as of the last run at ${at.slice(11, 16)} UTC on ${at.slice(0, 10)}`;

/** Somebody whom the sheet has named before, and who has no access now. */
function ofGone({ login, known }: { login: string; known: Known }, { hub, state }: Read): Answered {
  const how = known.outcome === "withdrawn" ? ` ${takenBack(known)}.` : "";
  return {
    finding: "not-found",
    sentence: `Was in the sheet before, and is in no row that can be used, not invited, and in no team, ${asOf(state)}.${how}`,
    next: "If they should be a member, put their row back into the sheet.",
    paste: paragraphs(hub).ended(),
    login,
  };
}

const ofSeveral = (people: readonly Person[]): Answered => ({
  finding: "not-found",
  sentence: `${people.length} people of the sheet have that in their name: cells ${people
    .slice(0, 10)
    .map(({ cell }) => cell)
    .join(", ")}${people.length > 10 ? " and more" : ""}.`,
  next: "Ask for one of them by the whole name, GitHub username or address.",
});

const guessOf = (near: Person | undefined, text = near?.login): string =>
  near === undefined ? "" : ` Cell ${near.cell} has ${text} (${near.name}): is that them?`;

/** Somebody who has applied, and whom staff have still to enter. */
function ofApplicant({ application, near }: Applicant, { hub, state }: Read): Answered {
  const { row, day, login } = application;
  const write = paragraphs(hub);
  const [as, paste] =
    login === ""
      ? ["; ask them for their GitHub username, which they did not write", write.username()]
      : loginForm.test(login)
        ? [` as ${login}`, write.applied(login)]
        : [`; ask them for their GitHub username, for ${login} is none`, write.whichAccount(login)];
  return {
    finding: "applied",
    sentence: `Applied${day === "" ? "" : ` on ${day}`} (row ${row} of the applications), and is not entered in the member sheet yet, ${asOf(state)}.${guessOf(near)}`,
    next: `${near === undefined ? "If they are approved" : "If not, and they are approved"}, enter them in the member sheet${as}.`,
    paste,
    ...(near === undefined ? {} : { cell: near.cell }),
  };
}

function ofNobody(who: string, near: Person | undefined, { state, hub, mode }: Read): Answered {
  const guess = guessOf(near, tidy(who).includes("@") ? near?.email : near?.login);
  const row =
    mode === "off"
      ? "add a row to the sheet"
      : "add a row to the sheet, or, if it is there already, press Run now on the members flow";
  return {
    finding: "not-found",
    sentence: `Not in the sheet, not invited, and in no team, ${asOf(state)}.${guess}`,
    next: `${near === undefined ? "If they should be a member" : "If not, and they should be a member"}, ${row}.`,
    paste: paragraphs(hub).username(),
    ...(near === undefined ? {} : { cell: near.cell }),
  };
}
