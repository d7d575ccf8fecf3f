// GitHub's GraphQL: its own schema, executed over the same state as REST. As GitHub does, it answers 200 with `errors`, and
// null where something could not be resolved.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  buildSchema,
  type DocumentNode,
  execute,
  FieldsOnCorrectTypeRule,
  type GraphQLError,
  Kind,
  KnownArgumentNamesRule,
  KnownDirectivesRule,
  KnownTypeNamesRule,
  parse,
  validate,
  visit,
} from "graphql";
import * as z from "zod";
import { unservedField } from "../wire/vocabulary.ts";
import { nodeIds } from "./answers.ts";
import { covers, type Permissions } from "./app-auth.ts";
import { connection, fault, type PageArguments } from "./connection.ts";
import type { Budget } from "./limits.ts";
import type { Account, Invitation, Member, Store, Team, Window } from "./state.ts";
import { unheeded } from "./unheeded.ts";

const GraphqlRequest = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

type Context = {
  store: Store;
  permissions: Permissions;
  org: number;
  cost: number;
  budget: () => Budget;
};

export type Prepared =
  | { cost: number; run: (context: Omit<Context, "cost">) => Promise<unknown> }
  | { refused: unknown; why: string }
  /** GitHub may have it: its schema is cut to what is served here. */
  | { unserved: string };

export type GraphqlDoor = (body: unknown) => Prepared;

/** Reads a request and says what it costs before anything is done for it. */
export function graphqlDoor(): GraphqlDoor {
  const schema = buildSchema(readFileSync(join(import.meta.dirname, "schema", "schema.graphql"), "utf8"));
  return (body) => {
    const request = GraphqlRequest.safeParse(body);
    if (!request.success)
      return { refused: errorsOnly("A query attribute must be specified"), why: "no query" };
    const field = unservedField(body, Object.keys(GraphqlRequest.shape));
    if (field !== undefined) return { unserved: `the field ${field}` };
    const { query, variables, operationName } = request.data;
    let document: DocumentNode;
    try {
      document = parse(query);
    } catch (error) {
      const why = error instanceof Error ? error.message : "unreadable";
      return { refused: errorsOnly(why), why };
    }
    const [strange] = [
      ...validate(schema, document, [
        KnownTypeNamesRule,
        FieldsOnCorrectTypeRule,
        KnownArgumentNamesRule,
        KnownDirectivesRule,
      ]).map(({ message }) => message.replace(/ Did you mean.*/s, "")),
      ...unheeded(document),
    ];
    if (strange !== undefined) return { unserved: `(${strange})` };
    const wrong = validate(schema, document);
    if (wrong.length > 0)
      return { refused: { errors: wrong.map(asGithub) }, why: wrong.map(String).join("; ") };
    const cost = costOf(document);
    return {
      cost,
      async run(rest) {
        const { data, errors } = await execute({
          schema,
          document,
          rootValue: root({ ...rest, cost }),
          variableValues: variables ?? {},
          operationName: operationName ?? null,
        });
        return errors === undefined ? { data } : { data, errors: errors.map(asGithub) };
      },
    };
  };
}

const errorsOnly = (message: string) => ({ errors: [{ message }] });

/** GitHub puts the kind of an error beside its message, not under `extensions`. */
function asGithub({ message, path, locations, extensions }: GraphQLError) {
  const type = extensions["type"];
  return { ...(type === undefined ? {} : { type }), path, locations, message };
}

/** One point for a hundred connections (https://docs.github.com/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api). */
function costOf(document: DocumentNode): number {
  let connections = 0;
  visit(document, {
    [Kind.FIELD](node) {
      if (node.arguments?.some(({ name }) => name.value === "first" || name.value === "last"))
        connections += 1;
    },
  });
  return Math.max(1, Math.round(connections / 100));
}

function root(context: Context) {
  const { store, budget, cost } = context;
  return {
    id: nodeIds.of("Query", 0),
    organization: ({ login }: { login: string }) => {
      const found = store.accountBy.login(login);
      if (found?.type !== "Organization") {
        throw fault("NOT_FOUND", `Could not resolve to an Organization with the login of '${login}'.`);
      }
      return organization(context, found);
    },
    user: ({ login }: { login: string }) => {
      const found = store.accountBy.login(login);
      if (found === undefined || found.type !== "User" || found.suspended === 1) {
        throw fault("NOT_FOUND", `Could not resolve to a User with the login of '${login}'.`);
      }
      return user(context, found);
    },
    node: ({ id }: { id: string }) => node(context, id),
    // One missing node is a null in the list and an error beside it, never the end of the others.
    nodes: ({ ids }: { ids: string[] }) =>
      ids.map((id) => {
        try {
          return node(context, id);
        } catch (error) {
          return error;
        }
      }),
    rateLimit: () => {
      const { limit, remaining, used, resetMs } = budget();
      return { cost, limit, remaining, used, resetAt: new Date(resetMs).toISOString(), nodeCount: 0 };
    },
  };
}

function node(context: Context, id: string) {
  const { kind, id: number } = nodeIds.read(id) ?? { kind: "", id: 0 };
  const account = kind === "User" ? context.store.accountBy.id(number) : undefined;
  const found = kind === "Team" ? context.store.teamBy.id(number) : undefined;
  if (account !== undefined && account.suspended === 0) return user(context, account);
  if (found !== undefined) return team(context, found);
  throw fault("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
}

function user({ store, ...rest }: Context, account: Account) {
  return {
    __typename: "User",
    id: nodeIds.of("User", account.id),
    databaseId: account.id,
    login: account.login,
    name: store.profileName(account.id),
    organization: ({ login }: { login: string }): object | null => {
      const found = store.organisationBy.login(login);
      const isMember = found !== undefined && store.membership(found.id, account.id) !== undefined;
      return isMember ? organization({ store, ...rest }, found) : null;
    },
  };
}

/** Runs only when the token may read members of this organisation. */
function needMembers<T>({ permissions, org }: Context, organisation: number, give: () => T): T {
  if (org !== organisation || !covers(permissions["members"], "read")) {
    throw fault("FORBIDDEN", "Resource not accessible by integration");
  }
  return give();
}

function organization(context: Context, account: Account) {
  const { store } = context;
  const { id, login } = account;
  return {
    __typename: "Organization",
    id: nodeIds.of("Organization", id),
    databaseId: id,
    login,
    team: ({ slug }: { slug: string }) =>
      needMembers(context, id, () => {
        const found = store.teamBy.slug(id, slug);
        return found === undefined ? null : team(context, found);
      }),
    membersWithRole: (page: PageArguments) =>
      needMembers(context, id, () =>
        connection("membersWithRole", page, {
          rows: (window) => store.members(id, window),
          total: () => store.memberCount(id),
          node: (member: Member) => user(context, member),
          edge: ({ role }) => ({ role: role.toUpperCase() }),
        }),
      ),
    pendingMembers: (page: PageArguments) =>
      needMembers(context, id, () =>
        connection("pendingMembers", page, {
          rows: (window) => pendingAccounts(store, id, window),
          total: () =>
            store.count(
              "SELECT count(*) AS n FROM github_invitation WHERE org = ? AND status = 'pending' AND invitee IS NOT NULL",
              id,
            ),
          node: (invitation: Invitation) => invitee(context, invitation),
          edge: () => ({}),
        }),
      ),
  };
}

/** The invitations that went to somebody with an account, in pages. */
function pendingAccounts(store: Store, org: number, window: Window): Invitation[] {
  const { after = 0, before = Number.MAX_SAFE_INTEGER, limit } = window;
  const people = store
    .invitations(org, "pending", { limit: -1, after })
    .filter((each) => each.login !== null && each.id < before);
  return window.before === undefined ? people.slice(0, limit) : people.slice(-limit);
}

function invitee(context: Context, { invitee: id }: Invitation) {
  const account = id === null ? undefined : context.store.accountBy.id(id);
  return account === undefined ? null : user(context, account);
}

function team(context: Context, { id, org, slug, name }: Team) {
  const { store } = context;
  return {
    __typename: "Team",
    id: nodeIds.of("Team", id),
    databaseId: id,
    slug,
    name,
    members: (page: PageArguments & { role?: string }) =>
      needMembers(context, org, () => {
        const role =
          page.role === "MAINTAINER"
            ? ("maintainer" as const)
            : page.role === "MEMBER"
              ? ("member" as const)
              : undefined;
        return connection("members", page, {
          rows: (window) => store.teamMembers(id, window, role),
          total: () =>
            role === undefined
              ? store.teamMemberCount(id)
              : store.teamMembers(id, { limit: -1 }, role).length,
          node: (member: Member) => user(context, member),
          edge: (member) => ({ role: member.role.toUpperCase() }),
        });
      }),
    invitations: (page: PageArguments) =>
      needMembers(context, org, () =>
        connection("invitations", page, {
          rows: (window) => store.teamInvitations(id, window),
          total: () => store.teamInvitationCount(id),
          node: (invitation: Invitation) => ({
            __typename: "OrganizationInvitation",
            id: nodeIds.of("OrganizationInvitation", invitation.id),
            createdAt: new Date(invitation.created).toISOString(),
            email: invitation.email,
            invitationType: invitation.invitee === null ? "EMAIL" : "USER",
            invitee: invitee(context, invitation),
            role: invitation.role.toUpperCase(),
          }),
          edge: () => ({}),
        }),
      ),
  };
}
