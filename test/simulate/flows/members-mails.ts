// Rules for mails to members: each says what is so, to the right address, once; and of a cell only when it has been so for a while.
import type * as z from "zod";
import { dayMs } from "../../../shared/clock.ts";
import type { Notice } from "../../../shared/events.ts";
import type { Delivery } from "../strikes.ts";
import type { World } from "../world.ts";
import type { Invited } from "./members-github.ts";
import type { Hub } from "./members-hub.ts";

type Mail = z.infer<typeof Notice>;
type Of = {
  people: Hub;
  invitations: () => Invited[];
  /** Says whether somebody is so now, or was at the last look. */
  isSo: (line: string) => boolean;
  /** Says whether they are so now and were at the last look. */
  isSurely: (line: string) => boolean;
};

const settledMs = 30 * 60_000;
/** Occasions that are about a cell. */
const ofCells = ["added", "ends", "mistyped", "removed"];

export function mailRules(world: World, { people, invitations, isSo, isSurely }: Of) {
  /** Rows as each delivery read them last, by the login and by the address that stand there; and the time at which each was first read so. */
  const read = new Map<Delivery, Map<string, string>>();
  const firstRead = new Map<string, number>();
  const taken = new Map<string, number>();
  /** Logins that have stood beside each address. */
  const beside = new Map<string, Set<string>>();
  const told = new Map<string, string>();
  const now = (): number => world.now().getTime();
  /** Gives what is not so of what a mail says; `login` is whom its key names. */
  function untrue(what: string, login: string, rest: readonly string[]): string | undefined {
    const [day = "", step = ""] = rest;
    const theirs = invitations().filter((one) => one.login === login);
    const isOld = (created: number): boolean => now() - created >= Number(step) * dayMs;
    switch (what) {
      case "reminded":
        return isSo(`invited ${login}`) && theirs.some(({ created }) => isOld(created))
          ? undefined
          : "is reminded";
      case "expired":
        return theirs.some(({ status }) => status === "failed") ? undefined : "has let an invitation end";
      case "ends": {
        const days = (Date.parse(day) - now()) / dayMs;
        return isSo(`added ${login}`) && days <= Number(step) ? undefined : "has a membership that ends";
      }
      case "removed":
        return isSurely(`added ${login}`) ? "has lost access" : undefined;
      default:
        return undefined;
    }
  }

  return {
    /** A delivery has read the sheet. */
    served(who: Delivery, cells: string[][]): void {
      const rows = new Map<string, string>();
      for (const { login } of people.everybody()) rows.set(login, `${login} is gone`);
      for (const [, email = "", login = "", tier, expires] of cells) {
        beside.set(email, (beside.get(email) ?? new Set<string>()).add(login));
        for (const one of [login, email]) rows.set(one, `${login} ${email} ${tier} ${expires}`);
      }
      read.set(who, rows);
      for (const row of rows.values()) if (!firstRead.has(row)) firstRead.set(row, now());
    },
    /** Somebody's access was taken. */
    took: (login: string): void => void taken.set(login, (taken.get(login) ?? 0) + 1),
    /** Gives what is wrong with a mail; of those to whom something was given the rules of members tell more. */
    wrong(
      who: Delivery,
      { key, to, text }: Mail,
      mayBeTold: (login: string, email: string) => boolean,
    ): string[] {
      if (to === "team" || key.startsWith("undone/")) return [];
      const [what = "", name = "", ...rest] = key.split("/");
      const address = to.mail.join();
      if (what !== "mistyped" && !mayBeTold(name, address))
        return [`somebody was told of what is another person's: ${what} ${name}`];
      const about = what === "mistyped" ? address : name;
      told.set(key, `${what} ${about}`);
      const lie = untrue(what, name, rest);
      const isChange = what !== "added" || text.includes("now has the access of the tier");
      const first = firstRead.get(read.get(who)?.get(about) ?? "") ?? now();
      return [
        ...(lie === undefined ? [] : [`somebody was told what is not so, that ${name} ${lie}`]),
        ...(ofCells.includes(what) && isChange && now() - first < settledMs
          ? [`somebody was told of a cell that was edited a moment ago: ${what} ${about}`]
          : []),
      ];
    },
    /** Nobody is told twice of one thing, under whatever key. */
    broken(): string[] {
      const all = invitations();
      const most: Record<string, (login: string) => number> = {
        reminded: (login) => 2 * all.filter((one) => one.login === login).length,
        expired: (login) => all.filter((one) => one.login === login && one.status === "failed").length,
        removed: (login) => taken.get(login) ?? 0,
        mistyped: (email) => beside.get(email)?.size ?? 0,
      };
      const counts = Object.entries(Object.groupBy(told.values(), (one) => one));
      return counts.flatMap(([one, mails = []]) => {
        const [what = "", login = ""] = one.split(" ");
        const limit = most[what]?.(login) ?? Number.POSITIVE_INFINITY;
        return mails.length <= limit ? [] : [`${one}: ${mails.length} mails, where ${limit} have a reason`];
      });
    },
  };
}
