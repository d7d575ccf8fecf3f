// Answers of GitHub about people whom an App would let in. Most concern one person; some keep everybody out.
import { type GithubEntry, lasting, said, settling } from "./github-said.ts";

const v3 = "https://developer.github.com/v3";
const adding = "https://docs.github.com/rest/teams/members#add-or-update-team-membership-for-a-user";

const noSeat = lasting("no-seat", "the organisation has no free seat", /^an owner adds a seat/);
const mayNotInvite = lasting(
  "may-not-invite",
  "GitHub does not let the App invite people or change this team",
  /^an owner gives the App .*Members: Read and write/,
);
const blocked = lasting(
  "blocked",
  "this person has left or blocked the organisation, or an owner has blocked them",
  /^ask the person whether they still want access; .*Blocked users$/,
);

export const peopleEntries: readonly GithubEntry[] = [
  {
    call: "add-to-team",
    source: "https://github.com/probot/invite/issues/8",
    ...said(422, {
      message: "You must purchase at least one more seat to add this user as a member.",
      errors: [{ code: "no_seat", field: "user" }],
      documentation_url: "https://github.com/organizations/example-hub/settings/billing/seats",
    }),
    reads: noSeat,
  },
  {
    call: "invite",
    source: "https://github.com/integrations/terraform-provider-github/issues/3452",
    ...said(422, {
      message: "You must purchase at least one more seat to add this user as a member.",
      errors: [{ resource: "", field: "user", code: "no_seat", message: "" }],
    }),
    reads: noSeat,
  },
  {
    call: "invite",
    source: "https://github.com/octokit/octokit.js/issues/1152",
    ...said(422, {
      message: "Validation Failed",
      errors: [
        {
          resource: "OrganizationInvitation",
          code: "unprocessable",
          field: "data",
          message: "Inviter must be an organization admin",
        },
      ],
    }),
    reads: mayNotInvite,
  },
  {
    call: "add-to-team",
    source: "https://github.com/octokit/rest.js/issues/510",
    ...said(403, {
      message: "You must be an organization owner or team maintainer to add a team membership.",
      documentation_url: adding,
      status: "403",
    }),
    reads: mayNotInvite,
  },
  {
    call: "add-to-team",
    source: "https://github.com/probot/probot/issues/1137",
    ...said(422, {
      message: "Validation Failed",
      errors: [{ code: "no_permission", field: "user", resource: "TeamMember" }],
    }),
    reads: mayNotInvite,
  },
  {
    call: "add-to-team",
    source: "https://github.com/integrations/terraform-provider-github/issues/2079",
    ...said(403, {
      message:
        "You cannot create or update members for an external group backed team since they are managed by example-idp",
    }),
    reads: lasting(
      "team-managed-elsewhere",
      "the team takes its members from the organisation's identity provider",
      /^an owner unlinks the team/,
    ),
  },
  {
    call: "add-to-team",
    source: "https://github.com/integrations/terraform-provider-github/issues/2258",
    ...said(422, {
      message: "User doesn't satisfy the two-factor authentication requirements for this organization.",
      errors: [{ resource: "TeamMember", field: "user", code: "no_2fa", message: "" }],
    }),
    reads: lasting(
      "no-second-factor",
      "this person's account has no second factor, which the organisation asks for",
      /^the person turns two-factor authentication on/,
    ),
  },
  {
    call: "add-to-team",
    source: "https://github.com/cscheid/rgithub/pull/33",
    ...said(422, {
      message: "User isn't a member of this organization. Please invite them first.",
      errors: [{ code: "unaffiliated", field: "user", resource: "TeamMember" }],
      documentation_url: `${v3}/orgs/teams/#add-team-membership`,
    }),
    reads: settling(
      "not-a-member",
      "GitHub does not count this person among the organisation's members yet",
      /^nothing at first: .*invites the person/,
    ),
  },
  {
    call: "invite",
    source: "https://github.com/github/docs/issues/1035",
    ...said(422, { message: "User is blocked" }),
    reads: blocked,
  },
  {
    call: "add-to-team",
    source: "https://github.com/kubernetes/test-infra/issues/22723",
    ...said(403, {
      message: "Blocked",
      documentation_url:
        "https://docs.github.com/rest/reference/teams#add-or-update-team-membership-for-a-user",
    }),
    reads: blocked,
  },
  {
    call: "invite",
    source: "https://github.com/knative/community/pull/1659",
    ...said(422, {
      message: "The request could not be processed.",
      documentation_url: "https://docs.github.com/rest/orgs/members#set-organization-membership-for-a-user",
      status: "422",
    }),
    reads: lasting(
      "refused-person",
      "GitHub refused this person for a reason that Groundcrew does not know",
      /^an owner tries it on GitHub's own page/,
    ),
  },
  {
    call: "invite",
    source: "https://github.com/kubernetes/org/pull/2746",
    ...said(404, {
      message: "Not Found",
      documentation_url: "https://docs.github.com/rest/reference/orgs#set-organization-membership-for-a-user",
    }),
    reads: lasting(
      "no-such-account",
      "GitHub no longer knows this account",
      /^ask the person for their login/,
    ),
  },
];
