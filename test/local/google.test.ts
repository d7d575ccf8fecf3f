// Google's far end as its vendor behaves, asked with plain HTTP; the real clients ask in test/shared.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { account, oauth, spreadsheet, stand } from "./google-stand.ts";

const Ranges = z.object({ valueRanges: z.array(z.object({ values: z.array(z.array(z.json())) })) });
const Opened = z.object({ resourceId: z.string(), resourceUri: z.string(), expiration: z.string() });

const values = (range: string, more = "") =>
  `/v4/spreadsheets/${spreadsheet}/values:batchGet?ranges=${encodeURIComponent(range)}${more}`;

describe("Sheets", () => {
  test("gives the tab as it shows, without blank cells and rows at the end", async () => {
    await using hub = await stand({ csv: "Name,Email,Note\nAda,ada@example.org,\n\n,,x\n,,\n\n" });
    const answer = await hub.call(values("Members"));
    expect(await answer.json()).toEqual({
      spreadsheetId: spreadsheet,
      valueRanges: [
        {
          range: "Members!A1:Z1000",
          majorDimension: "ROWS",
          values: [["Name", "Email", "Note"], ["Ada", "ada@example.org"], [], ["", "", "x"]],
        },
      ],
    });
    expect(hub.far.violations).toEqual([]);
  });

  test("makes numbers, days and truths of what was typed, unless it is asked for what shows", async () => {
    await using hub = await stand({ csv: "007,1e5,2026-12-31,TRUE,'007,ada,=1+1\n" });
    const ask = async (more: string) => {
      const { valueRanges } = Ranges.parse(await (await hub.call(values("Members", more))).json());
      return valueRanges[0]?.values[0];
    };
    expect(await ask("")).toEqual(["007", "1e5", "2026-12-31", "TRUE", "007", "ada", "#ERROR!"]);
    expect(await ask("&valueRenderOption=UNFORMATTED_VALUE")).toEqual([
      7,
      100000,
      46387,
      true,
      "007",
      "ada",
      "#ERROR!",
    ]);
    expect(await ask("&valueRenderOption=UNFORMATTED_VALUE&dateTimeRenderOption=FORMATTED_STRING")).toEqual([
      7,
      100000,
      "2026-12-31",
      true,
      "007",
      "ada",
      "#ERROR!",
    ]);
  });

  test.each([
    [
      "'Members'!A2:B",
      "Members!A2:B1000",
      [
        ["1", "2"],
        ["4", "5"],
      ],
    ],
    ["Members!B:B", "Members!B1:B1000", [["b"], ["2"], ["5"]]],
    ["A3:Z3", "Members!A3:Z3", [["4", "5", "6"]]],
    ["'Members'!2:2", "Members!A2:Z2", [["1", "2", "3"]]],
    ["C1", "Members!C1:C1", [["c"]]],
    ["Members!D1:E9", "Members!D1:E9", undefined],
  ])("reads the range %s", async (range, named, cells) => {
    await using hub = await stand({ csv: "a,b,c\n1,2,3\n4,5,6\n" });
    expect(await (await hub.call(values(range))).json()).toHaveProperty("valueRanges", [
      { range: named, majorDimension: "ROWS", ...(cells && { values: cells }) },
    ]);
  });

  test.each([
    ["an unknown tab", values("Sheet2"), {}, 400, "Unable to parse range: Sheet2"],
    [
      "an unknown spreadsheet",
      "/v4/spreadsheets/elsewhere/values:batchGet?ranges=A1",
      {},
      404,
      "Requested entity was not found.",
    ],
    ["a stranger", values("Members"), { as: "x@example.org" }, 403, "The caller does not have permission"],
    [
      "a token for something else",
      values("Members"),
      { scopes: ["gmail.send"] },
      403,
      "Request had insufficient authentication scopes.",
    ],
    ["a parameter that Google does not know", values("Members", "&colour=red"), {}, 400, /colour is unknown/],
  ])("refuses %s", async (_, path, init, status, message) => {
    await using hub = await stand({ csv: "a\n" });
    const answer = await hub.call(path, init);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({
      error: { code: status, message: expect.stringMatching(message) },
    });
    expect(hub.far.violations.splice(0)).toHaveLength(path.includes("colour") ? 1 : 0);
  });

  test("refuses who has no token", async () => {
    await using hub = await stand({ csv: "a\n" });
    expect((await fetch(`${hub.endpoints.google}${values("Members")}`)).status).toBe(401);
  });

  test.each([
    ["a missing file", undefined, "cannot be opened"],
    ["bytes that are no UTF-8", Buffer.from("Name\nJos\xe9\n", "latin1"), "not UTF-8"],
    ["UTF-16", Buffer.from("Name,Email\nAda,x\n", "utf16le"), "not text"],
    ["an open quote", Buffer.from('Name\n"Ada\nBob\n'), "near line"],
  ])("answers 500 for %s, never an empty tab", async (_, bytes, why) => {
    await using hub = await stand();
    if (bytes !== undefined) writeFileSync(hub.file, bytes);
    const answer = await hub.call(values("Members"));
    expect(answer.status).toBe(500);
    expect(await answer.json()).toHaveProperty("error.message", expect.stringContaining(why));
  });

  test("takes a file of no bytes for an empty tab", async () => {
    await using hub = await stand({ csv: "" });
    expect(await (await hub.call(values("Members"))).json()).toHaveProperty("valueRanges", [
      { range: "Members!A1:Z1000", majorDimension: "ROWS" },
    ]);
    expect(hub.far.violations).toEqual([]);
  });
});

describe("Drive", () => {
  const channel = { id: "c1", type: "web_hook", address: "http://127.0.0.1:1/door", token: "t" };
  const watch = (hub: Awaited<ReturnType<typeof stand>>, body: object) =>
    hub.call(`/drive/v3/files/${spreadsheet}/watch`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const version = async (hub: Awaited<ReturnType<typeof stand>>) =>
    z
      .object({ id: z.literal(spreadsheet), version: z.string() })
      .parse(await (await hub.call(`/drive/v3/files/${spreadsheet}?fields=id,version`)).json()).version;

  test("counts saves, not looks", async () => {
    await using hub = await stand({ csv: "a\n" });
    expect(await version(hub)).toBe("1");
    expect(await version(hub)).toBe("1");
    writeFileSync(hub.file, "b\n");
    expect(await version(hub)).toBe("2");
    writeFileSync(hub.file, "b\n");
    expect(await version(hub)).toBe("2");
    expect(hub.far.violations).toEqual([]);
  });

  test("tells a channel of itself, then of each save, until it lapses", async () => {
    await using hub = await stand({ csv: "a\n" });
    const asked = { ...channel, expiration: String(Date.parse("2027-01-01")) };
    const opened = Opened.parse(await (await watch(hub, asked)).json());
    expect(opened.expiration).toBe(String(Date.parse("2026-11-22T08:00:00.123Z")));
    await hub.far.touched(spreadsheet);
    writeFileSync(hub.file, "b\n");
    // Somebody else sees the new version first: the channel is told all the same.
    expect(await version(hub)).toBe("2");
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
    await using hub = await stand({ csv: "a\n" });
    await watch(hub, channel);
    await hub.far.settled();
    writeFileSync(hub.file, "b\n");
    const restarted = hub.restart();
    await restarted.touched(spreadsheet);
    expect(hub.pushed.map(({ headers }) => headers["x-goog-resource-state"])).toEqual(["sync", "update"]);
  });

  test("comes again after a 5xx, four times in all, and not after a refusal", async () => {
    await using hub = await stand({ csv: "a\n" });
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

  test("stops a channel for its owner only", async () => {
    await using hub = await stand({ csv: "a\n" });
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
    await using hub = await stand({ csv: "a\n" });
    await watch(hub, channel);
    const answer = await watch(hub, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toHaveProperty("error.message", expect.stringContaining(why));
    expect(hub.far.violations.splice(0)).toHaveLength(why === "colour" ? 1 : 0);
  });

  test("does not tell a stranger that the file exists", async () => {
    await using hub = await stand({ csv: "a\n" });
    expect((await hub.call(`/drive/v3/files/${spreadsheet}`, { as: "x@example.org" })).status).toBe(404);
  });
});

describe("the token endpoint and Gmail", () => {
  const grant = {
    grant_type: "refresh_token",
    client_id: oauth.clientId,
    client_secret: oauth.clientSecret,
    refresh_token: oauth.refreshToken,
  };
  const token = (hub: Awaited<ReturnType<typeof stand>>, form: Record<string, string>) =>
    fetch(`${hub.endpoints.google}/token`, { method: "POST", body: new URLSearchParams(form) });
  const mail = (to: string, more = "") =>
    `From: ${account}\r\nTo: ${to}\r\nSubject: =?UTF-8?Q?Gr=C3=BCsse?= & more\r\nMessage-ID: <1@groundcrew>\r\n${more}\r\nHello\r\n`;
  const send = async (hub: Awaited<ReturnType<typeof stand>>, raw: string) => {
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
    await using hub = await stand({ csv: "" });
    const answer = await token(hub, { ...grant, ...wrong });
    expect(answer.status).toBe(status);
    expect(await answer.json()).toHaveProperty("error", error);
  });

  test("writes each mail to a file of its own, even two of one instant", async () => {
    await using hub = await stand({ csv: "" });
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
    await using hub = await stand({ csv: "" });
    const answer = await send(hub, raw);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toHaveProperty("error.message", expect.stringContaining(why));
    expect(() => readdirSync(hub.mailbox)).toThrow("ENOENT");
  });

  test("sends to 500 people a day, and again a day later", async () => {
    await using hub = await stand({ csv: "" });
    const many = (count: number) =>
      base64url(mail(Array.from({ length: count }, (_, n) => `p${n}@example.org`).join(", ")));
    expect((await send(hub, many(499))).status).toBe(200);
    expect((await send(hub, many(2))).status).toBe(429);
    expect((await send(hub, many(1))).status).toBe(200);
    hub.clock.moveBy(86_400_000);
    expect((await send(hub, many(2))).status).toBe(200);
  });

  test("has no mailbox for a service account", async () => {
    await using hub = await stand({ csv: "" });
    const answer = await hub.call("/gmail/v1/users/me/messages/send", {
      method: "POST",
      scopes: ["gmail.send"],
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ raw: base64url(mail("ada@example.org")) }),
    });
    expect(await answer.json()).toHaveProperty("error.status", "FAILED_PRECONDITION");
  });
});
