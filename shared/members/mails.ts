// A mail to a member, before it is words: to whom, on which occasion, with which values. The words are made of it and of the settings'
// templates alike for whoever sends it and for whoever wants to see it first.
import * as z from "zod";
import type { EventOf } from "../events.ts";
import type { Hub } from "../settings.ts";
import { wordOr } from "../unknown-fields.ts";
import { filled, type MailTemplates, OccasionName, type Placeholder, templateOf } from "./mail-templates.ts";

export const MemberMail = z.strictObject({
  occasion: wordOr(OccasionName, "corrected"),
  /** Names person and occasion: a key is attempted once, ever. */
  key: z.string(),
  email: z.string(),
  login: z.string().optional(),
  name: z.string().optional(),
  tier: z.string().optional(),
  /** Last days of the membership and of the invitation, YYYY-MM-DD. */
  ends: z.string().optional(),
  until: z.string().optional(),
  days: z.number().int().optional(),
  typed: z.string().optional(),
  /** Says whether another invitation comes by itself. */
  again: z.boolean().optional(),
});
export type MemberMail = z.infer<typeof MemberMail>;

/** Mail that waits until its row has been as it is for long enough. */
export const WaitingMail = MemberMail.extend({ from: z.string() });
export type WaitingMail = z.infer<typeof WaitingMail>;

/** Days before the end of a membership on which people are told; the nearest alone. */
export const daysBeforeEnd = [7, 30] as const;

const mostOfValue = 60;
const cut = (text: string): string => text.replace(/\s+/g, " ").slice(0, mostOfValue).trim();
/** A name as somebody typed it into a form, perhaps for another one's address: nothing in it can become a link. */
const nameOf = (typed: string): string => cut(typed.replace(/[^\p{L}\p{M}\p{Nd} '’-]+/gu, " "));
const typedOf = (typed: string): string => cut(typed.replace(/[^\p{L}\p{M}\p{Nd} '@_-]+/gu, "?"));

function valuesOf(mail: MemberMail, hub: Hub): Record<Placeholder, string> {
  const { name = "", login = "", tier = "", ends, until = "", days = 0, typed = "", again } = mail;
  return {
    name: nameOf(name) || "there",
    login,
    organisation: hub.organisation,
    hub: hub.url,
    link: `https://github.com/orgs/${hub.organisation}/invitation`,
    tier,
    ends: ends ?? "further notice",
    until,
    days: String(days),
    typed: typedOf(typed),
    next:
      again === true
        ? "Another one comes by itself: please accept that one."
        : "No other one comes by itself: if you still want this access, please answer this mail.",
  };
}

type Of = { hub: Hub; hubName: string };

const templatesOf = ({ members }: Hub): MailTemplates => members?.mails ?? {};

/** Makes the notice of a mail. */
export function noticeOf(mail: MemberMail, { hub, hubName }: Of): EventOf<"notice"> {
  const template = templateOf(mail.occasion, { hubName, own: templatesOf(hub) });
  const values = valuesOf(mail, hub);
  return {
    v: 1,
    hub: hubName,
    key: mail.key,
    to: { mail: [mail.email] },
    subject: filled(template.subject, values).slice(0, 200),
    text: filled(template.text, values).slice(0, 20_000),
  };
}

/** Mail as a person is shown it before it goes out. */
export const MailPreview = z.strictObject({
  occasion: OccasionName,
  to: z.string(),
  subject: z.string(),
  text: z.string(),
  /** Setting that its text comes from, or "Groundcrew's own". */
  template: z.string(),
  /** Time before which it does not go out, where its row was changed lately. */
  notBefore: z.string().optional(),
});
export type MailPreview = z.infer<typeof MailPreview>;

/** Shows a mail as it would go out now. */
export function previewOf({ from, ...mail }: WaitingMail, of: Of & { now: Date }): MailPreview {
  const { subject, text } = noticeOf(mail, of);
  const { from: template } = templateOf(mail.occasion, { hubName: of.hubName, own: templatesOf(of.hub) });
  const waits = Date.parse(from) > of.now.getTime();
  return {
    occasion: mail.occasion,
    to: mail.email,
    subject,
    text,
    template,
    ...(waits ? { notBefore: from } : {}),
  };
}
