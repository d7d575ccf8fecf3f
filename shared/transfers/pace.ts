// The pace of earlier transfers, which stands in the line of each in the list of all: one listing tells it, and no state is read.
import * as z from "zod";
import type { TransferState } from "./records.ts";

/** Work of a transfer that is done, and how long its machines ran for it. */
const Earlier = z.object({
  bytes: z.coerce.number().nonnegative(),
  turns: z.coerce.number().positive(),
  machineSeconds: z.coerce.number().nonnegative(),
  machines: z.coerce.number().int().positive(),
});
export type Earlier = z.infer<typeof Earlier>;

/** Names two remotes and the way between them. */
export const betweenOf = (from: string, to: string): string => `${from} ${to}`;

const remoteIn = (place: string): string => place.split(":")[0] ?? "";

/** Gives what the line of a transfer says of its pace: something only when it is done, and machines have worked for it. */
export function paceLine({ state, figures, machines, ...of }: TransferState): Record<string, string> {
  if (state !== "done" || figures === undefined || machines === 0) return {};
  const { bytes, turns } = figures.work;
  return {
    between: betweenOf(remoteIn(of.from), remoteIn(of.to)),
    bytes: String(bytes),
    turns: String(turns),
    machineSeconds: String(Math.round(of.machineSeconds)),
    machines: String(machines),
  };
}

/** As many of the last transfers count. */
const mostEarlier = 20;

/** Finds the last transfers between two remotes in a list of all. */
export function earlierIn(
  entries: readonly { metadata: Readonly<Record<string, string>> }[],
  between: string,
): Earlier[] {
  return entries
    .filter(({ metadata }) => metadata["between"] === between)
    .toSorted((a, b) => ((a.metadata["startedAt"] ?? "") < (b.metadata["startedAt"] ?? "") ? 1 : -1))
    .flatMap(({ metadata }) => Earlier.safeParse(metadata).data ?? [])
    .slice(0, mostEarlier);
}
