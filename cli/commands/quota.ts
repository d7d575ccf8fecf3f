// `groundcrew quota scan`: measures the folders of a home volume where they are. It needs no instance, unless the report is
// to be sent to one. `groundcrew quota status`: what the last scan left.

import { resolve } from "node:path";
import { clockFrom } from "../../shared/clock.ts";
import { answers, type QuotaStatus } from "../../shared/control.ts";
import { codeOf } from "../../shared/errors.ts";
import { HubName } from "../../shared/events.ts";
import type { HomeStatus } from "../../shared/quota/records.ts";
import { type QuotaReport, scanFolder } from "../../shared/quota/report.ts";
import { sizeWord } from "../../shared/sizes.ts";
import type { Cli } from "../cli.ts";
import { hubsMeant, withControl } from "../connect.ts";
import { path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { stop } from "../stop.ts";
import { type Paint, type Style, table, visible } from "../terminal.ts";

/** Intervals at which the progress is said: a terminal's line is written over, other readers get a line a step. */
const barEveryMs = 100;
const lineEveryMs = 5000;

/** Shows the report before it is sent: a walk may last for hours, and sending may fail. */
export async function scanQuota(cli: Cli, folder: string, options: { to?: string }): Promise<number> {
  const { surroundings, terminal } = cli;
  const absolute = resolve(surroundings.cwd, folder);
  const hub = options.to === undefined ? undefined : hubOfReports(options.to);
  let report: QuotaReport;
  try {
    report = scanFolder(absolute, { now: clockFrom(surroundings.env), onProgress: progressOf(cli) });
  } catch (error) {
    const code = codeOf(error);
    throw stop(
      exitCodes.failure,
      `${folder} cannot be read`,
      reasons[code] ?? `the system says ${code}`,
      "name the folder whose sub-folders are the homes: groundcrew quota scan /home",
    );
  }
  terminal.answer(report, (paint) => reportLines(report, paint));
  return hub === undefined ? exitCodes.done : send(cli, hub, report);
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "it is a file, not a folder",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  ELOOP: "it is a link that leads to itself",
};

/** The hub of "reports:<hub>": the one remote that reports are read from. */
function hubOfReports(to: string): string {
  const [, remote, path = ""] = /^([^:]*):(.*)$/.exec(to) ?? [];
  const hub = path.replace(/\/$/, "");
  if (remote === "reports" && HubName.safeParse(hub).success) return hub;
  throw stop(
    exitCodes.usage,
    `a report cannot be sent to "${visible(to)}"`,
    "reports are read from one place: reports:<hub>",
    "name the hub as groundcrew.yaml does: --to reports:prod",
  );
}

function send(cli: Cli, hub: string, report: QuotaReport): Promise<number> {
  return withControl(
    cli,
    async (api) => {
      const { said } = await api.post(`${path("quota", hub)}/reports`, report, answers.done);
      cli.terminal.note(visible(said));
      return exitCodes.done;
    },
    { needsRunning: "the report is sent through it" },
  );
}

/** The homes as the last scan left them. */
export function quotaStatus(cli: Cli): Promise<number> {
  return withControl(cli, async (api) => {
    const hubs = await hubsMeant(cli, api);
    const found: QuotaStatus[] = [];
    for (const hub of hubs) found.push(await api.get(path("quota", hub), answers.quota));
    cli.terminal.answer({ hubs: found }, (paint) => found.flatMap((each) => statusLines(each, paint)));
    return found.some(({ waiting }) => waiting !== undefined) ? exitCodes.held : exitCodes.done;
  });
}

const statusWords = {
  ok: { word: "", style: "dim" },
  advised: { word: "above the advice", style: "yellow" },
  warned: { word: "above the limit", style: "red" },
  urgent: { word: "urgent", style: "red" },
} as const satisfies Record<HomeStatus, { word: string; style: Style }>;

function statusLines(
  { hub, scan, volume, homes, forecast, trouble, waiting }: QuotaStatus,
  paint: Paint,
): string[] {
  const rows = homes
    .slice(0, shown)
    .map(({ directory, login, status, missing, ...measured }) => [
      visible(directory),
      ...sizeCells(measured, homes[0], paint),
      login === undefined ? paint("dim", "nobody in the sheet") : visible(login),
      missing > 0
        ? paint("dim", `not there for ${missing} ${missing === 1 ? "scan" : "scans"}`)
        : paint(statusWords[status].style, statusWords[status].word),
    ]);
  const room =
    volume === undefined || volume.bytes === 0
      ? "how much is free is unknown"
      : `${((volume.free / volume.bytes) * 100).toFixed(1)} % free: ${sizeWord(volume.free)} of ${sizeWord(volume.bytes)}`;
  return [
    `${paint("bold", hub)}: ${homes.length} homes, ${room}${scan === undefined ? "" : `, by ${scan.source} at ${scan.measuredAt.slice(0, 16).replace("T", " ")} UTC`}`,
    ...table(rows),
    ...(homes.length > shown ? [`and ${homes.length - shown} smaller ones`] : []),
    visible(forecast.words),
    ...(trouble === undefined
      ? []
      : [`${paint("yellow", "!")} ${visible(trouble.what)}`, `  next: ${visible(trouble.next)}`]),
    ...(waiting === undefined
      ? []
      : [
          `${paint("yellow", "!")} on hold: changes of homes are kept back until you approve them`,
          `  look with: groundcrew plans show ${waiting.plan}`,
          `  approve with: groundcrew quota approve ${waiting.plan}`,
        ]),
  ];
}

function progressOf({ surroundings, terminal }: Cli) {
  const tty = surroundings.stderr.isTTY === true;
  const every = tty ? barEveryMs : lineEveryMs;
  let saidAt = surroundings.now().getTime();
  return ({ directory, of, entries }: { directory: number; of: number; entries: number }): void => {
    const at = surroundings.now().getTime();
    if (at - saidAt < every) return;
    saidAt = at;
    const words = `${directory} of ${of} folders, ${entries.toLocaleString("en")} entries`;
    terminal.progress(tty ? `${bar(directory / Math.max(of, 1), 20)} ${words}` : words);
  };
}

const shown = 40;

function reportLines({ directories, volume, problems }: QuotaReport, paint: Paint): string[] {
  const largestFirst = [...directories].sort((a, b) => b.bytes - a.bytes);
  const total = directories.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = largestFirst
    .slice(0, shown)
    .map(({ name, entries, lastTouched, ...measured }) => [
      visible(name),
      ...sizeCells(measured, largestFirst[0], paint),
      `${entries.toLocaleString("en")} entries`,
      paint("dim", lastTouched.slice(0, 10)),
    ]);
  const rest = largestFirst.length - rows.length;
  return [
    ...table(rows),
    ...(rest > 0 ? [`and ${rest} smaller ones`] : []),
    `${directories.length} folders hold ${sizeWord(total)}; ${sizeWord(volume.free)} of the volume's ${sizeWord(volume.bytes)} are free`,
    ...problems.map(
      ({ name, kind, code, count }) =>
        `${paint("yellow", "!")} ${visible(name)}: ${count} ${words[kind]} (${code})`,
    ),
  ];
}

const words = {
  unreadable: "not readable, so its size is a lower bound",
  vanished: "gone while it was looked at",
  "other-device": "on another file system, not counted",
} as const;

type Measured = { bytes: number; complete: boolean };

/** A size, and how it compares with the largest. */
const sizeCells = ({ bytes, complete }: Measured, largest: Measured | undefined, paint: Paint): string[] => [
  `${complete ? "" : "at least "}${sizeWord(bytes)}`.padStart(17),
  paint("cyan", bar(bytes / Math.max(largest?.bytes ?? 0, 1), 24)),
];

/** A bar of `width` characters, in eighths. */
function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8));
  return (full + (["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "")).padEnd(width);
}
