// Harness for tests of the ledger's users: served storage, the real client with a function's own identity, and an
// operator's eye that reads and plants objects past the ledger.
import * as z from "zod";
import type { FunctionName } from "../../shared/functions.ts";
import { ledger } from "../../shared/ledger.ts";
import type { Log } from "../../shared/log.ts";
import { ledger as bucketName, project, storageHarness } from "../local/storage/harness.ts";

export { project };

export async function ledgerHarness() {
  const served = await storageHarness();
  const operator = (await served.operator()).bucket(bucketName);
  const textOf = async (name: string): Promise<string> =>
    (await operator.file(name).download())[0].toString();
  return {
    ...served,
    operator,
    async ledgerOf(name: FunctionName): Promise<ReturnType<typeof ledger>> {
      const client = await served.client(name);
      return ledger({ project, storage: async () => client });
    },
    names: async (prefix: string): Promise<string[]> =>
      (await operator.getFiles({ prefix }))[0].map(({ name }) => name),
    jsonOf: async (name: string): Promise<unknown> => JSON.parse(await textOf(name)),
    plant: (name: string, text: string | Buffer, metadata: Record<string, string> = {}) =>
      operator.file(name).save(text, { resumable: false, metadata: { metadata } }),
  };
}

/** A log that is kept, one line a call. */
export function keptLog(): { lines: string[]; log: Log } {
  const lines: string[] = [];
  return { lines, log: (...line) => void lines.push(JSON.stringify(line)) };
}

/** Gives what was thrown, as people are told; undefined if nothing was. */
export async function explanationOf(work: Promise<unknown> | (() => Promise<unknown>)): Promise<unknown> {
  try {
    await (typeof work === "function" ? work() : work);
    return undefined;
  } catch (error) {
    const told = z.object({ name: z.string(), explanation: z.unknown() }).safeParse(error);
    return told.data?.explanation ?? error;
  }
}
