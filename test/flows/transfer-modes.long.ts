// Transfers that take something away, on the sample hub with the real start-up script: nothing goes before a person has approved, and then just
// what the plan has named.
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterEach, expect } from "@jest/globals";
import { defaultPeople, makeWorld } from "../../local/sample/world.ts";
import { answers } from "../../shared/control.ts";
import { until } from "../patience.ts";
import { testWithRclone } from "./rclone.ts";
import { sample } from "./sample.ts";
import { contents, fill } from "./transfer-tree.ts";

const withRclone = await testWithRclone("test/flows/transfer-modes.long.ts");
const hub = sample({ only: "run-transfer" });
afterEach(() => hub.close());

const bucket = (path: string) => join(hub.folder, "buckets", path);
function save(path: string, text: string): void {
  mkdirSync(dirname(bucket(path)), { recursive: true });
  writeFileSync(bucket(path), text);
}

withRclone("a sync replaces and deletes what its plan has named, and only once it is approved", async () => {
  rmSync(join(makeWorld(hub.folder, defaultPeople).requests, "first-copy.yaml"));
  const { origin, token, farEnds } = await hub.start({ console: true, port: 0 });
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const get = async (path: string): Promise<unknown> =>
    (await fetch(`${origin}/api${path}`, { headers })).json();
  const post = (path: string, body: object) =>
    fetch(`${origin}/api${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  const machines = () => farEnds.compute.machines().filter(({ labels }) => labels["transfer"] === "back");
  const state = async () => answers.transfer.safeParse(await get("/transfers/sample/back")).data?.head.state;

  fill(bucket("pod-published/set"), 30);
  save("scratch/copy/chunk/1/1.0", "another content");
  save("scratch/copy/chunk/99/more.0", "nobody has it any more");
  save("scratch/copy-2/kept.0", "of a folder beside it");
  const wanted = contents(bucket("pod-published/set"));
  const before = contents(bucket("scratch/copy"));
  await post("/transfers", { id: "back", from: "pod-published:set", to: "scratch:copy", mode: "sync" });
  await until(async () => (await state()) === "waiting");
  await until(() => farEnds.pubsub.pending() === 0);
  const { plans } = answers.plans.parse(await get("/plans"));
  expect(plans.map(({ plan }) => plan.held.map(({ loses }) => loses))).toEqual([
    [["replaced: chunk/1/1.0", "deleted: chunk/99/more.0"]],
  ]);
  expect([contents(bucket("scratch/copy")), machines()]).toEqual([before, []]);

  await post(`/plans/sample/${plans[0]?.plan.hash}/approve`, {});
  await until(async () => !["waiting", "running"].includes((await state()) ?? "running"));
  expect(contents(bucket("scratch/copy"))).toEqual(wanted);
  expect(contents(bucket("scratch/copy-2"))).toHaveProperty(["kept.0"]);
  const { receipt } = answers.transfer.parse(await get("/transfers/sample/back"));
  expect(receipt).toMatchObject({ state: "done", copied: 30, replaced: 1, deleted: 1 });
  await until(() => machines().length === 0);
});
