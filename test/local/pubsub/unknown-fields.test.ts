// Requests with fields that the client's description lacks, as a newer client sends them: each is refused by name, and changes nothing.
import { Client, credentials, Metadata } from "@grpc/grpc-js";
import { afterAll, beforeEach, expect, test } from "@jest/globals";
import { takeViolations } from "../../../local/wire/called-routes.ts";
import { operatorIdentity } from "../../../local/wire/identity.ts";
import { oursByRequest, project } from "./servers.ts";

const world = await oursByRequest();
const wire = new Client(world.farEnd.address, credentials.createInsecure());
afterAll(async () => {
  wire.close();
  await world.stop();
});

let pending = 0;
beforeEach(() => {
  pending = world.farEnd.pending();
});

const metadata = new Metadata();
const { token } = world.identities.mint(operatorIdentity(project), []);
metadata.set("authorization", `Bearer ${token}`);
const asItIs = (bytes: Buffer): Buffer => bytes;

type Ended = { code: number; details: string };
/** Sends bytes as a request, and tells how it ended. */
const send = (method: string, bytes: Buffer): Promise<Ended> =>
  new Promise((resolve) => {
    const service = /Topic|Publish/.test(method) ? "Publisher" : "Subscriber";
    const path = `/google.pubsub.v1.${service}/${method}`;
    if (method === "StreamingPull") {
      const stream = wire.makeBidiStreamRequest(path, asItIs, asItIs, metadata);
      stream.on("data", () => undefined);
      stream.on("error", () => undefined);
      stream.on("status", resolve);
      stream.end(bytes);
    } else
      wire.makeUnaryRequest(path, asItIs, asItIs, bytes, metadata, (error) =>
        resolve(error ?? { code: 0, details: "" }),
      );
  });

/** One part of a message by its field's number: what has a length, or a small number. */
const part = (field: number, value: Buffer | string | number): Buffer => {
  const bytes = typeof value === "number" ? undefined : Buffer.from(value);
  const tag = field * 8 + (bytes === undefined ? 0 : 2);
  // A varint's groups of seven bits.
  const head = tag < 128 ? [tag] : [(tag % 128) + 128, Math.floor(tag / 128)];
  return Buffer.concat([Buffer.from([...head, bytes?.length ?? Number(value)]), bytes ?? Buffer.alloc(0)]);
};
const message = (...parts: Buffer[]): Buffer => Buffer.concat(parts);

const known = `projects/${project}/subscriptions/known`;
const notice = `projects/${project}/topics/notice`;
const other = `projects/${project}/topics/other`;
const named = part(1, other);
const pair = (...more: Buffer[]): Buffer => message(part(1, "a"), part(2, "b"), ...more);

const lacking: [string, string, Buffer][] = [
  ["99", "CreateTopic", message(named, part(99, 1))],
  ["99", "CreateTopic", message(named, part(99, "text"))],
  ["99", "CreateTopic", message(named, Buffer.from([0x9b, 0x06, 0x9c, 0x06]))],
  ["messageRetentionDuration.3", "CreateTopic", message(named, part(8, message(part(1, 100), part(3, 1))))],
  ["labels.3", "CreateTopic", message(named, part(2, pair(part(3, 1))))],
  ["name", "CreateTopic", message(named, part(1, 7))],
  [
    "pushConfig.oidcToken.9",
    "CreateSubscription",
    message(part(1, `${known}2`), part(2, notice), part(4, part(3, part(9, 1)))),
  ],
  ["9", "Publish", message(part(1, notice), part(2, part(1, "x")), part(9, 1))],
  ["messages.6", "Publish", message(part(1, notice), part(2, message(part(1, "x"), part(6, 1))))],
  ["11", "StreamingPull", message(part(1, known), part(5, 10), part(11, 1))],
];

test.each(lacking)("the field %s of %s", async (field, method, bytes) => {
  const what = `the field ${field}`;
  expect(await send(method, bytes)).toMatchObject({ code: 12, details: `${what} is not served here` });
  expect(takeViolations()).toEqual([`request: Pub/Sub is not served ${what}`]);
  await nothingChanged();
});

test("text that is none is refused, and bytes that are no message", async () => {
  const odd = message(named, part(2, message(part(1, "a"), part(2, Buffer.from([0xff])))));
  expect(await send("CreateTopic", odd)).toMatchObject({ code: 3 });
  expect(await send("CreateTopic", message(named, Buffer.from([0x12, 0x70])))).toMatchObject({ code: 13 });
  await nothingChanged();
});

test("all forms of what is known are taken", async () => {
  const [listed, packed] = [message(part(3, 10), part(3, 20)), part(3, Buffer.from([10, 20]))];
  const ids = message(part(4, "9-9-9"), part(4, "9-9-8"));
  // An id of another subscription's is what is wrong with both.
  for (const seconds of [listed, packed])
    expect(await send("StreamingPull", message(part(1, known), part(5, 10), seconds, ids))).toMatchObject({
      code: 3,
      details: "Some acknowledgement ids in the request were invalid.",
    });
  expect(await send("Publish", message(part(1, notice), part(2, part(2, pair()))))).toMatchObject({
    code: 0,
  });
  expect(world.farEnd.pending()).toBe(pending + 1);
});

async function nothingChanged(): Promise<void> {
  expect((await world.client.getTopics())[0].map(({ name }) => name)).toEqual([notice]);
  expect((await world.client.getSubscriptions())[0].map(({ name }) => name)).toEqual([known]);
  expect(world.farEnd.pending()).toBe(pending);
}
