// State of GitHub's people: accounts, organisations, teams, invitations. Tables and the questions asked of them; the rules are in
// the files beside this one.
import * as z from "zod";
import type { State } from "../wire/state.ts";

/** A suspended account is still a member where it was one, but nobody can look it up or invite it. */
export const Account = z.object({
  id: z.number(),
  login: z.string(),
  type: z.enum(["User", "Organization", "Bot"]),
  suspended: z.number(),
});
export type Account = z.infer<typeof Account>;

export const Team = z.object({ id: z.number(), org: z.number(), slug: z.string(), name: z.string() });
export type Team = z.infer<typeof Team>;

export const Invitation = z.object({
  id: z.number(),
  org: z.number(),
  invitee: z.number().nullable(),
  login: z.string().nullable(),
  email: z.string().nullable(),
  role: z.enum(["admin", "direct_member", "billing_manager", "reinstate"]),
  status: z.enum(["pending", "failed", "accepted", "declined", "cancelled"]),
  created: z.number(),
  failed: z.number().nullable(),
  reason: z.string().nullable(),
  teams: z.number(),
});
export type Invitation = z.infer<typeof Invitation>;

/** A member of an organisation or a team. */
export const Member = Account.extend({ role: z.enum(["admin", "member", "maintainer"]) });
export type Member = z.infer<typeof Member>;

export type Window = {
  limit: number;
  after?: number | undefined;
  before?: number | undefined;
  offset?: number;
};

const tables = `
  CREATE TABLE IF NOT EXISTS github_account (id INTEGER PRIMARY KEY, login TEXT NOT NULL UNIQUE COLLATE NOCASE,
    type TEXT NOT NULL, suspended INTEGER NOT NULL DEFAULT 0);
  CREATE TABLE IF NOT EXISTS github_profile (account INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE IF NOT EXISTS github_organisation (id INTEGER PRIMARY KEY, created INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS github_member (org INTEGER NOT NULL, account INTEGER NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (org, account)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS github_member_account ON github_member (account);
  CREATE TABLE IF NOT EXISTS github_team (id INTEGER PRIMARY KEY, org INTEGER NOT NULL, slug TEXT NOT NULL COLLATE NOCASE,
    name TEXT NOT NULL, UNIQUE (org, slug));
  CREATE TABLE IF NOT EXISTS github_team_member (team INTEGER NOT NULL, account INTEGER NOT NULL, role TEXT NOT NULL,
    PRIMARY KEY (team, account)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS github_team_member_account ON github_team_member (account);
  CREATE TABLE IF NOT EXISTS github_invitation (id INTEGER PRIMARY KEY AUTOINCREMENT, org INTEGER NOT NULL,
    invitee INTEGER, email TEXT COLLATE NOCASE, role TEXT NOT NULL, status TEXT NOT NULL, created INTEGER NOT NULL,
    failed INTEGER, reason TEXT);
  CREATE INDEX IF NOT EXISTS github_invitation_status ON github_invitation (org, status, id);
  CREATE INDEX IF NOT EXISTS github_invitation_invitee ON github_invitation (invitee, status);
  CREATE INDEX IF NOT EXISTS github_invitation_created ON github_invitation (org, created);
  CREATE TABLE IF NOT EXISTS github_invitation_team (team INTEGER NOT NULL, invitation INTEGER NOT NULL,
    PRIMARY KEY (team, invitation)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS github_invitation_team_invitation ON github_invitation_team (invitation);
  CREATE TABLE IF NOT EXISTS github_block (org INTEGER NOT NULL, account INTEGER NOT NULL, PRIMARY KEY (org, account))
    WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS github_token (token TEXT PRIMARY KEY, org INTEGER NOT NULL, permissions TEXT NOT NULL,
    expires INTEGER NOT NULL);`;

const accountColumns = "a.id, a.login, a.type, a.suspended";
const invitationColumns = `i.id, i.org, i.invitee, a.login, i.email, i.role, i.status, i.created, i.failed, i.reason,
  (SELECT count(*) FROM github_invitation_team t WHERE t.invitation = i.id) AS teams`;
const invitationSource = "github_invitation i LEFT JOIN github_account a ON a.id = i.invitee";

export type Store = ReturnType<typeof openStore>;

type Value = string | number | null;

const firstAccount = 10_000_000;

const Count = z.object({ n: z.number() });

/** Makes the tables when they are missing. */
export function openStore(state: State) {
  state.exec(tables);
  const prepared = new Map<string, ReturnType<State["prepare"]>>();
  const statement = (sql: string) => {
    const found = prepared.get(sql) ?? state.prepare(sql);
    prepared.set(sql, found);
    return found;
  };
  const one = <T>(shape: z.ZodType<T>, sql: string, ...values: Value[]): T | undefined => {
    const row = statement(sql).get(...values);
    return row === undefined ? undefined : shape.parse(row);
  };
  const all = <T>(shape: z.ZodType<T>, sql: string, ...values: Value[]): T[] =>
    statement(sql)
      .all(...values)
      .map((row) => shape.parse(row));
  const count = (sql: string, ...values: Value[]): number => one(Count, sql, ...values)?.n ?? 0;
  const run = (sql: string, ...values: Value[]): { changes: number; id: number } => {
    const { changes, lastInsertRowid } = statement(sql).run(...values);
    return { changes: Number(changes), id: Number(lastInsertRowid) };
  };
  /** A page by key: forwards after an id, backwards before one (then in descending order), or by offset. */
  const page = <T>(shape: z.ZodType<T>, sql: string, key: string, values: Value[], window: Window): T[] => {
    const { limit, after, before, offset = 0 } = window;
    const backwards = before !== undefined;
    const rows = all(
      shape,
      `${sql} AND ${key} ${backwards ? "<" : ">"} ? ORDER BY ${key} ${backwards ? "DESC" : "ASC"} LIMIT ? OFFSET ?`,
      ...values,
      before ?? after ?? -1,
      limit,
      offset,
    );
    return backwards ? rows.reverse() : rows;
  };

  return {
    run,
    count,
    all,
    one,
    /** Makes an account; gives its number. */
    signUp(login: string, given: { id?: number; type?: Account["type"]; name?: string } = {}): number {
      const last = count("SELECT coalesce(max(id), 0) AS n FROM github_account");
      const { id = Math.max(firstAccount, last) + 1, type = "User", name } = given;
      run("INSERT INTO github_account (id, login, type) VALUES (?, ?, ?)", id, login, type);
      if (name !== undefined) run("INSERT OR REPLACE INTO github_profile VALUES (?, ?)", id, name);
      return id;
    },
    /** Name that the account shows on its profile; most show none. */
    profileName: (id: number): string | null =>
      one(z.object({ name: z.string() }), "SELECT name FROM github_profile WHERE account = ?", id)?.name ??
      null,
    accountBy: {
      id: (id: number) => one(Account, `SELECT ${accountColumns} FROM github_account a WHERE id = ?`, id),
      login: (login: string) =>
        one(Account, `SELECT ${accountColumns} FROM github_account a WHERE login = ?`, login),
    },
    organisationBy: {
      login: (login: string) =>
        one(
          Account.extend({ created: z.number() }),
          `SELECT ${accountColumns}, o.created FROM github_organisation o JOIN github_account a ON a.id = o.id
           WHERE a.login = ?`,
          login,
        ),
    },
    teamBy: {
      slug: (org: number, slug: string) =>
        one(Team, "SELECT id, org, slug, name FROM github_team WHERE org = ? AND slug = ?", org, slug),
      id: (id: number) => one(Team, "SELECT id, org, slug, name FROM github_team WHERE id = ?", id),
    },
    teamsOf: (org: number) =>
      all(Team, "SELECT id, org, slug, name FROM github_team WHERE org = ? ORDER BY id", org),
    membership: (org: number, account: number) =>
      one(
        Member,
        `SELECT ${accountColumns}, m.role FROM github_member m JOIN github_account a ON a.id = m.account
         WHERE m.org = ? AND m.account = ?`,
        org,
        account,
      ),
    teamMembership: (team: number, account: number) =>
      one(
        Member,
        `SELECT ${accountColumns}, m.role FROM github_team_member m JOIN github_account a ON a.id = m.account
         WHERE m.team = ? AND m.account = ?`,
        team,
        account,
      ),
    members: (org: number, window: Window, role?: "member" | "admin") =>
      page(
        Member,
        `SELECT ${accountColumns}, m.role FROM github_member m JOIN github_account a ON a.id = m.account
         WHERE m.org = ?${role === undefined ? "" : ` AND m.role = '${role}'`}`,
        "m.account",
        [org],
        window,
      ),
    memberCount: (org: number, role?: "member" | "admin") =>
      count(
        `SELECT count(*) AS n FROM github_member WHERE org = ?${role === undefined ? "" : ` AND role = '${role}'`}`,
        org,
      ),
    teamMembers: (team: number, window: Window, role?: "member" | "maintainer") =>
      page(
        Member,
        `SELECT ${accountColumns}, m.role FROM github_team_member m JOIN github_account a ON a.id = m.account
         WHERE m.team = ?${role === undefined ? "" : ` AND m.role = '${role}'`}`,
        "m.account",
        [team],
        window,
      ),
    teamMemberCount: (team: number) =>
      count("SELECT count(*) AS n FROM github_team_member WHERE team = ?", team),
    invitationBy: {
      id: (org: number, id: number) =>
        one(
          Invitation,
          `SELECT ${invitationColumns} FROM ${invitationSource} WHERE i.org = ? AND i.id = ?`,
          org,
          id,
        ),
      invitee: (org: number, invitee: number) =>
        one(
          Invitation,
          `SELECT ${invitationColumns} FROM ${invitationSource}
           WHERE i.invitee = ? AND i.status = 'pending' AND i.org = ?`,
          invitee,
          org,
        ),
      email: (org: number, email: string) =>
        one(
          Invitation,
          `SELECT ${invitationColumns} FROM ${invitationSource}
           WHERE i.email = ? AND i.status = 'pending' AND i.org = ?`,
          email,
          org,
        ),
    },
    invitations: (org: number, status: Invitation["status"], window: Window) =>
      page(
        Invitation,
        `SELECT ${invitationColumns} FROM ${invitationSource} WHERE i.org = ? AND i.status = ?`,
        "i.id",
        [org, status],
        window,
      ),
    invitationCount: (org: number, status: Invitation["status"]) =>
      count("SELECT count(*) AS n FROM github_invitation WHERE org = ? AND status = ?", org, status),
    teamInvitations: (team: number, window: Window) =>
      page(
        Invitation,
        `SELECT ${invitationColumns} FROM ${invitationSource} WHERE i.status = 'pending'
         AND i.id IN (SELECT invitation FROM github_invitation_team WHERE team = ?)`,
        "i.id",
        [team],
        window,
      ),
    teamInvitationCount: (team: number) =>
      count(
        `SELECT count(*) AS n FROM github_invitation_team t JOIN github_invitation i ON i.id = t.invitation
         WHERE t.team = ? AND i.status = 'pending'`,
        team,
      ),
    teamsOfInvitation: (invitation: number) =>
      all(
        Team,
        `SELECT t.id, t.org, t.slug, t.name FROM github_invitation_team it JOIN github_team t ON t.id = it.team
         WHERE it.invitation = ? ORDER BY t.id`,
        invitation,
      ),
    isBlocked: (org: number, account: number) =>
      count("SELECT count(*) AS n FROM github_block WHERE org = ? AND account = ?", org, account) > 0,
  };
}
