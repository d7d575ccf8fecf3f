// Drive at Google's far end: it counts the saves of a file, and tells of them whoever asked it to.
import { writeFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { harness, spreadsheet } from "./harness.ts";

const Opened = z.object({ resourceId: z.string(), resourceUri: z.string(), expiration: z.string() });
const channel = { id: "c1", type: "web_hook", address: "http://127.0.0.1:1/door", token: "t" };
const watch = (hub: Awaited<ReturnType<typeof harness>>, body: object) =>
  hub.call(`/drive/v3/files/${spreadsheet}/watch`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

test("a file that is saved unchanged is no news", async () => {
  await using hub = await harness({ csv: "a\n" });
  await watch(hub, channel);
  const states = () => hub.pushed.map(({ headers }) => headers["x-goog-resource-state"]);
  await hub.far.touched(spreadsheet);
  writeFileSync(hub.file, "a\n");
  await hub.far.touched(spreadsheet);
  expect(states()).toEqual(["sync"]);
  writeFileSync(hub.file, "b\n");
  await hub.far.touched(spreadsheet);
  expect(states()).toEqual(["sync", "update"]);
  expect(hub.far.violations).toEqual([]);
});

test("tells a channel of itself, then of each save, until it lapses", async () => {
  await using hub = await harness({ csv: "a\n" });
  const asked = { ...channel, expiration: String(Date.parse("2027-01-01")) };
  const opened = Opened.parse(await (await watch(hub, asked)).json());
  expect(opened.expiration).toBe(String(Date.parse("2026-11-22T08:00:00.123Z")));
  await hub.far.touched(spreadsheet);
  writeFileSync(hub.file, "b\n");
  await hub.far.touched(spreadsheet);
  await hub.far.touched(spreadsheet);
  expect(
    hub.pushed.map(({ headers }) => [headers["x-goog-resource-state"], headers["x-goog-message-number"]]),
  ).toEqual([
    ["sync", "1"],
    ["update", "2"],
  ]);
  expect(hub.pushed[1]).toEqual({
    address: channel.address,
    headers: {
      "x-goog-channel-id": "c1",
      "x-goog-channel-token": "t",
      "x-goog-channel-expiration": "Sun, 22 Nov 2026 08:00:00 GMT",
      "x-goog-resource-id": opened.resourceId,
      "x-goog-resource-uri": opened.resourceUri,
      "x-goog-resource-state": "update",
      "x-goog-changed": "content",
      "x-goog-message-number": "2",
    },
  });
  hub.clock.moveBy(86_400_000);
  writeFileSync(hub.file, "c\n");
  await hub.far.touched(spreadsheet);
  expect(hub.pushed).toHaveLength(2);
  expect(hub.far.violations).toEqual([]);
});

test("remembers its channels over a restart, and tells of a save in between", async () => {
  await using hub = await harness({ csv: "a\n" });
  await watch(hub, channel);
  await hub.far.settled();
  writeFileSync(hub.file, "b\n");
  const restarted = hub.restart();
  await restarted.touched(spreadsheet);
  expect(hub.pushed.map(({ headers }) => headers["x-goog-resource-state"])).toEqual(["sync", "update"]);
});

test("comes again after a 5xx, four times in all, and not after a refusal", async () => {
  await using hub = await harness({ csv: "a\n" });
  hub.answers.push(404);
  await watch(hub, channel);
  await hub.far.settled();
  expect(hub.pushed).toHaveLength(1);
  hub.answers.push(503, 500, 502, 503, 200);
  writeFileSync(hub.file, "b\n");
  await hub.far.touched(spreadsheet);
  expect(hub.pushed).toHaveLength(5);
  expect(new Set(hub.pushed.slice(1).map(({ headers }) => headers["x-goog-message-number"]))).toEqual(
    new Set(["2"]),
  );
});

test("tells of the trash and of the way back, each once and after a restart, too", async () => {
  await using hub = await harness({ csv: "a\n" });
  await watch(hub, channel);
  const states = () => hub.pushed.map(({ headers }) => headers["x-goog-resource-state"]);
  hub.trash(true);
  await hub.far.touched(spreadsheet);
  await hub.far.touched(spreadsheet);
  expect(states()).toEqual(["sync", "trash"]);
  expect(hub.pushed[1]?.headers).not.toHaveProperty("x-goog-changed");
  hub.trash(false);
  await hub.restart().touched(spreadsheet);
  expect(states()).toEqual(["sync", "trash", "untrash"]);
});

describe("files.get", () => {
  const get = (hub: Awaited<ReturnType<typeof harness>>, query: string, id = spreadsheet) =>
    hub.call(`/drive/v3/files/${id}${query}`);

  test("says whether the file is in the trash, where it can still be read", async () => {
    await using hub = await harness({ csv: "a\n" });
    const asked = async () => (await get(hub, "?fields=trashed&supportsAllDrives=true")).json();
    expect(await asked()).toEqual({ trashed: false });
    hub.trash(true);
    expect(await asked()).toEqual({ trashed: true });
    expect((await hub.call(`/v4/spreadsheets/${spreadsheet}`)).status).toBe(200);
    expect(hub.far.violations).toEqual([]);
  });

  test.each([
    ["no mask, which asks for other fields", "", spreadsheet],
    ["another field", "?fields=trashed,trashedTime", spreadsheet],
    ["all fields", "?fields=*", spreadsheet],
    ["what is in it", "?alt=media", spreadsheet],
    ["another method", "", "generateIds"],
  ])("does not serve %s: 501, and noted", async (_, query, id) => {
    await using hub = await harness({ csv: "a\n" });
    expect((await get(hub, query, id)).status).toBe(501);
    expect(hub.far.violations.splice(0)).toEqual([expect.stringContaining("is not served")]);
  });

  test("does not tell a stranger that the file exists", async () => {
    await using hub = await harness({ csv: "a\n" });
    hub.shareWith([]);
    expect((await get(hub, "?fields=trashed")).status).toBe(404);
  });
});

test("stops a channel for its owner only", async () => {
  await using hub = await harness({ csv: "a\n" });
  const { resourceId } = Opened.parse(await (await watch(hub, channel)).json());
  await hub.far.settled();
  const stop = (as?: string) =>
    hub.call("/drive/v3/channels/stop", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ id: "c1", resourceId }),
      ...(as && { as }),
    });
  expect((await stop("x@example.org")).status).toBe(404);
  expect((await stop()).status).toBe(204);
  writeFileSync(hub.file, "b\n");
  await hub.far.touched(spreadsheet);
  expect(hub.pushed).toHaveLength(1);
});

test.each([
  ["the same id twice", { ...channel }, "not unique"],
  [
    "plain HTTP beyond this machine",
    { ...channel, id: "c2", address: "http://example.org/door" },
    "must be HTTPS",
  ],
  ["a time that is past", { ...channel, id: "c2", expiration: "1" }, "past"],
  ["a field that Google does not know", { ...channel, id: "c2", colour: "red" }, "colour"],
  ["no id", { ...channel, id: undefined }, "id"],
])("refuses to watch with %s", async (_, body, why) => {
  await using hub = await harness({ csv: "a\n" });
  await watch(hub, channel);
  const answer = await watch(hub, body);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toHaveProperty("error.message", expect.stringContaining(why));
  expect(hub.far.violations.splice(0)).toHaveLength(why === "colour" ? 1 : 0);
});

test("does not tell a stranger that the file exists", async () => {
  await using hub = await harness({ csv: "a\n" });
  const stranger = await hub.call(`/drive/v3/files/${spreadsheet}/watch`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(channel),
    as: "x@example.org",
  });
  expect(stranger.status).toBe(404);
});
