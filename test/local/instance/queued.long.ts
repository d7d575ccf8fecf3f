// A hundred thousand events that wait: the console answers each of its pages all the same, while they are worked off, and none is lost.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { deliveries } from "../../../local/pubsub/deliveries.ts";
import { directory } from "../../../local/pubsub/directory.ts";
import { topicName } from "../../../local/pubsub/resource.ts";
import { openState, transaction } from "../../../local/wire/state.ts";
import { child, ended, groundcrew, root } from "../../cli/spawned.ts";
import { patienceMs, until } from "../../patience.ts";

const folder = mkdtempSync(join(tmpdir(), "queued-"));
const world = join(folder, "world");
const half = 50_000;
beforeAll(async () => {
  expect(await groundcrew(["start", "--once", "--world", world])).toMatchObject({ code: 0 });
}, 3 * patienceMs);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Pub/Sub's core over what the sample hub has left, while it does not run. */
function queue<T>(work: (core: ReturnType<typeof deliveries>) => T): T {
  const state = openState(join(world, ".groundcrew", "state.db"));
  const core = deliveries({
    state,
    directory: directory(state),
    // Due by the sample hub's clock, too, which may be behind.
    now: () => Date.now() - 3_600_000,
    random: () => 0.5,
  });
  try {
    return transaction(state, () => work(core));
  } finally {
    state.close();
  }
}

const messagesOf = (payload: (n: number) => object) =>
  Array.from({ length: half }, (_, n) => ({
    data: Buffer.from(JSON.stringify({ v: 1, hub: "sample", ...payload(n) })),
    attributes: {},
    orderingKey: "",
  }));

const pages = [
  ...["/", "/members", "/homes", "/images", "/transfers", "/plans", "/runs", "/events", "/undelivered"],
  ...["/schedules", "/incidents", "/sample", "/api/runs", "/api/events", "/api/undelivered"],
];

test(
  "of edits and of mails: every page is there, again and again",
  async () => {
    const waiting = queue((core) => {
      core.publish(
        topicName("sample-hub", "sheet-changed"),
        messagesOf(() => ({ why: "push" })),
      );
      core.publish(
        topicName("sample-hub", "notice"),
        messagesOf((n) => ({
          key: `queued/${n}`,
          to: { mail: [`member${n}@example.org`] },
          subject: `Hello ${n}`,
          text: "Nothing has to be done.\n",
        })),
      );
      return core.pending();
    });
    expect(waiting).toBeGreaterThanOrEqual(2 * half);

    const hub = child([
      process.execPath,
      join(root, "bin", "groundcrew.cjs"),
      ...["start", "--world", world, "--port", "0"],
    ]);
    const end = ended(hub);
    let output = "";
    for (const stream of [hub.stdout, hub.stderr])
      stream?.on("data", (chunk) => {
        output += chunk;
      });
    const opened = () => /(http:\/\/[^/]+)\/session#token=([\w-]+)/.exec(output);
    await until(() => opened() !== null && output.includes("send-notice: mail sent"));
    const [, origin, token] = opened() ?? [];
    for (let round = 0; round < 3; round += 1)
      for (const page of pages) {
        const answer = await fetch(`${origin}${page}`, {
          headers: { authorization: `Bearer ${token}` },
          signal: AbortSignal.timeout(patienceMs),
        });
        await answer.arrayBuffer();
        expect([page, answer.status]).toEqual([page, 200]);
      }
    expect(hub.exitCode).toBeNull();
    hub.kill("SIGINT");
    expect((await end).code).toBe(0);
    // Otherwise there was no queue to answer beside.
    expect(queue((core) => core.pending())).toBeGreaterThan(half);
  },
  (3 * pages.length + 5) * patienceMs,
);
