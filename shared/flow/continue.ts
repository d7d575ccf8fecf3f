// Work that goes on later: budgets used up, a registry to wait for. A step ends by leaving the event to
// publish again and when; the minute's tick does so. One record a function and hub: a newer wait replaces an older one; one more
// for each event that waits, as it is, for a service.

import { causes } from "../delivery/passage.ts";
import type { EventName, EventOf } from "../events.ts";
import { type Service, serviceNames } from "../failure.ts";
import type { FunctionName } from "../functions.ts";
import type { Ledger } from "../ledger.ts";
import { Continue } from "../records.ts";
import { untilSwapped } from "./swap.ts";

export const continuePrefix = "head/continue/";

export type Wait<N extends EventName> = {
  function: FunctionName;
  hub: string;
  at: Date;
  topic: N;
  event: EventOf<N>;
  /** Of an event that waits as it is: what no other event of the hub has. No wait of a flow has one. */
  key?: string;
  /** The service that it waits for. */
  service?: Service;
  /** The message's; without them, the delivery in which it is asked is its cause. */
  attributes?: Record<string, string>;
};

/**
 * Asks that `event` be published at `at`. An earlier time that is already asked for stays, unless it is being published
 * right now: the work that it wakes may be the very one that asks.
 */
export async function continueAt<N extends EventName>(ledger: Ledger, wait: Wait<N>): Promise<void> {
  const { key, service, attributes = causes() } = wait;
  const name = nameOfWait(wait);
  await untilSwapped(async () => {
    const current = await ledger.read(name, Continue);
    if (current !== undefined && stays(current.value, wait.at)) return "kept";
    const next: Continue = {
      v: 1,
      at: wait.at.toISOString(),
      topic: wait.topic,
      payload: wait.event,
      published: false,
      ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
      ...(key === undefined ? {} : { once: true }),
      ...(service === undefined ? {} : { service }),
    };
    const swap = await ledger.swap(name, next, current?.generation ?? "0", lineOf(next));
    return swap === "changed" ? "overtaken" : "kept";
  }, "too many deliveries ask to go on at once");
}

/** Names the record of a wait. */
export const nameOfWait = ({
  function: of,
  hub,
  key,
}: Pick<Wait<EventName>, "function" | "hub" | "key">): string =>
  `${continuePrefix}${of}/${hub}${key === undefined ? "" : `/_${key}`}.json`;

const stays = ({ published, publishing = false, at }: Continue, asked: Date): boolean =>
  !published && !publishing && new Date(at) <= asked;

/** Gives what the listing tells of a wait, as the object's metadata. */
export const lineOf = ({ at, published, service }: Continue): Record<string, string> => ({
  at,
  published: String(published),
  ...(service === undefined ? {} : { service }),
});

/** `of` and `hub` are whose it is: a function's, for a hub. */
export type Waiting = { name: string; of: string; hub: string; at: Date; service?: Service };

/** Lists what waits for a time, from the listing alone, in the order of times. */
export async function waiting(ledger: Pick<Ledger, "list">): Promise<Waiting[]> {
  const entries = await ledger.list(continuePrefix);
  return entries
    .filter(
      ({ metadata }) => metadata["published"] === "false" && !Number.isNaN(Date.parse(metadata["at"] ?? "")),
    )
    .map(({ name, metadata }) => {
      const service = serviceNames.find((known) => known === metadata["service"]);
      const [of = "", hub = ""] = name
        .slice(continuePrefix.length)
        .replace(/\.json$/, "")
        .split("/");
      const at = new Date(metadata["at"] ?? 0);
      return { name, of, hub, at, ...(service === undefined ? {} : { service }) };
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
