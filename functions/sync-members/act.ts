// Does what was decided, one person at a time: one person's refusal never stops the next, and each is told right after. Before
// every write it makes sure that no other delivery has taken over. Throws when nobody can tell what became of a write: the next
// run reads again.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { Recorder } from "../../shared/delivery/recorder.ts";
import { failureIn } from "../../shared/failure.ts";
import { noSuchAccount, refusedPerson } from "../../shared/github/refusals-app.ts";
import type { Refused, TeamWrites } from "../../shared/github/team-writes.ts";
import type { InvitationOutcome } from "../../shared/members/invitations.ts";
import { noticeOf } from "../../shared/members/mails.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { Hub } from "../../shared/settings.ts";
import { leftToTell, mailOnEntry, mayBeTold, standsIn } from "./announce.ts";
import { type Acted, type Facts, isInMemory, type MemberAction, nothingDone } from "./facts.ts";
import { lower } from "./names.ts";
import { outcomeOfRefusal } from "./outcomes.ts";

export type ActInput = {
  hub: Hub;
  hubName: string;
  seen: Pick<Facts, "github" | "accounts" | "rows">;
  /** People who are to be told, and what, as the state has it. */
  announce: MembersState["announce"];
  run: Recorder;
  /** Throws when another delivery has taken over. */
  check: () => Promise<void>;
  writes: TeamWrites;
  publish: Publish;
  pause: () => Promise<void>;
  /** Work on people stops then. */
  until: Date;
  now: Clock;
  /** Is called right after each change that was made, or was found made already. */
  settled?: (action: MemberAction) => Promise<void>;
};

/** Carries the actions out, after telling those whom an earlier run let in and did not live to tell. */
export async function act(actions: readonly MemberAction[], input: ActInput): Promise<Acted> {
  const acted = nothingDone(input.announce);
  for (const login of leftToTell(input.announce, input.seen.github, input.now())) {
    const team = acted.announce[login]?.team ?? "";
    const became = standsIn(login, team, input.seen.github) === "in-team" ? "added" : "invited";
    await tell(login, became, input, acted);
  }
  let first = true;
  for (const action of actions) {
    if (isInMemory(action)) {
      acted.settled.push(action);
      continue;
    }
    const full = acted.overLimit && action.do === "invite";
    // Nobody else is asked, nor waits for it: the next run asks one again, and so finds out whether it is mended.
    if (acted.stopped.has(action.do)) {
      acted.notLetIn.add(lower(action.about));
      continue;
    }
    if (full || acted.waitSeconds !== undefined || input.now() >= input.until) {
      acted.left += 1;
      continue;
    }
    // A move: who could not be let into the new team stays in the old one.
    if (action.do === "remove" && acted.notLetIn.has(lower(action.about))) continue;
    if (!first) await input.pause();
    first = false;
    await input.check();
    const answer = await apply(action, input).catch(askedToWait);
    if (typeof answer === "object" && "waitSeconds" in answer) {
      acted.waitSeconds = answer.waitSeconds;
      acted.left += 1;
    } else await note(action, answer, input, acted);
  }
  return acted;
}

type Applied = "invited" | "added" | "removed" | "withdrawn" | "nothing" | "over-limit" | Refusal;

/** Causes that may be the organisation's where they meet everybody: GitHub says 404 to what somebody may not do, too. */
const unexplained: ReadonlySet<string> = new Set([refusedPerson.cause, noSuchAccount.cause]);

/** Refusal of GitHub's, or of ours: then there is no more to say of it. */
type Refusal = Refused | { refused: string };

/** Makes one change at GitHub, and gives what became of it in our words. */
async function apply(action: MemberAction, { writes, seen, check }: ActInput): Promise<Applied> {
  const { about: login, team } = action;
  switch (action.do) {
    case "invite": {
      const account = seen.accounts.get(lower(login));
      const teamId = seen.github.teams[team]?.id;
      if (account === undefined || account === "not-found" || teamId === undefined)
        return { refused: "not looked up" };
      const answer = await writes.invite({ userId: account.id, teamIds: [teamId] });
      // Somebody of the organisation who was in no managed team: the invitation says so, and the team takes them at once.
      if (answer !== "already") return answer;
      await check();
      return added(await writes.addToTeam({ slug: team, login }));
    }
    case "add":
      return added(await writes.addToTeam({ slug: team, login }));
    case "remove":
      return (await writes.removeFromTeam({ slug: team, login })) === "removed" ? "removed" : "nothing";
    case "cancel-invitation": {
      const invitation = seen.github.pending.find(
        (pending) => pending.login !== undefined && lower(pending.login) === lower(login),
      );
      if (invitation === undefined) return "nothing";
      const answer = await writes.cancelInvitation(invitation.invitationId);
      return answer === "cancelled" ? "withdrawn" : "nothing";
    }
    case "adopt":
    case "pair":
      return "nothing";
    default:
      return action.do satisfies never;
  }
}

function added(answer: Awaited<ReturnType<TeamWrites["addToTeam"]>>): Applied {
  return answer === "no-such-user" ? { refused: "GitHub knows no such account" } : answer;
}

/** A limit of GitHub's is an answer: what was done so far is written down, and the rest goes on when the wait is over. */
function askedToWait(error: unknown): { waitSeconds: number } {
  const waitSeconds = failureIn(error)?.waitSeconds;
  if (waitSeconds === undefined) throw error;
  return { waitSeconds };
}

async function note(action: MemberAction, answer: Applied, input: ActInput, acted: Acted): Promise<void> {
  const login = lower(action.about);
  if (answer === "over-limit") {
    input.run.step("GitHub's limit of invitations a day is reached");
    acted.overLimit = true;
    acted.left += 1;
    acted.notLetIn.add(login);
    return;
  }
  if (action.do === "invite") acted.asked.add(login);
  if (typeof answer === "object") return noteRefusal(action, answer, input, acted);
  acted.settled.push(action);
  if (answer !== "nothing") input.run.effect(effectOf(action, input.seen));
  await input.settled?.(action);
  if (answer === "nothing") return;
  acted.done.push(action);
  if (answer === "invited") acted.invited.add(login);
  if (answer === "added") acted.added.add(login);
  const outcome = outcomeOf(action, answer);
  if (outcome !== undefined) acted.outcomes.set(login, outcome);
  if (answer === "invited" || answer === "added") await tell(login, answer, input, acted);
}

/** An invitation goes as a whole: an undo needs all teams of ours that it led to. */
function effectOf({ do: what, about, team }: MemberAction, { github }: ActInput["seen"]) {
  const effect = { do: what, login: about, team };
  if (what !== "cancel-invitation") return effect;
  const gone = github.pending.find(({ login }) => login !== undefined && lower(login) === lower(about));
  return gone === undefined || gone.teams.length < 2 ? effect : { ...effect, teams: gone.teams };
}

/** Gives the outcome for somebody let in. An invitation by way of a team is counted when it is seen. */
function outcomeOf(action: MemberAction, answer: Applied): InvitationOutcome | undefined {
  if (answer === "added") return "accepted";
  return answer === "invited" && action.do === "invite" ? "taken" : undefined;
}

function noteRefusal(
  { do: act, about, team }: MemberAction,
  answer: Refusal,
  { run }: ActInput,
  acted: Acted,
): void {
  const login = lower(about);
  acted.notLetIn.add(login);
  delete acted.announce[login];
  if (!("failure" in answer)) {
    run.step(`one person was refused: ${answer.refused}`);
    return;
  }
  acted.outcomes.set(login, outcomeOfRefusal(answer));
  const ofPerson = answer.concerns === "organisation" ? {} : { team };
  acted.refused.set(login, { failure: answer.failure, ...ofPerson });
  if (answer.concerns === "organisation") {
    run.step(`nobody can be let in: ${answer.refused}`);
    acted.stopped.set(act, answer.failure);
    return;
  }
  run.step(`one person was refused: ${answer.refused}`);
  if (unexplained.has(answer.failure.cause)) acted.refusals.push(answer.refused);
}

/** Tells what became of them, which may be another thing than was planned. A notice's key makes it harmless to publish twice. */
async function tell(
  login: string,
  became: "invited" | "added",
  input: ActInput,
  acted: Acted,
): Promise<void> {
  const due = Object.hasOwn(acted.announce, login) ? acted.announce[login] : undefined;
  if (due === undefined || !mayBeTold(due, input.now())) return;
  const mail = mailOnEntry({ login, became, due }, { ...input, rows: input.seen.rows, now: input.now() });
  await input.publish("notice", noticeOf(mail, input));
  delete acted.announce[login];
  acted.told.set(login, due);
}
