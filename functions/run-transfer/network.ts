// Says what a GiB costs on its way between a bucket and a transfer's machine. Pure.
import type { Location } from "../../shared/remotes/location.ts";
import type { Prices } from "../../shared/settings/prices.ts";

type Network = Pick<Prices, "betweenRegionsGiB">;

const areas = [
  "north america",
  "europe",
  "asia",
  "indonesia",
  "oceania",
  "middle east",
  "latin america",
  "africa",
] as const;
type Area = (typeof areas)[number];

/**
 * Dollars of a GiB between two places of Google that are not the same, by the areas in which they lie, in the order of `areas`
 * (https://cloud.google.com/storage/pricing#network-buckets). A copy to a bucket elsewhere costs what one from it does
 * (https://cloud.google.com/vpc/network-pricing). Where Google has one region in an area, it has no price within that.
 */
const between: Record<Area, readonly number[]> = {
  "north america": [0.02, 0.05, 0.08, 0.1, 0.1, 0.11, 0.14, 0.11],
  europe: [0.05, 0.02, 0.08, 0.1, 0.1, 0.11, 0.14, 0.11],
  asia: [0.08, 0.08, 0.08, 0.1, 0.1, 0.11, 0.14, 0.11],
  indonesia: [0.1, 0.1, 0.1, 0, 0.08, 0.11, 0.14, 0.14],
  oceania: [0.1, 0.1, 0.1, 0.08, 0.08, 0.11, 0.14, 0.14],
  "middle east": [0.11, 0.11, 0.11, 0.11, 0.11, 0.08, 0.14, 0.11],
  "latin america": [0.14, 0.14, 0.14, 0.14, 0.14, 0.14, 0.14, 0.14],
  africa: [0.11, 0.11, 0.11, 0.14, 0.14, 0.11, 0.14, 0],
};
/** Of a place that is not known, which Google may have opened since. */
const dearest = 0.14;

/** Replication of each GiB that is written to two or more regions (https://cloud.google.com/storage/pricing#inter-region). */
const replication: Partial<Record<Area, number>> = {
  "north america": 0.02,
  europe: 0.02,
  asia: 0.08,
  oceania: 0.08,
};

/** By how a location's name begins; Jakarta is named like the rest of Asia. */
const beginnings: readonly [RegExp, Area][] = [
  [/^ASIA-SOUTHEAST2$/, "indonesia"],
  [/^(?:US|NORTHAMERICA|NAM)\b|^NAM\d/, "north america"],
  [/^(?:EU|EUROPE)\b|^EUR\d/, "europe"],
  [/^ASIA/, "asia"],
  [/^(?:AUSTRALIA|AU)\b/, "oceania"],
  [/^ME\b/, "middle east"],
  [/^SOUTHAMERICA\b/, "latin america"],
  [/^AFRICA\b/, "africa"],
];

const areaOf = (name: string): Area | undefined => beginnings.find(([begins]) => begins.test(name))?.[1];

function way({ name }: Location, region: string, { betweenRegionsGiB }: Network): number {
  if (betweenRegionsGiB !== undefined) return betweenRegionsGiB;
  const [here, there] = [areaOf(name), areaOf(region)];
  if (here === undefined || there === undefined) return dearest;
  return between[here][areas.indexOf(there)] ?? dearest;
}

/**
 * Dollars of a GiB that a machine in a region reads. Free where the bucket lies in that region, alone or with another one; a multi-region
 * is never the same place (https://cloud.google.com/storage/pricing-announce#network).
 */
export const readGiB = (bucket: Location, region: string, prices: Network): number =>
  bucket.regions.includes(region) ? 0 : way(bucket, region, prices);

/** Dollars of a GiB that a machine in a region writes; into a multi-region around it the way is free, and the replication is not. */
export function writeGiB(bucket: Location, region: string, prices: Network): number {
  const { name, regions } = bucket;
  const area = areaOf(name);
  const isWithin = regions.length === 0 ? area === areaOf(region) : regions.includes(region);
  return (isWithin ? 0 : way(bucket, region, prices)) + replicated(bucket, area, prices);
}

function replicated({ regions }: Location, area: Area | undefined, { betweenRegionsGiB }: Network): number {
  if (regions.length === 1) return 0;
  return betweenRegionsGiB ?? (area && replication[area]) ?? dearest;
}
