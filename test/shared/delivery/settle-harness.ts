// Harness for tests of failed events: a worker whose handler throws what a test says, by a clock that stands still.
import { failed } from "../../../shared/failure.ts";
import { flowHarness, type Message } from "../../functions/flow-harness.ts";
import { morning } from "./receive-harness.ts";

export const hint = { v: 1, hub: "prod", why: "schedule" };
export const asked = { v: 1, hub: "prod", why: "person" };
export const hours = (n: number): number => n * 3600_000;
export const minutes = (n: number): number => n * 60_000;

export const explanation = { what: "the teams were not read", why: "GitHub answered 500", next: "nothing" };
export const broken = (more: object = {}) =>
  failed({ service: "github", cause: "500", lasts: "transient", explanation, ...more });

export async function settleHarness() {
  const harness = await flowHarness("sync-members");
  return {
    ...harness,
    /** Delivers a message with a handler of the test's own. */
    handled: harness.deliver,
    /** A handler throws `error`, or is idle where there is none. The message is the first of a morning, unless told. */
    async deliver(
      error: () => unknown,
      { event = hint, by, ...message }: Message<"sync-members"> & { event?: object } = {},
    ): Promise<{ status: number }> {
      const handle = async (): Promise<{ outcome: "idle" }> => {
        const thrown = error();
        if (thrown !== undefined) throw thrown;
        return { outcome: "idle" };
      };
      const taken = { needs: () => ["sheets", "github"] as const, ...by };
      const { status } = await harness.deliver(handle, event, {
        id: "1",
        published: morning,
        ...message,
        by: taken,
      });
      return { status };
    },
    copies: () => harness.published.filter(({ topic }) => topic === "sheet-changed"),
    undelivered: () => harness.names("undelivered/"),
  };
}
