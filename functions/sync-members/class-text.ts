// Messages to the team about a class. They have names, for that is what they are asked for, and no addresses.
import type { EventOf } from "../../shared/events.ts";
import { type ClassRecord, classTitle } from "../../shared/members/classes.ts";
import type { Amiss, Attendance } from "./class-attendance.ts";

type Notice = EventOf<"notice">;
type Told = { hub: string; key: string; of: ClassRecord; attendance: Attendance };

/** People whom a message names; the page has the others. */
const mostNamed = 40;
/** Letters of what somebody typed, in a message. */
const mostLetters = 120;

/** To the team, in the week before: what is amiss, while there is time to mend it. */
export function classWeekNotice({ hub, key, of, attendance }: Told): Notice {
  const { people, in: inside, invited, others } = attendance;
  return {
    v: 1,
    hub,
    key,
    to: "team",
    subject: `${hub}: ${others.length} of ${people} people of a class need you`,
    text: `Hello,

of the ${people} people of the class ${classTitle(of)}, ${inside} are in, ${invited.length} are invited, and those below are neither, or it is not sure
who they are. Correct their rows in the sheet, or add them; where the list is wrong, give the corrected one again for the same
day and name. Until the day as many invitations as they need are kept for them.

${lookAt(of, hub)}

${listed(others.map(amissLine))}`,
  };
}

/** To the team, on the morning: who is not in. */
export function classMorningNotice({ hub, key, of, attendance }: Told): Notice {
  const { people, in: inside, invited, others } = attendance;
  const waits = invited.length === 0 ? "" : `Invited, and have not accepted:\n\n${listed(invited)}`;
  const amiss =
    others.length === 0
      ? ""
      : `Neither in nor invited, or it is not sure who they are:\n\n${listed(others.map(amissLine))}`;
  return {
    v: 1,
    hub,
    key,
    to: "team",
    subject: `${hub}: ${invited.length + others.length} of ${people} people of today's class are not in`,
    text: `Hello,

today is the class ${classTitle(of)}. Of its ${people} people ${inside} are in. Whoever is invited logs in to GitHub, presses Join on the
page of the invitation, and only then opens the hub. The others need a row, or theirs corrected.

${lookAt(of, hub)}

${[waits, amiss].filter((part) => part !== "").join("\n")}`,
  };
}

const amissLine = ({ who, why }: Amiss): string => `${short(who)}: ${why}`;
const short = (text: string): string => (text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text);

const listed = (lines: readonly string[]): string =>
  [
    ...lines.slice(0, mostNamed).map((line) => `  - ${line}\n`),
    ...(lines.length > mostNamed ? [`  and ${lines.length - mostNamed} more\n`] : []),
  ].join("");

const lookAt = ({ on, name }: ClassRecord, hub: string): string =>
  `A light for each person is on the console, Members, Classes,
or type

  npx groundcrew members class --on ${on} --name ${name} --hub ${hub}`;
