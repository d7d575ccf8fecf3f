// The log of a transfer, from records alone: what its runs did, and the last words of its machines. It is there when the machines are gone,
// and names no object.
import { dayOf } from "../../../shared/clock.ts";
import type { TransferLogLine } from "../../../shared/control.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { type Effect, Run } from "../../../shared/records.ts";
import { reportsFolder } from "../../../shared/transfers/names.ts";
import type { MachineReport, TransferState } from "../../../shared/transfers/records.ts";
import { reportAt } from "../../../shared/transfers/reports.ts";
import { byText } from "../../../shared/transfers/words.ts";
import type { RunIndex } from "../runs/index-of-days.ts";

/** Runs that are read whole, the newest of those that did something; and days and last words that are looked at. */
const most = { runs: 100, days: 40, words: 200 };

type Reading = { ledger: Ledger; runs: RunIndex; now: () => Date };

/** Gives what happened, in its order; last words have no time, and stand at the end. */
export async function transferLog(reading: Reading, transfer: TransferState): Promise<TransferLogLine[]> {
  const [runs, words] = await Promise.all([runsOf(reading, transfer), wordsOf(reading, transfer)]);
  const { by, startedAt, endedAt, said } = transfer;
  return [
    { at: startedAt, what: `begun${byText(by)}` },
    ...runs,
    ...(endedAt === undefined ? [] : [{ at: endedAt, what: said }]),
    ...words,
  ];
}

async function runsOf({ ledger, runs, now }: Reading, transfer: TransferState): Promise<TransferLogLine[]> {
  const { hub, id, startedAt, endedAt = now().toISOString() } = transfer;
  const days: string[] = [];
  for (
    let at = new Date(startedAt);
    dayOf(at) <= endedAt.slice(0, 10) && days.length < most.days;
    at = new Date(at.getTime() + 86_400_000)
  )
    days.push(dayOf(at));
  const all = (await Promise.all(days.map((day) => runs.day(day)))).flat();
  const isIts = new RegExp(`(^|\\W)transfer ${id}(\\W|$)`);
  const mine = all.filter(
    (line) =>
      line.flow === "run-transfer" && (line.hub ?? "").split("/")[0] === hub && isIts.test(line.title),
  );
  const acting = mine.filter(({ effects, outcome }) => effects > 0 || outcome !== "done").slice(0, most.runs);
  const records = await Promise.all(acting.map(({ id: run }) => ledger.read(`runs/${run}.json`, Run)));
  const lines = records.flatMap((record) => (record === undefined ? [] : linesOf(record.value)));
  return lines.sort((a, b) => Date.parse(a.at ?? "") - Date.parse(b.at ?? ""));
}

const linesOf = ({ steps, effects, title, outcome, startedAt }: Run): TransferLogLine[] => [
  ...steps,
  ...effects.flatMap((effect) => {
    const what = effectText(effect);
    return what === undefined ? [] : [{ at: startedAt, what }];
  }),
  ...(outcome === "done" ? [] : [{ at: startedAt, what: `${outcome}: ${title}` }]),
];

function effectText(effect: Effect): string | undefined {
  if (effect.do === "make-machine") return `machine ${effect.name} was made`;
  if (effect.do === "delete-machine") return `machine ${effect.name} was deleted: ${effect.why}`;
  return undefined;
}

const Report = /\/((?:list-)?\d+-\d+-(?:done|failed|preempted))\.json$/;

async function wordsOf({ ledger }: Reading, { hub, id }: TransferState): Promise<TransferLogLine[]> {
  const entries = await ledger.list(`${reportsFolder(hub, id)}/`);
  const names = entries.map(({ name }) => name).filter((name) => Report.test(name));
  const some = names.slice(-most.words);
  const reports = await Promise.all(some.map((name) => reportAt(ledger, name)));
  return some.flatMap((name, at) => {
    const report = reports[at];
    return report === undefined ? [] : [{ what: wordText(name, report) }];
  });
}

function wordText(name: string, { state, why, causes = {}, rclone, objects, exit }: MachineReport): string {
  const [, list, n, attempt] = /\/(list-)?(\d+)-(\d+)-\w+\.json$/.exec(name) ?? [];
  const told = [
    ...(why === undefined ? [] : [why]),
    ...Object.entries(causes).map(([cause, count]) => `${count} ${cause}`),
    ...(exit === undefined || exit === 0 ? [] : [`exit ${exit}`]),
    ...(objects === undefined ? [] : [`${objects} objects`]),
    ...(rclone === undefined ? [] : [rclone]),
  ];
  const who =
    list === undefined ? `machine ${n}, the ${attempt}. of its name` : `list ${n}, attempt ${attempt}`;
  return `last word of ${who}: ${state}${told.length === 0 ? "" : ` (${told.join(", ")})`}`;
}
