// Records of a transfer, for the tests of what is decided by them.
import type { Circumstances } from "../../../functions/run-transfer/budget.ts";
import { type Request, requestOf } from "../../../functions/run-transfer/request.ts";
import type { SincePlan } from "../../../functions/run-transfer/since.ts";
import { type Survey, survey } from "../../../functions/run-transfer/survey.ts";
import type { Described } from "../../../shared/remotes/beside.ts";
import { cutTo, type ListedObject } from "../../../shared/remotes/list.ts";
import { byBytes, isWithin, type Range } from "../../../shared/remotes/names.ts";
import type { TransferSettings } from "../../../shared/settings.ts";
import type { Figures } from "../../../shared/transfers/figures.ts";
import type { RemoteObject, Shard, TransferState, WorkList } from "../../../shared/transfers/records.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";

const settings = sampleTransfers();
const storeOf = (remote: string) => {
  const store = settings.remotes[remote];
  if (store === undefined) throw new Error(`the sample has no remote ${remote}`);
  return store;
};

/** Request from persistent:a to pod-inbox:a. */
export const request: Request = {
  from: { remote: "persistent", store: storeOf("persistent"), path: "a" },
  to: { remote: "pod-inbox", store: storeOf("pod-inbox"), path: "a" },
};

/** Reads a request that is good. */
export function requestFor(asked: Parameters<typeof requestOf>[0], of = settings): Request {
  const found = requestOf(asked, of);
  if ("refused" in found) throw new Error(found.refused);
  return found;
}

/** Nothing was done at the source since the plan. */
export const noneSince: SincePlan = {
  deleted: new Set(),
  changed: new Set(),
  added: { objects: 0, names: [] },
};

/** Place of the sample's machines, and of its buckets. */
export const iowa = { name: "US-CENTRAL1", regions: ["US-CENTRAL1"] };

/** Words of two stores. */
export type Ends = {
  source: readonly ListedObject[];
  target?: readonly RemoteObject[];
  /** MD5s that are told where they are asked for. */
  asked?: { source?: Record<string, string>; target?: Record<string, string> };
  described?: readonly Described[];
  ranges?: readonly Range[];
  /** Order of a store's names, where it is not that of their bytes. */
  order?: (a: string, b: string) => number;
  /** Names of a page. */
  each?: number;
};

async function* pagesOf<T>(objects: readonly T[], each: number): AsyncGenerator<T[]> {
  for (let from = 0; from < objects.length; from += each) yield objects.slice(from, from + each);
}

/** Surveys two ends that say this; `kept` is given the files of the plan. */
export async function surveyOf(
  { source, target = [], asked = {}, described = [], ranges = [{}], order = byBytes, each = 7 }: Ends,
  {
    of = settings,
    kept,
    request: between = request,
    circumstances = { source: iowa, target: undefined, earlier: [] },
  }: {
    of?: TransferSettings;
    kept?: Map<string, string>;
    request?: Request;
    circumstances?: Circumstances;
  } = {},
): Promise<Survey & { circumstances: Circumstances }> {
  const deps = {
    async *list(name: string, _remote: unknown, range: Range & { only?: string | undefined }) {
      const all: readonly ListedObject[] = name === between.from.remote ? source : target;
      const found = all.filter((one) => isWithin(one.name, { after: range.after }));
      yield* cutTo(
        pagesOf(
          found.toSorted((a, b) => order(a.name, b.name)),
          each,
        ),
        range,
      );
    },
    ranges: async () => [...ranges],
    askSums: async (name: string, _remote: unknown, { names }: { names: readonly string[] }) => {
      const told = (name === between.from.remote ? asked.source : asked.target) ?? {};
      return new Map(names.flatMap((one) => (told[one] === undefined ? [] : [[one, told[one]] as const])));
    },
    describe: async () => [...described],
  };
  const looking = { hub: "sample", id: "t1", request: between, settings: of, deps };
  const found = await survey(looking, async (name, bytes) => {
    kept?.set(name, bytes.toString("latin1"));
    return "created";
  });
  return { ...found, circumstances };
}

/** A shard that waits for its first machine. */
export const shard = (change: Partial<Shard> = {}): Shard => ({
  n: 0,
  state: "waiting",
  attempt: 1,
  round: 0,
  full: [],
  preemptions: 0,
  errors: 0,
  ...change,
});

/** A list that no machine has ended with. */
export const list = (change: Partial<WorkList> = {}): WorkList => ({
  n: 0,
  part: 0,
  objects: 10,
  bytes: 100,
  left: { objects: change.objects ?? 10, bytes: change.bytes ?? 100 },
  state: "open",
  attempt: 1,
  errors: 0,
  flags: { transfers: 1, checkers: 1, uploadConcurrency: 1, chunkMiB: 16, bufferMiB: 16 },
  copy: { file: "transfers/sample/t1/lists/list.txt", lines: 10 },
  ...change,
});

/** Figures of a plan. */
export const figures = (change: Partial<Figures> = {}): Figures => ({
  ...{ objects: 10, bytes: 100, already: 0, compared: 0, differ: 0, notCarried: 0, requests: 50 },
  dollars: { egress: 0.5, retrieval: 0.25, operations: 0.125, machines: 0.125 },
  ...{ pricesOf: "2026-11-01", hours: [0.5, 1], machines: 1, earlier: 0 },
  ...{ work: { bytes: 100, turns: 10 }, slowest: { bytesPerSecond: 140e6, turnSeconds: 0.25 }, notes: [] },
  ...change,
});

/** A transfer that runs, of these shards, with a list for each. */
export const transfer = (shards: Shard[], change: Partial<TransferState> = {}): TransferState => ({
  v: 1,
  hub: "sample",
  id: "t1",
  from: "persistent:a",
  to: "pod-inbox:a",
  state: "running",
  hash: "h",
  sha256: "s",
  objects: 10,
  bytes: 100,
  already: 0,
  conflicts: 0,
  unmovable: 0,
  machineType: "e2",
  dollars: 1,
  limitDollars: 5,
  hours: 1,
  limitHours: 2,
  parts: [],
  lists: shards.map((_, n) => list({ n })),
  shards,
  machines: 0,
  machineSeconds: 0,
  startedAt: "2026-11-21T09:59:00.000Z",
  said: "",
  ...change,
});
