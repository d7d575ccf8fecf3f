// `groundcrew quota scan`: measures the folders of a home volume where they are. It needs no instance, unless the report is
// to be sent to one.
import { resolve } from "node:path";
import { clockFrom } from "../../shared/clock.ts";
import { type QuotaReport, scanFolder } from "../../shared/quota/report.ts";
import { sizeWord } from "../../shared/quota/sizes.ts";
import { codeOf } from "../../shared/quota/walk.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { stop } from "../stop.ts";
import { type Paint, table, visible } from "../terminal.ts";

/** How often the progress is said: a terminal's line is written over, other readers get a line a step. */
const barEveryMs = 100;
const lineEveryMs = 5000;

export async function scanQuota(cli: Cli, folder: string, options: { to?: string }): Promise<number> {
  const { surroundings, terminal } = cli;
  const path = resolve(surroundings.cwd, folder);
  const to = options.to === undefined ? undefined : await destinationOf(options.to);
  let report: QuotaReport;
  try {
    report = scanFolder(path, { now: clockFrom(surroundings.env), onProgress: progressOf(cli) });
  } catch (error) {
    const code = codeOf(error);
    throw stop(
      exitCodes.failure,
      `${folder} cannot be read`,
      reasons[code] ?? `the system says ${code}`,
      "name the folder whose sub-folders are the homes: groundcrew quota scan /home",
    );
  }
  if (to !== undefined) await to.send(cli, report);
  terminal.answer(report, (paint) => reportLines(report, paint));
  return exitCodes.done;
}

const reasons: Record<string, string> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "it is a file, not a folder",
  EACCES: "you may not read it",
  EPERM: "you may not read it",
  ELOOP: "it is a link that leads to itself",
};

async function destinationOf(
  _to: string,
): Promise<{ send: (cli: Cli, report: QuotaReport) => Promise<void> }> {
  throw stop(exitCodes.usage, "not yet", "not yet", "not yet");
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

export function reportLines({ directories, volume, problems }: QuotaReport, paint: Paint): string[] {
  const largestFirst = [...directories].sort((a, b) => b.bytes - a.bytes);
  const most = largestFirst[0]?.bytes ?? 0;
  const total = directories.reduce((sum, { bytes }) => sum + bytes, 0);
  const rows = largestFirst
    .slice(0, shown)
    .map(({ name, bytes, entries, lastTouched, complete }) => [
      visible(name),
      `${complete ? "" : "at least "}${sizeWord(bytes)}`.padStart(17),
      paint("cyan", bar(most === 0 ? 0 : bytes / most, 24)),
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

/** A bar of `width` characters, in eighths. */
function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(Math.max(share, 0), 1) * width * 8);
  const full = "█".repeat(Math.floor(eighths / 8));
  return (full + (["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8] ?? "")).padEnd(width);
}
