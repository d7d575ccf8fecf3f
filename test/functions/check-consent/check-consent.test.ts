// The daily question whether mails could be sent, asked of Google's sign-in by the real client; and what ends by itself, in one line each.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { Hono } from "hono";
import { checkConsent } from "../../../functions/check-consent/handler.ts";
import { incidentStore } from "../../../functions/console/incidents/incidents.ts";
import { expiries } from "../../../functions/console/start/expiries.ts";
import { incidentHeads } from "../../../functions/console/states.ts";
import { tokenRoute } from "../../../local/google/token.ts";
import { serveFarEnd } from "../../../local/wire/far-end.ts";
import { identities } from "../../../local/wire/identity.ts";
import { openState } from "../../../local/wire/state.ts";
import { gmailSignIn } from "../../../shared/mail/gmail.ts";
import { Consent, consentName } from "../../../shared/records.ts";
import { fewMembers, settingsOf } from "../../local/sample/sample-settings.ts";
import { ledgerHarness, project } from "../../shared/ledger-harness.ts";

const oauth = { clientId: "client", clientSecret: "secret-of-client", refreshToken: "1//refresh" };
const secretOf = (refreshToken: string) =>
  JSON.stringify({
    client_id: oauth.clientId,
    client_secret: oauth.clientSecret,
    refresh_token: refreshToken,
  });
const now = () => new Date("2026-11-29T05:00:00.000Z");
const day = 86_400_000;

let hub: Awaited<ReturnType<typeof ledgerHarness>>;
let google: Awaited<ReturnType<typeof serveFarEnd>>;
const grant: typeof oauth & { consentSeconds?: number } = { ...oauth };
let asked = 0;
beforeAll(async () => {
  hub = await ledgerHarness();
  const app = new Hono();
  app.use(async (_, next) => {
    asked += 1;
    await next();
  });
  tokenRoute(app, {
    identities: identities({ state: openState(":memory:"), project }),
    account: "hub@example.org",
    oauth: grant,
    violations: [],
  });
  google = await serveFarEnd({ fetch: app.fetch });
});
afterAll(async () => {
  await google.close();
  await hub.close();
});
beforeEach(() => {
  delete grant.consentSeconds;
  asked = 0;
});

async function ask(refreshToken = oauth.refreshToken) {
  const signIn = gmailSignIn({
    endpoints: { google: google.url },
    oauth: async () => secretOf(refreshToken),
    now,
  });
  const ledger = await hub.ledgerOf("check-consent");
  return checkConsent({ step: () => undefined, effect: () => undefined }, { ledger, now, signIn });
}
const kept = async () => (await (await hub.ledgerOf("console")).read(consentName, Consent))?.value;

test("signed in without an end it is done, each time by asking anew", async () => {
  expect(await ask()).toEqual({ outcome: "done", title: "the mail account is signed in" });
  expect(await ask()).toMatchObject({ outcome: "done" });
  expect(asked).toBe(2);
  expect(await kept()).toEqual({ v: 1, at: now().toISOString() });
});

test("a consent that was revoked is a failure that a person mends, and the last good answer stays", async () => {
  await ask();
  const before = await kept();
  await expect(ask("1//revoked")).rejects.toMatchObject({
    name: "Permanent",
    failure: { service: "google-sign-in", cause: "signed-out" },
  });
  expect(await kept()).toEqual(before);
});

test.each([
  [7, "blocked"],
  [8, "done"],
])("a consent that ends in %i days: %s", async (days, outcome) => {
  grant.consentSeconds = days * 24 * 3600;
  expect(await ask()).toMatchObject({ outcome, ...(outcome === "blocked" ? { cause: "consent-ends" } : {}) });
  expect((await kept())?.ends).toBe(new Date(now().getTime() + days * day).toISOString());
});

describe("what ends by itself", () => {
  const incidents = (open: object) =>
    hub.plant("head/incidents/prod.json", JSON.stringify({ v: 1, incidents: open, good: {} }));
  beforeEach(() => incidents({}));

  const settings = settingsOf({ hubs: { prod: { members: fewMembers } } });
  const watch = (expires: string) =>
    hub.plant(
      "head/watch/prod.json",
      JSON.stringify({ v: 1, channelId: "c", resourceId: "r", address: "https://d.example.org/", expires }),
    );
  const consent = (value: Omit<Consent, "v">) => hub.plant(consentName, JSON.stringify({ v: 1, ...value }));
  async function lines() {
    const ledger = await hub.ledgerOf("console");
    const publish = async () => "m";
    const store = incidentStore({ ledger, publish, now }, incidentHeads(ledger));
    return (await expiries({ ledger, settings, now, incidents: store })).map(
      ({ what, state, says }) => `${state} ${what}: ${says}`,
    );
  }

  test("is said with its day", async () => {
    await watch("2026-11-29T16:00:00.000Z");
    await consent({ at: now().toISOString(), ends: "2027-01-10T05:00:00.000Z" });
    expect(await lines()).toEqual([
      "ok sheet's channel of prod: open until 2026-11-29 16:00 UTC, and renewed twice a day",
      "ok Gmail consent: Google signed the mail account in on 2026-11-29; the consent ends on 2027-01-10",
      expect.stringMatching(/^ok GitHub App on prod: its key and permissions have no end/),
    ]);
  });

  test.each([
    [
      "a week ahead",
      { at: now().toISOString(), ends: "2026-12-06T05:00:00.000Z" },
      /^warn .*ends on 2026-12-06/,
    ],
    [
      "when nobody has asked for days",
      { at: "2026-11-26T05:00:00.000Z" },
      /^warn .*on 2026-11-26, and not since/,
    ],
    ["without an end", { at: now().toISOString() }, /^ok .*names no end/],
  ])("of a consent: %s", async (_, value, line) => {
    await consent(value);
    expect((await lines())[1]).toMatch(line);
  });

  test("of a channel that has ended, and of an App that is kept out, what is in the way", async () => {
    await watch("2026-11-29T04:00:00.000Z");
    const incident = {
      flow: "sync-members",
      cause: "app-suspended",
      kind: "blocked",
      reason: {
        what: "GitHub did not let the App in",
        why: "the App's installation is suspended",
        next: "unsuspend it",
      },
      service: "github",
      workers: ["sync-members"],
      needs: [],
      opened: now().toISOString(),
      seen: now().toISOString(),
      lasting: true,
      waits: false,
      reach: "team",
      told: 1,
    };
    await incidents({ "sync-members/app-suspended": incident });
    const [channel, , app] = await lines();
    expect(channel).toMatch(/^warn .*ended at 2026-11-29 04:00 UTC/);
    expect(app).toBe("warn GitHub App on prod: the App's installation is suspended");
  });
});
