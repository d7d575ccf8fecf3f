// A plan for people, and what its exit code says.
import type { MemberAction, MembersPlan } from "../shared/records.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { type Paint, table, visible } from "./terminal.ts";

export function planLines({ hash, actions, held, rejected }: MembersPlan, paint: Paint): string[] {
  const part = (title: string, rows: string[][]): string[] =>
    rows.length === 0
      ? []
      : [paint("bold", `${title} (${rows.length})`), ...table(rows).map((row) => `  ${row}`)];
  const lines = [
    ...part("To do", actions.map(actionRow)),
    ...part("On hold", held.map(actionRow)),
    ...(held.length === 0 ? [] : [`  approve with: groundcrew members approve ${hash}`]),
    ...part(
      "Cells that cannot be used",
      rejected.map(({ cell, value, why, suggestion }) => [
        cell,
        visible(JSON.stringify(value)),
        `${visible(why)}${suggestion === undefined ? "" : `; did you mean ${visible(suggestion)}?`}`,
      ]),
    ),
  ];
  return lines.length === 0 ? ["Nothing to do: sheet and teams agree."] : lines;
}

const actionRow = ({ do: deed, login, team, why }: MemberAction): string[] => [
  deed,
  visible(login),
  visible(team),
  visible(why),
];

export function planExitCode({ actions, held }: MembersPlan): ExitCode {
  if (actions.length > 0) return exitCodes.pending;
  return held.length > 0 ? exitCodes.held : exitCodes.done;
}
