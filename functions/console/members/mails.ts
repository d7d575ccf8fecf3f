// Shows the mails to members that would go out, with each person's own values, from what the last look left and the settings' texts.
import type { MailList } from "../../../shared/control.ts";
import { occasions, placeholdersOf, templateOf } from "../../../shared/members/mail-templates.ts";
import { previewOf } from "../../../shared/members/mails.ts";
import type { MembersState } from "../../../shared/members/records.ts";
import type { Hub } from "../../../shared/settings.ts";

export function mailList(of: { hub: Hub; hubName: string; state: MembersState; now: Date }): MailList {
  const { hub, hubName, state } = of;
  const own = hub.members?.mails ?? {};
  return {
    hub: hubName,
    asOf: state.at,
    mails: (state.outgoing ?? []).map((mail) => previewOf(mail, of)),
    templates: occasions.map((occasion) => ({
      occasion,
      ...templateOf(occasion, { hubName, own }),
      placeholders: placeholdersOf(occasion),
    })),
  };
}
