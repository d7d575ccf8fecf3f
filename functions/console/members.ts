// Who is in, invited, rejected, missing: what the last run of sync-members saw, as one list that can be filtered.
import type { MemberLine, MemberList, MemberStanding } from "../../shared/control.ts";
import type { MembersHead } from "../../shared/records.ts";

/** In the order in which they may need somebody; a list shows them so. */
export const standings = [
  "rejected",
  "no-such-user",
  "failed-invitation",
  "held",
  "expired",
  "to-invite",
  "invited",
  "unmanaged",
  "in-team",
] as const satisfies readonly MemberStanding[];

const rank = new Map<string, number>(standings.map((standing, index) => [standing, index]));

export type MemberQuery = {
  standing?: MemberStanding;
  /** A part of a name, a login or an address. */
  text?: string;
  offset?: number;
  limit: number;
};

/** The page of the list that was asked for, and how many there are of each standing. */
export function memberList(hub: string, head: MembersHead, query: MemberQuery): MemberList {
  const lines = linesOf(head);
  const counts = Object.fromEntries(standings.map((standing) => [standing, 0])) as MemberList["counts"];
  for (const { standing } of lines) counts[standing] += 1;
  const text = query.text?.trim().replace(/^@/, "").toLowerCase() ?? "";
  const found = lines.filter(
    (line) =>
      (query.standing === undefined || line.standing === query.standing) &&
      (text === "" || [line.name, line.login, line.email].some((part) => part?.toLowerCase().includes(text))),
  );
  const offset = query.offset ?? 0;
  return {
    hub,
    asOf: head.at,
    counts,
    total: found.length,
    people: found.slice(offset, offset + query.limit),
  };
}

/** A head stays the same object while its record does (heads.ts), so it is sorted once. */
const sorted = new WeakMap<MembersHead, MemberLine[]>();

function linesOf(head: MembersHead): MemberLine[] {
  const known = sorted.get(head);
  if (known !== undefined) return known;
  const lines: MemberLine[] = [
    ...head.people.map(({ login, email, name, tier, team, cell, standing, since }) => ({
      login,
      email,
      name,
      tier,
      team,
      cell,
      standing,
      since,
    })),
    ...head.rejected.map(({ cell, value, why, suggestion }) => ({
      login: value,
      cell,
      why,
      ...(suggestion === undefined ? {} : { suggestion }),
      standing: "rejected" as const,
    })),
    ...head.unmanaged.map(({ login, team }) => ({ login, team, standing: "unmanaged" as const })),
  ];
  lines.sort(
    (a, b) =>
      (rank.get(a.standing) ?? 0) - (rank.get(b.standing) ?? 0) ||
      compare((a.name ?? a.login).toLowerCase(), (b.name ?? b.login).toLowerCase()),
  );
  sorted.set(head, lines);
  return lines;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
