package main

import "github.com/google/go-github/v75/github"

func inTeam(login string, options *github.TeamAddTeamMembershipOptions, state, role string) func() error {
	return func() error {
		got, _, err := app.Teams.AddTeamMembershipBySlug(ctx, org, team, login, options)
		if err != nil {
			return err
		}
		return same([]string{got.GetState(), got.GetRole()}, []string{state, role})
	}
}

func invite(options *github.CreateOrgInvitationOptions) func() error {
	return func() error { return only(app.Organizations.CreateOrgInvitation(ctx, org, options)) }
}

// change is a write that GitHub does and our far end does not.
func change(name string, run func() error) row {
	return row{Name: name, Asks: name, Vendor: "does it", Expect: "501", run: run}
}

func writes() []row {
	mail, nobody := "new@example.org", int64(999_999)
	return []row{
		{Name: "add a member", Asks: "somebody of the organisation into a team, nothing said of the role", Vendor: "active, member", Expect: "right",
			run: inTeam("olga-owner", nil, "active", "maintainer")},
		{Name: "add a stranger", Asks: "a stranger into a team", Vendor: "pending: invited", Expect: "right",
			run: inTeam("crew", &github.TeamAddTeamMembershipOptions{Role: "member"}, "pending", "member")},
		{Name: "add an odd role", Asks: "a role that there is not", Vendor: "422", Expect: "422",
			run: inTeam("ada-a", &github.TeamAddTeamMembershipOptions{Role: "king"}, "", "")},
		{Name: "add nobody", Asks: "an account that is not there into a team", Vendor: "404", Expect: "404", run: inTeam("nobody", nil, "", "")},
		{Name: "see the invitation", Asks: "the invitations", Vendor: "the stranger's", Expect: "right", run: func() error {
			got, _, err := app.Organizations.ListPendingOrgInvitations(ctx, org, nil)
			if err != nil {
				return err
			}
			return same([]any{len(got), got[0].GetLogin()}, []any{1, "crew"})
		}},
		{Name: "remove the stranger", Asks: "the stranger out of the team", Vendor: "gone", Expect: "right", run: func() error {
			if _, err := app.Teams.RemoveTeamMembershipBySlug(ctx, org, team, "crew"); err != nil {
				return err
			}
			_, _, err := app.Teams.GetTeamMembershipBySlug(ctx, org, team, "crew")
			return same(codeOf(err), "404")
		}},
		{Name: "invite by mail", Asks: "an invitation by mail", Vendor: "pending", Expect: "right",
			run: invite(&github.CreateOrgInvitationOptions{Email: &mail})},
		{Name: "invite twice", Asks: "the same again", Vendor: "422", Expect: "422",
			run: invite(&github.CreateOrgInvitationOptions{Email: &mail})},
		{Name: "invite nobody", Asks: "an invitation of an account that is not there", Vendor: "404", Expect: "404",
			run: invite(&github.CreateOrgInvitationOptions{InviteeID: github.Ptr(int64(999_999))})},
		{Name: "invite without whom", Asks: "an invitation of no one", Vendor: "422", Expect: "422", run: invite(&github.CreateOrgInvitationOptions{})},
		{Name: "cancel no invitation", Asks: "to cancel an invitation that is not there", Vendor: "404", Expect: "404", run: func() error {
			_, err := app.Organizations.CancelInvite(ctx, org, nobody)
			return err
		}},
		{Name: "fork", Asks: "a fork", Vendor: "202: it comes", Expect: "right", run: func() error {
			_, _, err := crew.Repositories.CreateFork(ctx, owner, repo, &github.RepositoryCreateForkOptions{DefaultBranchOnly: true})
			if _, accepted := err.(*github.AcceptedError); accepted {
				return nil
			}
			return err
		}},
		{Name: "fork under another name", Asks: "a fork of an own name", Vendor: "named so", Expect: "501", run: func() error {
			return only(crew.Repositories.CreateFork(ctx, owner, repo, &github.RepositoryCreateForkOptions{Name: "own"}))
		}},
		{Name: "a pull request", Asks: "a branch with a change, and a pull request of it", Vendor: "open", Expect: "right", run: propose},
		{Name: "a pull request as a draft", Asks: "a draft", Vendor: "a draft", Expect: "501", run: func() error {
			return only(crew.PullRequests.Create(ctx, owner, repo, &github.NewPullRequest{
				Title: github.Ptr("t"), Head: github.Ptr("crew:next"), Base: github.Ptr("main"), Draft: github.Ptr(true)}))
		}},
		{Name: "a second pull request of the branch", Asks: "the same again", Vendor: "422", Expect: "422", run: func() error {
			return only(crew.PullRequests.Create(ctx, owner, repo, &github.NewPullRequest{
				Title: github.Ptr("t"), Head: github.Ptr("crew:next"), Base: github.Ptr("main")}))
		}},
		{Name: "a branch that is there", Asks: "the same branch again", Vendor: "422", Expect: "422", run: func() error {
			ref, _, err := crew.Git.GetRef(ctx, "crew", repo, "heads/next")
			if err != nil {
				return err
			}
			return only(crew.Git.CreateRef(ctx, "crew", repo, github.CreateRef{Ref: "refs/heads/next", SHA: ref.Object.GetSHA()}))
		}},
		{Name: "a branch of no commit", Asks: "a branch at a commit that is not there", Vendor: "422", Expect: "422", run: func() error {
			return only(crew.Git.CreateRef(ctx, "crew", repo, github.CreateRef{Ref: "refs/heads/x", SHA: "0123456789012345678901234567890123456789"}))
		}},
		{Name: "merge upstream", Asks: "the fork's branch after its source", Vendor: "none: it is as new", Expect: "right", run: func() error {
			got, _, err := crew.Repositories.MergeUpstream(ctx, "crew", repo, &github.RepoMergeUpstreamRequest{Branch: github.Ptr("main")})
			if err != nil {
				return err
			}
			return same(got.GetMergeType(), "none")
		}},
		{Name: "a write that is not allowed", Asks: "a branch in a repository of others", Vendor: "404 or 403", Expect: "404", run: func() error {
			ref, _, err := crew.Git.GetRef(ctx, owner, repo, "heads/main")
			if err != nil {
				return err
			}
			return only(crew.Git.CreateRef(ctx, owner, repo, github.CreateRef{Ref: "refs/heads/x", SHA: ref.Object.GetSHA()}))
		}},
		change("a new team", func() error { return only(app.Teams.CreateTeam(ctx, org, github.NewTeam{Name: "new"})) }),
		change("an edited team", func() error {
			return only(app.Teams.EditTeamBySlug(ctx, org, team, github.NewTeam{Name: "renamed"}, false))
		}),
		change("a deleted team", func() error { return only2(app.Teams.DeleteTeamBySlug(ctx, org, team)) }),
		change("an edited organisation", func() error {
			return only(app.Organizations.Edit(ctx, org, &github.Organization{Name: github.Ptr("x")}))
		}),
		change("an organisation membership", func() error {
			return only(app.Organizations.EditOrgMembership(ctx, "crew", org, &github.Membership{Role: github.Ptr("member")}))
		}),
		change("a member removed", func() error { return only2(app.Organizations.RemoveMember(ctx, org, "ada-a")) }),
		change("a blob", func() error {
			return only(crew.Git.CreateBlob(ctx, "crew", repo, github.Blob{Content: github.Ptr("x"), Encoding: github.Ptr("utf-8")}))
		}),
		change("a deleted branch", func() error { return only2(crew.Git.DeleteRef(ctx, "crew", repo, "heads/next")) }),
		change("a tag", func() error {
			return only(crew.Git.CreateTag(ctx, "crew", repo, github.CreateTag{Tag: "v1", Message: "m", Object: "x", Type: "commit"}))
		}),
		change("a file", func() error {
			return only(crew.Repositories.CreateFile(ctx, "crew", repo, "b", &github.RepositoryContentFileOptions{
				Message: github.Ptr("m"), Content: []byte("x")}))
		}),
		change("a merge", func() error { return only(crew.PullRequests.Merge(ctx, owner, repo, 1, "", nil)) }),
		change("a comment", func() error {
			return only(crew.Issues.CreateComment(ctx, owner, repo, 1, &github.IssueComment{Body: github.Ptr("x")}))
		}),
		change("a label", func() error { return only(crew.Issues.AddLabelsToIssue(ctx, owner, repo, 1, []string{"x"})) }),
		change("a release", func() error {
			return only(crew.Repositories.CreateRelease(ctx, "crew", repo, &github.RepositoryRelease{TagName: github.Ptr("v1")}))
		}),
		change("a new repository", func() error {
			return only(crew.Repositories.Create(ctx, "", &github.Repository{Name: github.Ptr("new")}))
		}),
		change("a deleted repository", func() error { return only2(crew.Repositories.Delete(ctx, "crew", repo)) }),
		change("a star", func() error { return only2(crew.Activity.Star(ctx, owner, repo)) }),
		change("a collaborator", func() error {
			return only(crew.Repositories.AddCollaborator(ctx, "crew", repo, "ada-a", nil))
		}),
		change("a dispatch", func() error {
			return only(crew.Repositories.Dispatch(ctx, "crew", repo, github.DispatchRequestOptions{EventType: "x"}))
		}),
	}
}

// propose makes a commit on a branch of the fork, and a pull request of it.
func propose() error {
	ref, _, err := crew.Git.GetRef(ctx, "crew", repo, "heads/main")
	if err != nil {
		return err
	}
	head, _, err := crew.Git.GetCommit(ctx, "crew", repo, ref.Object.GetSHA())
	if err != nil {
		return err
	}
	entry := &github.TreeEntry{Path: github.Ptr("a"), Mode: github.Ptr("100644"), Type: github.Ptr("blob"), Content: github.Ptr("b\n")}
	tree, _, err := crew.Git.CreateTree(ctx, "crew", repo, head.Tree.GetSHA(), []*github.TreeEntry{entry})
	if err != nil {
		return err
	}
	commit, _, err := crew.Git.CreateCommit(ctx, "crew", repo, github.Commit{
		Message: github.Ptr("second"), Tree: tree, Parents: []*github.Commit{{SHA: head.SHA}}}, nil)
	if err != nil {
		return err
	}
	_, _, err = crew.Git.CreateRef(ctx, "crew", repo, github.CreateRef{Ref: "refs/heads/next", SHA: commit.GetSHA()})
	if err != nil {
		return err
	}
	pull, _, err := crew.PullRequests.Create(ctx, owner, repo, &github.NewPullRequest{
		Title: github.Ptr("A change"), Head: github.Ptr("crew:next"), Base: github.Ptr("main"), Body: github.Ptr("why")})
	if err != nil {
		return err
	}
	return same([]any{pull.GetState(), pull.GetTitle(), pull.GetNumber()}, []any{"open", "A change", 1})
}
