// Does what was decided, one person at a time: one person's refusal never stops the next, and each is told once. Before every
// write it makes sure that no other delivery has taken over.
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import type { RunBook } from "../../shared/delivery/recorder.ts";
import { failureIn } from "../../shared/failure.ts";
import type { TeamWrites } from "../../shared/github/team-writes.ts";
import type { MembersHead } from "../../shared/records.ts";
import type { Hub } from "../../shared/settings.ts";
import { type Applied, apply } from "./apply.ts";
import type { Picture } from "./look.ts";
import { standsIn } from "./memory.ts";
import { lower } from "./names.ts";
import type { MemberAction } from "./plan.ts";
import { addedNotice, invitedNotice } from "./text.ts";

export type CarryOutInput = {
  hub: Hub;
  hubName: string;
  announce: MembersHead["announce"];
  /** Lower-case logins whose act an earlier run did and did not live to tell. */
  toTell: readonly string[];
  picture: Picture;
  run: RunBook;
  check: () => Promise<void>;
  writes: TeamWrites;
  publish: Publish;
  pause: () => Promise<void>;
  until: Date;
  now: Clock;
};

export type CarriedOut = {
  done: MemberAction[];
  /** How many are left for later. */
  left: number;
  overLimit: boolean;
  /** GitHub has asked to be left alone for so long; then nothing more was tried. */
  waitSeconds?: number;
  /** Lower-case logins that an invitation was tried for, taken or refused: nobody is asked for ever. */
  asked: Set<string>;
  invited: Set<string>;
  added: Set<string>;
  /** Lower-case logins that were to get access and did not, in this run. */
  notLetIn: Set<string>;
  /** Why GitHub let nobody in, a reason for each who was refused. */
  refusals: string[];
  /** Who is still to be told. */
  announce: MembersHead["announce"];
};

export async function carryOut(actions: readonly MemberAction[], input: CarryOutInput): Promise<CarriedOut> {
  const result: CarriedOut = {
    done: [],
    left: 0,
    overLimit: false,
    asked: new Set(),
    invited: new Set(),
    added: new Set(),
    notLetIn: new Set(),
    refusals: [],
    announce: { ...input.announce },
  };
  for (const login of input.toTell) {
    const team = result.announce[login]?.team ?? "";
    await tell(
      login,
      standsIn(login, team, input.picture.github) === "in-team" ? "added" : "invited",
      input,
      result,
    );
  }
  let first = true;
  for (const action of actions) {
    const full = result.overLimit && action.do === "invite";
    if (full || result.waitSeconds !== undefined || input.now() >= input.until) {
      result.left += 1;
      continue;
    }
    // A move: who could not be let into the new team stays in the old one.
    if (action.do === "remove" && result.notLetIn.has(lower(action.about))) continue;
    if (!first) await input.pause();
    first = false;
    await input.check();
    const applied = await apply(action, { ...input.picture, ...input }).catch(askedToWait);
    if (typeof applied === "object" && "waitSeconds" in applied) {
      result.waitSeconds = applied.waitSeconds;
      result.left += 1;
    } else await note(action, applied, input, result);
  }
  return result;
}

/** A limit of GitHub's is an answer: what was done so far is written down, and the rest goes on when the wait is over. */
function askedToWait(error: unknown): { waitSeconds: number } {
  const waitSeconds = failureIn(error)?.waitSeconds;
  if (waitSeconds === undefined) throw error;
  return { waitSeconds };
}

async function note(
  action: MemberAction,
  applied: Applied,
  input: CarryOutInput,
  result: CarriedOut,
): Promise<void> {
  const login = lower(action.about);
  if (applied === "over-limit") {
    input.run.step("GitHub's limit of invitations a day is reached");
    result.overLimit = true;
    result.left += 1;
    result.notLetIn.add(login);
    return;
  }
  if (action.do === "invite") result.asked.add(login);
  if (typeof applied === "object") {
    input.run.step(`one person was refused: ${applied.refused}`);
    result.notLetIn.add(login);
    result.refusals.push(applied.refused);
    delete result.announce[login];
    return;
  }
  if (applied === "nothing") return;
  input.run.effect({ do: action.do, login: action.about, team: action.team });
  result.done.push(action);
  if (applied === "invited") result.invited.add(login);
  if (applied === "added") result.added.add(login);
  if (applied === "invited" || applied === "added") await tell(login, applied, input, result);
}

/** Tells what became of them, which may be another thing than was planned. A notice's key makes it harmless to publish twice. */
async function tell(
  login: string,
  became: "invited" | "added",
  input: CarryOutInput,
  result: CarriedOut,
): Promise<void> {
  const due = Object.hasOwn(result.announce, login) ? result.announce[login] : undefined;
  if (due === undefined) return;
  const person = { hub: input.hubName, key: due.key, email: due.email, login };
  const notice = became === "invited" ? invitedNotice : addedNotice;
  await input.publish("notice", notice(person, input.hub));
  delete result.announce[login];
}
