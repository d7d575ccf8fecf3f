// A far end as a door that inputs come to: a question that it answers, a request that writes, and what it holds.
export type Asked = { method?: string; path: string; headers?: Record<string, string>; body?: string };
export type Door = {
  /** Sends a request by whoever may. */
  send: (asked: Asked) => Promise<Response>;
  /** A question that is answered; its query, if it has one, can be gone on with. */
  read: Asked;
  /** A word of its query that is a number. */
  number?: string;
  /** A word of its query. */
  word?: string;
  /** A request whose body is taken. */
  write?: Asked & { body: string };
  /** The question for what has this name. */
  named: (name: string) => Asked;
  /** Requests with times and spans, by what is odd about them. */
  times?: Record<string, Asked>;
  /** All that a bad input may not change. */
  state: () => unknown;
};

export type Opened = { doors: Record<string, Door>; close: () => Promise<void> };

export const json = { "content-type": "application/json" };
export const cloud = ["https://www.googleapis.com/auth/cloud-platform"];
export const start = new Date("2026-11-21T08:00:00Z");
