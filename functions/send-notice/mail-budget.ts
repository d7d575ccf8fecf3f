// Mails to people from their hub's budget. An instance takes a block at once, for a write a mail is more than the ledger's object
// takes; what is left of it is anybody's again when the block is over.
import { type Clock, dayOf } from "../../shared/clock.ts";
import type { BudgetStore } from "../../shared/flow/budget-store.ts";
import { mostUnreported, tomorrow } from "../../shared/flow/budgets.ts";
import { blockMinutes, reportMails, takeMails } from "../../shared/flow/people-budgets.ts";
import { limitsOf } from "../../shared/settings/limits.ts";
import type { Settings } from "../../shared/settings.ts";

export type MailBudget = {
  /** Takes a mail: from the block at hand, or from a new one. Else gives the time at which there are some again. */
  take: (hub: string) => Promise<"at-hand" | "new-block" | { until: Date }>;
  /** Gives back one that was certainly not sent. */
  giveBack: (hub: string) => void;
};

/** Seconds between two reports of what was sent from a block, unless it is more than may be unreported. */
const reportSeconds = 5;

type Block = {
  left: number;
  /** Mails that were sent, and are counted in the record; and those that are not yet. */
  counted: number;
  sent: number;
  taken: Date;
  reported: Date;
};

export function mailBudget(options: {
  budgets: BudgetStore;
  now: Clock;
  settings: Settings;
  /** Names this process, as no other is named. */
  instance: string;
}): MailBudget {
  const { budgets, now, settings, instance } = options;
  const blocks = new Map<string, Block>();

  async function report(hub: string, block: Block): Promise<void> {
    const { sent } = block;
    await budgets.change(hub, (before, at) => [reportMails(before, { instance, sent }, at), undefined]);
    block.sent -= sent;
    block.counted += sent;
    block.reported = now();
  }

  return {
    async take(hub) {
      const at = now();
      const block = blocks.get(hub);
      if (block !== undefined && block.left > 0 && isOpen(block, at)) {
        block.left -= 1;
        block.sent += 1;
        const isLate = at.getTime() - block.reported.getTime() >= reportSeconds * 1000;
        // The second one says that more may follow unseen.
        if (isLate || block.counted === 1 || block.sent > mostUnreported) await report(hub, block);
        return "at-hand";
      }
      const sent = block !== undefined && isSameDay(block.taken, at) ? block.sent : 0;
      const limits = limitsOf(settings.hubs[hub]);
      const size = await budgets.change(hub, (before, then) => {
        const taken = takeMails(before, { instance, sent }, limits, then);
        return [taken.budgets, taken.size];
      });
      // The first one is counted with the block itself.
      blocks.set(hub, { left: Math.max(0, size - 1), counted: 1, sent: 0, taken: at, reported: at });
      return size === 0 ? { until: tomorrow(at) } : "new-block";
    },
    giveBack(hub) {
      const block = blocks.get(hub);
      if (block === undefined) return;
      block.left += 1;
      block.sent -= 1;
    },
  };
}

const isSameDay = (a: Date, b: Date): boolean => dayOf(a) === dayOf(b);

const isOpen = ({ taken }: Block, at: Date): boolean =>
  isSameDay(taken, at) && at.getTime() - taken.getTime() < blockMinutes * 60_000;
