// `groundcrew transfer verify`: holds a transfer's target against its receipt again, by the person's own keys: nothing of the
// installation has a part in it but the receipt, which may lie in a file.
import { createReadStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { keysOf } from "../../shared/closed.ts";
import { codeOf } from "../../shared/errors.ts";
import { failureIn } from "../../shared/failure.ts";
import { Unordered } from "../../shared/remotes/names.ts";
import { inOrder, pairsOf } from "../../shared/remotes/pairs.ts";
import { type PersonsEyes, personsEyes, personsName } from "../../shared/remotes/person.ts";
import type { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import { targetText } from "../../shared/transfers/receipt-words.ts";
import type { Verdict } from "../../shared/transfers/verdict.ts";
import { objectsText } from "../../shared/transfers/words.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { stop } from "../stop.ts";
import { visible } from "../terminal.ts";
import { openReceipt } from "./receipt-file.ts";
import { type Found, type Judging, judged } from "./transfer-judge.ts";
import { saveLines } from "./transfer-receipt.ts";

export type VerifyOptions = { read?: boolean; receipt?: string };

/** Names that are shown of each kind; with --json all that were kept, ten times as many. */
const mostShown = 100;

export async function verifyTransfer(cli: Cli, id: string, options: VerifyOptions): Promise<number> {
  const { receipt: given } = options;
  if (given !== undefined)
    return verifyFile(cli, { id, file: resolve(cli.surroundings.cwd, given) }, options);
  const folder = await mkdtemp(join(tmpdir(), "groundcrew-receipt-"));
  try {
    const file = join(folder, "lines.ndjson.gz");
    await withControl(cli, async (api) => {
      await saveLines(cli, api, { hub: await hubOf(cli, api), id, file });
      return exitCodes.done;
    });
    return await verifyFile(cli, { id, file }, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function verifyFile(
  cli: Cli,
  { id, file }: { id: string; file: string },
  { read = false }: VerifyOptions,
): Promise<ExitCode> {
  const open = () => openReceipt(createReadStream(file));
  const first = await open().catch(unreadable);
  const { receipt } = first;
  if (receipt.id !== id)
    throw stop(
      exitCodes.usage,
      "nothing was verified",
      "the file is another transfer's receipt",
      `it is of ${visible(receipt.id)}`,
    );
  const eyes = eyesOf(cli, receipt);
  const { path = "" } = receipt.target ?? {};
  cli.terminal.note(`reading ${visible(targetText(receipt) ?? receipt.to)}, and writing nothing`);
  const judging: Judging = {
    read,
    ask: (names) => eyes.ask(personsName, eyes.remote, { path, names }),
    readBack: (name) => eyes.read(personsName, eyes.remote, { path, name }),
    progress: (count) =>
      cli.terminal.progress(`${objectsText(count)} of ${objectsText(receipt.objects)} ...`),
  };
  const list = () => eyes.list(personsName, eyes.remote, { path, only: receipt.target?.only });
  const found = await (async () => {
    try {
      return await judged(pairsOf(first.lines, list()), judging);
    } catch (error) {
      if (!(error instanceof Unordered)) throw error;
      return judged(pairsOf((await open()).lines, inOrder(list())), judging);
    }
  })().catch(unreadable);
  show(cli, found);
  return isGood(found) ? exitCodes.done : exitCodes.held;
}

/** Tells whether all that was proved is there, and was told to be the same. */
const isGood = ({ counts }: Found): boolean => counts.differs + counts.gone + counts.untold === 0;

function eyesOf(cli: Cli, receipt: TransferReceipt): PersonsEyes {
  const what = "nothing was verified";
  const { target, whole } = receipt;
  if (target === undefined || whole === undefined)
    throw stop(
      exitCodes.failure,
      what,
      "the receipt is of an earlier version, and has no lines of its objects",
      "ask for the transfer again: what is there already is compared, and not copied",
    );
  const eyes = personsEyes(target, { env: cli.surroundings.env });
  if (eyes === "no-keys")
    throw stop(
      exitCodes.usage,
      what,
      "there are no keys for the target",
      "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to keys that may list and read it",
    );
  if (eyes === "unknown-kind")
    throw stop(
      exitCodes.failure,
      what,
      "this version does not know the target's kind of store",
      "use the newer version that wrote the receipt",
    );
  return eyes;
}

/** Turns a store's refusal, and a file that cannot be read, into words. */
function unreadable(error: unknown): never {
  const failure = failureIn(error);
  if (failure !== undefined) {
    const { why, next } = failure.explanation;
    throw stop(exitCodes.failure, "the target cannot be read", why, next);
  }
  const code = codeOf(error);
  if (code.startsWith("Z_"))
    throw stop(
      exitCodes.failure,
      "nothing was verified",
      "the file is no receipt, or is damaged",
      "save it again: groundcrew transfer receipt <id> --lines <file>",
    );
  if (code === "ENOENT")
    throw stop(
      exitCodes.usage,
      "nothing was verified",
      "there is no such file",
      "save it: groundcrew transfer receipt <id> --lines <file>",
    );
  throw error;
}

const words: Record<Verdict, string> = {
  same: "as they were proved to be",
  differs: "of another content now",
  gone: "not there any more",
  unproved: "as they were, and never proved",
  untold: "of which nothing short of reading tells (--read)",
  unclaimed: "that had not arrived, by the receipt itself",
};

function show(cli: Cli, found: Found): void {
  const { counts, names } = found;
  cli.terminal.answer({ ...found, good: isGood(found) }, (paint) => [
    ...keysOf(words).flatMap((verdict) => {
      const count = counts[verdict];
      const isBad = verdict === "differs" || verdict === "gone" || verdict === "untold";
      if (count === 0) return [];
      return [paint(isBad ? "red" : "green", `${objectsText(count)} ${words[verdict]}`)];
    }),
    ...Object.entries(names).flatMap(([verdict, all]) => [
      ...all.slice(0, mostShown).map((name) => `  ${verdict}: ${visible(name)}`),
      ...(all.length > mostShown ? [`  ${verdict}: and more, which --json names`] : []),
    ]),
  ]);
}
