// Progress of a transfer that is waited for: a bar on a terminal, and in a log a line now and then.
import { expect, test } from "@jest/globals";
import { barText, paceLines, progressTeller } from "../../cli/commands/transfer-progress.ts";
import type { TransferLine } from "../../shared/control.ts";
import { list, shard, transfer } from "../functions/run-transfer/samples.ts";

const ops = { memoryMB: 32_000, memoryUsedMB: 4000, receivedMB: 900, sentMB: 1100, diskFreeMB: 8000 };
const line = (change: Partial<TransferLine["head"]> = {}): TransferLine => ({
  head: transfer([shard({ state: "running", ops }), shard({ n: 1 })], {
    lists: [list({ objects: 1000, bytes: 1e9, left: { objects: 600, bytes: 6e8 } })],
    history: [
      { at: "2026-11-21T10:00:00.000Z", bytes: 0, objects: 0 },
      { at: "2026-11-21T10:05:00.000Z", bytes: 3e8, objects: 300 },
    ],
    ...change,
  }),
  progress: [{ shard: 0, list: "0-1", bytes: 1e8, objects: 100, ops: { ...ops, sentMB: 1200 } }],
  cancelled: false,
  spent: { egress: 1, retrieval: 0, operations: 0, machines: 0.25 },
});

const waits = {
  for: "a zone with room",
  since: "2026-11-21T10:00:00.000Z",
  until: "2026-11-21T10:10:00.000Z",
};

test("a bar is as full as it is copied, with pace, time left and dollars", () => {
  expect(barText(line())).toBe(
    "[##########----------] 50 % · 500 MB of 1 GB · 500 of 1000 objects · 1 MB/s, 1.0 objects/s · 7 to 10 minutes left · $1.25 of at most $5.00",
  );
  expect(barText(line({ waits }))).toBe(
    "it waits for a zone with room, since 2026-11-21 at 10:00 UTC; it is looked at again on 2026-11-21 at 10:10 UTC ...",
  );
});

function told(isTTY: boolean) {
  const lines: string[] = [];
  let now = Date.parse("2026-11-21T10:05:00Z");
  const tell = progressTeller({
    terminal: { progress: (text) => void lines.push(text) },
    surroundings: { stderr: { isTTY }, now: () => new Date(now) },
  });
  return {
    lines,
    tell: (of: TransferLine, seconds: number) => {
      now += 1000 * seconds;
      tell(of);
    },
  };
}

test("a terminal's line is written over at each look; a log has one a minute, and one where it waits or goes on", () => {
  const [terminal, log] = [told(true), told(false)];
  for (const on of [terminal, log]) {
    on.tell(line(), 0);
    on.tell(line(), 1);
    on.tell(line({ waits }), 1);
    on.tell(line({ waits }), 58);
    on.tell(line(), 1);
    on.tell(line(), 60);
  }
  expect(terminal.lines).toHaveLength(6);
  expect(log.lines.map((text) => text.slice(0, 8))).toEqual(["50 % · 5", "it waits", "50 % · 5", "50 % · 5"]);
});

test("status tells of one that runs its pace, its hard stop, and how its machines do; of one that has ended, no more", () => {
  const now = new Date("2026-11-21T10:05:00Z");
  expect(paceLines(line(), now)).toEqual([
    "1 MB/s, 1.0 objects/s · 7 to 10 minutes left",
    "stopped on 2026-11-21 at 12:23 UTC at the latest",
    "machine 0: memory 4 GB of 32 GB, 900 MB received, 1.2 GB sent, 8 GB of disk free",
  ]);
  expect(paceLines(line({ state: "done" }), now)).toEqual([]);
});
