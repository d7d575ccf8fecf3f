// Rules for mails after a slip of the hand: nobody is told of another person's access where a run has known better.
import type { Delivery } from "../strikes.ts";
import type { Hub } from "./members-hub.ts";

type Deps = {
  people: Hub;
  /** Pairings that may change at one look without a person's word. */
  limit: number;
  /** Says whether a person has let a change of somebody's be made. */
  isApproved: (login: string) => boolean;
};

export function pairingRules({ people, limit, isApproved }: Deps) {
  /** Addresses by login, as each delivery read them last. */
  const read = new Map<Delivery, ReadonlyMap<string, string>>();
  /** People whose own address a run has found beside their login, and has kept. */
  const known = new Set<string>();
  /** Logins, each with an address that was told of it: of its end that is told, too, by which time the row is gone. */
  const heard = new Set<string>();
  const own = (login: string) => people.everybody().find((one) => one.login === login)?.email;

  return {
    served(who: Delivery, cells: string[][]): void {
      read.set(who, new Map(cells.map(([, email = "", login = ""]) => [login, email])));
    },
    /** A run has written down what it has read. */
    kept(who: Delivery): void {
      for (const [login, email] of read.get(who) ?? []) if (own(login) === email) known.add(login);
    },
    mayBeTold(who: Delivery, login: string, email: string): boolean {
      if (email === own(login)) return true;
      const rows = [...(read.get(who) ?? [])];
      if (!rows.some(([one]) => one === login)) return heard.has(`${login} ${email}`);
      const changed = rows.filter(([one, address]) => known.has(one) && address !== own(one));
      const isFew = !known.has(login) || changed.length <= limit || isApproved(login);
      const may = isFew && rows.some(([one, address]) => one === login && address === email);
      if (may) heard.add(`${login} ${email}`);
      return may;
    },
  };
}
