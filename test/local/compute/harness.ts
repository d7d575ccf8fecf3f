// The compute far end alone, served on a port, with the real client's adapter against it as a function of the project.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { type ComputeFarEnd, computeFarEnd } from "../../../local/compute/far-end.ts";
import type { MachinesOptions } from "../../../local/compute/machines.ts";
import { metadataFarEnd } from "../../../local/metadata/far-end.ts";
import { type FarEnd, serveFarEnd } from "../../../local/wire/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { type Identities, identities } from "../../../local/wire/identity.ts";
import { type MovableClock, movableClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { calendarIn, skyOver } from "../../../local/wire/weather.ts";
import { ground } from "../../../shared/compute/ground.ts";
import type { MachineOrder } from "../../../shared/compute/machine.ts";
import { type Machines, machines } from "../../../shared/compute/machines.ts";
import type { FunctionName } from "../../../shared/functions.ts";
import { identityOf } from "../../../shared/functions.ts";
import type { TransferSettings } from "../../../shared/settings.ts";
import { patienceMs } from "../../patience.ts";
import { sampleSettings } from "../sample/sample-settings.ts";

export const project = "sample-hub";

export function sampleTransfers(): TransferSettings {
  const transfers = sampleSettings().hubs["sample"]?.transfers;
  if (transfers === undefined) throw new Error("the sample settings have no transfers");
  return transfers;
}

export const order = (change: Partial<MachineOrder> = {}): MachineOrder => ({
  name: "transfer-sample-t1-0",
  hub: "sample",
  id: "t1",
  shard: 0,
  attempt: 1,
  round: 0,
  zone: "us-central1-a",
  type: "e2-standard-8",
  maximumSeconds: 3600,
  reachesOut: true,
  parameters: { shard: "0" },
  ...change,
});

/**
 * With `graceMs`, a machine that is taken away has that many real milliseconds left; with `runner`, machines are played; `front`
 * stands before the far end and may answer otherwise.
 */
export async function computeHarness(
  as: FunctionName = "run-transfer",
  options: Pick<MachinesOptions, "graceMs" | "runner" | "after" | "ground"> & {
    clock?: MovableClock;
    /** Another harness's project, whose identities count here too. */
    within?: { project: string; identities: Identities };
    front?: (far: ComputeFarEnd) => FarEnd;
  } = {},
) {
  const { graceMs = 200, front = (it) => it, clock: given, within, ...played } = options;
  const here = within?.project ?? project;
  let path = async () => process.env["PATH"] ?? "";
  const folder = mkdtempSync(join(tmpdir(), "groundcrew-compute-"));
  const state = openState(join(folder, "state.db"));
  const who = within?.identities ?? identities({ state, project });
  const clock = given ?? movableClock(join(folder, "clock"));
  const now = (): number => clock.now().getTime();
  const weather = calendarIn(state, now);
  // Reads lag for longer than any test takes: the real clock goes on here.
  const faults = faultStore(
    skyOver(now, () => weather.list().map((spell) => ({ ...spell, behindMs: 20 * 60_000 }))),
  );
  const start = () =>
    computeFarEnd({
      state,
      identities: who,
      faults,
      clock,
      project: here,
      folder: join(folder, "machines"),
      path: () => path(),
      graceMs,
      ...played,
    });
  const far = start();
  const served = await serveFarEnd(front(far));
  const metadata = await serveFarEnd(
    metadataFarEnd({ identities: who, faults, email: identityOf(as, here), project: here }),
  );
  const before = {
    host: process.env["GCE_METADATA_HOST"],
    detection: process.env["METADATA_SERVER_DETECTION"],
  };
  process.env["GCE_METADATA_HOST"] = `127.0.0.1:${metadata.port}`;
  process.env["METADATA_SERVER_DETECTION"] = "assume-present";
  // A call has half of the time to be answered, also on a machine that is busy with much else.
  const adapterOptions = {
    project: here,
    endpoints: { compute: served.url },
    patienceMs: 2 * patienceMs,
  };
  const adapter: Machines = machines(adapterOptions);
  return {
    far,
    adapter,
    ground: ground(adapterOptions),
    clock,
    faults,
    weather,
    identities: who,
    url: served.url,
    /** Machines find their programs so from now on. */
    prepareBy(prepare: () => Promise<string>): void {
      path = prepare;
    },
    /** A second far end on the same state, as after a crash. */
    restart: start,
    async close() {
      await far.close();
      await served.close();
      await metadata.close();
      state.close();
      rmSync(folder, { recursive: true, force: true });
      for (const [key, value] of [
        ["GCE_METADATA_HOST", before.host],
        ["METADATA_SERVER_DETECTION", before.detection],
      ] as const)
        if (value === undefined) delete process.env[key];
        else process.env[key] = value;
    },
  };
}

/** An operation, as far as tests read it. */
export const Begun = z.object({
  name: z.string(),
  status: z.string(),
  error: z.object({ errors: z.array(z.looseObject({ code: z.string() })) }).optional(),
});
/** A page of an aggregated list. */
export const Page = z.object({
  items: z.record(z.string(), z.object({ instances: z.array(z.object({ name: z.string() })).default([]) })),
  nextPageToken: z.string().optional(),
});
