// Tests of what the doors for webhooks take for a body.
import { expect, test } from "@jest/globals";
import { jsonIn, notJson, once, refusedUnread } from "../../../shared/delivery/webhook.ts";

test("as many bytes as may be are read, and not one more", () => {
  const call = { method: "POST", headers: {}, raw: Buffer.alloc(10) };
  expect(refusedUnread(call, 10)).toBeUndefined();
  expect(refusedUnread(call, 9)).toEqual({ status: 413, body: "too large" });
});

test("JSON is UTF-8: what is not is guessed by nobody", () => {
  expect(jsonIn(Buffer.from('"ä"'))).toBe("ä");
  expect(jsonIn(Buffer.from('"ä"', "latin1"))).toBeUndefined();
});

test("nothing but POST is looked at", () => {
  const called = (method: string) => refusedUnread({ method, headers: {}, raw: Buffer.alloc(0) }, 9);
  expect(["POST", "GET", "PUT", "post", ""].map((method) => called(method)?.status)).toEqual([
    undefined,
    405,
    405,
    405,
    405,
  ]);
});

test("a header counts where it came once", () => {
  expect([once("a"), once(""), once(["a", "b"]), once(undefined)]).toEqual(["a", "", "", ""]);
});

test.each<[string | undefined, boolean]>([
  ["application/json", true],
  ["Application/JSON; charset=utf-8", true],
  ["application/json ;x", true],
  ["application/jsonp", false],
  ["text/application/json", false],
  ["application/x-www-form-urlencoded", false],
  ["", false],
  [undefined, false],
])("content type %j is JSON: %s", (type, isJson) => {
  const headers = type === undefined ? {} : { "content-type": type };
  expect(notJson({ method: "POST", headers, raw: Buffer.alloc(0) })?.status).toBe(isJson ? undefined : 415);
});
