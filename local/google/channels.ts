// Drive's push channels: kept in state.db until they lapse, and told of each save and of the trash by a POST without a body
// (https://developers.google.com/workspace/drive/api/guides/push).
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod";
import type { Clock } from "../../shared/clock.ts";
import type { State } from "../wire/state.ts";

export const Channel = z.object({
  id: z.string(),
  owner: z.string(),
  spreadsheet: z.string(),
  resource: z.string(),
  uri: z.string(),
  address: z.string(),
  token: z.string(),
  expires: z.number(),
});
export type Channel = z.infer<typeof Channel>;

/** https://developers.google.com/workspace/drive/api/guides/push#understand-drive-api-notification-events */
type ResourceState = "sync" | "update" | "trash" | "untrash";

/** Drive comes again after these answers and no others. */
const comesAgain = new Set([500, 502, 503, 504]);

export type Channels = {
  /** False when a live channel has this id. */
  open: (channel: Channel) => boolean;
  stop: (id: string, resource: string, owner: string) => boolean;
  /** Every live channel of a spreadsheet is told; resolves when each was, or was given up. */
  tell: (spreadsheetId: string, what: Exclude<ResourceState, "sync">) => Promise<void>;
  /** Resolves when no delivery is under way. */
  settled: () => Promise<void>;
};

export function channels(options: {
  state: State;
  now: Clock;
  random: () => number;
  fetch: typeof fetch;
  /** The waits between attempts at one message, before jitter. */
  retryWaitsMs: readonly number[];
}): Channels {
  const { state, now, random, retryWaitsMs } = options;
  state.exec(
    "CREATE TABLE IF NOT EXISTS google_channel (id TEXT PRIMARY KEY, owner TEXT NOT NULL, spreadsheet TEXT NOT NULL, resource TEXT NOT NULL, uri TEXT NOT NULL, address TEXT NOT NULL, token TEXT NOT NULL, expires INTEGER NOT NULL, messages INTEGER NOT NULL DEFAULT 0)",
  );
  const columns = "id, owner, spreadsheet, resource, uri, address, token, expires";
  const lapse = state.prepare("DELETE FROM google_channel WHERE expires <= ?");
  const insert = state.prepare(
    `INSERT OR IGNORE INTO google_channel (${columns}) VALUES (:id, :owner, :spreadsheet, :resource, :uri, :address, :token, :expires)`,
  );
  const remove = state.prepare("DELETE FROM google_channel WHERE id = ? AND resource = ? AND owner = ?");
  const ofSheet = state.prepare(`SELECT ${columns} FROM google_channel WHERE spreadsheet = ?`);
  const number = state.prepare(
    "UPDATE google_channel SET messages = messages + 1 WHERE id = ? RETURNING messages",
  );
  /** The end of each channel's queue: its messages go out one after the other, the first of them "sync". */
  const queues = new Map<string, Promise<void>>();

  function enqueue(channel: Channel, resourceState: ResourceState): Promise<void> {
    const sent = (queues.get(channel.id) ?? Promise.resolve()).then(() => deliver(channel, resourceState));
    queues.set(channel.id, sent);
    return sent.finally(() => {
      if (queues.get(channel.id) === sent) queues.delete(channel.id);
    });
  }

  async function deliver(channel: Channel, resourceState: ResourceState): Promise<void> {
    const counted = z.object({ messages: z.number() }).optional().parse(number.get(channel.id));
    // Stopped in the meantime.
    if (counted === undefined) return;
    const headers = {
      "X-Goog-Channel-ID": channel.id,
      "X-Goog-Channel-Expiration": new Date(channel.expires).toUTCString(),
      "X-Goog-Resource-ID": channel.resource,
      "X-Goog-Resource-URI": channel.uri,
      "X-Goog-Resource-State": resourceState,
      "X-Goog-Message-Number": String(counted.messages),
      ...(channel.token === "" ? {} : { "X-Goog-Channel-Token": channel.token }),
      ...(resourceState === "update" ? { "X-Goog-Changed": "content" } : {}),
    };
    for (const waitMs of [...retryWaitsMs, undefined]) {
      if (!(await wantsAgain(channel.address, headers)) || waitMs === undefined) return;
      await sleep(waitMs * (0.5 + random()));
    }
  }

  async function wantsAgain(address: string, headers: Record<string, string>): Promise<boolean> {
    try {
      const answer = await options.fetch(address, { method: "POST", headers });
      await answer.body?.cancel();
      return comesAgain.has(answer.status);
    } catch {
      return true;
    }
  }

  return {
    open(channel) {
      lapse.run(now().getTime());
      if (insert.run(channel).changes === 0) return false;
      void enqueue(channel, "sync");
      return true;
    },
    stop: (id, resource, owner) => remove.run(id, resource, owner).changes > 0,
    async tell(spreadsheetId, what) {
      lapse.run(now().getTime());
      const live = z.array(Channel).parse(ofSheet.all(spreadsheetId));
      await Promise.all(live.map((channel) => enqueue(channel, what)));
    },
    async settled() {
      while (queues.size > 0) await Promise.all(queues.values());
    },
  };
}
