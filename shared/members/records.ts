// Records of the members' flow.
import * as z from "zod";
import { Explanation } from "../errors.ts";
import { statusRenamed, Time, version, Waiting } from "../records.ts";
import { TypedRow } from "../sheets/typed.ts";
import { wordOr } from "../unknown-fields.ts";
import { InvitationOutcome } from "./invitations.ts";
import { WaitingMail } from "./mails.ts";

/** A cell of the sheet that cannot be used, as the members' state keeps it. */
export const Rejected = z.strictObject({
  /** A1 address, "C12". */
  cell: z.string(),
  value: z.string(),
  why: z.string(),
  suggestion: z.string().optional(),
  /** The same person has another row: that one counts, or they are to be asked which does. */
  twice: z.enum(["gives-way", "ask"]).optional(),
  /** Login of its row, while the rows that are kept are those of before: a slip waits. */
  login: z.string().optional(),
});
export type Rejected = z.infer<typeof Rejected>;

/** head/forget/<hub>/<time>.json: somebody's wish that a person who has left be forgotten; it goes when that is done. */
export const ForgetRequest = z.strictObject({
  v: version,
  at: Time,
  login: z.string(),
  /** Addresses and names of theirs that no record may tell any more. */
  also: z.array(z.string()),
  /** All that they were found to be known by, written down before the first record that says so is changed. */
  found: z
    .strictObject({
      logins: z.array(z.string()),
      mails: z.array(z.string()),
      names: z.array(z.string()),
      hashes: z.array(z.string()),
    })
    .optional(),
  dryRun: z.literal(true).optional(),
});
export type ForgetRequest = z.infer<typeof ForgetRequest>;

/** Gives where a hub's wishes of that kind lie. */
export const forgetFolder = (hub: string): string => `head/forget/${hub}/`;

/** Status of a person of the sheet: how far they are on the way into their team. */
export const PersonStatus = z.enum([
  "in-team",
  "invited",
  "to-invite",
  "expired",
  "no-such-user",
  "failed-invitation",
  "held",
]);

/** head/members/<hub>.json: what the last run of sync-members saw, and what it still has to tell people. */
export const MembersState = z.strictObject({
  v: version,
  at: Time,
  /** Of the relevant cells: an edit that changes none of them needs no look at GitHub. Absent after an unfinished run. */
  digest: z.string().optional(),
  goodRows: z.number().int(),
  people: z.array(
    statusRenamed(
      z.strictObject({
        login: z.string(),
        email: z.string(),
        name: z.string(),
        tier: z.string(),
        team: z.string(),
        cell: z.string(),
        status: wordOr(PersonStatus, "held"),
        since: Time,
        /** Login of the account now, where its owner has renamed it. */
        renamedTo: z.string().optional(),
        /** Managed teams that they are in, and whether an invitation is live, where the status does not say it. */
        access: z.strictObject({ teams: z.array(z.string()), invited: z.boolean() }).optional(),
      }),
    ),
  ),
  rejected: z.array(Rejected),
  /** Lower-case logins that the sheet has named: only they are ever removed. */
  known: z.record(
    z.string(),
    z.strictObject({
      id: z.number().int().optional(),
      /** Number of invitations that GitHub took, and time of the last. */
      invitations: z.number().int(),
      invitedAt: Time.optional(),
      /** Number of those that ended by themselves: nobody is asked for ever. Records of before do not say. */
      ended: z.number().int().optional(),
      outcome: wordOr(InvitationOutcome, "unknown").optional(),
      outcomeAt: Time.optional(),
      /** Reason why GitHub refused them, where it did; of which team, and when. Records of before have neither. */
      refusal: Explanation.extend({
        cause: z.string(),
        team: z.string().optional(),
        at: Time.optional(),
      }).optional(),
      /** By team: whose doing it is that they are in it, or invited. Only what we gave is ever taken. */
      memberships: z
        .record(
          z.string(),
          z.strictObject({
            how: wordOr(z.enum(["given", "by-hand", "before", "accepted"]), "by-hand"),
            at: Time,
            /** Message that woke the run, and the cell of the row. */
            run: z.string().optional(),
            cell: z.string().optional(),
            absentSince: Time.optional(),
            /** Mail that told somebody of it: an undo corrects it there, whatever address the sheet has by then. */
            mailed: z.strictObject({ key: z.string(), email: z.string() }).optional(),
            /** Teams that they were taken out of for it: whoever is moved back gets these again. */
            instead: z.array(z.string()).optional(),
          }),
        )
        .optional(),
    }),
  ),
  /** People to be told that they were invited or added, written before the act: by login. */
  announce: z.record(
    z.string(),
    z.strictObject({
      key: z.string(),
      email: z.string(),
      team: z.string(),
      /** Team that they had before, and time from which they are told of the change. */
      was: z.string().optional(),
      from: Time.optional(),
      /** The sheet has another address beside them now and is not trusted to: nobody is told meanwhile. */
      disputed: z.literal(true).optional(),
    }),
  ),
  /** Rows that were first seen as they are a short while ago, by a digest of what is typed, and time at which that was first noted. */
  fresh: z.strictObject({ since: Time, rows: z.record(z.string(), Time) }).optional(),
  /** People whose access ends, by login, with the address for the mail on it: kept a day longer, for it may have to be corrected. */
  partings: z
    .record(
      z.string(),
      z.strictObject({
        email: z.string(),
        name: z.string(),
        since: Time,
        /** Time at which it was written down that their access is taken now. */
        gone: Time.optional(),
        told: z.strictObject({ key: z.string(), at: Time }).optional(),
      }),
    )
    .optional(),
  /** Mails that are due and were handed over, by key; and those that have still to go out, or would. */
  told: z.array(z.string()).optional(),
  outgoing: z.array(WaitingMail).optional(),
  /** Members of managed teams that the sheet has never named, or who were put there by hand: reported, left alone. */
  unmanaged: z.array(
    z.strictObject({
      login: z.string(),
      team: z.string(),
      how: wordOr(z.enum(["by-hand", "before"]), "by-hand").optional(),
    }),
  ),
  /** Time since which it is known whose doing a membership is. */
  provenanceSince: Time.optional(),
  /** Time at which a person asked that whom the sheet lists be marked as given by us. */
  adoptingSince: Time.optional(),
  /** Numbers of the accounts that are protected, by lower-case login: they may rename themselves. */
  protectedIds: z.record(z.string(), z.number().int()).optional(),
  /** Access that the sheet no longer gives and that stays: because it is not ours to take, or is only reported. */
  reported: z
    .array(
      z.strictObject({
        login: z.string(),
        team: z.string(),
        do: z.string(),
        why: z.string(),
        because: z.string(),
      }),
    )
    .optional(),
  /** Others in a managed team, or invited to the organisation, who stand in no good row: nothing is done about them. */
  others: z
    .array(
      z.strictObject({
        /** An invitation may have gone to an address of which no account is known. */
        login: z.string().optional(),
        email: z.string().optional(),
        team: z.string().optional(),
        invitedAt: Time.optional(),
        /** Login by which the sheet knew them, where the account has been renamed. */
        before: z.string().optional(),
      }),
    )
    .optional(),
  /** Time since which the sheet takes something away, by the change: it must go on doing so. */
  leaving: z.record(z.string(), Time).optional(),
  /** Time at which something was taken away unasked, by the change, of the last days. */
  removed: z.record(z.string(), Time).optional(),
  /** Rows as they were last read without a doubt: the pairing of address, login, name and tier. */
  pairings: z.array(TypedRow).optional(),
  /** Time at which somebody's pairing was changed unasked, who was moved up or came back, of the last day. */
  changes: z.record(z.string(), Time).optional(),
  /** Most good rows of each of the last days. */
  rowsOfDays: z.record(z.string(), z.number().int()).optional(),
  /** Reason why all who were last asked were refused: so until somebody is let in, or nobody is left to be asked. */
  nobodyLetIn: Explanation.optional(),
  /** Name of that cause, where it is the organisation's. */
  nobodyLetInCause: z.string().optional(),
  /** Changes of runs that a person has undone: while the sheet still asks for one, it waits for a person's word. */
  undone: z
    .array(
      z.strictObject({
        /** Id of the run that was undone, and when it began. */
        run: z.string(),
        ranAt: Time,
        at: Time,
        /** Lower-case login, and what the run did to them. */
        login: z.string(),
        did: wordOr(z.enum(["let-in", "taken-out"]), "taken-out"),
        team: z.string(),
        /** Written down, and not yet done as far as is known. */
        pending: z.literal(true).optional(),
        /** Mail of the run that is to be corrected, until it is. */
        mail: z.strictObject({ key: z.string(), email: z.string() }).optional(),
        /** Time at which the sheet asked for it no more, or a person let it be done after all. */
        over: Time.optional(),
      }),
    )
    .optional(),
  /** Lower-case logins that wait for an invitation because it is kept for a class: which one. */
  keptBack: z.record(z.string(), z.string()).optional(),
  waiting: Waiting.optional(),
});
export type MembersState = z.infer<typeof MembersState>;
