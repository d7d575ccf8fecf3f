// Counts what both stores and the network take for a transfer, by the prices of the settings. Pure.
import { regionOf } from "../../shared/compute/placement.ts";
import { type ColdClass, coldClasses } from "../../shared/remotes/classes.ts";
import type { Location } from "../../shared/remotes/location.ts";
import { leavesGoogle } from "../../shared/remotes/stores.ts";
import type { Prices, StorePrices } from "../../shared/settings/prices.ts";
import type { Remote, TransferSettings } from "../../shared/settings.ts";
import type { Dollars } from "../../shared/transfers/figures.ts";
import type { Circumstances } from "./budget.ts";
import { readGiB, writeGiB } from "./network.ts";
import type { Request } from "./request.ts";
import type { AtStores, Requests } from "./requests.ts";
import type { Tally, WorkTally } from "./tally.ts";

type Of = {
  request: Request;
  circumstances: Circumstances;
  settings: Pick<TransferSettings, "prices" | "machine">;
};

/** Counts dollars for all but the machines. */
export function dollarsAtStores(tally: WorkTally, requests: AtStores, of: Of): Omit<Dollars, "machines"> {
  const { request, circumstances, settings } = of;
  const target = classOf(tally.there);
  return {
    egress: egressOf(tally, of),
    retrieval: retrievalOf(tally, request, settings.prices, target),
    operations:
      operationsAt(request.from.store, requests.source, settings.prices, tally.copy, circumstances.source) +
      operationsAt(request.to.store, requests.target, settings.prices, target, circumstances.target),
  };
}

const GiB = 2 ** 30;

function egressOf({ copy, readBack }: WorkTally, { request, circumstances, settings }: Of): number {
  const { from, to } = request;
  const { source, target } = circumstances;
  const { prices, machine } = settings;
  const region = regionOf(machine.zones[0] ?? "").toUpperCase();
  const out = (store: Remote, location: Location | undefined): number =>
    location === undefined ? (ownPrices(store)?.outGiB ?? 0) : readGiB(location, region, prices);
  const read = (copy.bytes + readBack.source.bytes) * out(from.store, source);
  const internet = leavesGoogle(from.store, to.store) ? prices.internetGiB : 0;
  const written = copy.bytes * (internet + (target === undefined ? 0 : writeGiB(target, region, prices)));
  return (read + written + readBack.target.bytes * out(to.store, target)) / GiB;
}

const ownPrices = (store: Remote): StorePrices | undefined =>
  store.kind === "s3" ? store.prices : undefined;

/** Google takes it whatever is done with what was read. */
function retrievalOf(
  { copy, readBack }: WorkTally,
  { from, to }: Request,
  { retrievalGiB }: Prices,
  target: ColdClass | undefined,
): number {
  const byClass = (name: ColdClass): number =>
    ((copy.byClass[name]?.bytes ?? 0) + (readBack.source.byClass[name]?.bytes ?? 0)) * retrievalGiB[name];
  const source = from.store.kind === "gcs" ? coldClasses.reduce((sum, name) => sum + byClass(name), 0) : 0;
  const isCold = to.store.kind === "gcs" && target !== undefined;
  return (source + (isCold ? readBack.target.bytes * retrievalGiB[target] : 0)) / GiB;
}

/** Writes into two or more regions cost twice those into one (https://cloud.google.com/storage/pricing#operations-pricing). */
const manyRegions = 2;

/** Dollars of requests to one store: what is written has one class, what is read is of as many as its tally says. */
function operationsAt(
  store: Remote,
  { reads, writes }: Requests,
  { classA, classB }: Prices,
  of: Tally | ColdClass | undefined,
  location: Location | undefined,
): number {
  if (store.kind === "s3") {
    const { readsPer1000 = 0, writesPer1000 = 0 } = store.prices ?? {};
    return (reads * readsPer1000 + writes * writesPer1000) / 1000;
  }
  const written = typeof of === "string" ? classA[of] : classA.standard;
  const factor = location?.regions.length === 1 ? 1 : manyRegions;
  return (writes * written * factor + reads * priceOfRead(of, classB)) / 1000;
}

function priceOfRead(of: Tally | ColdClass | undefined, classB: Prices["classB"]): number {
  if (of === undefined) return classB.standard;
  if (typeof of === "string") return classB[of];
  const share = (name: ColdClass): number => (of.byClass[name]?.objects ?? 0) / Math.max(1, of.objects);
  return coldClasses.reduce(
    (sum, name) => sum + share(name) * (classB[name] - classB.standard),
    classB.standard,
  );
}

/** Takes the class of most of what lies in a target for the one that new objects get: nothing says it but the bucket's own resource. */
export const classOf = (there: Tally): ColdClass | undefined =>
  coldClasses.find((name) => (there.byClass[name]?.objects ?? 0) > there.objects / 2);
