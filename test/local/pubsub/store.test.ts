// A store that takes nothing for a while, as on a full disk: nobody is told that something is kept which is not, and all goes on by
// itself once it takes something again.
import { afterEach, expect, test } from "@jest/globals";
import { ackDeadlineSeconds, until } from "../../patience.ts";
import { endpoint, ours } from "./servers.ts";

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function harness(answer?: Parameters<typeof endpoint>[0]) {
  const started = await ours();
  const { state } = started;
  const hook = await endpoint(answer);
  cleanUps.push(started.stop, hook.close);
  await started.farEnd.createTopic("sheet-changed");
  await started.farEnd.createSubscription({
    name: "sync",
    topic: "sheet-changed",
    push: { endpoint: hook.url },
    ackDeadlineSeconds,
  });
  const store = { isFull: false, refused: 0 };
  const exec = state.exec.bind(state);
  state.exec = (sql) => {
    if (store.isFull && sql === "COMMIT") {
      store.refused += 1;
      throw new Error("the disk is full");
    }
    exec(sql);
  };
  return { ...started, hook, store };
}

test("an event that is not stored is refused, and taken later", async () => {
  const on = await harness();
  on.store.isFull = true;
  await expect(on.farEnd.publish("sheet-changed", "a")).rejects.toThrow("could not store this");
  on.store.isFull = false;
  await on.farEnd.publish("sheet-changed", "b");
  await on.farEnd.idle();
  expect(on.hook.got.map(({ text }) => text)).toEqual(["b"]);
});

test("a push that was accepted meanwhile is stored as accepted, and is not brought again", async () => {
  const on = await harness(() => {
    on.store.isFull = true;
    return 204;
  });
  await on.farEnd.publish("sheet-changed", "a");
  await until(() => on.store.refused > 0);
  expect(on.farEnd.pending()).toBe(1);
  on.store.isFull = false;
  await until(() => on.farEnd.pending() === 0);
  expect(on.hook.got).toHaveLength(1);
});

test("what came due meanwhile goes out, though nobody asks for anything", async () => {
  const answers = [500, 204];
  const on = await harness(() => answers.shift() ?? 204);
  await on.farEnd.publish("sheet-changed", "a");
  await on.farEnd.idle();
  on.store.isFull = true;
  on.clock.moveBy(600_000);
  await until(() => on.store.refused > 0);
  on.store.isFull = false;
  await until(() => on.farEnd.pending() === 0);
  expect(on.hook.got).toHaveLength(2);
});
