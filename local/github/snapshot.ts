// The state of an organisation as a plain value, for a page that shows it and for what tests expect afterwards.
import type { Account, Store } from "./state.ts";

export type Snapshot = {
  organisation: string;
  members: { id: number; login: string; role: "admin" | "member" }[];
  /** Logins by team, in alphabetical order. */
  teams: Record<string, string[]>;
  pending: { id: number; login: string | null; email: string | null; teams: string[]; createdAt: string }[];
  failed: { id: number; login: string | null; email: string | null; failedAt: string; reason: string }[];
};

const everything = { limit: -1 };

/** Reads one organisation whole; the first one when none is named. */
export function snapshotOf(store: Store, login?: string): Snapshot {
  const found: Account | undefined =
    login === undefined
      ? store.accountBy.id(store.count("SELECT min(id) AS n FROM github_organisation"))
      : store.organisationBy.login(login);
  if (found === undefined) throw new Error("the sample GitHub has no such organisation");
  const sorted = (logins: string[]): string[] =>
    logins.sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
  return {
    organisation: found.login,
    members: store
      .members(found.id, everything)
      .map(({ id, login: name, role }) => ({ id, login: name, role: role === "admin" ? "admin" : "member" })),
    teams: Object.fromEntries(
      store
        .teamsOf(found.id)
        .map(({ id, slug }) => [
          slug,
          sorted(store.teamMembers(id, everything).map((member) => member.login)),
        ]),
    ),
    pending: store
      .invitations(found.id, "pending", everything)
      .map(({ id, login: name, email, created }) => ({
        id,
        login: name,
        email,
        teams: store.teamsOfInvitation(id).map(({ slug }) => slug),
        createdAt: new Date(created).toISOString(),
      })),
    failed: store
      .invitations(found.id, "failed", everything)
      .map(({ id, login: name, email, failed, reason }) => ({
        id,
        login: name,
        email,
        failedAt: new Date(failed ?? 0).toISOString(),
        reason: reason ?? "",
      })),
  };
}
