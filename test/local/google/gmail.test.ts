// Gmail at Google's far end, and the token endpoint that lets our mail account in.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { account, harness, oauth } from "./harness.ts";

const grant = {
  grant_type: "refresh_token",
  client_id: oauth.clientId,
  client_secret: oauth.clientSecret,
  refresh_token: oauth.refreshToken,
};
const token = (hub: Awaited<ReturnType<typeof harness>>, form: Record<string, string>) =>
  fetch(`${hub.endpoints.google}/token`, { method: "POST", body: new URLSearchParams(form) });
const mail = (to: string, more = "") =>
  `From: ${account}\r\nTo: ${to}\r\nSubject: =?UTF-8?Q?Gr=C3=BCsse?= & more\r\nMessage-ID: <1@groundcrew>\r\n${more}\r\nHello\r\n`;
const send = async (hub: Awaited<ReturnType<typeof harness>>, raw: string) => {
  const { access_token } = z
    .object({ access_token: z.string() })
    .parse(await (await token(hub, grant)).json());
  return fetch(`${hub.endpoints.google}/gmail/v1/users/me/messages/send`, {
    method: "POST",
    headers: { authorization: `Bearer ${access_token}`, "content-type": "application/json" },
    body: JSON.stringify({ raw }),
  });
};
const base64url = (text: string) => Buffer.from(text).toString("base64url");

test.each([
  [{ refresh_token: "revoked" }, 400, "invalid_grant"],
  [{ client_id: "other" }, 401, "invalid_client"],
  [{ client_secret: "other" }, 401, "invalid_client"],
  [{ grant_type: "password" }, 400, "unsupported_grant_type"],
])("gives no token for %j", async (wrong, status, error) => {
  await using hub = await harness({ csv: "" });
  const answer = await token(hub, { ...grant, ...wrong });
  expect(answer.status).toBe(status);
  expect(await answer.json()).toHaveProperty("error", error);
});

test("reads a subject whose letter was cut in two, as other programs write it", async () => {
  await using hub = await harness({ csv: "" });
  const cut = mail("ada@example.org").replace("Gr=C3=BCsse", "Gr=C3?= =?UTF-8?Q?=BCsse");
  expect((await send(hub, base64url(cut))).status).toBe(200);
  expect(readdirSync(hub.mailbox)).toEqual([expect.stringContaining("-grusse-more-")]);
});

test("writes each mail to a file of its own, even two of one instant", async () => {
  await using hub = await harness({ csv: "" });
  const first = await send(hub, base64url(mail("ada@example.org")));
  expect(first.status).toBe(200);
  expect(await first.json()).toHaveProperty("labelIds", ["SENT"]);
  await send(hub, base64url(mail("bob@example.org")));
  const files = readdirSync(hub.mailbox).sort();
  expect(files).toEqual([
    expect.stringMatching(/^20261121T080000123Z-grusse-more-[0-9a-f]{8}-2\.eml$/),
    expect.stringMatching(/^20261121T080000123Z-grusse-more-[0-9a-f]{8}\.eml$/),
  ]);
  expect(readFileSync(join(hub.mailbox, files[1] ?? ""), "utf8")).toBe(mail("ada@example.org"));
  expect(hub.far.violations).toEqual([]);
});

test.each([
  ["nothing", "", "payload message"],
  ["what is no base64url", "a+b/", "ByteString"],
  ["a mail without From", base64url("To: ada@example.org\r\n\r\nx"), "From"],
  ["a mail without To", base64url(`From: ${account}\r\n\r\nTo: ada@example.org`), "Recipient"],
  ["somebody else's From", base64url("From: x@example.org\r\nTo: ada@example.org\r\n\r\nx"), "From"],
])("refuses %s", async (_, raw, why) => {
  await using hub = await harness({ csv: "" });
  const answer = await send(hub, raw);
  expect(answer.status).toBe(400);
  expect(await answer.json()).toHaveProperty("error.message", expect.stringContaining(why));
  expect(() => readdirSync(hub.mailbox)).toThrow("ENOENT");
});

test("sends to 500 people a day, and again a day later", async () => {
  await using hub = await harness({ csv: "" });
  const many = (count: number) =>
    base64url(mail(Array.from({ length: count }, (_, n) => `p${n}@example.org`).join(", ")));
  expect((await send(hub, many(499))).status).toBe(200);
  expect((await send(hub, many(2))).status).toBe(429);
  expect((await send(hub, many(1))).status).toBe(200);
  hub.clock.moveBy(86_400_000);
  expect((await send(hub, many(2))).status).toBe(200);
});

test("has no mailbox for a service account", async () => {
  await using hub = await harness({ csv: "" });
  const answer = await hub.call("/gmail/v1/users/me/messages/send", {
    method: "POST",
    scopes: ["gmail.send"],
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ raw: base64url(mail("ada@example.org")) }),
  });
  expect(await answer.json()).toHaveProperty("error.status", "FAILED_PRECONDITION");
});
