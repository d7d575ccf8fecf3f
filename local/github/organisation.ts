// Accounts, and who belongs to an organisation. Logins are compared without regard to case, as GitHub does.
import { list, notFound, ok, organisationSimple, publicUser, simpleUser } from "./answers.ts";
import { accountIn, inOrganisation, type Rule, windowOf } from "./call.ts";

export const user: Rule = (call) => {
  const account = accountIn(call);
  return account === undefined ? notFound : ok(publicUser(account, call.api));
};

/** By number: the way to follow somebody who was renamed. */
export const userById: Rule = ({ store, path, api }) => {
  const account = store.accountBy.id(Number(path["account_id"]));
  return account === undefined || account.suspended === 1 ? notFound : ok(publicUser(account, api));
};

export const members: Rule = inOrganisation((call, { id }) => {
  const { store, query, api } = call;
  const role = query["role"] === "admin" || query["role"] === "member" ? query["role"] : undefined;
  const total =
    role === undefined
      ? store.memberCount(id)
      : store.count("SELECT count(*) AS n FROM github_member WHERE org = ? AND role = ?", id, role);
  return list(
    store.members(id, windowOf(call), role).map((member) => simpleUser(member, api)),
    total,
  );
});

export const membership: Rule = inOrganisation((call, organisation) => {
  const { store, api } = call;
  const account = accountIn(call);
  if (account === undefined) return notFound;
  const member = store.membership(organisation.id, account.id);
  const invitation = store.invitationBy.invitee(organisation.id, account.id);
  if (member === undefined && invitation === undefined) return notFound;
  const admin = (member?.role ?? invitation?.role) === "admin";
  const url = `${api}/orgs/${organisation.login}`;
  return ok({
    url: `${url}/memberships/${account.login}`,
    state: member === undefined ? "pending" : "active",
    role: admin ? "admin" : "member",
    direct_membership: true,
    organization_url: url,
    organization: organisationSimple(organisation, api),
    user: simpleUser(account, api),
  });
});
