// Lists who is in, invited, rejected, missing, as the last run of sync-members saw it. The list can be filtered.
import { tableOf } from "../../../shared/closed.ts";
import type { MemberLine, MemberList, MemberStatus } from "../../../shared/control.ts";
import { outsiders } from "../../../shared/members/find.ts";
import type { MembersState, Rejected } from "../../../shared/members/records.ts";
import { statuses } from "./words.ts";

const rank = new Map(statuses.map((status, index) => [status, index]));

export type MemberQuery = {
  status?: MemberStatus;
  /** A part of a name, a login or an address. */
  text?: string;
  offset?: number;
  limit: number;
};

/** The page of the list that was asked for, and how many there are of each status. */
export function memberList(hub: string, state: MembersState, query: MemberQuery): MemberList {
  const lines = linesOf(state);
  const counts = tableOf(statuses, () => 0);
  for (const { status } of lines) counts[status] += 1;
  const text = query.text?.trim().replace(/^@/, "").toLowerCase() ?? "";
  const found = lines.filter(
    (line) =>
      (query.status === undefined || line.status === query.status) &&
      (text === "" || [line.name, line.login, line.email].some((part) => part?.toLowerCase().includes(text))),
  );
  const offset = query.offset ?? 0;
  return {
    hub,
    asOf: state.at,
    counts,
    total: found.length,
    onHold: Object.keys(state.waiting?.since ?? {}).length,
    people: found.slice(offset, offset + query.limit),
  };
}

/** A state stays the same object while its record does (states.ts), so it is sorted once. */
const sorted = new WeakMap<MembersState, MemberLine[]>();

function linesOf(state: MembersState): MemberLine[] {
  const known = sorted.get(state);
  if (known !== undefined) return known;
  const cells = new Map(state.rejected.map((rejected) => [rejected.cell, rejected]));
  const people: MemberLine[] = state.people.map((person) => ({
    ...person,
    ...(person.status === "in-team" ? {} : reasonOf(cells.get(person.cell))),
  }));
  // A login that GitHub does not know is a rejected cell and a person: it is told once.
  const told = new Set(people.filter(({ why }) => why !== undefined).map(({ cell }) => cell));
  const lines: MemberLine[] = [
    ...people,
    ...state.rejected
      .filter(({ cell }) => !told.has(cell))
      .map((rejected) => ({
        login: rejected.value,
        cell: rejected.cell,
        status: "rejected" as const,
        ...reasonOf(rejected),
      })),
    ...outsiders(state).map(({ login, team, why }) => ({
      login,
      team,
      status: "unmanaged" as const,
      ...(why === undefined ? {} : { why }),
    })),
  ];
  lines.sort(
    (a, b) =>
      (rank.get(a.status) ?? 0) - (rank.get(b.status) ?? 0) ||
      compare((a.name ?? a.login).toLowerCase(), (b.name ?? b.login).toLowerCase()),
  );
  sorted.set(state, lines);
  return lines;
}

function reasonOf(rejected: Rejected | undefined): Pick<MemberLine, "why" | "suggestion"> {
  if (rejected === undefined) return {};
  const { why, suggestion } = rejected;
  return suggestion === undefined ? { why } : { why, suggestion };
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
