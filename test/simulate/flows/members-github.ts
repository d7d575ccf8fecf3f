// GitHub as it is, for the rules of members: who is in, who is invited, and the two whom somebody else has invited.
import * as z from "zod";
import type { World } from "../world.ts";
import type { Hub } from "./members-hub.ts";

/** An invitation as the far end keeps it. */
const Invited = z.object({
  id: z.number(),
  login: z.string(),
  status: z.string(),
  created: z.number(),
  teams: z.string().nullable(),
});
export type Invited = z.infer<typeof Invited>;

export function atGithub(world: World, people: Hub) {
  const invitations = () =>
    z.array(Invited).parse(
      world.state
        .prepare(
          `SELECT i.id, a.login, i.status, i.created, (SELECT group_concat(t.slug) FROM github_invitation_team it
             JOIN github_team t ON t.id = it.team WHERE it.invitation = i.id) AS teams
             FROM github_invitation i JOIN github_account a ON a.id = i.invitee ORDER BY i.id`,
        )
        .all(),
    );

  /** Somebody else invites two people: one to a team of ours and another one, one to become an owner. */
  function inviteElsewhere(): string[] {
    return people.elsewhere.map(({ login }, index) => {
      const { lastInsertRowid } = world.state
        .prepare(
          `INSERT INTO github_invitation (org, invitee, role, status, created)
             SELECT o.id, a.id, ?, 'pending', ? FROM github_organisation o, github_account a WHERE a.login = ?`,
        )
        .run(index === 0 ? "direct_member" : "admin", world.now().getTime(), login);
      const leadTo = index === 0 ? ["others", "full-access"] : ["full-access"];
      for (const slug of leadTo)
        world.state
          .prepare("INSERT INTO github_invitation_team SELECT id, ? FROM github_team WHERE slug = ?")
          .run(lastInsertRowid, slug);
      return String(lastInsertRowid);
    });
  }

  // Asked at every answer of GitHub's, for which a snapshot takes too long.
  const listed = world.state.prepare(
    `SELECT 'added ' || a.login AS line FROM github_team_member m JOIN github_account a ON a.id = m.account
       UNION SELECT 'invited ' || a.login FROM github_invitation i JOIN github_account a ON a.id = i.invitee WHERE i.status = 'pending'`,
  );
  const standing = (): string[] => listed.all().map(({ line }) => String(line));

  return { theirs: inviteElsewhere(), invitations, standing };
}
