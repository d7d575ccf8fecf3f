// The work of a machine's program on lists, for tests whose machines are scripted: takes one from the board, and tells how it ended.
import * as z from "zod";
import type { Ledger, LedgerFiles } from "../../../shared/ledger.ts";
import { leasesFolder } from "../../../shared/transfers/names.ts";

type Books = Pick<Ledger, "create"> & Pick<LedgerFiles, "bytes" | "keep">;

/** A list that was taken: what it names, and what is to be read back. */
export type Taken = { key: string; copy: string[]; move: Moved[]; source: string[]; target: string[] };

const Lost = z.object({
  size: z.number(),
  md5: z.string().optional(),
  etag: z.string().optional(),
  generation: z.string().optional(),
});
const Moved = z.object({ name: z.string(), replace: Lost.optional(), delete: Lost.optional() });
export type Moved = z.infer<typeof Moved>;

/** Ledger files of the transfer whose machines have these parameters. */
export function worker(books: Books, { leases = "", reports = "" }: Record<string, string>) {
  async function namesIn(file: string): Promise<string[]> {
    if (file === "-") return [];
    const text = await books.bytes(decodeURIComponent(file));
    return (text?.toString() ?? "").split("\n").slice(0, -1);
  }

  async function keepLines(name: string, lines: readonly object[]): Promise<void> {
    const text = lines.map((each) => `${JSON.stringify(each)}\n`).join("");
    await books.keep(`${reports}/${name}`, Buffer.from(text), "application/x-ndjson");
  }

  return {
    /** Takes the first list that nobody has ended with, and that nobody else has in hand. */
    async take(inHand: ReadonlySet<string> = new Set()): Promise<Taken | undefined> {
      const board = (await books.bytes(`${leases}/board.tsv`))?.toString() ?? "";
      for (const line of board.split("\n").slice(0, -1)) {
        const [key = "", copy = "-", , move = "-", , source = "-", , target = "-"] = line.split("\t");
        if (inHand.has(key) || (await books.bytes(`${leases}/${key}`)) !== undefined) continue;
        const [names, atSource, atTarget] = await Promise.all([copy, source, target].map(namesIn));
        const moved = move === "-" ? undefined : await books.bytes(decodeURIComponent(move));
        return {
          key,
          copy: names ?? [],
          move: (moved?.toString() ?? "")
            .split("\n")
            .slice(0, -1)
            .map((line) => Moved.parse(JSON.parse(line))),
          source: atSource ?? [],
          target: atTarget ?? [],
        };
      }
      return undefined;
    },
    /** Tells that a list is done, or has failed. */
    async end(
      { key }: Pick<Taken, "key">,
      state: "done" | "failed" = "done",
      more: object = {},
    ): Promise<void> {
      await books.create(`${reports}/list-${key}-${state}.json`, { v: 1, state, exit: 0, ...more });
      await books.keep(`${leases}/${key}`, Buffer.from("ended"), "text/plain");
    },
    /** Leaves the mover's results. */
    async moved({ key }: Pick<Taken, "key">, carried: readonly Moved[]): Promise<void> {
      if (carried.length === 0) return;
      await keepLines(
        `list-${key}-moved.ndjson`,
        carried.map(({ name }) => ({ name, state: "copied" })),
      );
    },
    /** Leaves the writings that the target has before it is read back. */
    async writings(
      { key }: Pick<Taken, "key">,
      named: readonly { name: string; writing: string }[],
    ): Promise<void> {
      await keepLines(`list-${key}-target.writings`, named);
    },
    /** Leaves the sums of what was read back. */
    async sums(
      { key }: Pick<Taken, "key">,
      end: "source" | "target",
      lines: readonly string[],
    ): Promise<void> {
      await books.keep(`${reports}/list-${key}-${end}.sums`, Buffer.from(lines.join("")), "text/plain");
    },
  };
}

/** Parameters of a transfer's machines, as far as a scripted one reads them. */
export const parametersOf = (hub: string, id: string): Record<string, string> => ({
  leases: leasesFolder(hub, id),
  reports: `transfers/${hub}/${id}/reports`,
});
