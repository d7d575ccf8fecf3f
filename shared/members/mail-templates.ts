// Mails to members: the occasions, the text of each, and the names in it that stand for a person's own values. A team puts its own
// texts into the settings; a name that means nothing there is an error.
import { closest } from "fastest-levenshtein";
import * as z from "zod";
import { keysOf } from "../closed.ts";

/** Meaning of each name. */
const meanings = {
  name: "the person's name",
  login: "their GitHub username",
  organisation: "the organisation",
  hub: "the hub's address",
  link: "the page that accepts the invitation",
  tier: "their tier",
  ends: "the last day of the membership",
  until: "the last day of the invitation",
  days: "days until the membership ends",
  typed: "what stands in the sheet as username",
  next: "what becomes of somebody whose invitation has ended",
} as const;
export type Placeholder = keyof typeof meanings;

const always = ["name", "organisation", "hub"] as const;
const ofMember = [...always, "login", "link", "tier", "ends"] as const;

/** Names that a text may use, by its occasion. */
const allowed = {
  invited: [...ofMember, "until"],
  added: ofMember,
  "tier-changed": ofMember,
  "reminder-3": [...ofMember, "until"],
  "reminder-6": [...ofMember, "until"],
  expired: [...ofMember, "next"],
  "ends-30": [...ofMember, "days"],
  "ends-7": [...ofMember, "days"],
  removed: [...always, "login"],
  "login-mistyped": [...always, "typed"],
  corrected: [...always, "login"],
} as const satisfies Record<string, readonly Placeholder[]>;
export type Occasion = keyof typeof allowed;
export const occasions = keysOf(allowed);
export const OccasionName = z.enum(occasions as [Occasion, ...Occasion[]]);

const Template = z.strictObject({
  subject: z
    .string()
    .min(1)
    .max(150)
    .regex(/^[^\r\n]*$/, "a subject is one line")
    .optional()
    .describe("Instead of the subject that comes with Groundcrew."),
  text: z.string().min(1).max(10_000).optional().describe("Instead of the text that comes with Groundcrew."),
});

const placeholder = /\{([^{}\n]*)\}/g;

/** The setting: texts of a team's own, by occasion. */
export const MailTemplates = z.partialRecord(OccasionName, Template).superRefine((templates, context) => {
  for (const occasion of occasions)
    for (const part of ["subject", "text"] as const)
      for (const message of unknownIn(occasion, templates[occasion]?.[part] ?? ""))
        context.addIssue({ code: "custom", path: [occasion, part], message });
});
export type MailTemplates = z.infer<typeof MailTemplates>;

function unknownIn(occasion: Occasion, text: string): string[] {
  const known: readonly string[] = allowed[occasion];
  return text.split("\n").flatMap((line, index) =>
    [...line.matchAll(placeholder)].flatMap(([whole, name = ""]) => {
      if (known.includes(name)) return [];
      const where = text.includes("\n") ? ` in line ${index + 1} of the text` : "";
      const near = closest(name, [...known]);
      return [`${whole}${where} stands for nothing here; did you mean {${near}}? known: ${namesOf(known)}`];
    }),
  );
}

const namesOf = (known: readonly string[]): string => known.map((name) => `{${name}}`).join(", ");

/** Says which names a text may use and what each means, for whoever writes one. */
export const placeholdersOf = (occasion: Occasion): { name: string; means: string }[] =>
  allowed[occasion].map((name) => ({ name, means: meanings[name] }));

const greeting = "Hello {name},\n\n";
const relogin =
  "if you are logged in there now, log out first: the hub looks at your access only when you log in.";
const accept = `  1. Log in to GitHub as {login}.
  2. Open {link} and press Join.
  3. Open {hub} and log in with GitHub. If you were logged in there before, log out first.
`;
const noAccount = `If "{login}" is not your GitHub account, please answer this mail.\n`;
const goOn = `If you would like to go on, or if this is a mistake, please answer this mail.\n`;
const endsSoon = `${greeting}your membership ({tier}) of {organisation} ends on {ends}, in {days} days. After that day the GitHub account "{login}"
opens {hub} no more. What you want to keep of your home there, please save before.

${goOn}`;
const reminder = `${greeting}the invitation of the GitHub account "{login}" to {organisation} is still open, until {until}. Access to the hub begins when you
accept:

${accept}
${noAccount}`;

/** Texts that come with Groundcrew. */
const texts: Record<Occasion, { subject: string; text: string }> = {
  invited: {
    subject: "Your access to {organisation}: one step is left",
    text: `${greeting}GitHub has invited the account "{login}" to {organisation} ({tier}). Access to the hub begins when you accept, until {until}:

${accept}
Your membership lasts until {ends}.

${noAccount}`,
  },
  added: {
    subject: "Your access to {organisation} has changed",
    text: `${greeting}the GitHub account "{login}" has been given its new access to the hub ({tier}), until {ends}. Open {hub} and log in with
GitHub; ${relogin}
`,
  },
  "tier-changed": {
    subject: "Your access to {organisation} has changed",
    text: `${greeting}the GitHub account "{login}" now has the access of the tier {tier}, until {ends}. Open {hub} and log in with GitHub;
${relogin}

If you did not expect this, please answer this mail.
`,
  },
  "reminder-3": { subject: "Your access to {organisation}: the invitation is still open", text: reminder },
  "reminder-6": { subject: "Your access to {organisation}: the invitation ends on {until}", text: reminder },
  expired: {
    subject: "Your invitation to {organisation} has ended",
    text: `${greeting}the invitation of the GitHub account "{login}" to {organisation} has ended before it was accepted. {next}

${noAccount}`,
  },
  "ends-30": { subject: "Your membership of {organisation} ends on {ends}", text: endsSoon },
  "ends-7": { subject: "Your membership of {organisation} ends in {days} days", text: endsSoon },
  removed: {
    subject: "Your access to {organisation} has ended",
    text: `${greeting}the GitHub account "{login}" has no access to {hub} by {organisation} any more, as its membership has ended.

${goOn}`,
  },
  "login-mistyped": {
    subject: "Your access to {organisation}: which is your GitHub username?",
    text: `${greeting}we have "{typed}" as your GitHub username, and GitHub knows no person of that name, so that we cannot let you in to {hub}.

Please open https://github.com/settings/profile while you are logged in to GitHub, and answer this mail with the name that stands at the
top left. If you have no account yet, https://github.com/signup makes one.
`,
  },
  corrected: {
    subject: "Please disregard our mail about your access to {organisation}",
    text: `${greeting}we wrote to you lately about access of the GitHub account "{login}" to {organisation}. That was a mistake of ours, and has
been taken back; what you had before is as it was. You need not do anything, and we are sorry for the confusion.

If you did expect this access, please answer this mail.
`,
  },
};

/** Gives the text of an occasion, and where it comes from: a setting by its name, or Groundcrew itself. */
export function templateOf(occasion: Occasion, { hubName, own }: { hubName: string; own: MailTemplates }) {
  const { subject, text } = own[occasion] ?? {};
  const mine = subject !== undefined || text !== undefined;
  return {
    subject: subject ?? texts[occasion].subject,
    text: text ?? texts[occasion].text,
    from: mine ? `hubs.${hubName}.members.mails.${occasion}` : "Groundcrew's own",
  };
}

/** Puts values in the place of their names. */
export const filled = (text: string, values: Readonly<Partial<Record<string, string>>>): string =>
  text.replace(placeholder, (_, name: string) => values[name] ?? "");
