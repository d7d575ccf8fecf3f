// Messages to the team. Plain sentences; nothing here decides anything. Those to members are templates (shared/members/mail-templates.ts).

import { keysOf } from "../../shared/closed.ts";
import type { EventOf } from "../../shared/events.ts";
import type { Refused } from "../../shared/flow/plan.ts";
import { takesAway } from "./bounds.ts";
import type { MemberAction } from "./facts.ts";

type Notice = EventOf<"notice">;

type HeldWords = {
  hub: string;
  /** The hash of the plan that was stored. */
  plan: string;
  /** Of what waits, from its hold: the same may have to be held again. */
  key: string;
  held: readonly { do: string; because: string }[];
};

/** To the team: changes wait for its word. No names: mails travel further than the console's pages. */
export function heldNotice({ hub, plan, key, held }: HeldWords): Notice {
  const count = held.length;
  const [subject, says] = held.every(takesAway)
    ? [
        `${hub}: ${count} removals wait for you`,
        `People would lose access to the hub ${hub}: ${count} removals are on hold, because ${becauseOf(held)}.
Until you answer nobody loses it.`,
      ]
    : [
        `${hub}: ${count} changes of members wait for you`,
        `${count} changes of the hub ${hub} are on hold: ${becauseOf(held)}.
Until you answer nothing of it is done, and nobody is told of it.`,
      ];
  return {
    v: 1,
    hub,
    key: `held/${key}`,
    to: "team",
    subject,
    text: `Hello,

${says} Everything else goes on.

To look at them and say yes or no, to all or to some: open the console, Plans, or type

  npx groundcrew members approve ${plan} --hub ${hub}

If the sheet is at fault, mend it: the next run sees that by itself and forgets about this.
`,
  };
}

/** To the team: somebody has put people into a team on GitHub's own page. No names, as ever. */
export function byHandNotice({ hub, key, count }: { hub: string; key: string; count: number }): Notice {
  const who = count === 1 ? "One person is" : `${count} people are`;
  return {
    v: 1,
    hub,
    key,
    to: "team",
    subject: `${hub}: ${count === 1 ? "a membership" : `${count} memberships`} given by hand`,
    text: `Hello,

${who} in a team of the hub ${hub} that the sheet does not give them: somebody put them there on GitHub's own page.
They stay, for Groundcrew takes back only what it gave itself. Is it meant to be so?

The console lists them under Members, "not in the sheet". To have their membership looked after, give them a row, or its tier;
to end it, take them out of the team on GitHub.
`,
  };
}

/** To the team: the sheet as a whole cannot be read. */
export function unusableSheetNotice(problem: { hub: string; key: string; what: string }): Notice {
  return {
    v: 1,
    hub: problem.hub,
    key: problem.key,
    to: "team",
    subject: `${problem.hub}: the member sheet cannot be read`,
    text: `Hello,

${problem.what}

Nothing was changed. Once it is mended, the next run goes on by itself.
`,
  };
}

/** Time within which what joins a hold for the same reason is not told anew: its incident tells all of it a day later. */
const growsMs = 60 * 60_000;

/**
 * Says whether what is new of a hold joins, for the same reason, what the team was asked about a short while ago.
 * @param before The plan that was last stored, with the reasons of then, and since when each of its items waits.
 */
export function onlyGrows(
  held: readonly Reason[],
  before: { held: readonly Reason[]; since: Readonly<Record<string, string>> },
  now: Date,
): boolean {
  const reasonOf = ({ because }: Reason): string => because.replace(/\d+/g, "");
  const asked = before.held.filter(
    ({ hash }) => now.getTime() - Date.parse(before.since[hash] ?? "") < growsMs,
  );
  const reasons = new Set(asked.map(reasonOf));
  return held.every((one) => before.since[one.hash] !== undefined || reasons.has(reasonOf(one)));
}
type Reason = { hash: string; because: string };

/** Gives why things are held, each reason once. */
export const becauseOf = (held: readonly { because: string }[]): string =>
  [...new Set(held.map(({ because }) => because))].join("; ");

const words = {
  done: {
    invite: "invited",
    add: "added",
    remove: "removed",
    "cancel-invitation": "invitations withdrawn",
    adopt: "marked as ours",
    pair: "rows accepted",
  },
  planned: {
    invite: "to invite",
    add: "to add",
    remove: "to remove",
    "cancel-invitation": "invitations to withdraw",
    adopt: "to mark as ours",
    pair: "rows to accept",
  },
} as const;

/** Gives a plan's one line: "3 to invite, 1 to remove, 2 on hold, 1 cell rejected", in the past tense once it is done. */
export function titleOf(
  plan: { actions: readonly MemberAction[]; held: readonly unknown[]; refused: readonly Refused[] },
  tense: keyof typeof words,
): string {
  const count = (what: MemberAction["do"]) => plan.actions.filter((action) => action.do === what).length;
  const parts = keysOf(words[tense])
    .filter((what) => count(what) > 0)
    .map((what) => `${count(what)} ${words[tense][what]}`);
  if (plan.held.length > 0) parts.push(`${plan.held.length} on hold`);
  if (plan.refused.length > 0)
    parts.push(`${plan.refused.length} ${plan.refused.length === 1 ? "cell" : "cells"} rejected`);
  return parts.length === 0 ? "nothing to change" : parts.join(", ");
}
