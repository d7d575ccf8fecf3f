// A page of a list over all zones, by labels. Pure.
import { afterToken, tokenAfter } from "../wire/page-token.ts";
import { emptyZone, regionZones } from "./answers.ts";

/** https://cloud.google.com/compute/docs/reference/rest/v1/instances/aggregatedList */
const mostOfPage = 500;

type Listed = { zone: string; labels: Record<string, string>; resource: object };

/** Gives the items of a page by zone, each zone named; or what of the query is wrong, or not served. */
export function pageOver(
  kind: "instances" | "disks",
  all: readonly Listed[],
  query: { filter?: string | undefined; maxResults?: string | undefined; pageToken?: string | undefined },
): { items: object; nextPageToken?: string } | { unserved: string } | { invalid: string } {
  const { filter = "", pageToken: token = "" } = query;
  const wanted = filterOf(filter);
  if (wanted === undefined) return { unserved: "a filter by anything but labels" };
  const most = Number(query.maxResults ?? 0) || mostOfPage;
  // A token counts on in the list that it was given of (https://google.aip.dev/158#page-tokens).
  const [begin = "", ...of] = (token === "" ? `0 ${filter}` : (afterToken(token) ?? "")).split(" ");
  const from = Number(begin);
  if (most > mostOfPage || !/^\d{1,9}$/.test(begin) || of.join(" ") !== filter)
    return { invalid: "Invalid value for field 'maxResults' or 'pageToken'." };
  const found = all.filter(({ labels }) => wanted.every(([key, value]) => labels[key] === value));
  const zones = new Map<string, object[]>(regionZones.map((zone) => [zone, []]));
  for (const { zone, resource } of found.slice(from, from + most))
    zones.set(zone, [...(zones.get(zone) ?? []), resource]);
  const items = [...zones].map(([zone, some]) => [
    `zones/${zone}`,
    some.length === 0 ? emptyZone(zone) : { [kind]: some },
  ]);
  return {
    items: Object.fromEntries(items),
    ...(found.length > from + most && { nextPageToken: tokenAfter(`${from + most} ${filter}`) }),
  };
}

/** `(labels.a = b) (labels.c = d)`, as our client asks, where all must hold; undefined for anything else. */
function filterOf(filter: string): [key: string, value: string][] | undefined {
  const terms = [...filter.matchAll(/\(labels\.([a-z0-9_-]+) = ([a-z0-9_-]+)\)/g)];
  if (terms.map(([whole]) => whole).join(" ") !== filter) return undefined;
  return terms.map(([, key = "", value = ""]) => [key, value]);
}
