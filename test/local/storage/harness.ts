// Serves storage and, for each identity asked for, a metadata server; gives real clients that find their tokens there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Storage } from "@google-cloud/storage";
import { metadataFarEnd } from "../../../local/metadata/far-end.ts";
import { type StorageOptions, storageFarEnd } from "../../../local/storage/far-end.ts";
import { type Served, serveFarEnd } from "../../../local/wire/far-end.ts";
import { type FarEndName, faultStore } from "../../../local/wire/faults.ts";
import { identities, operatorIdentity } from "../../../local/wire/identity.ts";
import { type MovableClock, movableClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { calendarIn, skyOver } from "../../../local/wire/weather.ts";
import { type FunctionName, identityOf, ledgerBucket } from "../../../shared/functions.ts";
import { storageClient } from "../../../shared/storage-client.ts";

export const project = "sample-hub-1";
export const ledger = ledgerBucket(project);

/** A served storage on a folder of its own (or one that was there before). */
export async function storageHarness(
  options: {
    folder?: string;
    clock?: MovableClock;
    /** More buckets, by where they lie. */
    places?: Record<string, string>;
  } & Pick<StorageOptions, "append"> = {},
) {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "storage-"));
  const state = openState(join(folder, "state.db"));
  const clock = options.clock ?? movableClock(join(folder, "clock"));
  const now = (): number => clock.now().getTime();
  const weather = calendarIn(state, now);
  const faults = faultStore(skyOver(now, weather.list));
  const known = identities({ state, project });
  const changes: string[] = [];
  const farEnd = storageFarEnd({
    state,
    identities: known,
    faults,
    now: clock.now,
    ...(options.append === undefined ? {} : { append: options.append }),
    buckets: {
      [ledger]: {
        folder: join(folder, "ledger"),
        layout: "opaque",
        onChange: ({ name }) => changes.push(name),
      },
      remote: { folder: join(folder, "remote"), layout: "plain", onChange: ({ name }) => changes.push(name) },
      ...Object.fromEntries(
        Object.entries(options.places ?? {}).map(([bucket, location]) => [
          bucket,
          { folder: join(folder, bucket), layout: "plain" as const, location },
        ]),
      ),
    },
  });
  const served = await serveFarEnd(farEnd);
  const open: Served[] = [served];

  async function clientOf(email: string): Promise<Storage> {
    const metadata = await serveFarEnd(metadataFarEnd({ identities: known, faults, email, project }));
    open.push(metadata);
    process.env["GCE_METADATA_HOST"] = `127.0.0.1:${metadata.port}`;
    process.env["METADATA_SERVER_DETECTION"] = "assume-present";
    const client = await storageClient({ project, endpoints: { storage: served.url } })();
    await client.authClient.getAccessToken();
    return client;
  }

  return {
    folder,
    state,
    farEnd,
    faults,
    weather,
    changes,
    url: served.url,
    tokenOf: (email: string) => `Bearer ${known.mint(email, []).token}`,
    operator: () => clientOf(operatorIdentity(project)),
    client: (name: FunctionName) => clientOf(identityOf(name, project)),
    count: (farEndName: FarEndName, call: string) =>
      [...faults.calls()]
        .filter(([key]) => key.startsWith(`${farEndName} ${call}`))
        .reduce((sum, [, n]) => sum + n, 0),
    async close(keep = false): Promise<void> {
      for (const one of open) await one.close();
      state.close();
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The number that the real client's errors carry. */
export async function codeOf(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return "no error";
  } catch (error) {
    return error instanceof Object && "code" in error ? error.code : error;
  }
}
