// Gathers what a decision needs: the sheet, the teams, and accounts that are new. It decides and changes nothing, and gives
// everything or throws: a decision on half of it would take access from people.
import { hash } from "node:crypto";
import { type Clock, dayIn } from "../../shared/clock.ts";
import type { Recorder } from "../../shared/delivery/recorder.ts";
import type { TeamsRead } from "../../shared/github/people.ts";
import type { ClassRecord } from "../../shared/members/classes.ts";
import type { MembersState } from "../../shared/members/records.ts";
import type { MembersSettings } from "../../shared/members/settings.ts";
import type { SheetRows } from "../../shared/sheets/rows.ts";
import type { Account, Seen } from "./facts.ts";
import { settleIdentities } from "./identity.ts";
import { loginsToLookUp, lower } from "./names.ts";

export type GatherDeps = {
  readSheet: (members: MembersSettings, today: string) => Promise<SheetRows>;
  readTeams: (slugs: string[]) => Promise<TeamsRead>;
  resolveLogins: (logins: string[]) => Promise<Map<string, Account>>;
};

/**
 * Reads the sheet, then GitHub. Gives what is wrong with the sheet as a whole, or "unchanged" where the event only hints at an
 * edit and the sheet says what it said after a finished run. Throws where anything cannot be read whole.
 */
export async function gather(
  of: {
    settings: MembersSettings;
    /** Time zone in which days end. */
    timeZone: string;
    state: MembersState | undefined;
    onlyHint: boolean;
    messageId: string;
    adopt: boolean;
    /** Reads the classes that are near on a day. */
    classesNear: (today: string) => Promise<ClassRecord[]>;
  },
  deps: GatherDeps & { run: Pick<Recorder, "step">; now: Clock },
): Promise<Seen | { problem: string } | "unchanged"> {
  const { settings, timeZone, state, onlyHint } = of;
  const today = dayIn(timeZone, deps.now());
  const { problem, remarks = [], ...sheet } = await deps.readSheet(settings, today);
  // After the read, which may have waited: what it shows is no older than that.
  const now = deps.now();
  if (problem !== undefined) return { problem };
  const { rows, rejected, unreadable } = sheet;
  deps.run.step(`sheet read: good rows ${rows.length}, rejected rows ${rejected.length}`);
  for (const remark of remarks) deps.run.step(remark);
  const digest = digestOf({ rows, rejected, unreadable, members: settings, today });
  if (onlyHint && state?.digest === digest) return "unchanged";
  const github = await deps.readTeams([...new Set(Object.values(settings.tiers))]);
  const adoptingSince = of.adopt ? now.toISOString() : state?.adoptingSince;
  const classes = await of.classesNear(today);
  const facts = { ...sheet, classes, github, state, settings, adoptingSince, today, now };
  const unknown = loginsToLookUp(facts);
  const resolved = unknown.length === 0 ? new Map<string, Account>() : await deps.resolveLogins(unknown);
  deps.run.step("teams read");
  const accounts = new Map([...resolved].map(([login, account]) => [lower(login), account]));
  const settled = settleIdentities({ ...facts, accounts });
  return {
    ...facts,
    rows: settled.rows,
    rejected: [...rejected, ...settled.rejected],
    named: [...sheet.named, ...settled.named],
    unreadable: [...unreadable, ...settled.unreadable],
    accounts,
    digest,
    run: of.messageId,
  };
}

/** Names what is given: 64 letters that change with any part of it. */
export const digestOf = (relevant: unknown): string => hash("sha256", JSON.stringify(relevant));
