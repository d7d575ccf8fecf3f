// Tells people something, at most once a key. Each attempt is claimed before it is made and its outcome kept after it; a
// claim without an outcome, met again, is a mail of which nobody knows whether it went out: a person decides.
import type { Clock } from "../../shared/clock.ts";
import { Permanent, passing } from "../../shared/errors.ts";
import type { EventOf } from "../../shared/events.ts";
import type { Ledger } from "../../shared/ledger.ts";
import type { Mail } from "../../shared/mail/gmail.ts";
import { NoticeClaim, NoticeOutcome } from "../../shared/records.ts";
import type { Result, RunBook } from "../../shared/run-book.ts";
import type { Settings } from "../../shared/settings.ts";
import { type Attempt, decide } from "./decide.ts";

export type SendNoticeDeps = { ledger: Ledger; mail: Mail; now: Clock; settings: Settings };

export async function sendNotice(
  notice: EventOf<"notice">,
  run: RunBook,
  delivery: { messageId: string },
  { ledger, mail, now, settings }: SendNoticeDeps,
): Promise<Result> {
  const folder = `notices/${notice.hub}/${notice.key}${notice.again === undefined ? "" : `/again-${notice.again}`}`;
  const verdict = decide(await attempts(ledger, folder), delivery.messageId);
  if (verdict.do === "nothing") {
    run.step(verdict.why);
    return { outcome: "idle" };
  }
  if (verdict.do === "ask") {
    await ledger.create(`${folder}/${verdict.n}-outcome.json`, outcome("unknown", now()));
    throw unknownOutcome();
  }

  const claim: NoticeClaim = { v: 1, messageId: delivery.messageId, at: now().toISOString() };
  if ((await ledger.create(`${folder}/${verdict.n}-claim.json`, claim)) === "exists")
    throw passing("another delivery has just claimed this notice");
  run.step("claimed: from here on it is attempted once");

  const to = notice.to === "team" ? settings.team.mail : notice.to.mail;
  const message = { key: folder, to, subject: notice.subject, text: notice.text, date: now() };
  const keep = (what: NoticeOutcome["outcome"]) =>
    ledger.create(`${folder}/${verdict.n}-outcome.json`, outcome(what, now()));
  const sent = await mail.send(message).catch(async (error: unknown) => {
    // What send throws was certainly not sent: the next attempt may claim anew.
    await keep("not-sent");
    throw error;
  });
  await keep(sent);
  if (sent === "sent") {
    run.effect({ do: "mail", key: notice.key, to: notice.to === "team" ? "team" : "member" });
    return { outcome: "done", title: `mail sent: ${notice.subject}` };
  }
  if (sent === "unknown") throw unknownOutcome();
  throw passing("the mail service took nothing; it is tried again");
}

const outcome = (what: NoticeOutcome["outcome"], at: Date): NoticeOutcome => ({
  v: 1,
  outcome: what,
  at: at.toISOString(),
});

const unknownOutcome = (): Permanent =>
  new Permanent({
    what: "it is not known whether a mail went out",
    why: "the connection, or this program, ended between sending it and the answer",
    next: "look into the sent folder of the mail account; if it is not there, press Send once more under Undelivered",
  });

/** What is known of this key, oldest attempt first. */
async function attempts(ledger: Ledger, folder: string): Promise<Attempt[]> {
  const names = new Set((await ledger.list(`${folder}/`)).map(({ name }) => name.slice(folder.length + 1)));
  const found: Attempt[] = [];
  for (let n = 1; names.has(`${n}-claim.json`); n += 1) {
    const claim = await ledger.read(`${folder}/${n}-claim.json`, NoticeClaim);
    const ended = names.has(`${n}-outcome.json`)
      ? await ledger.read(`${folder}/${n}-outcome.json`, NoticeOutcome)
      : undefined;
    if (claim === undefined) break;
    found.push({
      messageId: claim.value.messageId,
      ...(ended === undefined ? {} : { outcome: ended.value.outcome }),
    });
  }
  return found;
}
