// Refusals of GitHub to the machine account that owns the fork. Whoever holds that account can mend them, or upstream's maintainers.
import type { Meaning, Pattern } from "../failure.ts";

const newToken =
  "whoever holds the fork's account makes a new classic token with the scopes public_repo and workflow, and stores it as the secret github-fork-token";
const instead =
  "ask the upstream repository's maintainers, or set images.pullRequest to branch, so that people press the button";

/** Refusals that concern the account or its token. */
const token: readonly Pattern[] = [
  // https://github.com/sourcegraph/sourcegraph-public-snapshot/issues/16638
  {
    status: [401, 403],
    text: /account (was|is|has been) suspended/i,
    cause: "account-suspended",
    lasts: "lasting",
    why: "GitHub has suspended the fork's account",
    next: "whoever holds the account asks https://support.github.com why, or makes another account and fork",
  },
  // https://github.com/hisxo/gitGraber/issues/54
  {
    status: 401,
    cause: "account-token",
    lasts: "lasting",
    why: "GitHub did not accept the fork's token: it has expired, was revoked, or is none",
    next: newToken,
  },
  // https://github.com/cli/cli/issues/7574, https://github.com/cli/cli/pull/7612
  {
    status: [403, 404, 409, 422],
    text: /refusing to allow .*without `?workflows?`? (scope|permission)/i,
    cause: "workflow-scope",
    lasts: "lasting",
    why: "upstream has changed a workflow, and the fork's token may not bring workflows into the fork",
    next: "whoever holds the fork's account adds the scope workflow to its classic token (beside public_repo), and presses Sync fork on the fork's page meanwhile",
  },
  // https://github.com/fullsend-ai/fullsend/issues/3368
  {
    status: [200, 403],
    text: /forbids access via a personal access token \(classic\)|tokens \(classic\) are forbidden/i,
    cause: "classic-forbidden",
    lasts: "lasting",
    why: "the upstream organisation takes no classic tokens",
    next: `an owner of the upstream organisation allows them in its settings, Personal access tokens; else ${instead}`,
  },
  // https://github.com/NixOS/org/issues/247
  {
    status: [200, 403],
    text: /fine-grained personal access tokens? if the token's lifetime/i,
    cause: "token-lifetime",
    lasts: "lasting",
    why: "the upstream organisation takes no token that lives as long as the fork's",
    next: newToken,
  },
  // https://github.com/RoamJS/roamjs-components/issues/31
  {
    status: [200, 403],
    text: /not accessible by (personal access token|integration)|must have admin rights/i,
    cause: "token-permission",
    lasts: "lasting",
    why: "the fork's token may not do this: it is a fine-grained one, or lacks a scope",
    next: newToken,
  },
  // https://github.com/octokit/octokit.rb/pull/1164
  {
    status: [200, 403],
    text: /SAML enforcement/i,
    cause: "single-sign-on",
    lasts: "lasting",
    why: "the fork's token is not authorised for an organisation with single sign-on",
    next: "whoever holds the fork's account opens its settings, Developer settings, Tokens (classic), Configure SSO beside the token, and authorises the organisation",
  },
  // https://github.com/gitbutlerapp/gitbutler/issues/8594
  {
    status: [200, 403],
    text: /OAuth App access restrictions/i,
    cause: "oauth-restrictions",
    lasts: "lasting",
    why: "the fork's token belongs to an OAuth App that the upstream organisation has not approved",
    next: newToken,
  },
  // https://github.com/microsoft/coe-starter-kit/issues/10176
  {
    status: 403,
    text: /Enterprise Managed User/i,
    cause: "managed-account",
    lasts: "lasting",
    why: "the fork's account belongs to an enterprise, which keeps it from everything outside",
    next: "make the fork with an account that no enterprise manages, and store its token as the secret github-fork-token",
  },
  // https://github.com/utterance/utterances/issues/534
  {
    status: 403,
    text: /email address must be verified/i,
    cause: "email-unverified",
    lasts: "lasting",
    why: "the fork's account has no verified address of mail",
    next: "whoever holds the account verifies one in its settings, Emails",
  },
];

const upstreamEmpty: Meaning = {
  cause: "upstream-empty",
  lasts: "lasting",
  why: "the upstream repository has no commits",
  next: "correct images.upstream or images.releases in the settings, or push a first commit there",
};

/** Refusals that concern a repository: upstream's, or the fork. */
const repository: readonly Pattern[] = [
  // https://github.com/hub4j/github-api/blob/main/src/main/java/org/kohsuke/github/GHRepository.java
  {
    status: [403, 422],
    text: /archived so is read-only/i,
    cause: "archived",
    lasts: "lasting",
    why: "the repository is archived, so nobody can change it",
    next: "find where upstream is developed now and correct images.upstream in the settings; where it is the fork, unarchive it in its settings",
  },
  // https://github.com/slapperwan/gh4a/issues/651, https://github.com/caarlos0/fork-cleaner/issues/99
  {
    status: [403, 451],
    text: /access blocked/i,
    cause: "repository-blocked",
    lasts: "lasting",
    why: "GitHub has blocked the repository for legal reasons or against its terms",
    next: "ask the repository's owner, whom GitHub has told why; another one can be set as images.upstream",
  },
  // https://github.com/sweepai/sweep/issues/3902, https://github.com/github/rest-api-description/issues/637
  {
    status: 409,
    text: /repository is empty/i,
    cause: "repository-empty",
    lasts: "settling",
    why: "the repository has no commits yet",
    next: "nothing at first: GitHub fills a new fork within minutes; when it goes on, delete the fork, and it is made again",
  },
  // https://github.com/sandeberger/TheTab.Ninja/issues/34
  {
    status: [409, 422],
    text: /secret detected|push cannot contain secrets/i,
    cause: "secret-detected",
    lasts: "lasting",
    why: "GitHub takes something in the changed files for a secret, and refuses them",
    next: "look at the files of images.files in the upstream repository: a key may stand in one of them, and belongs out of it",
  },
  // https://github.com/satisfactory-factories/application/issues/67, https://github.com/dependabot/dependabot-core/pull/3998,
  // https://github.com/47degrees/sbt-org-policies/issues/263
  {
    status: [403, 409, 422],
    text: /rule violations found|protected branch|not authorized to push|required status check|approved review is required|made through a pull request|must not contain merge commits/i,
    cause: "branch-rules",
    lasts: "lasting",
    why: "a rule on the fork's branches forbids the change",
    next: "whoever holds the fork removes its rules in the fork's settings, Rules and Branches: nobody but Groundcrew writes there",
  },
  // https://github.com/integrations/terraform-provider-github/issues/3173
  {
    status: [403, 422],
    text: /forking is disabled|does not allow private repository forking/i,
    cause: "forking-disabled",
    lasts: "lasting",
    why: "the upstream repository may not be forked",
    next: "ask its owner to allow forking in its settings, General",
  },
  // https://github.com/cli/cli/issues/7761
  { status: 403, text: /empty repositories cannot be forked/i, ...upstreamEmpty },
];

/** Refusals that concern a pull request. */
const pull: readonly Pattern[] = [
  // https://github.com/codespell-project/codespell/issues/3839, https://github.com/open-gsd/gsd-core/issues/550
  {
    status: [403, 422],
    text: /must be a collaborator/i,
    cause: "collaborators-only",
    lasts: "lasting",
    why: "the upstream repository takes pull requests from its collaborators only",
    next: instead,
  },
  // https://github.com/ScrollPrize/villa/issues/1743: an interaction limit.
  {
    status: [403, 422],
    text: /correct permissions to execute/i,
    cause: "may-not-open",
    lasts: "lasting",
    why: "the upstream repository lets the fork's account open no pull requests, for now or for good",
    next: instead,
  },
  // https://github.com/PyGithub/PyGithub/issues/1921
  {
    status: 422,
    text: /fork collab/i,
    cause: "fork-collab",
    lasts: "lasting",
    why: "the fork's account cannot let upstream's maintainers push to the fork",
    next: "let the account that owns the fork be the one whose token is stored as github-fork-token",
  },
  {
    status: [403, 422],
    text: /\bblocked\b/i,
    cause: "account-blocked",
    lasts: "lasting",
    why: "the upstream organisation has blocked the fork's account",
    next: instead,
  },
];

export const account: readonly Pattern[] = [...token, ...repository, ...pull];

/** A repository of others that the account cannot see. */
export const noRepository: Pattern = {
  status: 404,
  cause: "repository-unknown",
  lasts: "lasting",
  why: "GitHub knows no such repository, or hides it from the fork's account",
  next: "correct images.upstream or images.releases in the settings; where they are right, the fork's token lacks the scopes public_repo and workflow",
};

const fresh: Meaning = {
  cause: "fork-not-ready",
  lasts: "settling",
  why: "the fork, or a commit in it, does not show at GitHub yet, or the fork's token may not write there",
  next: "nothing at first: GitHub fills a new fork within minutes; when it goes on, give the fork's token the scopes public_repo and workflow, else delete the fork, and it is made again",
};

/** Refusals of a repository of others to somebody who only reads it. */
export const ofOthers: readonly Pattern[] = [
  noRepository,
  { status: 409, text: /repository is empty/i, ...upstreamEmpty },
];

/** Refusals of what we have just made ourselves, and which does not show yet: https://github.com/PyGithub/PyGithub/issues/2759. */
export const notYet: readonly Pattern[] = [
  // A write without its scope is a 404, too: https://github.com/PyGithub/PyGithub/issues/1932.
  { status: 404, ...fresh },
  // https://github.com/octokit/octokit.js/issues/562, https://github.com/PyGithub/PyGithub/issues/1732
  { status: 422, text: /(object|reference) does not exist|not a valid tree oid/i, ...fresh },
  // https://github.com/rust-lang/homu/issues/75, https://github.com/github/rest-api-description/issues/4887
  {
    status: 422,
    text: /not a fast forward|reference update failed/i,
    cause: "branch-not-moved",
    lasts: "settling",
    why: "GitHub did not move the fork's branch just now",
    next: "nothing at first: it is tried again by itself; when it goes on, look at the fork's settings, Rules and Branches, for a rule on its branches",
  },
];

/** The branch that a pull request is to come from: https://github.com/shepherd-tools/shepherd/issues/51. */
export const branchNotYet: Pattern = {
  status: 422,
  code: /^invalid$/,
  text: /\bhead\b/,
  cause: "branch-not-ready",
  lasts: "settling",
  why: "the branch that we have just made does not show at GitHub yet",
  next: "nothing at first: it is tried again by itself; when it goes on, look whether the fork still belongs to the account",
};
