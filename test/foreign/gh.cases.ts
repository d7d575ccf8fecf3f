// Questions of gh, GitHub's own command line, to our GitHub: what is asked, what GitHub does by its documentation, what is expected.

export type GhCase = {
  name: string;
  asks: string[];
  vendor: string;
  /** "right", "501", or the status that GitHub gives; "error" for one that gh does not number. */
  expect: string;
  by: "app" | "crew";
  right: (out: string) => boolean;
};

const row = (
  name: string,
  asks: string,
  vendor: string,
  expect: string,
  right: (out: string) => boolean = () => true,
  by: GhCase["by"] = "app",
): GhCase => ({ name, asks: asks.split(" "), vendor, expect, by, right });
const is = (wanted: string) => (out: string) => out === wanted;
const crew = "crew" as const;
const team = "orgs/sample-hub/teams/members";
const repo = "repos/operator/infrastructure";

export const ghCases: readonly GhCase[] = [
  row("user", "api user --jq .login", "who the token is", "right", is("crew"), crew),
  row("account", "api users/ada-a --jq .login", "the account", "right", is("ada-a")),
  row("no account", "api users/nobody", "404", "404"),
  row("team", `api ${team} --jq .slug`, "the team", "right", is("members")),
  row("members", `api ${team}/members --jq .[].login`, "all of them", "right", is("ada-a")),
  row(
    "pages",
    `api ${team}/members?per_page=1 --paginate --jq .[].login`,
    "all of them",
    "right",
    is("ada-a"),
  ),
  row("a page that is none", `api ${team}/members?page=x --jq length`, "the first", "right", is("1")),
  row("membership", `api ${team}/memberships/ada-a --jq .state`, "active", "right", is("active")),
  row("no membership", `api ${team}/memberships/crew`, "404", "404"),
  row(
    "added",
    `api -X PUT ${team}/memberships/olga-owner --jq .role`,
    "maintainer",
    "right",
    is("maintainer"),
  ),
  row("added to a role", `api -X PUT ${team}/memberships/ada-a -f role=king`, "422", "422"),
  row(
    "invited",
    "api -X POST orgs/sample-hub/invitations -f email=a@example.org --jq .email",
    "201",
    "right",
    is("a@example.org"),
  ),
  row("invited twice", "api -X POST orgs/sample-hub/invitations -f email=a@example.org", "422", "422"),
  row("invitations", "api orgs/sample-hub/invitations --jq length", "one", "right", is("1")),
  row("removed", `api -X DELETE ${team}/memberships/olga-owner`, "gone", "right"),
  row("repository", `api ${repo} --jq .default_branch`, "main", "right", is("main"), crew),
  row("no repository", "api repos/operator/nothing", "404", "404", is(""), crew),
  row("ref", `api ${repo}/git/ref/heads/main --jq .object.type`, "a commit", "right", is("commit"), crew),
  row("tags", `api ${repo}/tags --jq length`, "none", "right", is("0"), crew),
  row("pull requests", `api ${repo}/pulls --jq length`, "none", "right", is("0"), crew),
  row("unserved word", `api ${repo}/pulls?sort=created`, "sorted", "501", is(""), crew),
  row("unserved header", "api users/ada-a -H X-GitHub-Api-Version:2026-03-10", "that version", "501"),
  row("unserved media type", `api ${repo} -H Accept:application/vnd.github.raw`, "raw", "501", is(""), crew),
  row(
    "preview",
    `api ${repo} --preview corsair --jq .name`,
    "as without: previews have ended",
    "right",
    is("infrastructure"),
    crew,
  ),
  row("commits", `api ${repo}/commits`, "the commits", "501", is(""), crew),
  row("member", "api orgs/sample-hub/members/ada-a", "204", "501"),
  row("teams", "api orgs/sample-hub/teams", "the teams", "right"),
  row("limits", "api rate_limit", "the limits", "501"),
  row("graphql", "api graphql -f query={viewer{login}}", "who the token is", "501", is(""), crew),
  row("repo view", "repo view operator/infrastructure", "its page, by GraphQL", "501", is(""), crew),
  row("pr list", "pr list -R operator/infrastructure", "none, by GraphQL", "501", is(""), crew),
  row("issue list", "issue list -R operator/infrastructure", "none, by GraphQL", "501", is(""), crew),
  row("release list", "release list -R operator/infrastructure", "none, by GraphQL", "501", is(""), crew),
  row("repo fork", "repo fork operator/infrastructure --clone=false", "a fork", "right", () => true, crew),
  row("gist list", "gist list", "none, by GraphQL", "501", is(""), crew),
  row("workflow list", "workflow list -R operator/infrastructure", "none", "501", is(""), crew),
  row("secret list", "secret list -R operator/infrastructure", "none", "501", is(""), crew),
];
