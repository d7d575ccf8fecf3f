// Tells the team of a class: once in the week before its day what is amiss, and on its morning who is not in. What was told is written
// down after it is published: who dies in between publishes the same key again, which goes out once.
import type { Publish } from "../../shared/bus/publish.ts";
import { type Clock, dayIn, hourIn } from "../../shared/clock.ts";
import { remember } from "../../shared/flow/state.ts";
import type { Ledger } from "../../shared/ledger.ts";
import { ClassesTold, type ClassRecord } from "../../shared/members/classes.ts";
import type { MembersState } from "../../shared/members/records.ts";
import { type Surroundings, surroundingsOf } from "../../shared/members/standing.ts";
import type { Hub } from "../../shared/settings.ts";
import { type Attendance, attendanceOf } from "./class-attendance.ts";
import { classMorningNotice, classWeekNotice } from "./class-text.ts";
import { isLookedAfter } from "./classes.ts";

/** Hour at the hub from which it is morning. */
const morningHour = 6;

type Occasion = { of: ClassRecord; when: "week" | "morning"; key: string };

/** Gives what of the classes is to be told now. What is late is told as long as it is of use: on the day itself the morning's alone. */
export function dueOccasions(
  classes: readonly ClassRecord[],
  told: ClassesTold["told"],
  at: { today: string; hour: number },
): Occasion[] {
  return classes
    .filter((one) => isLookedAfter(one, at.today) && (one.on > at.today || at.hour >= morningHour))
    .map((of): Occasion => {
      const when = of.on > at.today ? "week" : "morning";
      return { of, when, key: `class/${of.on}/${of.name}/${when}` };
    })
    .filter(({ key }) => !Object.hasOwn(told, key));
}

/** Tells of it, unless nobody has to do anything: that is not told later, either. */
export async function tellOfClasses(
  {
    event: { hub: hubName },
    hub,
    deps,
  }: {
    event: { hub: string };
    hub: Hub;
    deps: { ledger: Ledger; publish: Publish; now: Clock };
  },
  {
    classes = [],
    state,
    held,
  }: {
    classes?: readonly ClassRecord[] | undefined;
    state: MembersState | undefined;
    held: Surroundings["held"];
  },
): Promise<void> {
  if (classes.length === 0 || state === undefined) return;
  const now = deps.now();
  const [today, hour] = [dayIn(hub.timeZone, now), hourIn(hub.timeZone, now)];
  const memory = await remember(deps.ledger, `head/classes/${hubName}.json`, ClassesTold);
  const told = memory.value()?.told ?? {};
  const due = dueOccasions(classes, told, { today, hour });
  if (due.length === 0) return;
  const looked = { ...surroundingsOf(hub, held), hubName, state };
  for (const { of, when, key } of due) {
    const attendance = attendanceOf(of, looked);
    if (!needsSomebody(attendance, when)) continue;
    const write = when === "week" ? classWeekNotice : classMorningNotice;
    await deps.publish("notice", write({ hub: hubName, key, of, attendance }));
  }
  const at = now.toISOString();
  const kept = Object.entries(told).filter(([, { on }]) => on >= today);
  const fresh = due.map(({ key, of: { on } }) => [key, { on, at }] as const);
  await memory.keep({ v: 1, at, told: Object.fromEntries([...kept, ...fresh]) });
}

/** A week ahead nothing has to be done about whoever was invited: they have time to accept. */
const needsSomebody = ({ invited, others }: Attendance, when: Occasion["when"]): boolean =>
  others.length > 0 || (when === "morning" && invited.length > 0);
