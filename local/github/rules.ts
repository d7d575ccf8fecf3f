// Which rule answers which operation, and what it needs of whoever calls.
import { user as account } from "./accounts.ts";
import { describeApp, describeInstallation, mintToken, type Need } from "./app-auth.ts";
import { inOrganisation, type Rule } from "./call.ts";
import type { Operation } from "./contract.ts";
import * as invitations from "./invitations.ts";
import { repositoryRules } from "./repository-rules.ts";
import * as teams from "./teams.ts";

export const rules: Record<Operation, { need: Need; rule: Rule }> = {
  ...repositoryRules,
  "GET /app": { need: "app", rule: ({ store, app, api }) => describeApp(store, app, api) },
  "POST /app/installations/{installation_id}/access_tokens": {
    need: "app",
    rule: ({ store, app, path, body }) => mintToken(store, app, Number(path["installation_id"]), body),
  },
  "GET /orgs/{org}/installation": {
    need: "app",
    rule: inOrganisation(({ app, api }, found) => describeInstallation(app, found, api)),
  },
  "GET /users/{username}": { need: "anything", rule: account },
  "GET /orgs/{org}/members": { need: "members: read", rule: teams.members },
  "GET /orgs/{org}/teams": { need: "members: read", rule: teams.teams },
  "GET /orgs/{org}/teams/{team_slug}": { need: "members: read", rule: teams.team },
  "GET /orgs/{org}/teams/{team_slug}/members": { need: "members: read", rule: teams.teamMembers },
  "GET /orgs/{org}/teams/{team_slug}/invitations": {
    need: "members: read",
    rule: invitations.teamInvitations,
  },
  "GET /orgs/{org}/teams/{team_slug}/memberships/{username}": {
    need: "members: read",
    rule: teams.teamMembership,
  },
  "PUT /orgs/{org}/teams/{team_slug}/memberships/{username}": {
    need: "members: write",
    rule: teams.addToTeam,
  },
  "DELETE /orgs/{org}/teams/{team_slug}/memberships/{username}": {
    need: "members: write",
    rule: teams.removeFromTeam,
  },
  "GET /orgs/{org}/invitations": { need: "members: read", rule: invitations.pendingInvitations },
  "POST /orgs/{org}/invitations": { need: "members: write", rule: invitations.createInvitation },
  "DELETE /orgs/{org}/invitations/{invitation_id}": {
    need: "members: write",
    rule: invitations.cancelInvitation,
  },
  "GET /orgs/{org}/failed_invitations": { need: "members: read", rule: invitations.failedInvitations },
};
