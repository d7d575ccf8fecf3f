// A page of a GraphQL list, forwards or backwards, with GitHub's bounds on its size.
import { GraphQLError } from "graphql";
import type { Window } from "./state.ts";

export type PageArguments = { first?: number; after?: string; last?: number; before?: string };

/** An error of a kind that GitHub names. */
export const fault = (type: string, message: string): GraphQLError =>
  new GraphQLError(message, { extensions: { type } });

const cursorOf = (id: number): string => Buffer.from(`cursor:v2:${id}`).toString("base64");

function idAt(cursor: string | undefined): number | undefined {
  if (cursor === undefined || cursor === null) return undefined;
  const [, id] = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, "base64").toString()) ?? [];
  if (id === undefined)
    throw fault("INVALID_CURSOR_ARGUMENTS", `\`${cursor}\` does not appear to be a valid cursor.`);
  return Number(id);
}

/** The connection object that GitHub's schema describes; rows are keyed by their id. */
export function connection<Row extends { id: number }>(
  name: string,
  { first, after, last, before }: PageArguments,
  source: {
    rows: (window: Window) => Row[];
    total: () => number;
    node: (row: Row) => object | null;
    edge: (row: Row) => object;
  },
) {
  const size = first ?? last;
  if (size === undefined) {
    throw fault(
      "MISSING_PAGINATION_BOUNDARIES",
      `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`,
    );
  }
  if (size > 100 || size < 1) {
    throw fault(
      "EXCESSIVE_PAGINATION",
      `Requesting ${size} records on the \`${name}\` connection exceeds the limit of 100.`,
    );
  }
  // `unheeded` has refused words of the two ways together.
  const forward = first !== undefined && first !== null;
  const window: Window = forward
    ? { limit: size + 1, after: idAt(after) }
    : { limit: size + 1, before: idAt(before) ?? Number.MAX_SAFE_INTEGER };
  const found = source.rows(window);
  const more = found.length > size;
  const rows = forward ? found.slice(0, size) : found.slice(-size);
  const start = rows[0];
  const end = rows.at(-1);
  return {
    totalCount: source.total,
    pageInfo: {
      hasNextPage: forward ? more : before !== undefined,
      hasPreviousPage: forward ? after !== undefined : more,
      startCursor: start === undefined ? null : cursorOf(start.id),
      endCursor: end === undefined ? null : cursorOf(end.id),
    },
    nodes: () => rows.map(source.node),
    edges: () =>
      rows.map((row) => ({ cursor: cursorOf(row.id), node: source.node(row), ...source.edge(row) })),
  };
}
