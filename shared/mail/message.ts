// A mail as the bytes that travel. The same notice gives the same Message-ID, by which a person finds it in the mailbox.
// Nothing in it can add a header: every field is cleaned and each address checked.
import { hash } from "node:crypto";
import * as z from "zod";

export type Mail = {
  /** Name of what it is about; the Message-ID is made of it. */
  key: string;
  to: readonly string[];
  subject: string;
  text: string;
  date: Date;
};

const Address = z.email();

/** The Message-ID of a key: a hash, for a key may name people; short enough for one line, for not everybody unfolds it. */
export const messageId = (key: string): string => `<${hash("sha256", key).slice(0, 40)}@groundcrew>`;

/** Builds the mail (RFC 5322, plain text in UTF-8). */
export async function buildMessage(mail: Mail, sender: string): Promise<Buffer> {
  const { default: MailComposer } = await import("nodemailer/lib/mail-composer");
  // Objects, not strings: nodemailer would read a list out of a string.
  const address = (one: string) => ({ name: "", address: Address.parse(one) });
  return new MailComposer({
    from: address(sender),
    to: z.array(z.string()).min(1).parse(mail.to).map(address),
    subject: mail.subject.replace(/\p{Cc}+/gu, " ").trim(),
    // Lines end with CR LF on the wire; nodemailer leaves them as they are.
    text: mail.text.replace(/\r\n?|\n/g, "\r\n"),
    date: mail.date,
    messageId: messageId(mail.key),
    // Tells vacation responders and lists not to answer (https://www.rfc-editor.org/rfc/rfc3834#section-5).
    headers: { "Auto-Submitted": "auto-generated" },
    textEncoding: "quoted-printable",
    disableFileAccess: true,
    disableUrlAccess: true,
  })
    .compile()
    .build();
}
