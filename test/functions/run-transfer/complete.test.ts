// Ends of transfers: the receipt that is kept, what is told of it, and the state that follows from it.
import { afterEach, expect, test } from "@jest/globals";
import { TransferReceipt } from "../../../shared/transfers/records.ts";
import { source, transferHarness } from "./harness.ts";
import { carriedOut } from "./planned.ts";

let on: Awaited<ReturnType<typeof transferHarness>>;
afterEach(() => on.close());

const long = "x".repeat(1100);
const name = "transfers/sample/t1/receipt.json";
const receipt = async () => TransferReceipt.parse(await on.jsonOf(name));

test("one that went well: its receipt has no note, its source is listed once, its end is told and recorded", async () => {
  on = await transferHarness();
  await carriedOut(on);
  expect(await receipt()).toMatchObject({ state: "done", copied: 30, unmovable: [] });
  expect(await receipt()).not.toHaveProperty("note");
  expect(on.listed.filter((remote) => remote === "persistent")).toHaveLength(1);
  expect(on.effects.at(-1)).toEqual({ do: "end-transfer", id: "t1", state: "done", copied: 30 });
  const told = on.published.filter(([topic]) => topic === "notice").map(([, event]) => event);
  expect(told).toMatchObject([{ key: "transfer/t1/ended", subject: "Transfer t1 is done" }]);
});

test("a name that cannot be copied is named, and the source is listed once all the same", async () => {
  on = await transferHarness({ source: [...source, { name: long, size: 1, md5: "aa" }] });
  await carriedOut(on);
  expect(await receipt()).toMatchObject({ state: "incomplete", copied: 30, unmovable: [long] });
  expect(on.listed.filter((remote) => remote === "persistent")).toHaveLength(1);
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
  expect(on.listed).toEqual(listed.slice(0, -1));
});
