// Gmail's messages.send: each mail becomes a file in the mailbox's folder, which any mail program opens
// (https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages/send).
import type { Hono } from "hono";
import * as z from "zod";
import { jsonOf } from "../../shared/json.ts";
import type { Identities } from "../wire/identity.ts";
import { unservedField } from "../wire/vocabulary.ts";
import { readHeaders } from "./headers.ts";
import type { Mailbox } from "./mailbox.ts";
import { callerWith, contract, invalid, notServed, type Refusal, refuse } from "./replies.ts";

const scopes = ["gmail.send", "gmail.compose", "gmail.modify"];
/** A consumer account's limit (https://support.google.com/mail/answer/22839). */
const recipientsPerDay = 500;

const Body = z.object({ raw: z.string().default("") });

export function gmailRoutes(
  app: Hono,
  options: { identities: Identities; account: string; mailbox: Mailbox; violations: string[] },
): void {
  const { identities, account, mailbox, violations } = options;
  const send = contract("gmail.v1", "gmail.users.messages.send", violations);

  app.post("/gmail/v1/users/:user/messages/send", async (c) => {
    const caller = callerWith(c, identities, scopes);
    if ("code" in caller) return refuse(c, caller);
    const userId = c.req.param("user");
    const json = jsonOf(await c.req.text());
    const refusal =
      send.refusal({ c, params: { userId }, body: json }) ?? otherMailbox(userId, caller.email, account);
    if (refusal !== undefined) return refuse(c, refusal);
    const strange = unservedField(json, ["raw"]);
    if (strange !== undefined)
      return refuse(c, notServed(`the field ${strange} of messages.send`, violations));
    const { raw } = Body.catch({ raw: "" }).parse(json);
    if (raw === "")
      return refuse(
        c,
        invalid("'raw' RFC822 payload message string or uploading message via /upload/* URL required"),
      );
    if (!/^[\w-]+={0,2}$/.test(raw) || raw.replace(/=+$/, "").length % 4 === 1)
      return refuse(c, invalid("Invalid value for ByteString: raw"));
    const bytes = Buffer.from(raw, "base64url");
    const { from, recipients, subject, messageId } = readHeaders(bytes);
    if (from === undefined) return refuse(c, invalid("Invalid From header"));
    if (recipients.length === 0) return refuse(c, invalid("Recipient address required"));
    // Gmail puts the account's own address there, silently; a setting that differs is better seen here.
    if (from.toLowerCase() !== account.toLowerCase())
      return refuse(c, invalid("Invalid From header: not an address of this account"));
    if (mailbox.recipientsOfLastDay() + recipients.length > recipientsPerDay)
      return refuse(c, {
        code: 429,
        message: "User-rate limit exceeded. (Mail sending)",
        status: "RESOURCE_EXHAUSTED",
        reason: "rateLimitExceeded",
      });
    const id = mailbox.keep({ bytes, subject, messageId, recipients: recipients.length });
    return send.answer(c, { id, threadId: id, labelIds: ["SENT"] });
  });
}

function otherMailbox(userId: string, caller: string, account: string): Refusal | undefined {
  // A service account has no mailbox, whatever its scopes.
  if (caller !== account)
    return {
      code: 400,
      message: "Precondition check failed.",
      status: "FAILED_PRECONDITION",
      reason: "failedPrecondition",
    };
  if (userId === "me" || userId.toLowerCase() === account.toLowerCase()) return undefined;
  return {
    code: 403,
    message: `Delegation denied for ${account}`,
    status: "PERMISSION_DENIED",
    reason: "forbidden",
  };
}
