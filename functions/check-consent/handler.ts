// Asks once a day whether Google still signs the mail account in, though nobody is to be told anything: else a consent that ended shows
// with the first mail that does not go out. It sends nothing.
import { type Clock, dayMs, dayOf } from "../../shared/clock.ts";
import type { Recorder, Result } from "../../shared/delivery/recorder.ts";
import { untilSwapped } from "../../shared/flow/swap.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { Consent, consentAheadDays, consentName } from "../../shared/records.ts";

type Deps = {
  ledger: Ledger;
  now: Clock;
  /** Gives when the consent ends, where Google says it; throws where the account is not signed in. */
  signIn: () => Promise<{ ends?: Date }>;
};

export async function checkConsent(run: Recorder, { ledger, now, signIn }: Deps): Promise<Result> {
  const { ends } = await signIn();
  run.step("Google has signed the mail account in");
  const at = now();
  const consent: Consent = {
    v: 1,
    at: at.toISOString(),
    ...(ends === undefined ? {} : { ends: ends.toISOString() }),
  };
  await untilSwapped(async () => {
    const before = await ledger.read(consentName, Consent);
    const swapped = await ledger.swap(consentName, consent, before?.generation ?? "0");
    return swapped === "changed" ? "overtaken" : swapped;
  }, "the answer of the sign-in is being written by another delivery");
  if (ends === undefined || ends.getTime() - at.getTime() > consentAheadDays * dayMs)
    return { outcome: "done", title: "the mail account is signed in" };
  const when = dayOf(ends);
  return {
    outcome: "blocked",
    title: `the mail account's consent ends on ${when}`,
    cause: "consent-ends",
    reason: {
      what: `From ${when} on no mail can be sent`,
      why: "the consent by which Groundcrew sends as the mail account was given for a time",
      next: "sign the mail account in once more, without an end, and store the new secret gmail-oauth (docs/deploy.md, Gmail)",
    },
  };
}
