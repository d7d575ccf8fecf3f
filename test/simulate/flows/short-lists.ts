// A GitHub whose lists are short at times: a page lacks its last edge, though the total counts it. The next page gives that edge, or
// none, or counts it no more, as copies of a database do that differ.
import * as z from "zod";
import type { FarEnd } from "../../../local/wire/far-end.ts";
import type { Random } from "../random.ts";
import type { Delivery } from "../strikes.ts";
import { sender } from "../wire.ts";
import type { World } from "../world.ts";

const List = z.looseObject({
  totalCount: z.number(),
  pageInfo: z.looseObject({ endCursor: z.string().nullable() }),
  edges: z.array(z.looseObject({ cursor: z.string() })),
});
type List = z.infer<typeof List>;
const Paged = z.looseObject({ page: List });
const Body = z.looseObject({
  data: z.looseObject({ organization: z.record(z.string(), z.unknown()) }),
});
const Asked = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).default({}) });

/** State of the list that a reader was given: some of it is to come, all of it is there, or some of it never comes. */
export type Listed = "short" | "whole" | "incomplete";

/** @param listed is told of each reader of such a list. */
export function shortLists(
  github: FarEnd,
  { random, world, listed }: { random: Random; world: World; listed: (who: Delivery, how: Listed) => void },
): FarEnd["fetch"] {
  const readers = new Map<Delivery, "whole" | "empty" | "fewer">();
  return async (request) => {
    const who = sender.getStore();
    const isStruck = who !== undefined && world.strike.weather.fault > 0;
    if (!isStruck || !request.url.endsWith("/graphql")) return github.fetch(request);
    const asked = Asked.parse(await request.clone().json());
    const answer = await github.fetch(request);
    const body = Body.safeParse(await answer.clone().json()).data;
    if (body === undefined) return answer;
    const parts = body.data.organization;
    const lists = Object.keys(parts).flatMap((name): [string, List][] => {
      const list = Paged.safeParse(parts[name]).data?.page ?? List.safeParse(parts[name]).data;
      return list === undefined ? [] : [[name.replace("part", "cursor"), list]];
    });
    const [, next] = lists.find(([cursor]) => asked.variables[cursor] !== undefined) ?? [];
    const [, first] = random.oneOf(lists.filter(([, { edges }]) => edges.length > 1)) ?? [];
    const kind = readers.get(who);
    if (next !== undefined && kind !== undefined) {
      readers.delete(who);
      listed(who, kind === "whole" ? "whole" : "incomplete");
      if (kind === "whole") return answer;
      next.edges = [];
      if (kind === "fewer") next.totalCount -= 1;
      world.timeline.note(
        `the next page gives ${kind === "fewer" ? "a smaller total, and no edge" : "no edge"}`,
      );
    } else if (next === undefined && first !== undefined && random.chance(0.3)) {
      first.edges = first.edges.slice(0, -1);
      first.pageInfo.endCursor = first.edges.at(-1)?.cursor ?? null;
      readers.set(who, random.pick("whole", "empty", "fewer", "fewer"));
      listed(who, "short");
      world.timeline.note(`a list lacks one of ${first.totalCount}, which its total counts`);
    } else return answer;
    // Parsed values are copies: what was changed is put where it was.
    for (const [cursor, list] of lists) {
      const name = cursor.replace("cursor", "part");
      const paged = Paged.safeParse(parts[name]).data;
      parts[name] = paged === undefined ? list : { ...paged, page: list };
    }
    const headers = new Headers(answer.headers);
    headers.delete("content-length");
    return Response.json(body, { status: answer.status, headers });
  };
}
