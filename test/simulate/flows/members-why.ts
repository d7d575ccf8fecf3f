// Rules for what people are told who ask why somebody cannot log in: at each state that a run leaves, it is as that run saw it.

import type { WhyAnswer } from "../../../shared/members/answers.ts";
import { MembersState } from "../../../shared/members/records.ts";
import { heldChangesOf } from "../../../shared/members/standing.ts";
import { answersTo } from "../../../shared/members/who-answers.ts";
import type { Delivery, Strikes } from "../strikes.ts";
import type { World } from "../world.ts";
import { type Hub, managed } from "./members-hub.ts";
import { rowsOfSheet, type Standing, wrongInStatus } from "./members-status.ts";
import { hub } from "./settings.ts";
import type { Words } from "./words.ts";

type Seen = { cells: string[][]; moments: Standing[]; isBehind: boolean };

const saysInside = ({ finding, sentence }: WhyAnswer): boolean =>
  ["in-team", "renamed", "other-team"].includes(finding) ||
  (finding === "not-in-sheet" && sentence.startsWith("In the team"));

export function whyRules(world: World, { people, words }: { people: Hub; words: Words }) {
  const found = new Set<string>();
  /** By delivery: what it has seen of the sheet and of GitHub since it read the sheet. */
  const seen = new Map<Delivery, Seen>();

  // Asked at every answer of GitHub's, for which a snapshot takes too long.
  const inside = world.state.prepare(
    `SELECT a.login FROM github_team_member m JOIN github_account a ON a.id = m.account
       JOIN github_team t ON t.id = m.team WHERE t.slug IN (${managed.map((slug) => `'${slug}'`).join()})`,
  );
  const pending = world.state.prepare(
    "SELECT a.login FROM github_invitation i JOIN github_account a ON a.id = i.invitee WHERE i.status = 'pending'",
  );
  const loginsOf = (lines: typeof inside): Set<string> =>
    new Set(lines.all().map(({ login }) => String(login)));
  const moment = (): Standing => ({ isIn: loginsOf(inside), isInvited: loginsOf(pending) });

  const watch: Strikes["watch"] = ({ who, host, what, status }) => {
    const looked = seen.get(who);
    if (who.name !== "sync-members" || looked === undefined) return;
    // A write may have been done of which nobody heard.
    if (host === "github") {
      looked.moments.push(moment());
      looked.isBehind ||= world.faults.sky.behindMs("github") > 0;
    }
    const tells = host === "google" && what.includes(":batchUpdate") && status < 300;
    if (tells && !looked.isBehind) for (const wrong of wrongInStatus(world, looked)) found.add(wrong);
    const isState = what.startsWith("POST") && what.includes(`name=head/members/${hub}.json`);
    if (host === "storage" && status < 300 && isState && !looked.isBehind) ask(looked);
  };

  /** Asks about everybody, as somebody at the console would right now. */
  function ask(looked: Seen): void {
    const [stored] = world.records(`head/members/${hub}.json`);
    const settings = world.settings.hubs[hub];
    if (stored === undefined || settings === undefined) return;
    const waiting = words.held();
    const held = heldChangesOf(
      { hash: waiting[0]?.plan ?? "", held: waiting.map((one) => ({ ...one, why: "" })) },
      (hash) => words.on(hash)?.verdict,
    );
    const on = {
      hubName: hub,
      hub: settings,
      mode: world.settings.flows["sync-members"],
      state: MembersState.parse(JSON.parse(stored.text)),
      held,
      fullHomes: undefined,
      outage: undefined,
      stuck: undefined,
    };
    for (const { login } of people.everybody())
      for (const answer of answersTo(login, on)) hold(login, answer, looked);
  }

  function hold(login: string, answer: WhyAnswer, { cells, moments }: Seen): void {
    const ever = (is: (one: Standing) => boolean): boolean => moments.some(is);
    const isIn = saysInside(answer);
    const isInvited = answer.finding === "invited";
    // Teams and invitations are lists of their own: somebody may accept between the two, and is then on neither.
    const isSo =
      ever((one) => one.isIn.has(login) === isIn) &&
      (isIn || ever((one) => one.isInvited.has(login) === isInvited));
    if (!isSo)
      found.add(`why says of ${login} what no look has shown: ${answer.finding}, ${answer.sentence}`);
    if (cells.some(([, , typed]) => typed === login) && /[Nn]ot in the sheet/.test(answer.sentence))
      found.add(`why says of ${login} that the sheet does not have them, and it does: ${answer.sentence}`);
  }

  return {
    watch,
    served(who: Delivery, cells: string[][]): void {
      seen.set(who, { cells, moments: [], isBehind: false });
    },
    broken: () => [
      ...found,
      ...(world.settings.hubs[hub]?.members?.status === undefined
        ? []
        : wrongInStatus(world, { cells: rowsOfSheet(world), moments: [moment()] }).map(
            (wrong) => `in the end ${wrong}`,
          )),
    ],
  };
}
