// Remembers what runs did that a person has undone: while the sheet still asks for it, it waits for a person's word instead of being
// done again at once. Pure.
import { dayMs } from "../../shared/clock.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { isDamaged, takesAway } from "./bounds.ts";
import { type Facts, isInMemory, type MemberAction } from "./facts.ts";
import { wantedRows } from "./names.ts";

/** A change of a run, undone. */
export type Undone = NonNullable<MembersState["undone"]>[number];

/** As long as runs are kept: until then the same run may be asked about again. */
const rememberedMs = 90 * dayMs;

export const didOf = ({ do: act }: Pick<MemberAction, "do">): Undone["did"] =>
  takesAway({ do: act }) ? "taken-out" : "let-in";

/** Says whether two are about the same change of the same person. */
export const isSame = (one: Undone, { login, did, team }: Pick<Undone, "login" | "did" | "team">): boolean =>
  one.login === login && one.did === did && one.team === team;

/** Gives why an action waits that a run did before and a person has undone; undefined for any other. */
export function whyNotAgain(
  state: Pick<MembersState, "undone"> | undefined,
  nameOf: (about: string) => string,
): (action: MemberAction) => string | undefined {
  const open = (state?.undone ?? []).filter(({ over }) => over === undefined);
  return (action) => {
    if (isInMemory(action)) return undefined;
    const asked = { login: nameOf(action.about), did: didOf(action), team: action.team };
    const found = open.find((one) => isSame(one, asked));
    return found === undefined ? undefined : stillAsked(found);
  };
}

const stillAsked = ({ ranAt }: Undone): string =>
  `the run of ${ranAt.slice(0, 16).replace("T", " ")} UTC was undone, and the sheet still asks for what it did: mend the sheet, or approve to have it done after all`;

/** Adds what an undo takes back; what it says the other way round about the same people and teams is over. */
export function withUndone(before: readonly Undone[], more: readonly Undone[]): Undone[] {
  const turned = (one: Undone) =>
    more.find(({ login, did, team }) => one.login === login && one.team === team && one.did !== did);
  const isAnew = (one: Undone) => more.some((each) => each.run === one.run && isSame(each, one));
  const kept = before.filter((one) => !isAnew(one));
  return [...kept.map((one) => ({ ...one, over: one.over ?? turned(one)?.at })), ...more].map(tidy);
}

const tidy = ({ over, ...one }: Omit<Undone, "over"> & { over?: string | undefined }): Undone =>
  over === undefined ? one : { ...one, over };

/**
 * Gives what stays to be remembered after a look at the sheet. A change is over once the sheet, whole as far as can be told, does not ask
 * for it any more, or a person had it done after all.
 */
export function undoneAfter(
  facts: Facts,
  done: readonly MemberAction[],
  nameOf: (about: string) => string,
): Undone[] {
  const { state, now } = facts;
  const at = now.toISOString();
  const wanted = wantedRows(facts);
  const named = new Set(facts.named);
  const again = done
    .filter((action) => !isInMemory(action))
    .map((action) => ({ login: nameOf(action.about), did: didOf(action), team: action.team }));
  const isAsked = ({ login, did, team }: Undone): boolean =>
    named.has(login) || isDamaged(facts) || (wanted.get(login)?.team === team) === (did === "let-in");
  return (state?.undone ?? [])
    .filter(({ over = at }) => now.getTime() - Date.parse(over) < rememberedMs)
    .map((one) => {
      if (one.over !== undefined || one.pending === true) return one;
      const isOver = again.some((action) => isSame(one, action)) || !isAsked(one);
      return isOver ? { ...one, over: at } : one;
    });
}
