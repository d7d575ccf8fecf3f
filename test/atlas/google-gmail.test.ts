// A mail by its production adapter: what Gmail, the token endpoint and the metadata server have been seen to answer. All that
// it throws was certainly not sent.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { failureIn } from "../../shared/failure.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { secrets } from "../../shared/secrets.ts";
import { atlas, cutAnywhere, type Entry, type Recorded } from "./entry.ts";
import { google, html, json, silence, thrown } from "./google-bodies.ts";
import { type Call, mailEntries } from "./google-gmail.ts";
import { metadataEntries, tokenEntries } from "./google-token.ts";

let far: Awaited<ReturnType<typeof google>>;
let tokens: Recorded | undefined;
beforeAll(async () => {
  far = await google(() => tokens);
});
afterAll(() => far.close());

const oauth = async () => JSON.stringify({ client_id: "c", client_secret: "s", refresh_token: "r" });
const message = {
  key: "invited/ada-l/1",
  to: ["ada@example.org"],
  subject: "Your access",
  text: "Hello",
  date: new Date("2026-11-28T08:00:00Z"),
};

async function send({ call, ...recorded }: Pick<Entry<Call>, "call"> & Recorded) {
  tokens = call === "send" ? undefined : recorded;
  far.answers(recorded);
  if (call === "metadata")
    return thrown(secrets({ project: "p", endpoints: { secrets: far.url } }).read("gmail-oauth"));
  return thrown(gmail({ endpoints: { google: far.url }, oauth, sender: "hub@example.org" }).send(message));
}

atlas([...mailEntries, ...tokenEntries, ...metadataEntries], send);
cutAnywhere([...mailEntries, ...tokenEntries.filter(({ status }) => status < 500)], send);

test.each<[string, Recorded]>([
  ["an error of Gmail's", json(500, { error: { errors: [{ reason: "backendError" }], code: 500 } })],
  ["a page of HTML", html(200, "<html>")],
  ["nothing", { status: 200, body: "" }],
])("%s says nothing of whether the mail went out", async (_, recorded) => {
  tokens = undefined;
  far.answers(recorded);
  const sent = gmail({ endpoints: { google: far.url }, oauth, sender: "hub@example.org" }).send(message);
  expect(await sent).toBe("unknown");
});

test.each<[string, Recorded]>([
  ["a page of HTML", html(200, "<html>")],
  ["nothing", { status: 200, body: "" }],
  ["an answer without a token", json(200, {})],
])("%s for a token is none, and nothing was sent", async (_, recorded) => {
  const error = await send({ call: "token", ...recorded });
  expect(failureIn(error)).toMatchObject({
    service: "google-sign-in",
    cause: "unreadable",
    lasts: "transient",
  });
});

test("a server that never answers is given up on; who never gave a token has sent nothing", async () => {
  const silent = await silence();
  const mail = gmail({ endpoints: { google: silent.url }, oauth, sender: "hub@example.org", timeoutMs: 100 });
  expect(failureIn(await thrown(mail.send(message)))).toMatchObject({
    service: "google-sign-in",
    cause: "no-answer",
  });
  silent.close();
});
