// Classes in simulation: what the team is told of one is so, and in the end has been told where somebody was to be told of.
import { dayOf } from "../../../shared/clock.ts";
import type { EventOf } from "../../../shared/events.ts";
import { ClassesTold, dayAfter, daysLookedAfter, keepClass } from "../../../shared/members/classes.ts";
import { makeHouse } from "../house.ts";
import type { Random } from "../random.ts";
import type { World } from "../world.ts";
import type { Hub } from "./members-hub.ts";
import { hub } from "./settings.ts";

export type Classes = Awaited<ReturnType<typeof classOf>>;
/** Hour from which a class's morning is told of. */
const morningHour = 6;
type Is = (line: string) => boolean;

/** Keeps a class in a part of the worlds: of some who are in the sheet, by login or by name, and of one who is not. */
export async function classOf(world: World, { random, people }: { random: Random; people: Hub }) {
  const on = random.chance(0.3)
    ? dayAfter(dayOf(world.now()), random.pick(0, 1, 3, daysLookedAfter))
    : undefined;
  if (on !== undefined) {
    const { ledger } = makeHouse("console", world, []);
    const of = people.people
      .filter(() => random.chance(0.7))
      .map(({ login, name }) => random.pick(login, name));
    const at = world.now().toISOString();
    const record = {
      v: 1 as const,
      hub,
      on,
      name: "intro",
      people: [...of, "zqabsent-0"],
      by: "console",
      at,
    };
    await world.operate("console", () => keepClass(ledger, record));
  }
  return {
    /** Lists what of a message about a class is not so. */
    wrong({ text }: EventOf<"notice">, { isSo, isSurely }: { isSo: Is; isSurely: Is }): string[] {
      const [, waits = ""] = text.split("have not accepted:\n\n");
      const listed = text.split("\n").filter((line) => line.startsWith("  - "));
      const waiting = waits.split("\n\n")[0]?.split("\n") ?? [];
      return listed.flatMap((line) => {
        const [login = ""] = /zq[a-z]+-\d+/.exec(line) ?? [];
        const isLie = waiting.includes(line)
          ? !isSo(`invited ${login}`)
          : isSurely(`added ${login}`) || isSurely(`invited ${login}`);
        return isLie ? [`the team was told of a class what is not so:${line}`] : [];
      });
    },
    /** Lists what the team was to be told. */
    broken(): string[] {
      if (on === undefined) return [];
      const [record] = world.records(`head/classes/${hub}.json`);
      const { told } = record === undefined ? { told: {} } : ClassesTold.parse(JSON.parse(record.text));
      const isMorning = on === dayOf(world.now()) && world.now().getUTCHours() >= morningHour;
      const when = isMorning ? "morning" : "week";
      return Object.hasOwn(told, `class/${on}/intro/${when}`) || on < dayOf(world.now())
        ? []
        : [`nobody looked after the class on ${on}`];
    },
  };
}
