// The pace of a transfer on its page: while it runs, and after its machines are gone.
import { expect, test } from "@jest/globals";
import { transfersPage } from "../../../../functions/console/transfers/page.ts";
import type { TransferLine } from "../../../../shared/control.ts";
import { list, shard, transfer } from "../../run-transfer/samples.ts";
import { textOf } from "../pages-harness.ts";

const now = new Date("2026-11-21T10:15:00Z");
const ops = { memoryMB: 32_000, memoryUsedMB: 4000, receivedMB: 900, sentMB: 1100, diskFreeMB: 8000 };
const point = (minutes: number, bytes: number) => ({
  at: new Date(Date.parse("2026-11-21T10:00:00Z") + 60_000 * minutes).toISOString(),
  ...{ bytes, objects: bytes / 1e6 },
});
const history = [point(0, 0), point(5, 3e8), point(10, 3e8), point(15, 4e8)];

function shown(change: Partial<TransferLine["head"]>): string {
  const head = transfer([shard({ state: "running", ops })], {
    lists: [list({ objects: 1000, bytes: 1e9, left: { objects: 600, bytes: 6e8 } })],
    history,
    ...change,
  });
  const lines: TransferLine[] = [{ head, progress: [], cancelled: false }];
  const view = { installation: "Sample hub", organisations: [], csrf: "csrf", now, sample: false };
  return String(
    transfersPage(view, { lines, machines: undefined, remotes: ["a"], oldRclone: false }, {}).main,
  );
}

test("of one that runs: pace, time left, the hard stop, its machines' figures, and a picture with the look when nothing moved", () => {
  const page = shown({});
  expect(textOf(page)).toContain("Pace 167 kB/s, 0.2 objects/s · 0.3 to 1.2 hours left");
  expect(textOf(page)).toMatch(/Stopped at the latest in 2 h/);
  expect(textOf(page)).toContain("memory 4 GB of 32 GB, 900 MB received, 1.1 GB sent, 8 GB of disk free");
  expect(page).toContain(
    '<polygon points="0,40 0.0,0.0 200.0,0.0 200.0,40.0 400.0,40.0 400.0,26.7 600.0,26.7 600,40">',
  );
  expect(textOf(page)).toContain("Bytes a second from the beginning to the last look, up to 1 MB/s");
});

test("of one that has ended: its pace on the whole and the picture, and no time left", () => {
  const page = shown({ state: "done", endedAt: now.toISOString() });
  expect(textOf(page)).toContain("Pace 444 kB/s on the whole");
  expect(page).toContain("<polygon");
  expect(textOf(page)).toContain("memory 4 GB of 32 GB");
  expect(textOf(page)).not.toMatch(/hours left|at the latest/);
});

test("of one that was looked at once: no pace is made up", () => {
  expect(textOf(shown({ history: [point(0, 0)] }))).not.toContain("Pace");
});
