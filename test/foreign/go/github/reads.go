package main

import (
	"net/http"

	"github.com/google/go-github/v75/github"
)

func logins(users []*github.User) []string {
	names := []string{}
	for _, user := range users {
		names = append(names, user.GetLogin())
	}
	return names
}

// unserved is a read that GitHub answers and our far end does not.
func unserved(name string, run func() error) row {
	return row{Name: name, Asks: name, Vendor: "answers", Expect: "501", run: run}
}

var reads = []row{
	{Name: "user", Asks: "who the token is", Vendor: "its account", Expect: "right", run: func() error {
		got, _, err := crew.Users.Get(ctx, "")
		if err != nil {
			return err
		}
		return same(got.GetLogin(), "crew")
	}},
	{Name: "user by name", Asks: "an account", Vendor: "login and id", Expect: "right", run: func() error {
		got, _, err := app.Users.Get(ctx, "ada-a")
		if err != nil {
			return err
		}
		return same([]any{got.GetLogin(), got.GetID() > 0, got.GetType()}, []any{"ada-a", true, "User"})
	}},
	{Name: "user in capitals", Asks: "an account by its name in capitals", Vendor: "the same", Expect: "right", run: func() error {
		got, _, err := app.Users.Get(ctx, "ADA-A")
		if err != nil {
			return err
		}
		return same(got.GetLogin(), "ada-a")
	}},
	{Name: "no user", Asks: "an account that is not there", Vendor: "404", Expect: "404", run: func() error {
		return only(app.Users.Get(ctx, "nobody"))
	}},
	{Name: "team", Asks: "a team", Vendor: "slug and number of members", Expect: "right", run: func() error {
		got, _, err := app.Teams.GetTeamBySlug(ctx, org, team)
		if err != nil {
			return err
		}
		return same([]any{got.GetSlug(), got.GetMembersCount()}, []any{team, 1})
	}},
	{Name: "no team", Asks: "a team that is not there", Vendor: "404", Expect: "404", run: func() error {
		return only(app.Teams.GetTeamBySlug(ctx, org, "nobodies"))
	}},
	{Name: "members", Asks: "a team's members", Vendor: "all of them", Expect: "right", run: func() error {
		got, _, err := app.Teams.ListTeamMembersBySlug(ctx, org, team, nil)
		if err != nil {
			return err
		}
		return same(logins(got), []string{"ada-a"})
	}},
	{Name: "organisation members", Asks: "the organisation's members", Vendor: "its owner and its member", Expect: "right", run: func() error {
		got, _, err := app.Organizations.ListMembers(ctx, org, nil)
		if err != nil {
			return err
		}
		return same(len(got), 2)
	}},
	{Name: "teams", Asks: "the organisation's teams", Vendor: "its one team", Expect: "right", run: func() error {
		got, _, err := app.Teams.ListTeams(ctx, org, nil)
		if err != nil {
			return err
		}
		return same(len(got), 1)
	}},
	{Name: "maintainers", Asks: "a team's maintainers", Vendor: "none", Expect: "right", run: func() error {
		got, _, err := app.Teams.ListTeamMembersBySlug(ctx, org, team, &github.TeamListTeamMembersOptions{Role: "maintainer"})
		if err != nil {
			return err
		}
		return same(logins(got), []string{})
	}},
	{Name: "a page of members", Asks: "a page of one", Vendor: "one, and no next", Expect: "right", run: func() error {
		options := &github.TeamListTeamMembersOptions{ListOptions: github.ListOptions{PerPage: 1}}
		got, answer, err := app.Teams.ListTeamMembersBySlug(ctx, org, team, options)
		if err != nil {
			return err
		}
		return same([]any{len(got), answer.NextPage}, []any{1, 0})
	}},
	{Name: "membership", Asks: "somebody's membership", Vendor: "active, member", Expect: "right", run: func() error {
		got, _, err := app.Teams.GetTeamMembershipBySlug(ctx, org, team, "ada-a")
		if err != nil {
			return err
		}
		return same([]string{got.GetState(), got.GetRole()}, []string{"active", "member"})
	}},
	{Name: "no membership", Asks: "the membership of who is none", Vendor: "404", Expect: "404", run: func() error {
		return only(app.Teams.GetTeamMembershipBySlug(ctx, org, team, "crew"))
	}},
	{Name: "team invitations", Asks: "a team's invitations", Vendor: "none", Expect: "right", run: func() error {
		got, _, err := app.Teams.ListPendingTeamInvitationsBySlug(ctx, org, team, nil)
		if err != nil {
			return err
		}
		return same(len(got), 0)
	}},
	{Name: "invitations", Asks: "the invitations", Vendor: "none", Expect: "right", run: func() error {
		got, _, err := app.Organizations.ListPendingOrgInvitations(ctx, org, nil)
		if err != nil {
			return err
		}
		return same(len(got), 0)
	}},
	{Name: "failed invitations", Asks: "the failed invitations", Vendor: "none", Expect: "right", run: func() error {
		got, _, err := app.Organizations.ListFailedOrgInvitations(ctx, org, nil)
		if err != nil {
			return err
		}
		return same(len(got), 0)
	}},
	{Name: "repository", Asks: "a repository", Vendor: "its name and branch", Expect: "right", run: func() error {
		got, _, err := crew.Repositories.Get(ctx, owner, repo)
		if err != nil {
			return err
		}
		return same([]string{got.GetFullName(), got.GetDefaultBranch()}, []string{owner + "/" + repo, "main"})
	}},
	{Name: "no repository", Asks: "a repository that is not there", Vendor: "404", Expect: "404", run: func() error {
		return only(crew.Repositories.Get(ctx, owner, "nothing"))
	}},
	{Name: "tags", Asks: "tags", Vendor: "none", Expect: "right", run: func() error {
		got, _, err := crew.Repositories.ListTags(ctx, owner, repo, nil)
		if err != nil {
			return err
		}
		return same(len(got), 0)
	}},
	{Name: "releases", Asks: "releases", Vendor: "none", Expect: "right", run: func() error {
		got, _, err := crew.Repositories.ListReleases(ctx, owner, repo, nil)
		if err != nil {
			return err
		}
		return same(len(got), 0)
	}},
	{Name: "tree", Asks: "the tree of the branch", Vendor: "its file", Expect: "right", run: func() error {
		ref, _, err := crew.Git.GetRef(ctx, owner, repo, "heads/main")
		if err != nil {
			return err
		}
		commit, _, err := crew.Git.GetCommit(ctx, owner, repo, ref.Object.GetSHA())
		if err != nil {
			return err
		}
		tree, _, err := crew.Git.GetTree(ctx, owner, repo, commit.Tree.GetSHA(), true)
		if err != nil {
			return err
		}
		blob, _, err := crew.Git.GetBlob(ctx, owner, repo, tree.Entries[0].GetSHA())
		if err != nil {
			return err
		}
		return same([]any{tree.Entries[0].GetPath(), blob.GetSize(), commit.GetMessage()}, []any{"a", 2, "first"})
	}},
	{Name: "no ref", Asks: "a branch that is not there", Vendor: "404", Expect: "404", run: func() error {
		return only(crew.Git.GetRef(ctx, owner, repo, "heads/nothing"))
	}},
	{Name: "pulls", Asks: "pull requests", Vendor: "none", Expect: "right", run: func() error {
		got, _, err := crew.PullRequests.List(ctx, owner, repo, &github.PullRequestListOptions{State: "all"})
		if err != nil {
			return err
		}
		return same(len(got), 0)
	}},
	{Name: "pulls in another order", Asks: "pull requests by their age", Vendor: "in that order", Expect: "501", run: func() error {
		return only(crew.PullRequests.List(ctx, owner, repo, &github.PullRequestListOptions{Sort: "created"}))
	}},
	{Name: "no token", Asks: "without a token", Vendor: "401 for what is private", Expect: "401", run: func() error {
		return only(clientOf("").Teams.GetTeamBySlug(ctx, org, team))
	}},
	{Name: "bad token", Asks: "by a stranger's token", Vendor: "401", Expect: "401", run: func() error {
		return only(clientOf("ghp_nobody").Users.Get(ctx, ""))
	}},
	{Name: "stranger", Asks: "for a team by who is no member", Vendor: "404 or 403", Expect: "404", run: func() error {
		return only(crew.Teams.GetTeamBySlug(ctx, org, team))
	}},
	unserved("an organisation", func() error { return only(app.Organizations.Get(ctx, org)) }),
	unserved("whether somebody is a member", func() error { return only(app.Organizations.IsMember(ctx, org, "ada-a")) }),
	unserved("whether somebody is a public member", func() error {
		return only(app.Organizations.IsPublicMember(ctx, org, "ada-a"))
	}),
	unserved("an organisation membership", func() error { return only(app.Organizations.GetOrgMembership(ctx, "ada-a", org)) }),
	unserved("a team's repositories", func() error { return only(app.Teams.ListTeamReposBySlug(ctx, org, team, nil)) }),
	unserved("child teams", func() error { return only(app.Teams.ListChildTeamsByParentSlug(ctx, org, team, nil)) }),
	unserved("a branch", func() error { return only(crew.Repositories.GetBranch(ctx, owner, repo, "main", 0)) }),
	unserved("branches", func() error { return only(crew.Repositories.ListBranches(ctx, owner, repo, nil)) }),
	unserved("commits", func() error { return only(crew.Repositories.ListCommits(ctx, owner, repo, nil)) }),
	unserved("the last release", func() error { return only(crew.Repositories.GetLatestRelease(ctx, owner, repo)) }),
	unserved("a file's contents", func() error {
		_, _, _, err := crew.Repositories.GetContents(ctx, owner, repo, "a", nil)
		return err
	}),
	unserved("a pull request", func() error { return only(crew.PullRequests.Get(ctx, owner, repo, 1)) }),
	unserved("whether a pull request is merged", func() error { return only(crew.PullRequests.IsMerged(ctx, owner, repo, 1)) }),
	unserved("whether somebody collaborates", func() error {
		return only(crew.Repositories.IsCollaborator(ctx, owner, repo, "ada-a"))
	}),
	unserved("whether it is starred", func() error { return only(crew.Activity.IsStarred(ctx, owner, repo)) }),
	unserved("whether somebody follows", func() error { return only(crew.Users.IsFollowing(ctx, "ada-a", "crew")) }),
	unserved("issues", func() error { return only(crew.Issues.ListByRepo(ctx, owner, repo, nil)) }),
	unserved("a search", func() error { return only(crew.Search.Repositories(ctx, "x", nil)) }),
	unserved("the emojis", func() error { return only(crew.Emojis.List(ctx)) }),
	unserved("the zen", func() error { return only(crew.Meta.Zen(ctx)) }),
	unserved("an archive", func() error { return only(crew.Repositories.GetArchiveLink(ctx, owner, repo, github.Tarball, nil, 0)) }),
	unserved("a raw commit", func() error {
		return only(crew.Repositories.GetCommitRaw(ctx, owner, repo, "main", github.RawOptions{Type: github.Diff}))
	}),
	unserved("limits", func() error { return only(crew.RateLimit.Get(ctx)) }),
	unserved("a page that is none", func() error {
		request, _ := http.NewRequest("GET", crew.BaseURL.String()+"nosuch", nil)
		return only2(crew.Do(ctx, request, nil))
	}),
}

func only2(_ *github.Response, err error) error { return err }
