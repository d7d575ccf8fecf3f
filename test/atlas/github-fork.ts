// Answers of GitHub about forks, their branches and pull requests.
import { type GithubEntry, lasting, said, settling } from "./github-said.ts";

const syncing =
  "https://docs.github.com/rest/branches/branches#sync-a-fork-branch-with-the-upstream-repository";
const pulls = "https://docs.github.com/rest/reference/pulls#create-a-pull-request";

const scope = lasting(
  "workflow-scope",
  "upstream has changed a workflow, and the fork's token may not bring workflows into the fork",
  /^whoever holds the fork's account adds the scope workflow .*Sync fork/,
);
const notReady = settling(
  "fork-not-ready",
  "the fork, or a commit in it, does not show at GitHub yet, or the fork's token may not write there",
  /^nothing at first: .*public_repo and workflow, else delete the fork/,
);
const notMoved = settling(
  "branch-not-moved",
  "GitHub did not move the fork's branch just now",
  /^nothing at first: .*Rules and Branches/,
);
const rules = lasting(
  "branch-rules",
  "a rule on the fork's branches forbids the change",
  /^whoever holds the fork removes its rules/,
);

const diverged = lasting(
  "fork-diverged",
  "its default branch has commits of its own",
  /^on the fork's page press Sync fork, then Discard commits/,
);

export const forkEntries: readonly GithubEntry[] = [
  {
    call: "catch-up",
    source: "https://github.com/cli/cli/pull/7612",
    ...said(422, {
      message:
        "refusing to allow an OAuth App to create or update workflow `.github/workflows/bench.yml` without `workflow` scope",
      documentation_url: syncing,
    }),
    reads: scope,
  },
  {
    call: "catch-up",
    source: "https://github.com/refined-github/refined-github/issues/7641",
    ...said(422, {
      message:
        "refusing to allow a Personal Access Token to create or update workflow `.github/workflows/labeler.yml` without `workflow` scope",
    }),
    reads: scope,
  },
  {
    call: "commit",
    source: "https://github.com/cloudposse/atmos/issues/390",
    ...said(422, {
      message:
        "refusing to allow a Personal Access Token to create or update workflow `.github/workflows/automerge.yml` without `workflow` scope",
    }),
    reads: scope,
  },
  {
    call: "make-branch",
    source: "https://github.com/peter-evans/create-pull-request/issues/3558",
    ...said(422, {
      message:
        "refusing to allow a GitHub App to create or update workflow `.github/workflows/bakefile-test.yml` without `workflows` permission",
    }),
    reads: scope,
  },
  {
    call: "catch-up",
    source: "https://github.com/PyGithub/PyGithub/pull/2066",
    ...said(409, { message: "There are merge conflicts", documentation_url: syncing, status: "409" }),
    reads: diverged,
  },
  {
    call: "catch-up",
    source: syncing,
    ...said(409, { message: "This branch could not be synced", documentation_url: syncing }),
    reads: diverged,
  },
  {
    call: "catch-up",
    source: "https://github.com/47degrees/sbt-org-policies/issues/263",
    ...said(422, {
      message: "3 of 3 required status checks are expected. At least one approved review is required",
      documentation_url: "https://help.github.com/articles/about-protected-branches",
    }),
    reads: rules,
  },
  {
    call: "catch-up",
    source: "https://github.com/dependabot/dependabot-core/pull/3998",
    ...said(403, { message: "You're not authorized to push to this branch." }),
    reads: rules,
  },
  {
    call: "catch-up",
    source: "https://github.com/PyGithub/PyGithub/pull/3175",
    ...said(404, { message: "Branch not found" }),
    reads: notReady,
  },
  {
    call: "move-branch",
    source: "https://github.com/cli/cli/issues/7574",
    ...said(404, {
      message: "Not Found",
      documentation_url: "https://docs.github.com/rest/reference/git#update-a-reference",
    }),
    reads: notReady,
  },
  {
    call: "make-branch",
    source: "https://github.com/octokit/octokit.js/issues/562",
    ...said(422, {
      message: "Object does not exist",
      documentation_url: "https://developer.github.com/v3/git/refs/#create-a-reference",
    }),
    reads: notReady,
  },
  {
    call: "commit",
    source: "https://github.com/PyGithub/PyGithub/issues/1732",
    ...said(422, { message: "base_tree is not a valid tree oid" }),
    reads: notReady,
  },
  {
    call: "commit",
    source: "https://github.com/PyGithub/PyGithub/issues/1932",
    ...said(404, {
      message: "Not Found",
      documentation_url: "https://docs.github.com/rest/reference/git#create-a-tree",
    }),
    reads: notReady,
  },
  {
    call: "move-branch",
    source: "https://github.com/github/rest-api-description/issues/2746",
    ...said(422, { message: "Reference does not exist" }),
    reads: notReady,
  },
  {
    call: "move-branch",
    source: "https://github.com/webspace-sdk/webspace-engine/issues/104",
    ...said(422, {
      message: "Update is not a fast forward",
      documentation_url: "https://docs.github.com/rest/reference/git#update-a-reference",
    }),
    reads: notMoved,
  },
  {
    call: "make-branch",
    source: "https://github.com/github/rest-api-description/issues/4887",
    ...said(422, { message: "Reference update failed" }),
    reads: notMoved,
  },
  {
    call: "move-branch",
    source: "https://github.com/satisfactory-factories/application/issues/67",
    ...said(422, {
      message: "Repository rule violations found\n\nChanges must be made through a pull request.\n\n",
      documentation_url: "https://docs.github.com/rest/git/refs#update-a-reference",
    }),
    reads: rules,
  },
  {
    call: "move-branch",
    source: "https://github.com/dependabot/dependabot-core/pull/1911",
    ...said(422, { message: "Cannot force-push to a protected branch" }),
    reads: rules,
  },
  {
    call: "commit",
    source: "https://github.com/sandeberger/TheTab.Ninja/issues/34",
    ...said(422, { message: "Repository rule violations found\n\nSecret detected in content\n\n" }),
    reads: lasting(
      "secret-detected",
      "GitHub takes something in the changed files for a secret, and refuses them",
      /^look at the files of images\.files/,
    ),
  },
  {
    call: "commit",
    source: "https://github.com/github/rest-api-description/issues/637",
    ...said(409, { message: "Git Repository is empty." }),
    reads: settling(
      "repository-empty",
      "the repository has no commits yet",
      /^nothing at first: .*delete the fork/,
    ),
  },
  {
    call: "commit",
    source:
      "https://github.com/hub4j/github-api/blob/main/src/main/java/org/kohsuke/github/GHRepository.java",
    ...said(403, {
      message: "Repository was archived so is read-only.",
      documentation_url: "https://developer.github.com/v3/repos/#edit",
    }),
    reads: lasting(
      "archived",
      "the repository is archived, so nobody can change it",
      /^find where upstream is developed now/,
    ),
  },
  {
    call: "make-fork",
    source: "https://github.com/WeblateOrg/weblate/blob/main/weblate/trans/models/alert.py",
    ...said(403, { message: "The repository exists, but forking is disabled." }),
    reads: lasting(
      "forking-disabled",
      "the upstream repository may not be forked",
      /^ask its owner to allow forking/,
    ),
  },
  {
    call: "make-fork",
    source: "https://github.com/integrations/terraform-provider-github/issues/3173",
    ...said(422, { message: "This organization does not allow private repository forking" }),
    reads: lasting(
      "forking-disabled",
      "the upstream repository may not be forked",
      /^ask its owner to allow forking/,
    ),
  },
  {
    call: "make-fork",
    source: "https://github.com/cli/cli/issues/7761",
    ...said(403, {
      message: "The repository exists, but it contains no Git content. Empty repositories cannot be forked.",
    }),
    reads: lasting(
      "upstream-empty",
      "the upstream repository has no commits",
      /^correct images\.upstream or images\.releases in the settings, or push a first commit/,
    ),
  },
  {
    call: "make-branch",
    source: "https://github.com/github/maven-plugins/issues/137",
    ...said(422, {
      message: "Invalid request.\n\nFor 'links/0/schema', nil is not an object.",
      documentation_url: "https://developer.github.com/enterprise/2.12/v3/git/refs/#create-a-reference",
    }),
    reads: lasting(
      "request-not-understood",
      "GitHub did not understand the request",
      /^report it to whoever develops Groundcrew/,
    ),
  },
  {
    call: "open-pull",
    source: "https://github.com/shepherd-tools/shepherd/issues/51",
    ...said(422, {
      message: "Validation Failed",
      errors: [{ resource: "PullRequest", field: "head", code: "invalid" }],
      documentation_url: "https://developer.github.com/v3/pulls/#create-a-pull-request",
    }),
    reads: settling(
      "branch-not-ready",
      "the branch that we have just made does not show at GitHub yet",
      /^nothing at first: .*fork still belongs/,
    ),
  },
  {
    call: "open-pull",
    source: "https://github.com/PyGithub/PyGithub/issues/1921",
    ...said(422, {
      message: "Validation Failed",
      errors: [
        {
          resource: "PullRequest",
          code: "custom",
          field: "fork_collab",
          message: "Fork collab can't be granted by someone without permission",
        },
      ],
      documentation_url: pulls,
    }),
    reads: lasting(
      "fork-collab",
      "the fork's account cannot let upstream's maintainers push to the fork",
      /^let the account that owns the fork be the one/,
    ),
  },
  {
    call: "open-pull",
    source: "https://github.com/aborazmeh/awesome-palestine/issues/33",
    ...said(422, { message: "Validation failed: must be a collaborator" }),
    reads: lasting(
      "collaborators-only",
      "the upstream repository takes pull requests from its collaborators only",
      /^ask the upstream repository's maintainers, or set images\.pullRequest to branch/,
    ),
  },
];
