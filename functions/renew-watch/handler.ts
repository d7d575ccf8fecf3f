// Opens a Drive push channel for a hub's sheet before the last one lapses: Drive lets one live for a day at most and does
// not renew (https://developers.google.com/workspace/drive/api/guides/push). New first, then the old one is stopped. Then it asks
// whether the sheet is in the trash, where it can be read until it is gone for good.
import type { Clock } from "../../shared/clock.ts";
import type { Beside, Recorder, Result } from "../../shared/delivery/recorder.ts";
import { isPermanent } from "../../shared/errors.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { Watch } from "../../shared/records.ts";
import type { Hub, Settings } from "../../shared/settings.ts";
import { channelToken } from "../../shared/sheets/channel.ts";
import type { DriveWatch } from "../../shared/sheets/drive.ts";

/** Drive's own maximum for files. */
const lifeMs = 24 * 3600 * 1000;
/** A channel with more than this left is not renewed: the schedule comes twice a day. */
const enoughMs = 12 * 3600 * 1000;

export type RenewWatchDeps = {
  address: string;
  drive: DriveWatch;
  ledger: Ledger;
  now: Clock;
  secret: () => Promise<string>;
  settings: Settings;
};

export async function renewWatch(hub: string, run: Recorder, deps: RenewWatchDeps): Promise<Result> {
  const members = deps.settings.hubs[hub]?.members;
  if (members === undefined) return { outcome: "idle" };
  const renewed = await renew(hub, members, run, deps);
  if (!(await deps.drive.isTrashed(members.spreadsheet))) return renewed;
  run.step("the sheet is in Drive's trash");
  const title = renewed.outcome === "idle" ? inTrash.reason.what : renewed.title;
  return { outcome: "done", title, beside: [inTrash] };
}

/** https://support.google.com/drive/answer/2375102 */
const inTrash: Beside = {
  cause: "sheet-in-trash",
  reason: {
    what: "the member sheet is in Drive's trash",
    why: "somebody put it there, or a folder that it lies in; it is still read, but Drive deletes it for good 30 days after it went there, and nobody is let in any more then",
    next: "the sheet's owner opens Trash in Drive, right-clicks the sheet or its folder, and presses Restore; where another sheet has taken its place, put the id of that one under members.spreadsheet in the settings",
  },
  lasting: true,
};

async function renew(
  hub: string,
  members: NonNullable<Hub["members"]>,
  run: Recorder,
  deps: RenewWatchDeps,
): Promise<Result> {
  const name = `head/watch/${hub}.json`;
  const now = deps.now();
  const old = await deps.ledger.read(name, Watch);
  const leftMs = old === undefined ? 0 : new Date(old.value.expires).getTime() - now.getTime();
  if (old?.value.address === deps.address && leftMs > enoughMs) return { outcome: "idle" };

  // A name made of hub and time: a second delivery at another time opens another channel, and each only says "look again".
  const channelId = `${hub}-${now.getTime()}`;
  const channel = await deps.drive.watch({
    spreadsheetId: members.spreadsheet,
    channelId,
    token: channelToken(await deps.secret(), channelId),
    address: deps.address,
    expires: new Date(now.getTime() + lifeMs),
  });
  run.step("a new push channel is open");
  const next: Watch = {
    v: 1,
    channelId,
    resourceId: channel.resourceId,
    address: deps.address,
    expires: channel.expires.toISOString(),
  };
  if ((await deps.ledger.swap(name, next, old?.generation ?? "0")) === "changed") {
    await deps.drive.stop(next);
    run.step("another delivery was faster: this channel is stopped again");
    return { outcome: "done", title: "the sheet's push channel was renewed by another delivery" };
  }
  if (old !== undefined && leftMs > 0) {
    try {
      await deps.drive.stop(old.value);
      run.step("the old channel is stopped");
    } catch (error) {
      // The new one is open and written down: nobody has anything to mend, and another delivery would find nothing to do.
      if (!isPermanent(error)) throw error;
      run.step("the old channel could not be stopped: it ends by itself within a day");
    }
  }
  return { outcome: "done", title: "the sheet's push channel was renewed" };
}
