// `groundcrew mail preview|templates`: the mails to members before they go out, and the texts that they are made of.
import { stringify } from "yaml";
import { answers } from "../../shared/control.ts";
import { occasions, placeholdersOf, templateOf } from "../../shared/members/mail-templates.ts";
import type { MailPreview } from "../../shared/members/mails.ts";
import type { Cli } from "../cli.ts";
import { hubOf, withControl } from "../connect.ts";
import { path } from "../control.ts";
import { type Paint, visible } from "../terminal.ts";
import { startAndWait } from "./run.ts";

/** Looks at sheet and teams without changing anything, and prints each mail that would go out now. */
export function previewMails(cli: Cli): Promise<number> {
  return withControl(cli, async (api) => {
    const hub = await hubOf(cli, api);
    await startAndWait(cli, api, { flow: "sync-members", dryRun: true, hub });
    const { asOf, mails } = await api.get(`${path("members", hub)}/mails`, answers.mails);
    cli.terminal.answer({ hub, asOf, mails }, (paint) =>
      mails.length === 0 ? ["no mail to a member is due"] : mails.flatMap((mail) => linesOf(mail, paint)),
    );
    return 0;
  });
}

const linesOf = (mail: MailPreview, paint: Paint): string[] => [
  `${paint("bold", visible(mail.subject))}`,
  `  to ${visible(mail.to)}; ${mail.occasion}, text: ${mail.template}`,
  ...(mail.notBefore === undefined
    ? []
    : [`  not before ${mail.notBefore}: the row was changed a moment ago`]),
  ...mail.text
    .trimEnd()
    .split("\n")
    .map((line) => paint("dim", `  | ${visible(line)}`)),
  "",
];

/** Prints the texts that come with Groundcrew as they would stand in the settings, with what may stand in braces. */
export function mailTemplates(cli: Cli): number {
  const all = occasions.map((occasion) => {
    const { subject, text } = templateOf(occasion, { hubName: "", own: {} });
    return { occasion, subject, text, placeholders: placeholdersOf(occasion) };
  });
  cli.terminal.answer({ templates: all }, () => [
    "mails: # under hubs.<name>.members; keep what you change",
    ...all.flatMap(({ occasion, subject, text, placeholders }) => [
      ...placeholders.map(({ name, means }) => `  # {${name}}: ${means}`),
      ...stringify({ [occasion]: { subject, text } }, { lineWidth: 0 })
        .trimEnd()
        .split("\n")
        .map((line) => (line === "" ? "" : `  ${line}`)),
    ]),
  ]);
  return 0;
}
