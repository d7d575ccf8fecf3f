// `groundcrew transfer receipt`: what came of a transfer, for people, for programs, and every object of it in a file.
import { createWriteStream } from "node:fs";
import { resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { answers } from "../../shared/control.ts";
import { codeOf } from "../../shared/errors.ts";
import { receiptText } from "../../shared/transfers/receipt-words.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { type Control, path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { stop } from "../stop.ts";
import { visible } from "../terminal.ts";

/** Shows the receipt; with `lines` it saves all objects there, packed as they are kept. */
export function transferReceipt(cli: Cli, id: string, options: { lines?: string }): Promise<number> {
  return withControl(cli, async (api) => {
    const hub = await hubOf(cli, api);
    const { receipt } = await api.get(`${path("transfers", hub, id)}/receipt`, answers.receipt);
    if (options.lines !== undefined) await saveLines(cli, api, { hub, id, file: options.lines });
    cli.terminal.answer(receipt, () => receiptText(receipt).trimEnd().split("\n").map(visible));
    return exitCodes.done;
  });
}

/** Saves the lines of all objects to a file of its own, never over another one. */
export async function saveLines(
  { surroundings, terminal }: Cli,
  api: Pick<Control, "pieces">,
  { hub, id, file }: { hub: string; id: string; file: string },
): Promise<void> {
  const target = createWriteStream(resolve(surroundings.cwd, file), { flags: "wx" });
  terminal.progress("saving the lines of all objects ...");
  try {
    await pipeline(api.pieces(`${path("transfers", hub, id)}/receipt.ndjson.gz`), target);
  } catch (error) {
    const code = codeOf(error);
    if (code !== "EEXIST" && code !== "ENOENT" && code !== "EACCES") throw error;
    throw stop(
      exitCodes.usage,
      "the lines were not saved",
      code === "EEXIST" ? `${visible(file)} is there already` : `${visible(file)} cannot be written`,
      "name another file",
    );
  }
}
