// Transfers as people see them: how each stands, asking for one, cancelling one. The page decides nothing about machines:
// it writes a person's word down and wakes the worker.

import { randomBytes } from "node:crypto";
import { type Clock, dayOf } from "../../../shared/clock.ts";
import type { TransferLine } from "../../../shared/control.ts";
import { AskerName, HubName, TransferId, type TransferMode } from "../../../shared/events.ts";
import type { Ledger } from "../../../shared/ledger.ts";
import { inWords } from "../../../shared/misfit.ts";
import type { Settings } from "../../../shared/settings.ts";
import { lastWord, transferFolder, transferState } from "../../../shared/transfers/names.ts";
import { isEnded } from "../../../shared/transfers/phase.ts";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { TransferCancelled, TransferState } from "../../../shared/transfers/records.ts";
import { reportAt } from "../../../shared/transfers/reports.ts";
import { inFlightOf, spentOn } from "../../../shared/transfers/spent.ts";
import type { Publish } from "../events/send.ts";
import { isOff, type Refusal, refuse } from "../http/refusal.ts";

/** Number of transfers that a list shows, newest first. */
const mostShown = 40;

export type Transfers = ReturnType<typeof transfers>;

export function transfers(deps: { ledger: Ledger; settings: Settings; publish: Publish; now: Clock }) {
  const { ledger, settings, publish, now } = deps;
  const hubs = Object.entries(settings.hubs).filter(([, hub]) => hub.transfers !== undefined);

  async function lineOf(head: TransferState): Promise<TransferLine> {
    const folder = transferFolder(head.hub, head.id);
    if (isEnded(head.state)) {
      const receipt = await ledger.read(`${folder}/receipt.json`, TransferReceipt);
      return {
        head,
        progress: [],
        cancelled: head.state === "cancelled",
        ...(receipt === undefined ? {} : { receipt: receipt.value }),
      };
    }
    const cancelled = (await ledger.read(`${folder}/cancel.json`, TransferCancelled)) !== undefined;
    const progress = await progressOf(head);
    if (head.state !== "running") return { head, progress, cancelled };
    const machine = settings.hubs[head.hub]?.transfers?.machine;
    if (machine === undefined) return { head, progress, cancelled };
    const inFlight = inFlightOf(head, progress);
    return { head, progress, cancelled, spent: spentOn(head, { machine, inFlight, now: now() }) };
  }

  /** The newest word of each machine that copies now. */
  async function progressOf({ hub, id, shards }: TransferState): Promise<TransferLine["progress"]> {
    const running = shards.filter(({ state }) => state === "running");
    const words = await Promise.all(running.map((shard) => reportAt(ledger, lastWord(hub, id, shard))));
    return words.flatMap((report, at) => {
      const shard = running[at]?.n;
      if (report === undefined || shard === undefined) return [];
      const { list, bytes = 0, objects = 0, ops } = report;
      const more = { ...(list === undefined ? {} : { list }), ...(ops === undefined ? {} : { ops }) };
      return [{ shard, bytes, objects, ...more }];
    });
  }

  const stateOf = async (hub: string, id: string): Promise<TransferState | undefined> =>
    HubName.safeParse(hub).success && TransferId.safeParse(id).success
      ? (await ledger.read(transferState(hub, id), TransferState))?.value
      : undefined;

  return {
    remotes: (): string[] => [
      ...new Set(hubs.flatMap(([, hub]) => Object.keys(hub.transfers?.remotes ?? {}))),
    ],

    async all(): Promise<TransferLine[]> {
      const entries = await ledger.list("head/transfers/");
      const newest = entries
        .sort((a, b) => ((a.metadata["startedAt"] ?? "") < (b.metadata["startedAt"] ?? "") ? 1 : -1))
        .slice(0, mostShown);
      const heads = await Promise.all(newest.map(({ name }) => ledger.read(name, TransferState)));
      return Promise.all(heads.flatMap((head) => (head === undefined ? [] : [lineOf(head.value)])));
    },

    async one(hub: string, id: string): Promise<TransferLine | undefined> {
      const head = await stateOf(hub, id);
      return head === undefined ? undefined : lineOf(head);
    },

    /** Publishes the request; what is wrong with its ends is for the worker to say, in its run. */
    async ask(request: {
      hub?: string | undefined;
      id?: string | undefined;
      from: string;
      to: string;
      /** Name that was typed. */
      by?: string | undefined;
      mode?: TransferMode | undefined;
      dryRun?: boolean | undefined;
    }): Promise<{ hub: string; id: string; messageId: string } | Refusal> {
      const what = "the transfer was not asked for";
      const hub = hubs.find(([name]) => request.hub === undefined || name === request.hub)?.[0];
      if (hub === undefined)
        return refuse(422, what, "the settings know no such hub with transfers", "name one that has them");
      if (settings.flows["run-transfer"] === "off") return isOff({ what, flow: "run-transfer" });
      const { from, to, mode, dryRun } = request;
      if (from === "" || to === "")
        return refuse(422, what, "both ends are needed", 'write each as "<remote>:<path>"');
      const by = AskerName.safeParse(request.by?.trim() || undefined, inWords);
      if (request.by?.trim() && !by.success)
        return refuse(
          422,
          what,
          by.error.issues[0]?.message ?? "the name cannot be used",
          "write it in letters",
        );
      const id = request.id ?? newId(now());
      const named = {
        ...(by.data === undefined ? {} : { by: by.data }),
        ...(mode === undefined ? {} : { mode }),
      };
      const event = { v: 1 as const, hub, id, from, to, ...named, why: "person" as const };
      const messageId = await publish(
        "transfer-request",
        dryRun === true ? { ...event, dryRun: true } : event,
      );
      return { hub, id, messageId };
    },

    async cancel(hub: string, id: string, by: string): Promise<{ said: string } | Refusal> {
      const head = await stateOf(hub, id);
      if (head === undefined) return noTransfer;
      if (head.state === "planned")
        return refuse(409, "nothing was cancelled", "the transfer was only planned", "nothing runs");
      if (isEnded(head.state))
        return refuse(409, "nothing was cancelled", "the transfer has ended already", "look how it ended");
      const word: TransferCancelled = { v: 1, by, at: now().toISOString() };
      await ledger.create(`${transferFolder(hub, id)}/cancel.json`, word);
      await publish("transfer-request", { v: 1, hub, id, why: "cancel" });
      return {
        said: `${id} is being cancelled: ${head.state === "waiting" ? "nothing of it has begun" : "its machines are deleted"}`,
      };
    },
  };
}

export const noTransfer = refuse(
  404,
  "there is no such transfer",
  "no record has this id",
  "list them: groundcrew transfer ls",
);

/** Sorts by time, and is never given twice. */
const newId = (now: Date): string =>
  `${dayOf(now).replaceAll("-", "")}-${now.toISOString().slice(11, 16).replace(":", "")}-${randomBytes(3).toString("hex")}`;
