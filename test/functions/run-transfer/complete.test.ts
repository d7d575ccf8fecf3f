// Ends of transfers: the receipt that is kept, what is told of it, and the state that follows from it.
import { hash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { afterEach, expect, test } from "@jest/globals";
import { TransferReceipt } from "../../../shared/transfers/receipt-records.ts";
import { asked, source, transferHarness } from "./harness.ts";
import { carriedOut } from "./planned.ts";

let on: Awaited<ReturnType<typeof transferHarness>>;
afterEach(() => on.close());

const long = "x".repeat(1100);
const name = "transfers/sample/t1/receipt.json";
/** Lines of a receipt, each file's sum compared. */
async function wholeOf({ whole = [] }: TransferReceipt): Promise<unknown[]> {
  const lines: unknown[] = [];
  for (const { file, sha256, lines: count } of whole) {
    const text = gunzipSync((await on.books.bytes(file)) ?? "").toString();
    expect([hash("sha256", text), text.split("\n").length - 1]).toEqual([sha256, count]);
    lines.push(
      ...text
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    );
  }
  return lines;
}
const receipt = async () => TransferReceipt.parse(await on.jsonOf(name));

test("one that went well: its receipt has no note, its source is listed once for its machines and once for the receipt, its end is told and recorded", async () => {
  on = await transferHarness();
  await carriedOut(on);
  expect(await receipt()).toMatchObject({ state: "done", copied: 30, unmovable: [] });
  expect(await receipt()).not.toHaveProperty("note");
  expect(on.listed.filter((remote) => remote === "persistent")).toHaveLength(2);
  expect(on.effects.at(-1)).toEqual({ do: "end-transfer", id: "t1", state: "done", copied: 30 });
  const told = on.published.filter(([topic]) => topic === "notice").map(([, event]) => event);
  expect(told).toMatchObject([
    { key: "transfer/t1/begun", subject: "Transfer t1 has begun" },
    { key: "transfer/t1/ended", subject: "Transfer t1 is done" },
  ]);
});

test("only uploads of its names are ended that were begun while it had machines, however late the end is written", async () => {
  const asked: { since: Date; until: Date; ours: ReadonlySet<string> }[] = [];
  on = await transferHarness({
    // One that is there already, and one that is only read back: neither is written.
    target: [
      { name: "object 1", size: 30_000, md5: "0".repeat(31).concat("1") },
      { name: "object 2", size: 30_000 },
    ],
    endUploads: async (_name, _remote, { since, until, ours }) => {
      asked.push({ since, until, ours: await ours(["object 0", "object 1", "object 2", "somebody's"]) });
      // The first one dies before it has written the receipt.
      if (asked.length === 1) throw new Error("struck");
      return { ended: 1, left: 2 };
    },
  });
  await on.deliver({ v: 1, hub: "sample", id: "t1", from: "persistent:a", to: "pod-inbox:a", why: "person" });
  const look = { v: 1, hub: "sample", id: "t1", why: "continue" } as const;
  for (let looks = 0; looks < 30 && asked.length < 2; looks += 1) {
    on.moveBy(60_000);
    await on.deliver(look).catch(() => on.moveBy(11 * 60_000));
  }
  const [first, second] = asked;
  expect(first?.since).toEqual(new Date("2026-11-21T10:00:00Z"));
  expect(second).toEqual(first);
  expect(first?.ours).toEqual(new Set(["object 0"]));
  expect(await receipt()).toMatchObject({ uploadsEnded: 1, uploadsLeft: 2 });
});

test("a name that cannot be copied is named, and the source is not listed more often for it", async () => {
  on = await transferHarness({ source: [...source, { name: long, size: 1, md5: "aa" }] });
  await carriedOut(on);
  expect(await receipt()).toMatchObject({ state: "incomplete", copied: 30, unmovable: [long] });
  expect(on.listed.filter((remote) => remote === "persistent")).toHaveLength(2);
});

test("its lines have every object, in the order of names, with what came of it and what proves it", async () => {
  const sum = (digit: string): string => digit.repeat(32);
  const three = [
    { name: "a/b", size: 2, md5: sum("1") },
    { name: "a b", size: 3, md5: sum("2") },
    { name: long, size: 1, md5: sum("3") },
    { name: "z", size: 4, md5: sum("4") },
    { name: "é\u{1f600}", size: 5, md5: sum("5") },
  ];
  on = await transferHarness({
    source: three,
    target: [
      { name: "a b", size: 3, etag: sum("2") },
      { name: "z", size: 4, md5: sum("9") },
    ],
  });
  await carriedOut(on);
  expect(await wholeOf(await receipt())).toEqual([
    { name: "a b", state: "already", size: 3, md5: sum("2"), how: "md5", etag: sum("2") },
    { name: "a/b", state: "copied", size: 2, md5: sum("1"), how: "md5" },
    { name: long, state: "unmovable", size: 1, md5: sum("3") },
    { name: "z", state: "conflict", size: 4, md5: sum("4"), there: { size: 4, md5: sum("9") } },
    { name: "é\u{1f600}", state: "copied", size: 5, md5: sum("5"), how: "md5" },
  ]);
});

test("whoever dies between the lines and the receipt leaves lines that no receipt names, or the same ones", async () => {
  let struck = false;
  on = await transferHarness({
    struck:
      (call) =>
      async (...given) => {
        const [object] = given;
        const dies = !struck && typeof object === "string" && object.includes("/receipt/");
        const answer = await call(...given);
        if (!dies) return answer;
        struck = true;
        throw new Error("struck after the lines");
      },
  });
  await expect(carriedOut(on)).rejects.toThrow("struck after the lines");
  // The world changes before the next delivery: an object of the target is gone.
  on.target.delete("object 7");
  on.moveBy(60_000);
  await carriedOut(on);
  const found = await receipt();
  expect(found).toMatchObject({ missing: 1, copied: 29, notThere: ["object 7"] });
  const lines = await wholeOf(found);
  expect(lines).toHaveLength(30);
  expect(lines).toContainEqual(expect.objectContaining({ name: "object 7", state: "missing" }));
  expect((await on.names("transfers/sample/t1/receipt/")).length).toBe(2);
});

test("how far it was at its looks, and how its machines did, is there when they are gone", async () => {
  on = await transferHarness();
  await on.deliver(asked);
  const ops = { memoryMB: 32_000, memoryUsedMB: 4000, receivedMB: 900, sentMB: 1100, diskFreeMB: 8000 };
  const word = { v: 1, state: "progress", list: "0-1", bytes: 5, objects: 1, ops };
  await on.books.create("leases/sample/t1/machine-1-1.json", word);
  on.moveBy(30_000);
  await carriedOut(on);
  const { history = [], shards = [], state } = (await on.state()) ?? {};
  expect([state, history[0]?.objects, history.at(-1)]).toMatchObject([
    "done",
    0,
    { objects: 30, bytes: 900_000 },
  ]);
  expect(shards.map((shard) => shard.ops)).toEqual([undefined, ops, undefined]);
});

test("of two that end it at once, the receipt that is kept is the end", async () => {
  on = await transferHarness({
    struck:
      (call) =>
      async (...given) => {
        const [object, made] = given;
        // Another delivery is faster, and has seen it end in another way.
        if (object === name && typeof made === "object")
          await on.books.create(name, { ...made, state: "failed", said: "failed: as the other saw it" });
        return call(...given);
      },
  });
  await carriedOut(on);
  expect(await on.state()).toMatchObject({ state: "failed", said: "failed: as the other saw it" });
  expect(on.effects.at(-1)).toMatchObject({ do: "end-transfer", state: "failed" });
});

test("who finds a receipt makes none: neither end is listed for it", async () => {
  on = await transferHarness();
  await carriedOut(on);
  const [kept, listed] = [{ ...(await receipt()), said: "done: as it was kept" }, [...on.listed]];
  await on.close();
  on = await transferHarness();
  await on.books.create(name, kept);
  await carriedOut(on);
  expect(await on.state()).toMatchObject({ state: "done", said: "done: as it was kept" });
  expect(on.listed).toEqual(listed.slice(0, -2));
});
