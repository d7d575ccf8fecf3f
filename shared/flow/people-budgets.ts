// Invitations and mails of a hub: what is taken before somebody is asked in or written to. Pure.
import { dayMs, dayOf } from "../clock.ts";
import type { Limits } from "../settings/limits.ts";
import { after, type Budgets, current, isLost } from "./budgets.ts";

/** Mails that an instance takes at once, and the minutes after which what it has not reported is anybody's again. */
export const blockMails = 50;
export const blockMinutes = 10;

/**
 * Takes an invitation for each of these people as far as the last 24 hours leave some; gives back those that turned out not to be sent.
 * `others` are the logins of the invitations of that time that the vendor lists: whoever sent them, they count.
 */
export function takeInvitations(
  before: Budgets,
  {
    wants,
    unused = [],
    others = [],
  }: { wants: readonly string[]; unused?: readonly string[]; others?: readonly string[] },
  limits: Pick<Limits, "invitationsPerDay">,
  now: Date,
): { budgets: Budgets; granted: string[] } {
  const budgets = current(before, now);
  const taken = new Map(
    Object.entries(budgets.invitations)
      .flatMap(([day, takings]) =>
        Object.entries(takings).map(([login, at]) => ({ login, at: timeOf(day, at) })),
      )
      .filter(({ login, at }) => !unused.includes(login) && now.getTime() - at < dayMs)
      .map(({ login, at }) => [login, at]),
  );
  const theirs = new Set(others.filter((login) => !taken.has(login))).size;
  const granted: string[] = [];
  for (const login of wants) {
    const room = !isLost(budgets, now) && taken.size + theirs < limits.invitationsPerDay;
    if (!taken.has(login) && !room) continue;
    if (!taken.has(login)) taken.set(login, now.getTime());
    granted.push(login);
  }
  const invitations: Budgets["invitations"] = {};
  for (const [login, at] of taken) {
    const day = dayOf(new Date(at));
    invitations[day] = { ...invitations[day], [login]: at };
  }
  return { budgets: { ...budgets, invitations }, granted };
}

/** Of a taking that tells no time of its day: the last. */
const timeOf = (day: string, at: number): number => (at > 1 ? at : Date.parse(day) + dayMs - 1);

/**
 * Takes an instance's next block of mails, the first of which counts as sent; none where the day's are used up. What it sent
 * since it last reported is counted.
 */
export function takeMails(
  before: Budgets,
  { instance, sent }: { instance: string; sent: number },
  limits: Pick<Limits, "mailsPerDay">,
  now: Date,
): { budgets: Budgets; size: number } {
  const { mails, ...budgets } = current(reportMails(before, { instance, sent }, now), now);
  const { [instance]: mine, ...others } = mails.blocks;
  const used = mails.used + (mine?.used ?? 0);
  const taken = Object.values(others).reduce((sum, { size, used: more }) => sum + Math.max(size, more), used);
  const room = isLost({ ...budgets, mails }, now) ? 0 : limits.mailsPerDay - taken;
  const size = Math.max(0, Math.min(blockMails, room));
  const block = { size, used: 1, until: after(now, blockMinutes).toISOString() };
  const blocks = size === 0 ? others : { ...others, [instance]: block };
  return { budgets: { ...budgets, mails: { ...mails, used, blocks } }, size };
}

/** Counts what an instance has sent since it last said so. */
export function reportMails(
  before: Budgets,
  { instance, sent }: { instance: string; sent: number },
  now: Date,
): Budgets {
  const budgets = current(before, now);
  const { used, blocks } = budgets.mails;
  const mine = Object.hasOwn(blocks, instance) ? blocks[instance] : undefined;
  if (sent === 0) return budgets;
  const mails =
    mine === undefined
      ? { used: used + sent }
      : { blocks: { ...blocks, [instance]: { ...mine, used: mine.used + sent } } };
  return { ...budgets, mails: { ...budgets.mails, ...mails } };
}
