// Writes what people read of a transfer. Plain sentences; nothing here decides anything.
import type { EventOf } from "../../shared/events.ts";
import { sizeWord } from "../../shared/sizes.ts";
import type { TransferReceipt, TransferState } from "../../shared/transfers/records.ts";

/** Tells the team how a transfer ended, once. */
export function endedNotice(hub: string, receipt: TransferReceipt): EventOf<"notice"> {
  const { id, from, to, state, said, bytes, verified, machines, preemptions, dollars, machineHours } =
    receipt;
  const words = {
    done: "is done",
    incomplete: "is not complete",
    failed: "failed",
    cancelled: "was cancelled",
  };
  return {
    v: 1,
    hub,
    key: `transfer/${id}/ended`,
    to: "team",
    subject: `Transfer ${id} ${words[state]}`,
    text: [
      `From ${from} to ${to}: ${said}.`,
      "",
      `${sizeWord(bytes)} in all; content compared by MD5 for ${verified.md5.toLocaleString("en")} objects, by size alone for ${verified.size.toLocaleString("en")}.`,
      `${machines} machines made, ${preemptions} taken away by Google and replaced; ${machineHours.toFixed(2)} machine hours, about $${dollars.toFixed(2)}.`,
      "All machines are deleted. The receipt with every name is on the console's page Transfers.",
      ...(receipt.note === undefined ? [] : ["", receipt.note]),
    ].join("\n"),
  };
}

/** Tells the team, once for what was asked, that nothing was begun. */
export const refusedNotice = (hub: string, id: string, key: string, why: string): EventOf<"notice"> => ({
  v: 1,
  hub,
  key: `transfer/${id}/refused/${key}`,
  to: "team",
  subject: `Transfer ${id} was not begun`,
  text: `The transfer ${id} that was asked for was not begun: ${why}.\n\nNothing was copied and no machine was made. Ask again with another id once it is mended.`,
});

/** Gives the title of a run that looked at it. */
export function titleOf({ id, state, said, shards }: TransferState): string {
  if (state !== "running") return `transfer ${id} ${said}`;
  const done = shards.filter((shard) => shard.state === "done").length;
  return `transfer ${id}: ${done} of ${shards.length} shards copied, going on`;
}
