// A transfer played to its end, struck once: any call of the worker can be made to fail, before it does anything or after it has. The second
// is a crash between two effects.
import { expect } from "@jest/globals";
import type { EventOf } from "../../../shared/events.ts";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import type { TransferState } from "../../../shared/transfers/records.ts";
import { asked, type Struck, transferHarness } from "./harness.ts";

type Event = EventOf<"transfer-request">;

/** `cancels`: a person cancels the transfer right after the blow. */
export type Blow = { at: number; when: "before" | "after"; cancels?: true } | undefined;

export type Story = {
  calls: number;
  deliveries: number;
  target: string[];
  machinesLeft: string[];
  /** Request ids that made a machine, in order. */
  made: string[];
  notices: string[];
  receipts: string[];
  state: unknown;
  /** State of the transfer, as its receipt says it. */
  receiptState: unknown;
  said: unknown;
};

/** Plays a transfer to its end, struck once. */
export async function play(
  blow: Blow,
  preempt: ReadonlySet<string> = new Set(),
  { refusal, fullMinutes = 0 }: { refusal?: Error; fullMinutes?: number } = {},
): Promise<Story> {
  let calls = 0;
  /** Counts the call, and strikes once. */
  const struck: Struck =
    (call) =>
    async (...given) => {
      calls += 1;
      const hit = blow?.at === calls;
      if (hit && blow?.when === "before") throw new Error("struck before");
      const result = await call(...given);
      if (hit) throw new Error("struck after");
      return result;
    };
  const on = await transferHarness({ preempt, refusal, struck, fullMinutes });
  let deliveries = 0;
  let state: TransferState | undefined;
  // The first delivery, again when it fails, and then the looks that follow; a duplicate of the first one at the end.
  for (let messageId = 1; deliveries < 60; deliveries += 1) {
    const event: Event = messageId === 1 ? asked : { v: 1, hub: "sample", id: "t1", why: "continue" };
    try {
      await on.deliver(event, { messageId: String(messageId) });
      messageId += 1;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      if (!error.message.startsWith("struck") && error !== refusal) throw error;
      if (blow?.cancels)
        await on.books.create("transfers/sample/t1/cancel.json", {
          v: 1,
          by: "somebody",
          at: "2026-11-21T11:00:00Z",
        });
    }
    on.moveBy(60_000);
    state = await on.state();
    if (state !== undefined && !["planned", "running"].includes(state.state)) break;
  }
  blow = undefined;
  await on.deliver(asked, { messageId: "again" });
  const receipts = await on.receipts();
  const [first] = receipts;
  const receipt = first === undefined ? undefined : TransferReceipt.parse(await on.jsonOf(first));
  await on.close();
  return {
    calls,
    deliveries,
    target: [...on.target.keys()],
    machinesLeft: [...on.machines.keys()],
    made: on.made,
    notices: [...on.notices],
    receipts,
    state: state?.state,
    receiptState: receipt?.state,
    said: receipt?.said,
  };
}

/** Taken away half-way: the first machine of two shards, and the second of one. */
export const preempted = new Set(["0-1", "1-1", "1-2"]);

export function asItShouldBe(story: Story): void {
  expect(story.state).toBe("done");
  expect(story.target).toHaveLength(30);
  expect(story.machinesLeft).toEqual([]);
  // Three shards, and at most one machine more for each that was taken away: another one may have taken its list before.
  expect(story.made.length).toBeGreaterThanOrEqual(4);
  expect(story.made.length).toBeLessThanOrEqual(6);
  expect(new Set(story.made).size).toBe(story.made.length);
  expect(story.notices).toEqual(["transfer/t1/begun", "transfer/t1/ended"]);
  expect(story.receipts).toHaveLength(1);
}
