// The folder of sent mails. The file comes first, then the row, then the answer: killed in between, the mail is there and
// its sender does not know it, as it would be at Gmail's.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import type { Clock } from "../../shared/clock.ts";
import type { State } from "../wire/state.ts";

export type Mailbox = {
  recipientsOfLastDay: () => number;
  /** Stores a mail and gives its id. */
  keep: (mail: {
    bytes: Buffer;
    subject: string;
    messageId?: string | undefined;
    recipients: number;
  }) => string;
};

const dayMs = 86_400_000;

export function mailbox(options: { state: State; folder: string; now: Clock }): Mailbox {
  const { state, folder, now } = options;
  state.exec(
    "CREATE TABLE IF NOT EXISTS google_mail (id TEXT PRIMARY KEY, message_id TEXT NOT NULL, at INTEGER NOT NULL, recipients INTEGER NOT NULL, file TEXT NOT NULL)",
  );
  const insert = state.prepare("INSERT INTO google_mail VALUES (?, ?, ?, ?, ?)");
  const sum = state.prepare(
    "SELECT coalesce(sum(recipients), 0) AS recipients FROM google_mail WHERE at > ?",
  );

  return {
    recipientsOfLastDay: () =>
      z.object({ recipients: z.number() }).parse(sum.get(now().getTime() - dayMs)).recipients,
    keep({ bytes, subject, messageId, recipients }) {
      const at = now();
      const identity = messageId ?? `<${hash(bytes)}@mail.gmail.com>`;
      mkdirSync(folder, { recursive: true });
      const file = freeName(
        folder,
        `${stamp(at)}-${slug(subject)}-${hash(Buffer.from(identity)).slice(0, 8)}`,
      );
      const draft = join(folder, `.${file}.new`);
      const id = hash(Buffer.from(file)).slice(0, 16);
      try {
        writeFileSync(draft, bytes);
        renameSync(draft, join(folder, file));
        insert.run(id, identity, at.getTime(), recipients, file);
      } catch (error) {
        // Its sender hears that it was not taken, and sends it once more.
        for (const path of [draft, join(folder, file)]) rmSync(path, { force: true });
        throw error;
      }
      return id;
    },
  };
}

/** Two mails of one Message-ID in one millisecond are two mails: neither may hide the other. */
function freeName(folder: string, name: string): string {
  for (let copy = 1; ; copy += 1) {
    const file = `${name}${copy === 1 ? "" : `-${copy}`}.eml`;
    if (!existsSync(join(folder, file))) return file;
  }
}

/** 20261121T034249123Z: sorts by time, and is a file's name everywhere. */
const stamp = (at: Date): string => at.toISOString().replace(/[-:.]/g, "");

function slug(subject: string): string {
  const words =
    subject
      .normalize("NFKD")
      .toLowerCase()
      .replace(/\p{Mn}/gu, "")
      .match(/[a-z0-9]+/g) ?? [];
  return words.join("-").slice(0, 50).replace(/-$/, "") || "mail";
}

const hash = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");
