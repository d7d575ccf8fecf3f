// `groundcrew world weather`: lets a vendor's service have bad weather by name, on the sample hub. The clock ends it.
import { spells } from "../../local/wire/spells.ts";
import { keysOf } from "../../shared/closed.ts";
import { answers } from "../../shared/control.ts";
import { parseDuration } from "../../shared/duration.ts";
import type { Cli } from "../cli.ts";
import { withControl } from "../connect.ts";
import { World } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { timeOf } from "../run-lines.ts";
import { stop, unknownWord } from "../stop.ts";
import { table, visible } from "../terminal.ts";

export type WeatherOptions = { for?: string; clear?: boolean };

/** Begins a spell of weather, ends all, or, without anything, lists what there is. */
export async function changeWeather(
  cli: Cli,
  name: string | undefined,
  options: WeatherOptions,
): Promise<number> {
  const spell = keysOf(spells).find((known) => known === name);
  if (name !== undefined && spell === undefined) throw await unknownWord("weather", name, keysOf(spells));
  const forMs = options.for === undefined ? undefined : parseDuration(options.for);
  if (options.for !== undefined && (forMs === undefined || forMs === 0))
    throw stop(
      exitCodes.usage,
      `"${options.for}" is no span of time`,
      "it is numbers with d, h, m, s or ms",
      "for example: groundcrew world weather github-down --for 40m",
    );
  if ((options.clear === true && spell !== undefined) || (options.for !== undefined && spell === undefined))
    throw stop(
      exitCodes.usage,
      "the weather did not change",
      "--clear ends all weather and takes no name, --for needs one",
      "see groundcrew world weather --help",
    );
  return withControl(
    cli,
    async (api) => {
      if (options.clear === true) await api.remove("/world/weather", answers.done);
      if (spell !== undefined) {
        const length = forMs === undefined ? {} : { forSeconds: forMs / 1000 };
        await api.post("/world/weather", { name: spell, ...length }, answers.done);
      }
      const { weather } = await api.get("/world", World);
      const reigns = new Map(weather.map((each) => [each.name, each.until]));
      const listed = keysOf(spells).filter(
        (each) => reigns.has(each) || (name ?? options.clear) === undefined,
      );
      cli.terminal.answer({ weather }, (paint) => [
        ...(weather.length === 0 ? ["It is calm."] : []),
        ...table(
          listed.map((each) => {
            const until = reigns.get(each);
            return [
              `  ${each}`,
              spells[each].word,
              until === undefined ? "" : paint("bold", `until ${timeOf(visible(until))}`),
            ];
          }),
        ),
      ]);
      return 0;
    },
    { needsRunning: "weather is over the running instance" },
  );
}
