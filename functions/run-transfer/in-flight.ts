// Reads what machines have sent and nobody has counted yet, by their own last words.
import type { Ledger } from "../../shared/ledger.ts";
import { lastWord, listReport, machineReport } from "../../shared/transfers/names.ts";
import type { MachineReport, Shard, TransferState } from "../../shared/transfers/records.ts";
import { reportAt } from "../../shared/transfers/reports.ts";
import type { Said } from "../../shared/transfers/spent.ts";
import type { Facts, Word } from "./steps.ts";

type Books = Pick<Ledger, "read">;

/** Reads it of the machine of every shard that is not over, and of each list that has ended and was not counted yet. */
export async function saidOf(
  ledger: Books,
  { hub, id, shards, lists = [] }: TransferState,
  words: Facts["words"],
): Promise<Said[]> {
  const machines = shards.filter(({ state }) => state !== "done" && state !== "failed");
  const ended = lists.flatMap(({ n, attempt, state }) =>
    state === "open" ? words.lists.filter((word) => word.n === n && word.attempt === attempt) : [],
  );
  const said = await Promise.all([
    ...machines.map((shard) => saidBy(ledger, { hub, id, shard, words: words.machines })),
    ...ended.map(async (word) => saidIn(await reportAt(ledger, listReport(hub, id, word)))),
  ]);
  return said.flatMap((one) => one ?? []);
}

/** Reads the last word of one machine, on the list that it has in hand: how far it is, or how far it was in the end. */
async function saidBy(
  ledger: Books,
  of: { hub: string; id: string; shard: Shard; words: readonly Word[] },
): Promise<Said | undefined> {
  const { hub, id, shard, words } = of;
  const { n, attempt } = shard;
  const ends = words.filter((word) => word.n === n && word.attempt === attempt);
  const names = [lastWord(hub, id, shard), ...ends.map((word) => machineReport(hub, id, word))];
  const reports = await Promise.all(names.map((name) => reportAt(ledger, name)));
  const said = reports.flatMap((report) => saidIn(report) ?? []);
  const last = said.at(-1);
  if (last === undefined) return undefined;
  // Its second program, which reads back, begins to count anew.
  const ofList = said.filter(({ list }) => list === last.list);
  const most = (count: (one: Said) => number): number => Math.max(...ofList.map(count));
  return { ...last, shard: n, bytes: most(({ bytes }) => bytes), objects: most(({ objects }) => objects) };
}

const saidIn = (report: MachineReport | undefined): Said | undefined =>
  report === undefined
    ? undefined
    : { list: report.list, bytes: report.bytes ?? 0, objects: report.objects ?? 0, ops: report.ops };
