// Tests of what the doors for webhooks take for a body.
import { expect, test } from "@jest/globals";
import { jsonIn, refusedUnread } from "../../../shared/delivery/webhook.ts";

test("as many bytes as may be are read, and not one more", () => {
  const call = { method: "POST", headers: {}, raw: Buffer.alloc(10) };
  expect(refusedUnread(call, 10)).toBeUndefined();
  expect(refusedUnread(call, 9)).toEqual({ status: 413, body: "too large" });
});

test("JSON is UTF-8: what is not is guessed by nobody", () => {
  expect(jsonIn(Buffer.from('"ä"'))).toBe("ä");
  expect(jsonIn(Buffer.from('"ä"', "latin1"))).toBeUndefined();
});
