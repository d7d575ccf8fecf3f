// Acts of people on GitHub's own pages, which no API call of ours does: accept, decline, rename, leave. Switches for a person who
// tries the sample hub, and for tests.
import * as z from "zod";
import { atOnceIn, type State } from "../wire/state.ts";
import { expireInvitations } from "./invitations.ts";
import type { Account, Invitation, Store } from "./state.ts";

export type World = {
  organisation: string;
  /** Age of the organisation: after a month GitHub lets it invite 500 people a day instead of 50. */
  ageDays: number;
  teams: readonly { slug: string; name: string; members: readonly string[] }[];
  users: readonly { login: string; id?: number; type?: Account["type"]; name?: string }[];
  owners: readonly string[];
};

export type People = ReturnType<typeof openPeople>;

const Logins = z.array(z.object({ login: z.string() }));

/** Switches that change the state at once, as their people would. The organisation need not be named where there is one. */
export function openPeople(state: State, store: Store, nowMs: () => number, before: () => void) {
  const account = (login: string): Account => {
    const found = store.accountBy.login(login);
    if (found === undefined) throw new Error("the sample GitHub has no such account");
    return found;
  };
  const organisation = (login?: string): number => {
    const first = store.count("SELECT min(id) AS n FROM github_organisation");
    return login === undefined ? first : account(login).id;
  };
  const invitationOf = (login: string, org: number): Invitation => {
    expireInvitations(store, nowMs());
    const found = store.invitationBy.invitee(org, account(login).id);
    if (found === undefined) throw new Error("nobody has invited this account");
    return found;
  };
  const end = (invitation: Invitation, status: Invitation["status"]): void => {
    store.run("UPDATE github_invitation SET status = ? WHERE id = ?", status, invitation.id);
  };
  const join = (org: number, id: number, role: "admin" | "member"): void => {
    store.run("INSERT OR REPLACE INTO github_member VALUES (?, ?, ?)", org, id, role);
  };
  const enter = (team: number, id: number, role: "member" | "maintainer"): void => {
    store.run("INSERT OR REPLACE INTO github_team_member VALUES (?, ?, ?)", team, id, role);
  };
  const leaveAll = (id: number, org: number): void => {
    store.run(
      "DELETE FROM github_team_member WHERE account = ? AND team IN (SELECT id FROM github_team WHERE org = ?)",
      id,
      org,
    );
    store.run("DELETE FROM github_member WHERE account = ? AND org = ?", id, org);
  };
  const accept = (invitation: Invitation, login: string): void => {
    const { id } = account(login);
    end(invitation, "accepted");
    join(invitation.org, id, invitation.role === "admin" ? "admin" : "member");
    for (const team of store.teamsOfInvitation(invitation.id)) enter(team.id, id, "member");
  };
  const atOnce = atOnceIn(state, before);

  return {
    /** Everybody's login. */
    logins: (): string[] =>
      Logins.parse(state.prepare("SELECT login FROM github_account").all()).map(({ login }) => login),
    /** Makes an account; gives its number. */
    signUp: store.signUp,
    /** The invited person says yes: member of the organisation, and of the invitation's teams. */
    accept: atOnce((login: string, org?: string) => accept(invitationOf(login, organisation(org)), login)),
    /** The invited person says no: the invitation is gone and nothing tells why. */
    decline: atOnce((login: string, org?: string) => end(invitationOf(login, organisation(org)), "declined")),
    /** The old name is free for anybody at once. */
    rename: atOnce((from: string, to: string) => {
      store.run("UPDATE github_account SET login = ? WHERE id = ?", to, account(from).id);
    }),
    /** The account is gone, with its memberships and invitations. */
    remove: atOnce((login: string) => {
      const { id } = account(login);
      store.run("DELETE FROM github_team_member WHERE account = ?", id);
      store.run("DELETE FROM github_member WHERE account = ?", id);
      store.run(
        "UPDATE github_invitation SET status = 'cancelled' WHERE invitee = ? AND status = 'pending'",
        id,
      );
      store.run("DELETE FROM github_profile WHERE account = ?", id);
      store.run("DELETE FROM github_account WHERE id = ?", id);
    }),
    /** An owner puts somebody into a team by hand. No member of the organisation has a live invitation to it: theirs is accepted. */
    addByHand: atOnce((team: string, login: string, org?: string) => {
      const id = organisation(org);
      const live = store.invitationBy.invitee(id, account(login).id);
      if (live !== undefined) accept(live, login);
      const found = store.teamBy.slug(id, team);
      if (found === undefined) throw new Error("the sample GitHub has no such team");
      const member = store.membership(id, account(login).id);
      join(id, account(login).id, member?.role === "admin" ? "admin" : "member");
      enter(found.id, account(login).id, member?.role === "admin" ? "maintainer" : "member");
    }),
    /** Somebody leaves the organisation of their own will. */
    leave: atOnce((login: string, org?: string) => leaveAll(account(login).id, organisation(org))),
    /** The account blocks the organisation: it leaves, and cannot be invited again. */
    block: atOnce((login: string, org?: string) => {
      const id = organisation(org);
      leaveAll(account(login).id, id);
      store.run("INSERT OR IGNORE INTO github_block VALUES (?, ?)", id, account(login).id);
    }),
    /** GitHub flags the account: still a member, but nobody can look it up. */
    suspend: atOnce((login: string) => {
      store.run("UPDATE github_account SET suspended = 1 WHERE id = ?", account(login).id);
    }),
    /** A team gets another name, and with it another slug. */
    renameTeam: atOnce((from: string, to: string, org?: string) => {
      store.run(
        "UPDATE github_team SET slug = ?, name = ? WHERE org = ? AND slug = ?",
        to,
        to,
        organisation(org),
        from,
      );
    }),
    /** Lays the first state. An organisation that is there already keeps all that has happened to it. */
    seed: atOnce((world: World) => {
      if (store.organisationBy.login(world.organisation) !== undefined) return;
      for (const { login, ...options } of world.users) {
        if (store.accountBy.login(login) === undefined) store.signUp(login, options);
      }
      const org = store.signUp(world.organisation, { type: "Organization" });
      store.run("INSERT INTO github_organisation VALUES (?, ?)", org, nowMs() - world.ageDays * 86_400_000);
      const owners = new Set(world.owners.map((login) => account(login).id));
      for (const owner of owners) join(org, owner, "admin");
      for (const { slug, name, members } of world.teams) {
        const { id: team } = store.run(
          "INSERT INTO github_team (org, slug, name) VALUES (?, ?, ?)",
          org,
          slug,
          name,
        );
        for (const login of members) {
          const { id } = account(login);
          if (!owners.has(id)) join(org, id, "member");
          enter(team, id, owners.has(id) ? "maintainer" : "member");
        }
      }
    }),
  };
}
