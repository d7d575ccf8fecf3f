// The second killer: every ten minutes, deletes the machines that failed to delete themselves.
import type { Clock } from "../../shared/clock.ts";
import type { Machine, Machines } from "../../shared/compute/machines.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import { isPermanent } from "../../shared/errors.ts";
import type { Ledger } from "../../shared/ledger.ts";
import type { Settings } from "../../shared/settings.ts";
import { transferState } from "../../shared/transfers/names.ts";
import { TransferState } from "../../shared/transfers/records.ts";
import { type Known, whyNotNeeded } from "./decide.ts";

type Deps = { ledger: Ledger; machines: Machines; now: Clock; settings: Settings };

/** Deletes what nobody needs. A machine that cannot be judged or deleted keeps no other alive: its failure is thrown at the end. */
export async function sweepMachines(run: Recorder, deps: Deps): Promise<Result> {
  const found = await deps.machines.list();
  const states = new Map<string, Known>();
  const failures: unknown[] = [];
  let deleted = 0;
  for (const machine of found)
    try {
      const why = await verdictOn(machine, states, deps);
      if (why === undefined) continue;
      // A listing may lag behind what has gone already.
      if ((await deps.machines.remove(machine)) === "gone") continue;
      run.effect({ do: "delete-machine", name: machine.name, why });
      deleted += 1;
    } catch (error) {
      failures.push(error);
    }
  // Of several the one that only a person mends speaks: the others come again by themselves.
  if (failures.length > 0) throw failures.find(isPermanent) ?? failures[0];
  if (deleted === 0) return { outcome: "idle" };
  return { outcome: "done", title: `${deleted} of ${found.length} machines swept away` };
}

async function verdictOn(
  machine: Machine,
  states: Map<string, Known>,
  { ledger, now, settings }: Deps,
): Promise<string | undefined> {
  const { hub = "", transfer = "" } = machine.labels;
  const name = transferState(hub, transfer);
  if (!states.has(name)) states.set(name, await readState(name, ledger));
  const maximumHours = 1.5 * (settings.hubs[hub]?.transfers?.limits.hours ?? 12);
  return whyNotNeeded(machine, states.get(name), { now: now(), maximumHours });
}

async function readState(name: string, ledger: Ledger): Promise<Known> {
  try {
    return (await ledger.read(name, TransferState))?.value;
  } catch (error) {
    if (isPermanent(error)) return "unreadable";
    throw error;
  }
}
