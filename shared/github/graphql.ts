// GitHub's GraphQL: one request, and whole lists read page by page, many lists in one document. GraphQL tells of failures
// with a 200, so an answer that carries any error is never taken for a picture of the state.
import type { Octokit } from "@octokit/core";
import * as z from "zod";
import { again, failed, failureIn, type Pattern } from "../failure.ts";
import {
  answerFailure,
  answerIn,
  type Doing,
  failureOf,
  type Refusal,
  unreadable,
  unsettled,
} from "./failures.ts";

const GraphqlError = z.looseObject({
  type: z.string().optional(),
  code: z.string().optional(),
  path: z.array(z.union([z.string(), z.number()])).optional(),
  message: z.string(),
});
export type GraphqlError = z.infer<typeof GraphqlError>;
const Answer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(GraphqlError).optional(),
});

export type GraphqlAnswer = {
  data: Record<string, unknown>;
  errors: GraphqlError[];
  /** Gives the error to throw for these errors, where they are no answer. */
  failure: () => Error;
};

export const readingTeams: Doing = { what: "GitHub's teams could not be read", as: "app" };

/** Sends one document. Errors are handed on, save the limits, which mean the same to everybody. */
export async function askGraphql(
  octokit: Octokit,
  query: string,
  variables: Record<string, string | undefined>,
  doing: Doing,
): Promise<GraphqlAnswer> {
  const response = await octokit.request("POST /graphql", { query, variables }).catch((error: unknown) => {
    throw failureOf(error, doing);
  });
  const read = Answer.safeParse(response.data);
  if (!read.success) throw unreadable(doing);
  const said = answerIn(response);
  const { data, errors = [] } = read.data;
  // A limit may come without data and without errors, as a message alone.
  if (data === undefined && errors.length === 0)
    throw said.text === "" ? unreadable(doing) : answerFailure(said, doing);
  const failure = () => answerFailure(inWords(said, errors), { ...doing, otherwise: withErrors });
  if (errors.some(isLimit)) throw failure();
  return { data: data ?? {}, errors, failure };
}

const kindOf = ({ type, code }: GraphqlError): string | undefined => type ?? code;

const isLimit = (error: GraphqlError): boolean =>
  /RATE_LIMIT/i.test(kindOf(error) ?? "") || /rate limit/i.test(error.message);

/** All errors as one answer: of several kinds a limit speaks, else none. */
function inWords(said: Refusal, errors: readonly GraphqlError[]): Refusal {
  const { code: _, ...answer } = said;
  const text = errors.map(({ message }) => message).join(" / ");
  const kinds = new Set(errors.map(kindOf));
  const limit = errors.find(isLimit);
  const kind = kinds.size === 1 ? [...kinds][0] : limit && kindOf(limit);
  return { ...answer, text, ...(kind === undefined ? {} : { code: kind }) };
}

const withErrors: Pattern = {
  status: 200,
  cause: "errors-in-answer",
  lasts: "transient",
  why: "GitHub answered with errors of a kind that Groundcrew does not know",
  next: again("github"),
};

/** A list of the organisation's, or of one of its teams, to be read whole. */
export type Listing = {
  /** The team's slug; absent for a list of the organisation itself. */
  team?: string;
  /** The connection's name, and what it takes besides its page. */
  field: "members" | "invitations" | "pendingMembers";
  arguments?: string;
  /** Fields that are read of each edge; its node has a databaseId or an id. */
  edge: string;
};

export type Listed = {
  /** The number of the team, where the list is a team's. */
  teamId: number | undefined;
  edges: unknown[];
};

const pageSize = 100;

/** Node that every edge leads to; its number or its id tells one from another. */
const Node = z.looseObject({ databaseId: z.number().optional(), id: z.string().optional() });
const Page = z.object({
  totalCount: z.number(),
  pageInfo: z.object({ endCursor: z.string().nullable(), startCursor: z.string().nullable() }),
  // Of people and invitations GitHub may hide the node (UserEdge, OrganizationInvitationEdge in its schema), as of an account
  // that was suspended: the edge counts, and what it leads to is for its reader to do without.
  edges: z.array(z.looseObject({ cursor: z.string(), node: Node.nullable() })),
});
const TeamPage = z.object({ databaseId: z.number(), page: Page });

type Progress = {
  listing: Listing;
  teamId: number | undefined;
  total: number | undefined;
  edges: Map<string, unknown>;
  /** Cursors that the reading from the front and from the back has come to. */
  front: string | undefined;
  back: string | undefined;
};

/**
 * Reads every list whole, all of them in one document a round, the long ones from both ends at once; or throws. A list
 * that changes while it is read throws too: half of one state and half of another is neither.
 */
export async function readListings(
  octokit: Octokit,
  organisation: string,
  listings: readonly Listing[],
): Promise<Listed[]> {
  const progress = listings.map(
    (listing): Progress => ({
      listing,
      teamId: undefined,
      total: undefined,
      edges: new Map(),
      front: undefined,
      back: undefined,
    }),
  );
  for (let open = progress; open.length > 0; open = progress.filter(isOpen)) {
    await readRound(octokit, organisation, open);
  }
  return progress.map(({ teamId, edges }) => ({ teamId, edges: [...edges.values()] }));
}

const isOpen = ({ total, edges }: Progress): boolean => total === undefined || edges.size < total;

/** The next page of each open list, or its next two. */
async function readRound(octokit: Octokit, organisation: string, open: readonly Progress[]): Promise<void> {
  const wanted = open.flatMap((each) => {
    const far = each.total !== undefined && each.total - each.edges.size > pageSize;
    return [{ each, end: "front" as const }, ...(far ? [{ each, end: "back" as const }] : [])];
  });
  const variables: Record<string, string | undefined> = { organisation };
  const parts = wanted.map(({ each: { listing, front, back }, end }, index) => {
    const cursor = end === "front" ? front : back;
    if (cursor !== undefined) variables[`cursor${index}`] = cursor;
    const range = end === "front" ? `first: ${pageSize}` : `last: ${pageSize}`;
    const from = cursor === undefined ? "" : `, ${end === "front" ? "after" : "before"}: $cursor${index}`;
    const more = listing.arguments === undefined ? "" : `, ${listing.arguments}`;
    const connection = `${listing.field}(${range}${from}${more}) {
      totalCount pageInfo { endCursor startCursor } edges { cursor ${listing.edge} } }`;
    if (listing.team === undefined) return `part${index}: ${connection}`;
    variables[`team${index}`] = listing.team;
    return `part${index}: team(slug: $team${index}) { databaseId page: ${connection} }`;
  });
  const declared = Object.keys(variables).map(
    (name) => `$${name}: String${name.startsWith("cursor") ? "" : "!"}`,
  );
  const query = `query(${declared.join(", ")}) { organization(login: $organisation) { ${parts.join("\n")} } }`;
  const answer = await askGraphql(octokit, query, variables, readingTeams);
  refuseErrors(
    answer,
    wanted.map(({ each }) => each.listing),
  );
  const organization = z.record(z.string(), z.unknown()).safeParse(answer.data["organization"]);
  if (!organization.success) throw unreadable(readingTeams);
  const before = open.map(({ edges }) => edges.size);
  wanted.forEach(({ each, end }, index) => {
    takePage(each, end, organization.data[`part${index}`]);
  });
  open.forEach((each, index) => {
    if (isOpen(each) && each.edges.size === before[index]) throw incomplete();
  });
}

const incomplete = (): Error =>
  unsettled(
    readingTeams,
    "changed-while-read",
    "a list was not complete, or changed while it was read; nothing was changed",
  );

function takePage(progress: Progress, end: "front" | "back", part: unknown): void {
  const { listing } = progress;
  if (listing.team !== undefined && part === null) throw missingTeam(listing.team);
  const team = listing.team === undefined ? undefined : TeamPage.safeParse(part);
  const page = team === undefined ? Page.safeParse(part).data : team.data?.page;
  if (page === undefined) throw unreadable(readingTeams);
  progress.teamId = team?.data?.databaseId;
  if (progress.total !== undefined && progress.total !== page.totalCount) throw incomplete();
  progress.total = page.totalCount;
  for (const edge of page.edges) progress.edges.set(keyOf(edge), edge);
  if (progress.edges.size > page.totalCount) throw incomplete();
  if (end === "front") progress.front = page.pageInfo.endCursor ?? progress.front;
  else progress.back = page.pageInfo.startCursor ?? progress.back;
}

const keyOf = ({ cursor, node }: z.infer<typeof Page>["edges"][number]): string =>
  node === null ? `hidden ${cursor}` : String(node.databaseId ?? node.id);

/** A team that is gone is not an empty team: going on would invite everybody anew. */
const missingTeam = (slug: string): Error =>
  failed({
    service: "github",
    cause: "team-unknown",
    lasts: "lasting",
    explanation: {
      what: `GitHub has no team ${slug} in this organisation`,
      why: "it was renamed or deleted, or the settings misspell it",
      next: `give the team its name back, make it anew, or correct ${slug} in the settings; until then nobody is added or removed`,
    },
  });

/** Thrown as a message: the one refusal that has a way around it. */
export const invitationsForbidden = "the App may not read invitations by GraphQL";

function refuseErrors({ errors, failure }: GraphqlAnswer, parts: readonly Listing[]): void {
  if (errors.length === 0) return;
  const error = failure();
  const fields = errors.map(({ path }) => parts[Number(String(path?.[1]).replace("part", ""))]?.field);
  const onlyInvitations = fields.every((field) => field === "invitations" || field === "pendingMembers");
  throw onlyInvitations && failureIn(error)?.cause === "app-permission"
    ? new Error(invitationsForbidden)
    : error;
}
