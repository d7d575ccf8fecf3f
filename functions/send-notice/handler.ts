// Tells people something, at most once a key. Each attempt is claimed before it is made and its outcome kept after it; a
// claim without an outcome, met again, is a message of which nobody knows whether it went out: a person decides.
import { type Clock, dayOf } from "../../shared/clock.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import { Permanent, transient } from "../../shared/errors.ts";
import type { EventOf } from "../../shared/events.ts";
import type { Service } from "../../shared/failure.ts";
import { continueAt } from "../../shared/flow/continue.ts";
import type { Ledger } from "../../shared/ledger.ts";
import type { Mail } from "../../shared/mail/gmail.ts";
import { type Effect, NoticeClaim, NoticeOutcome } from "../../shared/records.ts";
import { limitsOf } from "../../shared/settings/limits.ts";
import type { Settings } from "../../shared/settings.ts";
import type { Slack } from "../../shared/slack/chat.ts";
import { type Attempts, decide } from "./decide.ts";
import type { MailBudget } from "./mail-budget.ts";

export type SendNoticeDeps = {
  ledger: Ledger;
  mail: Mail;
  /** Budget of mails to people: what goes to the team never waits. */
  mails: MailBudget;
  now: Clock;
  settings: Settings;
  slack: Slack;
};

export async function sendNotice(
  notice: EventOf<"notice">,
  run: Recorder,
  delivery: { messageId: string },
  deps: SendNoticeDeps,
): Promise<Result> {
  const { ledger, now } = deps;
  if (channelOf(notice, deps.settings) === "slack" && deps.settings.team.slack === undefined) {
    run.step("there is no other way to tell the team: the settings name no channel in Slack");
    const title = `told nobody, as there is no Slack: ${notice.subject}`;
    return { outcome: "blocked", title, cause: "no-other-way" };
  }
  const folder = `notices/${notice.hub}/${notice.key}${notice.again === undefined ? "" : `/again-${notice.again}`}`;
  const way = wayOf(notice, folder, deps);
  const verdict = decide(await attempts(ledger, folder), delivery.messageId);
  if (verdict.do === "nothing") {
    run.step(verdict.why);
    return { outcome: "idle" };
  }
  if (verdict.do === "ask") {
    await ledger.create(`${folder}/${verdict.n}-outcome.json`, outcome("unknown", now()));
    throw way.unknown();
  }

  const taken = notice.to === "team" ? "at-hand" : await deps.mails.take(notice.hub);
  if (typeof taken === "object") return usedUp(notice, taken.until, delivery.messageId, deps);
  const claim: NoticeClaim = { v: 1, messageId: delivery.messageId, at: now().toISOString() };
  const giveBack = () => (notice.to === "team" ? undefined : deps.mails.giveBack(notice.hub));
  if ((await ledger.create(`${folder}/${verdict.n}-claim.json`, claim)) === "exists") {
    giveBack();
    throw transient("another delivery has just claimed this notice");
  }
  run.step("claimed: from here on it is attempted once");

  const keep = (what: NoticeOutcome["outcome"]) =>
    ledger.create(`${folder}/${verdict.n}-outcome.json`, outcome(what, now()));
  const sent = await way.send(now()).catch(async (error: unknown) => {
    // Keeps "not-sent", which is certain as send throws: the next attempt may claim anew.
    giveBack();
    await keep("not-sent");
    throw error;
  });
  await keep(sent);
  if (sent === "sent") {
    run.effect(way.effect);
    // Only who took anew from the budget shows that there is something in it.
    const shows = taken === "new-block" ? { subject: people } : {};
    return { outcome: "done", title: `${way.done}: ${notice.subject}`, ...shows };
  }
  if (sent === "unknown") throw way.unknown();
  giveBack();
  throw transient(`${way.service} took nothing; it is tried again`);
}

/** The part of a hub's messages that its budget of mails is about. */
const people = "people";

/** Leaves a mail to wait until the budget begins anew: nothing was claimed, and the team sees one incident for all of them. */
async function usedUp(
  notice: EventOf<"notice">,
  until: Date,
  messageId: string,
  { ledger, settings }: SendNoticeDeps,
): Promise<Result> {
  const { hub } = notice;
  // As what waits for Gmail they go on some a minute, the oldest first.
  const wait = { function: "send-notice", hub, at: until, topic: "notice", event: notice } as const;
  await continueAt(ledger, { ...wait, key: messageId, service: "gmail" });
  const { mailsPerDay } = limitsOf(settings.hubs[hub]);
  const when = `${dayOf(until)} at 00:00 UTC`;
  return {
    outcome: "blocked",
    title: `a mail waits until ${when}: the hub's ${mailsPerDay} a day are used up`,
    cause: "mails-used-up",
    subject: people,
    reason: {
      what: "Mails to people wait: the hub has sent as many as it may in a day",
      why: `limits.mailsPerDay is ${mailsPerDay}, and the rest waits until ${when}`,
      next: "see under Runs whether so many are right; if they are, raise limits.mailsPerDay and deploy, else mend what sends them",
    },
  };
}

type Channel = NonNullable<EventOf<"notice">["by"]>;

/** Gives the way of a notice to its people: the team in Slack where the settings say so, everybody else by mail. */
function channelOf({ to, by }: EventOf<"notice">, { team }: Settings): Channel {
  if (to !== "team") return "mail";
  return by ?? (team.slack === undefined ? "mail" : "slack");
}

/** The services that a notice needs: a limit of Gmail's stops no message in Slack. */
export const needsOf = (notice: EventOf<"notice">, settings: Settings): Service[] =>
  channelOf(notice, settings) === "slack" ? ["slack"] : ["gmail", "google-sign-in"];

type Way = {
  service: string;
  done: string;
  effect: Effect;
  send: (date: Date) => Promise<NoticeOutcome["outcome"]>;
  unknown: () => Permanent;
};

function wayOf(notice: EventOf<"notice">, key: string, { mail, settings, slack }: SendNoticeDeps): Way {
  const { subject, text, link } = notice;
  const channel = settings.team.slack?.channel;
  if (channel !== undefined && channelOf(notice, settings) === "slack")
    return {
      service: "Slack",
      done: "posted to Slack",
      effect: { do: "post", key: notice.key, channel },
      send: () => slack.post(channel, { subject, text, link }),
      unknown: () => unknownOutcome("a message reached Slack", "look into the channel"),
    };
  const to = notice.to === "team" ? settings.team.mail : notice.to.mail;
  return {
    service: "the mail service",
    done: "mail sent",
    effect: { do: "mail", key: notice.key, to: notice.to === "team" ? "team" : "member" },
    send: (date) => mail.send({ key, to, subject, text, date }),
    unknown: () => unknownOutcome("a mail went out", "look into the sent folder of the mail account"),
  };
}

const outcome = (what: NoticeOutcome["outcome"], at: Date): NoticeOutcome => ({
  v: 1,
  outcome: what,
  at: at.toISOString(),
});

const unknownOutcome = (what: string, look: string): Permanent =>
  new Permanent({
    what: `it is not known whether ${what}`,
    why: "the connection, or this program, ended between sending it and the answer",
    next: `${look}; if it is not there, press Send once more under Undelivered`,
  });

/** Reads how often this key was attempted, and the last attempt. A notice is tried for days: only that one is read. */
async function attempts(ledger: Ledger, folder: string): Promise<Attempts> {
  const names = new Set((await ledger.list(`${folder}/`)).map(({ name }) => name.slice(folder.length + 1)));
  let n = 0;
  while (names.has(`${n + 1}-claim.json`)) n += 1;
  const claim = n === 0 ? undefined : await ledger.read(`${folder}/${n}-claim.json`, NoticeClaim);
  if (claim === undefined) return { n: 0, last: undefined };
  const ended = names.has(`${n}-outcome.json`)
    ? await ledger.read(`${folder}/${n}-outcome.json`, NoticeOutcome)
    : undefined;
  const { messageId } = claim.value;
  return { n, last: { messageId, ...(ended === undefined ? {} : { outcome: ended.value.outcome }) } };
}
