// A mail from its notice to the file in the mailbox, through Google's own client; and what is known when that fails.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Failure } from "../../../local/wire/faults.ts";
import { isPermanent } from "../../../shared/errors.ts";
import { failureIn } from "../../../shared/failure.ts";
import { gmail } from "../../../shared/mail/gmail.ts";
import { buildMessage, messageId } from "../../../shared/mail/message.ts";
import { account, harness, oauth } from "../../local/google/harness.ts";
import { patienceMs, until } from "../../patience.ts";

const message = {
  key: "invited/ada-l/1",
  to: ["ada@example.org"],
  subject: "Your access: one step is left",
  text: "Hello Ad\u00e9,\n\n.\nFrom here on you have access.\n",
  date: new Date("2026-11-21T08:00:00Z"),
};
const secret = JSON.stringify({
  client_id: oauth.clientId,
  client_secret: oauth.clientSecret,
  refresh_token: oauth.refreshToken,
});
const thrown = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => undefined,
    (error: unknown) => error,
  );
type Hub = Awaited<ReturnType<typeof harness>>;
/** Real milliseconds for which a client waits that is to lose its patience; an answer in this process takes a hundredth. */
const shortMs = 1000;
const mailOf = (hub: Hub, oauthSecret = secret, timeoutMs = patienceMs) =>
  gmail({ endpoints: hub.endpoints, oauth: async () => oauthSecret, sender: account, timeoutMs });
const sentFiles = (hub: Hub): string[] => {
  try {
    return readdirSync(hub.mailbox);
  } catch {
    return [];
  }
};
const sends = (hub: Hub): number =>
  hub.faults.calls().get("google POST /gmail/v1/users/me/messages/send") ?? 0;

describe("the message", () => {
  test("is plain text with a Message-ID of its key", async () => {
    expect((await buildMessage(message, account)).toString()).toBe(
      [
        "Auto-Submitted: auto-generated",
        "From: hub@example.org",
        "To: ada@example.org",
        "Subject: Your access: one step is left",
        "Message-ID: <aa7f95f32a6dc71721716e8b0bb3b304567a4039@groundcrew>",
        "Date: Sat, 21 Nov 2026 08:00:00 +0000",
        "Content-Transfer-Encoding: quoted-printable",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "",
        "Hello Ad=C3=A9,",
        "",
        ".",
        "From here on you have access.",
        "",
      ].join("\r\n"),
    );
    expect(messageId("a")).toMatch(/^<[0-9a-f]{40}@groundcrew>$/);
    expect(messageId("a")).not.toBe(messageId("b"));
  });

  test("goes to all that it is for, and is none where it is for nobody", async () => {
    const to = ["ada@example.org", "bo@example.org"];
    const mail = (await buildMessage({ ...message, to }, account)).toString();
    expect(mail).toContain("\r\nTo: ada@example.org, bo@example.org\r\n");
    await expect(buildMessage({ ...message, to: [] }, account)).rejects.toThrow();
  });

  test("has the same headers whatever is in subject and text", async () => {
    const names = (mail: Buffer): string[] => {
      const [head = ""] = mail.toString().split("\r\n\r\n");
      return head
        .replace(/\r\n[ \t]+/g, " ")
        .split("\r\n")
        .map((line) => line.split(":")[0] ?? "");
    };
    const plain = names(await buildMessage(message, account));
    const nasty = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc
        .array(
          fc.constantFrom(
            "\r\n",
            "\n",
            "\r",
            "\0",
            "\u2028",
            "Bcc: x@example.org",
            "=?UTF-8?Q?=0A?=",
            " ",
            "\t",
          ),
          {
            minLength: 1,
          },
        )
        .map((parts) => parts.join("")),
    );
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (subject, text) => {
        expect(
          names(await buildMessage({ ...message, subject: `x${subject}`, text: `x${text}` }, account)),
        ).toEqual(plain);
      }),
    );
  });

  test.each([
    "ada@example.org\r\nBcc: x@example.org",
    "ada@example.org, x@example.org",
    "Ada <ada@example.org>",
    "",
  ])("is not built for the address %j", async (to) => {
    expect(await thrown(buildMessage({ ...message, to: [to] }, account))).toHaveProperty("name", "ZodError");
  });
});

describe("Gmail", () => {
  test("a mail becomes a file, byte by byte", async () => {
    await using hub = await harness();
    const mail = mailOf(hub);
    expect(await mail.send(message)).toBe("sent");
    const [file = ""] = sentFiles(hub);
    expect(readFileSync(join(hub.mailbox, file))).toEqual(await buildMessage(message, account));
    expect(await mail.send({ ...message, key: "other" })).toBe("sent");
    expect(sentFiles(hub)).toHaveLength(2);
    // One token serves both.
    expect(hub.faults.calls().get("google POST /token")).toBe(1);
    expect(hub.far.violations).toEqual([]);
  });

  test.each<[string, Failure, "unknown", number, number]>([
    ["an answer that is lost after the work", { kind: "lost-answer" }, "unknown", 1, patienceMs],
    ["an answer that comes too late", { kind: "delay", milliseconds: 2 * shortMs }, "unknown", 1, shortMs],
    ["an answer cut in half", { kind: "truncated" }, "unknown", 1, patienceMs],
    ["an error of Google's", { kind: "status", status: 500 }, "unknown", 0, patienceMs],
    ["a page of HTML", { kind: "status", status: 200, body: "<html>" }, "unknown", 0, patienceMs],
  ])("%s is told and never tried again", async (_, failure, outcome, files, timeoutMs) => {
    await using hub = await harness();
    hub.faults.add({ farEnd: "google", match: "messages/send", failure });
    expect(await mailOf(hub, secret, timeoutMs).send(message)).toBe(outcome);
    // A late far end finishes its work behind the client's back.
    await until(() => sentFiles(hub).length >= files);
    expect([sends(hub), sentFiles(hub).length]).toEqual([1, files]);
  });

  test("a service that is not there now has not taken it", async () => {
    await using hub = await harness();
    hub.faults.add({ farEnd: "google", match: "messages/send", failure: { kind: "status", status: 503 } });
    const error = await thrown(mailOf(hub).send(message));
    expect(failureIn(error)).toMatchObject({ service: "gmail", lasts: "transient" });
    expect([sends(hub), sentFiles(hub)]).toEqual([1, []]);
  });

  test("too many requests, and nobody there, are known as not sent", async () => {
    await using hub = await harness();
    const mail = mailOf(hub);
    hub.faults.add({ farEnd: "google", match: "messages/send", failure: { kind: "status", status: 429 } });
    expect(failureIn(await thrown(mail.send(message)))).toMatchObject({
      lasts: "transient",
      waitSeconds: 60,
    });
    expect([sends(hub), sentFiles(hub)]).toEqual([1, []]);
    hub.close();
    expect(failureIn(await thrown(mail.send(message)))).toMatchObject({ cause: "no-answer" });
  });

  test.each([
    ["a revoked sign-in", { refresh_token: "revoked" }, "lapsed or was revoked"],
    ["a foreign client", { client_id: "other" }, "does not know the OAuth client"],
    ["half a secret", { refresh_token: undefined }, "is not JSON with"],
  ])("%s is for a person, and nothing was sent", async (_, wrong, why) => {
    await using hub = await harness();
    const error = await thrown(
      mailOf(hub, JSON.stringify({ ...JSON.parse(secret), ...wrong })).send(message),
    );
    if (!isPermanent(error)) throw new Error("not permanent", { cause: error });
    expect(error.explanation.why).toContain(why);
    expect(JSON.stringify(error)).not.toContain(oauth.clientSecret);
    expect(sends(hub)).toBe(0);
  });

  test("a token that the endpoint fails to give is asked for again by the next delivery", async () => {
    await using hub = await harness();
    hub.faults.add({
      farEnd: "google",
      match: "/token",
      times: 9,
      failure: { kind: "status", status: 409, body: "{}" },
    });
    const error = await thrown(mailOf(hub).send(message));
    expect(error).toHaveProperty("message", "mails cannot be sent: Google's sign-in answered 409");
    expect(isPermanent(error)).toBe(false);
    expect(sends(hub)).toBe(0);
  });

  test("a kept token that Gmail no longer takes is replaced once", async () => {
    await using hub = await harness();
    const mail = mailOf(hub);
    await mail.send(message);
    hub.faults.add({ farEnd: "google", match: "messages/send", failure: { kind: "status", status: 401 } });
    expect(await mail.send(message)).toBe("sent");
    hub.faults.add({
      farEnd: "google",
      match: "messages/send",
      times: 2,
      failure: { kind: "status", status: 401 },
    });
    expect(isPermanent(await thrown(mail.send(message)))).toBe(true);
    expect(sentFiles(hub)).toHaveLength(2);
  });

  test("a new secret counts at once", async () => {
    await using hub = await harness();
    let now = JSON.stringify({ ...JSON.parse(secret), refresh_token: "revoked" });
    const mail = gmail({ endpoints: hub.endpoints, oauth: async () => now, sender: account });
    expect(isPermanent(await thrown(mail.send(message)))).toBe(true);
    now = secret;
    expect(await mail.send(message)).toBe("sent");
  });

  test("a mail that Gmail will not take is for a person", async () => {
    await using hub = await harness();
    const mail = gmail({ endpoints: hub.endpoints, oauth: async () => secret, sender: "other@example.org" });
    const error = await thrown(mail.send(message));
    expect(isPermanent(error) && error.explanation.why).toContain("does not let the mail account send as");
    expect(sentFiles(hub)).toHaveLength(0);
  });
});
