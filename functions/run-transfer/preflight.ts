// Looks before anything is made whether a transfer's machines could work at all: what they stand on, and what they are to run.

import type { Ground } from "../../shared/compute/ground.ts";
import { subnetworksOf } from "../../shared/compute/placement.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { isInGoogle } from "../../shared/remotes/stores.ts";
import type { TransferSettings } from "../../shared/settings.ts";
import { type Lack, notStaged, shutIn, unthere } from "../../shared/transfers/needs.ts";
import { rcloneObject } from "../../shared/transfers/tools.ts";
import type { Request } from "./request.ts";

type Deps = { ground: Pick<Ground, "subnetwork">; ledger: Pick<Ledger, "list"> };

/** Gives what is missing, and how to mend it; undefined where machines have what they need. Throws what time may mend. */
export async function missingFor(
  { from, to }: Request,
  { machine, rclone }: TransferSettings,
  { ground, ledger }: Deps,
): Promise<Lack | undefined> {
  // A machine with an address of its own reaches Google by that.
  const paths = [from, to].every(({ store }) => isInGoogle(store)) ? subnetworksOf(machine) : [];
  for (const path of paths) {
    const found = await ground.subnetwork(path);
    if (found === "missing") return unthere(path);
    if (found === "shut-in") return shutIn(path);
  }
  if (rclone.from === "image") return undefined;
  const staged = await ledger.list(rcloneObject(rclone));
  return staged.length === 0 ? notStaged(rclone) : undefined;
}
