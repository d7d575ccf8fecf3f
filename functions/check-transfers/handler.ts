// Looks once a day whether a transfer of a hub could run, though nobody asks for one: else what is missing shows with the first one that
// is in a hurry. It copies nothing and changes nothing but its own record, which `groundcrew doctor` shows.
import type { Clock } from "../../shared/clock.ts";
import type { Ground } from "../../shared/compute/ground.ts";
import type { Machines } from "../../shared/compute/machines.ts";
import { regionOf, subnetworksOf, typesOf } from "../../shared/compute/placement.ts";
import { tooSmall } from "../../shared/compute/quotas.ts";
import type { Beside, Recorder, Result } from "../../shared/delivery/recorder.ts";
import type { EventOf } from "../../shared/events.ts";
import { failureIn, slug } from "../../shared/failure.ts";
import { untilSwapped } from "../../shared/flow/swap.ts";
import type { Ledger, LedgerFiles } from "../../shared/ledger.ts";
import type { Probe } from "../../shared/remotes/probe.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import { noSuchHub } from "../../shared/serving.ts";
import { limitsOf } from "../../shared/settings/limits.ts";
import type { Settings, TransferSettings } from "../../shared/settings.ts";
import { type CheckLine, TransferCheck, transferCheckName } from "../../shared/transfers/check-records.ts";
import { transferStates } from "../../shared/transfers/names.ts";
import { rcloneObject } from "../../shared/transfers/tools.ts";
import { leftLine, networkLine, quotaLine, rcloneLine, refusedLine, remoteLine } from "./lines.ts";

export type CheckDeps = {
  ledger: Ledger & Pick<LedgerFiles, "bytes">;
  probe: Probe;
  machines: Pick<Machines, "list">;
  ground: Ground;
  settings: Settings;
  now: Clock;
};

export async function checkTransfers(
  { hub }: EventOf<"transfer-check-due">,
  run: Recorder,
  deps: CheckDeps,
): Promise<Result> {
  const ofHub = deps.settings.hubs[hub];
  if (ofHub?.transfers === undefined) throw noSuchHub("transfers were to be looked at", "transfers");
  const lines = await found(hub, ofHub.transfers, limitsOf(ofHub).machines, deps);
  for (const { about, state, says } of lines) run.step(`${about}: ${state}: ${says}`);
  await keep(hub, { v: 1, at: deps.now().toISOString(), lines }, deps.ledger);
  const wrong = lines.filter(({ state }) => state === "fail");
  return {
    outcome: "done",
    title:
      wrong.length === 0
        ? `transfers: ${lines.length} things that they need looked at, none is wrong`
        : `transfers: ${wrong.length} of ${lines.length} things that they need have to be mended`,
    beside: wrong.map(besideOf),
  };
}

async function found(
  hub: string,
  { remotes, machine, rclone }: TransferSettings,
  most: number,
  { ledger, probe, machines, ground, now }: CheckDeps,
): Promise<CheckLine[]> {
  const stores = Object.entries(remotes);
  const regions = [...new Set(machine.zones.map(regionOf))];
  const wanted = {
    machines: most,
    types: typesOf(machine),
    reachesOut: stores.some(([, store]) => !isInGoogle(store)),
  };
  const looks = [
    ...stores.map(([name, store]) =>
      line(`remote ${name}`, async () => {
        await probe(name, store);
        return remoteLine(name);
      }),
    ),
    line("rclone", async () =>
      rcloneLine(rclone, rclone.from === "image" ? undefined : await ledger.bytes(rcloneObject(rclone))),
    ),
    ...subnetworksOf(machine).map((path) =>
      line(`network ${path.split("/")[1]}`, async () => networkLine(path, await ground.subnetwork(path))),
    ),
    ...regions.map((region) =>
      line(`quotas of ${region}`, async () =>
        quotaLine(region, tooSmall(await ground.quotas(region), wanted), most),
      ),
    ),
    line("left behind", async () => {
      const all = await machines.list({ hub });
      const disks = (await ground.disks()).filter(({ labels }) => labels["hub"] === hub);
      // Read last: what began meanwhile is known to run.
      return leftLine({ machines: all, disks, running: await runningOf(hub, ledger) }, now());
    }),
  ];
  return Promise.all(looks);
}

/** A line, whatever the vendor says. */
async function line(about: string, look: () => Promise<CheckLine>): Promise<CheckLine> {
  try {
    return await look();
  } catch (error) {
    const failure = failureIn(error);
    if (failure === undefined) throw error;
    return refusedLine(about, failure);
  }
}

/** Ids of the hub's transfers that run. */
async function runningOf(hub: string, ledger: Pick<Ledger, "list">): Promise<Set<string>> {
  const folder = transferStates(hub);
  const entries = await ledger.list(folder);
  const running = entries.filter(({ metadata }) => metadata["state"] === "running");
  return new Set(running.map(({ name }) => name.slice(folder.length, -".json".length)));
}

const keep = (hub: string, check: TransferCheck, ledger: Ledger): Promise<void> =>
  untilSwapped(async () => {
    const before = await ledger.read(transferCheckName(hub), TransferCheck);
    const swapped = await ledger.swap(transferCheckName(hub), check, before?.generation ?? "0");
    return swapped === "changed" ? "overtaken" : swapped;
  }, "what was found is being written by another delivery").then(() => undefined);

const besideOf = ({ about, says, next = "" }: CheckLine): Beside => ({
  cause: slug(about),
  reason: { what: `Transfers need a hand: ${about}`, why: says, next },
  lasting: true,
});
