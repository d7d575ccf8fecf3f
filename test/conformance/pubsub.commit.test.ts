// Nobody is answered before what was asked for is stored: whoever publishes and gets an id may forget the message.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, expect, test } from "@jest/globals";
import { openState } from "../../local/wire/state.ts";
import { ours } from "../local/pubsub/servers.ts";
import { patienceMs } from "../patience.ts";

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const once = { gaxOpts: { retry: null, timeout: patienceMs } };

test("an id comes after the commit: another connection to the file has the message by then", async () => {
  const folder = mkdtempSync(join(tmpdir(), "commit-"));
  const file = join(folder, "state.db");
  const own = await ours({ state: openState(file) });
  cleanUps.push(() => rmSync(folder, { recursive: true }), own.stop);
  await own.farEnd.createTopic("notice");
  await own.farEnd.createSubscription({ name: "waiting", topic: "notice" });
  const id = await own.client.topic("notice").publishMessage({ data: Buffer.from("x") });
  const other = new DatabaseSync(file, { readOnly: true });
  const kept = other.prepare("SELECT CAST(data AS TEXT) AS data FROM pubsub_message WHERE id = ?").get(id);
  expect(kept).toEqual(expect.objectContaining({ data: "x" }));
  other.close();
});

test("where the commit fails there is no id, and nothing is delivered", async () => {
  const state = openState(":memory:");
  const own = await ours({ state });
  cleanUps.push(own.stop);
  await own.farEnd.createTopic("notice");
  await own.farEnd.createSubscription({ name: "waiting", topic: "notice" });
  const exec = state.exec.bind(state);
  state.exec = (sql) => {
    if (sql === "COMMIT") throw new Error("the disk is full");
    exec(sql);
  };
  const publishing = own.client.topic("notice", once).publishMessage({ data: Buffer.from("x") });
  const outcome = await publishing.catch((error: { code: unknown }) => error.code);
  state.exec = exec;
  expect(outcome).toBe(14);
  expect(own.farEnd.pending()).toBe(0);
  await own.client.topic("notice").publishMessage({ data: Buffer.from("y") });
  expect(own.farEnd.pending()).toBe(1);
});
