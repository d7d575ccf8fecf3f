// Harness of send-notice's tests: the real ledger, the real Gmail client over Google's far end into a folder, and
// deliveries that can be cut off at any call.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { needsOf, type SendNoticeDeps, sendNotice } from "../../../functions/send-notice/handler.ts";
import { type MailBudget, mailBudget } from "../../../functions/send-notice/mail-budget.ts";
import { googleFarEnd } from "../../../local/google/far-end.ts";
import { slackFarEnd } from "../../../local/slack/far-end.ts";
import { readLines } from "../../../local/slack/log.ts";
import { serveFarEnd } from "../../../local/wire/far-end.ts";
import { identities } from "../../../local/wire/identity.ts";
import { openRun } from "../../../shared/delivery/recorder.ts";
import { events } from "../../../shared/events.ts";
import { budgetStore } from "../../../shared/flow/budget-store.ts";
import { gmail } from "../../../shared/mail/gmail.ts";
import type { Settings } from "../../../shared/settings.ts";
import { slackChat } from "../../../shared/slack/chat.ts";
import { settingsOf } from "../../local/sample/sample-settings.ts";
import { patienceMs } from "../../patience.ts";
import { project } from "../../shared/delivery/receive-harness.ts";
import { flowHarness } from "../flow-harness.ts";

const account = "hub@example.org";
const grant = { clientId: "client", clientSecret: "secret-of-client", refreshToken: "1//refresh" };

export const settings = settingsOf({
  project,
  team: { mail: ["crew@example.org", "second@example.org"], sender: account },
});

/** The same team, with a channel in Slack. */
export const withSlack: Settings = {
  ...settings,
  team: { ...settings.team, slack: { channel: "C0TEAMTEAM" } },
};
const slackToken = "xoxb-of-the-team";

export const noticeOf = (key: string, changed: object = {}) => ({
  v: 1,
  hub: "prod",
  key,
  to: { mail: ["ada@example.org"] },
  subject: "Welcome",
  text: "You are in.",
  ...changed,
});

export async function noticeHarness() {
  const harness = await flowHarness("send-notice");
  const { clock } = harness;
  const mailbox = join(harness.folder, "mailbox");
  const google = googleFarEnd({
    state: harness.state,
    identities: identities({ state: harness.state, project }),
    faults: harness.faults,
    clock,
    random: () => 0.5,
    sheets: {},
    mailbox: { folder: mailbox, account, oauth: grant },
  });
  const served = await serveFarEnd(google);
  const slackLog = join(harness.folder, "slack.log");
  const slack = slackFarEnd({
    state: harness.state,
    faults: harness.faults,
    now: clock.now,
    file: slackLog,
    channels: [{ id: "C0TEAMTEAM" }],
    token: () => slackToken,
  });
  const servedSlack = await serveFarEnd(slack);
  const chat = slackChat({
    endpoints: { slack: servedSlack.url },
    token: async () => slackToken,
    timeoutMs: patienceMs,
  });
  let refreshToken = grant.refreshToken;
  const mail = gmail({
    endpoints: { google: served.url },
    oauth: async () =>
      JSON.stringify({
        client_id: grant.clientId,
        client_secret: grant.clientSecret,
        refresh_token: refreshToken,
      }),
    sender: account,
  });
  let instances = 0;
  /** The budget as a process of its own has it. */
  const mailsBy = (by: Settings) => {
    const { ledger } = harness.deps;
    const budgets = budgetStore({ ledger, now: clock.now, random: () => 0.5, pause: async () => undefined });
    instances += 1;
    return mailBudget({ budgets, now: clock.now, settings: by, instance: `instance ${instances}` });
  };
  const deps: SendNoticeDeps = {
    ledger: harness.deps.ledger,
    mail,
    mails: mailsBy(settings),
    now: clock.now,
    settings,
    slack: chat,
  };

  return {
    ...harness,
    deps,
    mailsBy,
    google,
    slack,
    /** Signs the mail account out, or in again. */
    signIn: (signedIn: boolean) => {
      refreshToken = signedIn ? grant.refreshToken : "1//revoked";
    },
    mails: (): string[] =>
      existsSync(mailbox)
        ? readdirSync(mailbox)
            .sort()
            .map((file) => readFileSync(join(mailbox, file), "utf8"))
        : [],
    /** Lists what the team has read in Slack, oldest first. */
    posts: (): string[] =>
      readLines(slackLog, 1000)
        .posts.map(({ text }) => text)
        .reverse(),
    /** One push to the worker, as Pub/Sub would. */
    async deliver(
      notice: object,
      id: string,
      attempt = 1,
      by: Settings = settings,
      mails: MailBudget = deps.mails,
    ) {
      const { status } = await harness.deliver(
        (event, run, delivery) => sendNotice(event, run, delivery, { ...deps, mails, settings: by }),
        notice,
        { id, attempt, by: { needs: (event) => needsOf(event, by) } },
      );
      return { status };
    },
    /** A delivery whose process dies at its n-th call to anything outside, before or after that call did its work. */
    async dieAt(
      notice: object,
      id: string,
      n: number,
      when: "before" | "after",
      by = settings,
    ): Promise<void> {
      const event = events.notice.parse(notice);
      const run = openRun(
        "send-notice",
        { messageId: id, attempt: 1, event: "notice", payload: event },
        deps,
      );
      await sendNotice(event, run, { messageId: id }, mortal({ ...deps, settings: by }, n, when)).catch(
        () => undefined,
      );
    },
    async close(): Promise<void> {
      await served.close();
      await servedSlack.close();
      await harness.close();
    },
  };
}

/** From its n-th call on everything fails: that is how a killed process looks to the world. */
function mortal(deps: SendNoticeDeps, n: number, when: "before" | "after"): SendNoticeDeps {
  let calls = 0;
  async function call<T>(work: () => Promise<T>): Promise<T> {
    calls += 1;
    if (calls > n || (calls === n && when === "before")) throw new Error("killed");
    const result = await work();
    if (calls >= n) throw new Error("killed");
    return result;
  }
  const { ledger, mail, slack } = deps;
  return {
    ...deps,
    mail: { send: (message) => call(() => mail.send(message)) },
    slack: { post: (...given) => call(() => slack.post(...given)) },
    ledger: {
      create: (...given) => call(() => ledger.create(...given)),
      read: (name, schema) => call(() => ledger.read(name, schema)),
      swap: (...given) => call(() => ledger.swap(...given)),
      remove: (...given) => call(() => ledger.remove(...given)),
      list: (...given) => call(() => ledger.list(...given)),
    },
  };
}
