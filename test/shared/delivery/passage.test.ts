// Tests of what a message says of its way so far, and of what is believed of that.
import { expect, test } from "@jest/globals";
import { carriedOn, causes, handling, passageOf } from "../../../shared/delivery/passage.ts";

const now = new Date("2026-11-21T12:00:00Z");
const publishTime = "2026-11-21T11:00:00.5Z";
const of = (attributes: Record<string, string>, at: string | undefined = publishTime) =>
  passageOf({ messageId: "9", publishTime: at, attributes }, 3, now);
const plain = { id: "9", first: new Date(publishTime), attempt: 3, before: 0 };

test("of a first message: itself", () => {
  expect(of({})).toStrictEqual(plain);
  expect(of({}, "2026-11-21T12:00:00.5+01:00")).toStrictEqual(plain);
  const copied = { "first-id": "9", "first-time": "2026-11-21T11:00:00.500Z", tries: "3" };
  expect(carriedOn(of({}))).toStrictEqual(copied);
});

test("of a copy: the first one's id and time, its attempts, its cause", () => {
  const copy = {
    "first-id": "1",
    "first-time": "2026-11-20T11:00:00.000Z",
    tries: "90",
    cause: "0",
    root: "00",
  };
  expect(of(copy)).toEqual({
    id: "1",
    first: new Date("2026-11-20T11:00:00Z"),
    attempt: 3,
    before: 90,
    cause: "0",
    root: "00",
  });
  expect(carriedOn(of(copy))).toEqual({ ...copy, tries: "93" });
});

test("of what a person has sent again: from which record, and its copies say so too", () => {
  const replays = "sync-members.prod.github-500.2026-11-20";
  const sent = of({ replays });
  expect(sent).toEqual({ ...plain, replays });
  expect(of({ ...carriedOn(sent) })).toMatchObject({ id: "9", replays });
});

test.each<[string, Record<string, string>]>([
  ["an id that is a path", { "first-id": "../head/x" }],
  ["an id without end", { "first-id": "1".repeat(65) }],
  ["no id", { "first-id": "" }],
  ["a time that is none", { "first-time": "yesterday" }],
  ["a time after its own publishing", { "first-time": "2026-11-21T11:30:00.000Z" }],
  ["a number for a time", { "first-time": "0" }],
  ["tries that are none", { tries: "-1" }],
  ["tries without end", { tries: "9".repeat(30) }],
  ["a record that is a path", { replays: "../head/x" }],
  ["a cause with a name in it", { cause: "ada@example.org", root: "a b" }],
])("%s counts as missing", (_, attributes) => {
  expect(of(attributes)).toEqual(plain);
});

test.each([undefined, "", "canary"])("a message that was published at %j: now", (at) => {
  expect(passageOf({ messageId: "9", publishTime: at, attributes: {} }, 1, now).first).toEqual(now);
});

test("what is published while an event is handled has it for its cause, and its root for its root", async () => {
  expect(causes()).toEqual({});
  const both = [of({}), of({ "first-id": "1", root: "00" })].map((passage) =>
    handling(passage, async () => {
      await Promise.resolve();
      return causes();
    }),
  );
  expect(await Promise.all(both)).toEqual([
    { cause: "9", root: "9" },
    { cause: "1", root: "00" },
  ]);
});

test("a copy is caused by whatever the first was: not by itself, nor by the tick that publishes it", async () => {
  const copy = carriedOn(of({}));
  expect(await handling(of({}), async () => causes(copy))).toEqual({});
});
