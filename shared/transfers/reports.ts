// Reads what machines have written of themselves.
import { isPermanent } from "../errors.ts";
import type { Ledger } from "../ledger.ts";
import { MachineReport } from "./records.ts";

/** Reads a report, and passes over one that a machine wrote badly: it is no reason for a transfer never to end, nor for a page to fail. */
export async function reportAt(
  ledger: Pick<Ledger, "read">,
  name: string,
): Promise<MachineReport | undefined> {
  try {
    return (await ledger.read(name, MachineReport))?.value;
  } catch (error) {
    if (isPermanent(error)) return undefined;
    throw error;
  }
}
