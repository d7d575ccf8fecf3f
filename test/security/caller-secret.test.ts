// Tests for systems that do not say whose a connection is: a function gets its tokens by the secret that it was given, and nobody
// gets one without.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { chunked, type House, headOf, house, say } from "./house.ts";

const secret = "5ecre7".padEnd(48, "0");
let on: House;
let socket: string;
beforeAll(async () => {
  on = await house({ byUser: false, secret });
  socket = await on.open("sheet-webhook");
});
afterAll(() => on.close());

const path = "/computeMetadata/v1/instance/service-accounts/default/token";
const calls = (kind: string): number =>
  [...on.far.faults.calls()]
    .filter(([call]) => call.startsWith(`${kind} `))
    .reduce((sum, [, times]) => sum + times, 0);
const ask = async (host: string, headers: Record<string, string> = {}) => {
  const answer = await fetch(`http://${host}${path}`, {
    headers: { "metadata-flavor": "Google", ...headers },
  });
  return `${answer.status} ${await answer.text()}`;
};

test("a function reads its secret, with a token that it could not have got otherwise", async () => {
  const asked = calls("metadata");
  expect(calls("secrets")).toBe(0);
  const head = headOf("POST /", {
    "content-type": "application/json",
    "transfer-encoding": "chunked",
    "x-groundcrew-timestamp": "1700000000",
    "x-groundcrew-signature": `v1=${"0".repeat(64)}`,
  });
  expect((await say(socket, head, chunked(Buffer.from("{}")))).status).toBe(401);
  expect(calls("metadata")).toBeGreaterThan(asked);
  expect(calls("secrets")).toBe(1);
});

test("whoever asks without it, or with another one, gets nothing", async () => {
  const given = on.far.metadataHostOf("sheet-webhook");
  const [host = ""] = given.split("/");
  const before = calls("metadata");
  for (const answer of [
    await ask(host),
    await ask(`${host}/${secret.slice(1)}`),
    await ask(`${host}/`),
    await ask(host, { "x-groundcrew-caller": "" }),
    await ask(host, { "x-groundcrew-caller": secret.toUpperCase() }),
  ]) {
    expect(answer).toMatch(/^403 Refused/);
    expect(answer).not.toContain("ya29.");
  }
  expect(calls("metadata")).toBe(before);
  // As curl on a machine puts it.
  expect(await ask(given)).toMatch(/^200 .*ya29\./);
});
