// Answers of GitHub: the shapes of its accounts, teams and invitations, and its refusals in its own words.
import type { Account, Invitation, Team } from "./state.ts";

/** An answer before it is put on the wire. `total` says how many items the whole list has, for the Link header. */
export type Answer = {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
  total?: number;
  /** Name of what is not served here; the answer is a 501 then, and nothing was changed. */
  unserved?: string;
};

const documentation = "https://docs.github.com/rest";

/** Time at which everything was made whose age nobody asks. */
export const longAgo = "2020-01-01T00:00:00Z";

export const ok = (body: unknown): Answer => ({ status: 200, body });
export const list = (body: unknown[], total: number): Answer => ({ status: 200, body, total });
export const created = (body: unknown): Answer => ({ status: 201, body });
export const done: Answer = { status: 204 };

/** Any refusal: a message, and the status once more as text, as GitHub writes it. */
export const refusal = (status: number, message: string, headers: Record<string, string> = {}): Answer => ({
  status,
  body: { message, documentation_url: documentation, status: String(status) },
  headers,
});

/** Says that what was asked is not served; the far end notes it. */
export const unserved = (what: string): Answer => ({ status: 501, unserved: what });

export const notFound = refusal(404, "Not Found");

/** Answers an App that lacks a permission; the header names the one it needs. */
export const notAccessible = (permission: string): Answer =>
  refusal(403, "Resource not accessible by integration", { "x-accepted-github-permissions": permission });

/** A 422 with one error. "Already a member" and "over the daily limit" differ in `message` alone. */
export const unprocessable = (error: {
  resource: string;
  code: string;
  field: string;
  message?: string;
}): Answer => ({
  status: 422,
  body: { message: "Validation Failed", errors: [error], documentation_url: documentation, status: "422" },
});

const nodeId = (kind: string, id: number): string =>
  Buffer.from(`0${kind.length}:${kind}${id}`).toString("base64");

/** The global ids of GraphQL, which REST calls `node_id`. */
export const nodeIds = {
  of: nodeId,
  read(text: string): { kind: string; id: number } | undefined {
    const [, kind, id] = /^\d+:([A-Za-z]+)(\d+)$/.exec(Buffer.from(text, "base64").toString()) ?? [];
    return kind === undefined ? undefined : { kind, id: Number(id) };
  },
};

/** An account as it stands in lists. */
export function simpleUser({ id, login, type }: Account, api: string) {
  const url = `${api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id,
    node_id: nodeId(type, id),
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `https://github.com/${encodeURIComponent(login)}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

/** An account looked up by itself. */
export function publicUser(account: Account, api: string) {
  return {
    ...simpleUser(account, api),
    name: null,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: longAgo,
    updated_at: longAgo,
  };
}

export function organisationSimple({ id, login }: Account, api: string) {
  const url = `${api}/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId("Organization", id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${id}?v=4`,
    description: null,
  };
}

/** A team in a list. */
export function teamSimple(team: Team, organisation: Account, api: string) {
  const url = `${api}/organizations/${organisation.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId("Team", team.id),
    url,
    html_url: `https://github.com/orgs/${organisation.login}/teams/${team.slug}`,
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: "closed",
    notification_setting: "notifications_enabled",
    permission: "pull",
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization",
    organization_id: organisation.id,
    parent: null,
  };
}

/** A team looked up by itself. */
export function teamFull(team: Team, organisation: Account, members: number, api: string) {
  const url = `${api}/orgs/${organisation.login}`;
  return {
    ...teamSimple(team, organisation, api),
    members_count: members,
    repos_count: 0,
    created_at: longAgo,
    updated_at: longAgo,
    organization: {
      ...organisationSimple(organisation, api),
      html_url: `https://github.com/${organisation.login}`,
      url,
      has_organization_projects: true,
      has_repository_projects: true,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      type: "Organization",
      created_at: longAgo,
      updated_at: longAgo,
      archived_at: null,
    },
  };
}

/** An invitation; `login` is null when it went to an address of mail. The inviter is the App's own bot. */
export function invitationBody(invitation: Invitation, inviter: Account, organisation: Account, api: string) {
  return {
    id: invitation.id,
    node_id: nodeId("OrganizationInvitation", invitation.id),
    login: invitation.login,
    email: invitation.email,
    role: invitation.role,
    created_at: new Date(invitation.created).toISOString(),
    failed_at: invitation.failed === null ? null : new Date(invitation.failed).toISOString(),
    failed_reason: invitation.reason,
    inviter: simpleUser(inviter, api),
    team_count: invitation.teams,
    invitation_teams_url: `${api}/organizations/${organisation.id}/invitations/${invitation.id}/teams`,
    invitation_source: "member",
  };
}
