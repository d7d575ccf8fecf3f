// Refusals of GitHub to the App, and about the people whom the App lets in. An owner of the organisation can mend them.
import type { Meaning, Pattern } from "../failure.ts";

const permission: Meaning = {
  cause: "app-permission",
  // A permission that was accepted shows after a while: https://github.com/octokit/handbook/pull/8.
  lasts: "settling",
  why: "the App lacks the organisation permission Members: Read and write",
  next: "an owner opens the organisation's settings, GitHub Apps, Configure beside the App, and accepts Members: Read and write; where it is not offered, add it in the App's own settings first",
};

const clock: Meaning = {
  cause: "clock",
  lasts: "transient",
  why: "this machine's clock and GitHub's differ by minutes, so GitHub takes the App's signature for expired or not yet valid",
  next: "set the clock of the machine that runs this; in the cloud nothing: it is tried again by itself, elsewhere",
};

export const app: readonly Pattern[] = [
  // The three by their names: https://github.com/octokit/auth-app.js/blob/main/src/hook.ts.
  { status: 401, text: /'(expiration time|issued at)' claim/i, ...clock },
  // https://github.com/actions/create-github-app-token/issues/153
  {
    status: 401,
    text: /JSON web token/i,
    cause: "app-key",
    lasts: "lasting",
    why: "the App's private key was revoked, or belongs to another App than the settings name",
    next: "whoever owns the App makes a new private key on the App's page, stores it as the secret github-app-key, and checks github.appId in the settings",
  },
  // https://github.com/octokit/authentication-strategies.js/issues/165
  {
    status: 404,
    text: /integration not found/i,
    cause: "app-unknown",
    lasts: "lasting",
    why: "there is no App with the number of the settings",
    next: "correct github.appId in the settings to the number on the App's page (App ID, not Client ID or the installation's)",
  },
  // https://github.com/octokit/octokit.rb/pull/1307
  {
    status: [200, 403],
    text: /installation has been suspended|suspended your access/i,
    cause: "app-suspended",
    lasts: "lasting",
    why: "the App's installation is suspended",
    next: "an owner unsuspends the App in the organisation's settings, under GitHub Apps, Configure",
  },
  // https://github.com/fwouts/prmonitor/issues/1042
  {
    status: [200, 403],
    text: /SAML enforcement/i,
    cause: "single-sign-on",
    lasts: "lasting",
    why: "the organisation's single sign-on keeps the App out",
    next: "an owner removes the App from the organisation and installs it once more, signed in through the single sign-on",
  },
  // https://github.com/Rust-Commercial-Network/rcn/pull/58
  { status: 422, text: /permissions requested are not granted/i, ...permission },
  // https://github.com/actions/create-github-app-token/issues/258
  { status: [200, 403], text: /not accessible by integration/i, ...permission },
  { code: /^(FORBIDDEN|INSUFFICIENT_SCOPES)$/, ...permission },
  // https://github.com/mntnr/name-your-contributors/issues/67: without a type.
  { status: 200, text: /not been granted the required scopes/i, ...permission },
  // https://github.com/github/docs/issues/29818
  { status: 403, text: /must have admin rights/i, ...permission },
  // https://github.com/github/gh-gei/issues/975
  {
    code: /^NOT_FOUND$/,
    text: /resolve to an organization/i,
    cause: "organisation-unknown",
    lasts: "lasting",
    why: "GitHub knows no organisation of this name: it was renamed, or the settings misspell it",
    next: "correct the organisation in the settings",
  },
  // A token shows a moment after it was made, else only people help: https://github.com/octokit/auth-app.js/issues/589.
  {
    status: 401,
    cause: "app-token",
    lasts: "settling",
    why: "GitHub does not take the token that it has just given to the App",
    next: "nothing at first: new tokens show after a moment; when it goes on, see https://www.githubstatus.com, then make the App a new private key",
  },
];

/** Refusal where the App is not installed: told from other 404s by the call alone. */
export const notInstalled: Pattern = {
  status: 404,
  cause: "app-not-installed",
  lasts: "lasting",
  why: "the App is not installed in the organisation, or the organisation has another name now",
  next: "an owner installs the App in the organisation, or correct the organisation in the settings",
};

const notAPerson: Meaning = {
  cause: "not-a-person",
  lasts: "lasting",
  why: "this is not a person's account",
  next: "correct the login in the sheet",
};

/** Refusals to let somebody in that keep everybody out: an owner of the organisation mends them. */
export const everybody: readonly Pattern[] = [
  // https://github.com/probot/invite/issues/8
  {
    status: 422,
    // https://docs.github.com/en/organizations/managing-membership-in-your-organization/inviting-users-to-join-your-organization: an
    // unused license must be available.
    text: /\bno_seat\b|\bseats?\b|\blicen[cs]es?\b/i,
    cause: "no-seat",
    lasts: "lasting",
    why: "the organisation has no free seat",
    next: "an owner adds a seat in the organisation's settings, Billing and licensing, or removes somebody; the person is asked at the next run",
  },
  // https://github.com/octokit/octokit.js/issues/1152, https://github.com/octokit/rest.js/issues/510
  {
    status: [403, 422],
    text: /inviter must be|inviter can not invite|must be an (organization )?owner|no_permission/i,
    cause: "may-not-invite",
    lasts: "lasting",
    why: "GitHub does not let the App invite people or change this team",
    next: "an owner gives the App the organisation permission Members: Read and write, and accepts it in the organisation's settings, GitHub Apps",
  },
  // https://github.com/integrations/terraform-provider-github/issues/2079
  {
    status: 403,
    text: /external group|externally managed/i,
    cause: "team-managed-elsewhere",
    lasts: "lasting",
    why: "the team takes its members from the organisation's identity provider",
    next: "an owner unlinks the team from its group, or take the team out of the settings",
  },
];

/** Refusal of whom GitHub does not find; the only one that comes without words. */
export const noSuchAccount: Pattern = {
  status: 404,
  cause: "no-such-account",
  lasts: "lasting",
  why: "GitHub no longer knows this account",
  next: "ask the person for their login, and correct it in the sheet",
};

/** Refusals to let somebody in that concern one person. */
export const onePerson: readonly Pattern[] = [
  // https://github.com/integrations/terraform-provider-github/issues/2258
  {
    status: 422,
    text: /two-factor|\bno_2fa\b|\b2fa\b/i,
    cause: "no-second-factor",
    lasts: "lasting",
    why: "this person's account has no second factor, which the organisation asks for",
    next: "the person turns two-factor authentication on in their GitHub settings; then they are asked again",
  },
  // https://github.com/github/docs/issues/1035, https://github.com/kubernetes/test-infra/issues/22723
  {
    status: [403, 422],
    text: /block/i,
    cause: "blocked",
    lasts: "lasting",
    why: "this person has left or blocked the organisation, or an owner has blocked them",
    next: "ask the person whether they still want access; an owner invites them on GitHub's own page, and looks under Moderation, Blocked users",
  },
  // https://github.com/cscheid/rgithub/pull/33
  {
    status: 422,
    text: /isn't a member of this organization/i,
    cause: "not-a-member",
    lasts: "settling",
    why: "GitHub does not count this person among the organisation's members yet",
    next: "nothing at first: an accepted invitation shows after a moment; else an owner invites the person on GitHub's own page",
  },
  { status: 422, text: /must be a user/i, ...notAPerson },
  { status: 422, code: /^org$/, ...notAPerson },
  noSuchAccount,
];

/** GitHub often gives no reason: https://github.com/knative/community/pull/1659. */
export const refusedPerson: Pattern = {
  status: [403, 422],
  cause: "refused-person",
  lasts: "lasting",
  why: "GitHub refused this person for a reason that Groundcrew does not know",
  next: "an owner tries it on GitHub's own page, which says more",
};
