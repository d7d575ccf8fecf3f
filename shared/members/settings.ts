// The members' part of groundcrew.yaml: the sheet, its columns, tiers and teams, and within what limits anything is done.
import * as z from "zod";
import { loginForm } from "../github/login-form.ts";
import { MailTemplates } from "./mail-templates.ts";

/** However long people go on editing, a look follows the first of their edits after so many seconds. */
export const longestQuietSeconds = 120;
const Slug = z.string().regex(/^[a-z0-9][a-z0-9_-]{0,99}$/, "a team's slug is of a-z, 0-9, - and _");
const Login = z.string().regex(loginForm, "not a GitHub login");

/** The columns of the sheet that are read, by what they mean. What each is read as: sheets/rows.ts; which a sheet may lack: sheets/headings.ts. */
export const Columns = z.strictObject({
  login: z.string().default("GitHub username").describe("Who they are on GitHub."),
  email: z.string().default("Email").describe("Where mails go; without the column: nobody is mailed."),
  name: z
    .string()
    .default("Name")
    .describe("Tells people who share an address apart; the sheet may lack it."),
  tier: z.string().default("Membership tier").describe("One of the tiers below."),
  expires: z
    .string()
    .default("Membership expires")
    .describe("The last day; empty, or without the column: never."),
});
export type Column = keyof z.infer<typeof Columns>;

/** The columns of a form's responses that are read. */
const ApplicationColumns = z.strictObject({
  appliedAt: z.string().default("Timestamp").describe("When they applied, as the form writes it."),
  login: z.string().default("GitHub username").describe("Who they are on GitHub."),
  email: z.string().default("Email address").describe("The address with which they applied."),
  name: z.string().default("Name").describe("What they are called."),
});

export const MembersSettings = z
  .strictObject({
    spreadsheet: z
      .string()
      .regex(/^[\w-]{10,100}$/)
      .describe("The id in the sheet's address, between /d/ and /edit."),
    status: z
      .strictObject({
        spreadsheet: z
          .string()
          .regex(/^[\w-]{10,100}$/)
          .describe("The id in its address, between /d/ and /edit; no sheet of members."),
        gid: z
          .number()
          .int()
          .min(0)
          .default(0)
          .describe("The number of its tab, behind gid= in the address. The tab is written over."),
      })
      .optional()
      .describe(
        "A spreadsheet of its own, shared as Editor with sync-members, that says how it stands with each row of the sheet.",
      ),
    applications: z
      .strictObject({
        spreadsheet: z
          .string()
          .regex(/^[\w-]{10,100}$/)
          .describe("The id in its address, between /d/ and /edit."),
        tab: z
          .string()
          .min(1)
          .max(100)
          .default("Form Responses 1")
          .describe("The tab that the form writes into."),
        columns: ApplicationColumns.prefault({}).describe(
          "The headings of its first row, which are the form's questions. Hints in brackets and behind a colon do not matter.",
        ),
      })
      .optional()
      .describe(
        "The responses of the application form, shared as Viewer with console: *Who can't log in?* and the lights of a class say who has applied and is not entered in the member sheet yet.",
      ),
    tab: z.string().min(1).max(100).default("Members").describe("The tab that holds the members."),
    columns: Columns.prefault({}).describe(
      "The sheet's headings. Hints in brackets and behind a colon do not matter.",
    ),
    tiers: z
      .record(z.string().min(1), Slug)
      .describe(
        "Which tier gets which GitHub team, from the weakest tier to the strongest. Only these teams are ever touched.",
      ),
    mustEnd: z
      .array(z.string())
      .default([])
      .describe("Tiers whose memberships must end: a row of theirs without a last day is asked about."),
    protected: z.array(Login).default([]).describe("Logins that are never removed, whatever the sheet says."),
    removals: z
      .enum(["report", "apply"])
      .default("report")
      .describe(
        "report: nobody loses access or an invitation, and whom the sheet no longer lists is named. apply: what Groundcrew itself gave is taken back, within the limits below.",
      ),
    removalGraceHours: z
      .number()
      .int()
      .min(0)
      .max(720)
      .default(24)
      .describe(
        "How long the sheet must go on saying so before anything is taken away; two reads must agree in any case.",
      ),
    holdRemovals: z
      .strictObject({
        above: z
          .number()
          .int()
          .min(0)
          .default(3)
          .describe("Up to this many removals of a team in a run go through unasked."),
        share: z
          .number()
          .min(0)
          .max(1)
          .default(0.05)
          .describe("Or up to this share of the people in the team."),
      })
      .prefault({})
      .describe(
        "More removals than the larger of the two wait for a person's approval, and so do those beyond 10 in 24 hours or 20 in 7 days; additions go through.",
      ),
    shrunkBelow: z
      .number()
      .min(0)
      .max(1)
      .default(0.8)
      .describe(
        "A sheet with fewer good rows than this share of the most in 7 days is taken for damaged: nothing is removed.",
      ),
    quietSeconds: z
      .number()
      .int()
      .min(0)
      .max(longestQuietSeconds)
      .default(20)
      .describe(
        `After the last edit, wait this long before acting, and ${longestQuietSeconds} seconds after the first one at most: a burst of edits is then one run.`,
      ),
    writeSpacingSeconds: z
      .number()
      .min(0)
      .max(60)
      .default(1)
      .describe("Between two writes to GitHub, which asks for one second."),
    invitationsPerDay: z
      .number()
      .int()
      .min(1)
      .max(500)
      .default(450)
      .describe("GitHub allows 500 in 24 hours (50 to a new organisation)."),
    approvalHours: z.number().int().min(1).max(168).default(24).describe("How long an approval counts."),
    mails: MailTemplates.optional().describe(
      "Texts of mails to members in place of Groundcrew's own, by occasion: `groundcrew mail templates` prints all of them, with the names in braces that stand for each person's values; `groundcrew mail preview` shows what would go out.",
    ),
  })
  .refine(({ tiers, mustEnd }) => mustEnd.every((tier) => Object.hasOwn(tiers, tier)), {
    path: ["mustEnd"],
    error: "names a tier that is none of `tiers`",
  });
export type MembersSettings = z.infer<typeof MembersSettings>;
export type ApplicationSettings = NonNullable<MembersSettings["applications"]>;
