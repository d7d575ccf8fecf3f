// Somebody's work in the sheet on the movable clock: edits and what they publish, deliveries that wait or are killed in their wait,
// the minute's tick, and the time that a look takes. Whatever is due happens in its order, also while a look goes on.
import { resumeWork } from "../../../functions/resume-work/handler.ts";
import type { EventOf } from "../../../shared/events.ts";
import { row } from "./facts-harness.ts";
import { membersHub } from "./harness.ts";

/** An edit that adds one person; times in milliseconds from the first moment. */
export type Edit = {
  at: number;
  /** From the edit to the publish, and from there to the delivery. */
  toPublish: number;
  toDelivery: number;
  /** The message is delivered twice. */
  twice?: boolean | undefined;
  /** The delivery is killed in its wait: then the message comes again, or its attempt counts as acknowledged. */
  killed?: "comes-again" | "is-lost" | undefined;
};

const quietSeconds = 20;
/** As Pub/Sub pauses at least before it tries again. */
const backOff = 10_000;
const readMilliseconds = 3000;

/** Milliseconds from each edit to the invitation of its person. */
export type Invited = { at: number; after: number }[];

/** Plays it to the end, and two minutes more. */
export async function edited(
  edits: readonly Edit[],
): Promise<{ invited: Invited; tried: string[]; looks: number }> {
  const hub = await membersHub({ quietSeconds });
  const { world } = hub;
  const begins = world.now.getTime();
  const ticking = await hub.ledgerOf("resume-work");
  const now = (): number => world.now.getTime() - begins;
  const loginOf = (index: number): string => `person-${index}`;
  const due: { at: number; happens: () => Promise<unknown> }[] = [];
  // Names of all whom GitHub may be asked to invite: what the sheet says so far is for whoever reads it.
  world.rows = edits.map((_, index) => row(loginOf(index)));
  let messages = 0;
  let looks = 0;

  function later(at: number, happens: () => Promise<unknown>): void {
    due.push({ at, happens });
    due.sort((a, b) => a.at - b.at);
  }
  async function passUntil(end: number): Promise<void> {
    for (let next = due[0]; next !== undefined && next.at <= end; next = due[0]) {
      due.shift();
      world.now = new Date(begins + Math.max(now(), next.at));
      await next.happens();
    }
    world.now = new Date(begins + Math.max(now(), end));
  }
  const pass = (milliseconds: number): Promise<void> => passUntil(now() + milliseconds);

  async function readSheet() {
    looks += 1;
    await pass(readMilliseconds / 2);
    const there = world.rows.filter((_, index) => (edits[index]?.at ?? 0) <= now());
    await pass(readMilliseconds / 2);
    return { rows: there, rejected: [], named: [], unreadable: [] };
  }

  /** Delivers; resolves when the delivery has ended, or waits. */
  function deliver(
    event: EventOf<"sheet-changed">,
    message: { id: string; first: number; attempt?: number; killed?: Edit["killed"] },
  ): Promise<unknown> {
    const { id, first, attempt = 1, killed } = message;
    const comesAgain = (): void =>
      later(now() + backOff, () => deliver(event, { id, first, attempt: attempt + 1 }));
    let waits = Promise.withResolvers<void>();
    const ended = hub
      .deliver(
        event,
        { messageId: id, attempt, first: new Date(begins + first) },
        {
          readSheet,
          pause: pass,
          async wait(until) {
            if (world.now >= until) return;
            const over = Promise.withResolvers<void>();
            if (killed === undefined)
              later(until.getTime() - begins, () => {
                waits = Promise.withResolvers();
                over.resolve();
                return Promise.race([ended, waits.promise]);
              });
            else if (killed === "comes-again") comesAgain();
            waits.resolve();
            await over.promise;
          },
        },
      )
      .catch(comesAgain);
    return Promise.race([ended, waits.promise]);
  }

  function publish(
    event: EventOf<"sheet-changed">,
    { toDelivery, twice, killed }: Omit<Edit, "at" | "toPublish">,
  ) {
    messages += 1;
    const message = { id: String(messages), first: now() };
    later(now() + toDelivery, () => deliver(event, { ...message, killed }));
    if (twice === true) later(now() + toDelivery + 1, () => deliver(event, message));
  }
  const end = Math.max(...edits.map(({ at }) => at)) + 180_000;
  for (const { at, toPublish, ...way } of edits)
    later(at + toPublish, async () => publish({ v: 1, hub: "prod", why: "push" }, way));
  for (let at = 500; at < end; at += 60_000)
    later(at, () =>
      resumeWork(
        { step: () => undefined, effect: () => undefined },
        {
          ledger: ticking,
          now: () => world.now,
          heard: ["sheet-changed"],
          incidents: async () => undefined,
          async publish(_, event) {
            if ("why" in event) publish({ v: 1, hub: "prod", why: "continue" }, { toDelivery: 500 });
            return "id";
          },
        },
      ),
    );
  try {
    await passUntil(end);
    const invited = edits.map(({ at }, index) => {
      const then = world.pending.find(({ login }) => login === loginOf(index))?.at?.getTime();
      return { at, after: then === undefined ? Number.POSITIVE_INFINITY : then - begins - at };
    });
    return { invited, tried: world.tried, looks };
  } finally {
    await hub.close();
  }
}
