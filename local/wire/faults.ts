// Making a far end fail on purpose: by a test, from the console or with `groundcrew world fail`. Each far end counts its
// calls here too, so that a test can say "the third call" and a benchmark can count requests.

import { keysOf } from "../../shared/closed.ts";
import { calmSky, type Sky } from "./weather.ts";

/** Far ends that can be made to fail, in the team's words. */
export const farEnds = {
  github: "GitHub",
  google: "Google: sheet, Drive, mail",
  storage: "storage: records and buckets",
  pubsub: "the delivery of events",
  secrets: "the store of secrets",
  metadata: "identities (sign-in of our own functions)",
  prometheus: "Prometheus: measures of the homes",
  compute: "machines for transfers",
  registry: "the registry of images",
  s3: "S3 storage outside",
  slack: "Slack: messages to the team",
} as const;
export type FarEndName = keyof typeof farEnds;
export const farEndNames = keysOf(farEnds);

/** Failure of a call. `lost-answer` does the work and then drops the connection; `truncated` cuts the answer in half. */
export type Failure =
  | { kind: "status"; status: number; body?: string; headers?: Record<string, string> }
  | { kind: "delay"; milliseconds: number }
  | { kind: "lost-answer" }
  | { kind: "truncated" };
export type FailureKind = Failure["kind"];

/** Kinds of failure, in the team's words, and as the command line asks for them. */
export const failureKinds = {
  status: { word: "answers with an error", usage: "status <n>" },
  delay: { word: "answers late", usage: "delay <span>" },
  "lost-answer": { word: "does it, but the answer is lost", usage: "lost-answer" },
  truncated: { word: "the answer breaks off half-way", usage: "truncated" },
} as const satisfies Record<FailureKind, { word: string; usage: string }>;

export type Fault = {
  farEnd: FarEndName;
  /** Which calls: a part of "METHOD /path" (for gRPC, of the method's name). Every call when absent. */
  match?: string;
  /** Only the n-th matching call from now, counted from 1; from the first one when absent. */
  at?: number;
  /** Number of calls that fail; 1 when absent. */
  times?: number;
  failure: Failure;
};

export type Faults = {
  /** Weather, which strikes where nothing was asked for. */
  sky: Sky;
  add: (fault: Fault) => void;
  /** Nothing goes wrong any more: what answers late answers now. */
  clear: () => void;
  /** Waits so many milliseconds, but not beyond the next `clear`. */
  late: (milliseconds: number) => Promise<void>;
  list: () => readonly Fault[];
  /** A far end says that it was called; gives what is to go wrong now, if anything. */
  strike: (farEnd: FarEndName, call: string) => Failure | undefined;
  /** Counts the times that each call was made since the last `forget`. */
  calls: () => ReadonlyMap<string, number>;
  forget: () => void;
};

export function faultStore(sky: Sky = calmSky): Faults {
  const armed: { fault: Fault; seen: number; left: number }[] = [];
  const counts = new Map<string, number>();
  const waiting = new Set<() => void>();
  return {
    sky,
    add(fault) {
      armed.push({ fault, seen: 0, left: fault.times ?? 1 });
    },
    clear() {
      armed.length = 0;
      for (const end of waiting) end();
    },
    late: (milliseconds) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          waiting.delete(end);
          resolve();
        };
        const timer = setTimeout(end, milliseconds);
        waiting.add(end);
      }),
    list: () => armed.filter(({ left }) => left > 0).map(({ fault, left }) => ({ ...fault, times: left })),
    strike(farEnd, call) {
      const name = `${farEnd} ${call}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      let struck: Failure | undefined;
      for (const entry of armed) {
        const { fault } = entry;
        if (fault.farEnd !== farEnd || (fault.match !== undefined && !call.includes(fault.match))) continue;
        entry.seen += 1;
        if (struck !== undefined || entry.left === 0 || entry.seen < (fault.at ?? 1)) continue;
        entry.left -= 1;
        struck = fault.failure;
      }
      return struck ?? sky.strike(farEnd, call);
    },
    calls: () => counts,
    forget: () => counts.clear(),
  };
}
