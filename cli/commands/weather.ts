// `groundcrew world weather`: lets a vendor's service have bad weather by name, on the sample hub. The clock ends it.
import { lagNames, spells } from "../../local/wire/spells.ts";
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

export type WeatherOptions = { for?: string; behind?: string; clear?: boolean };

/** Begins a spell of weather, ends all, or, without anything, lists what there is. */
export async function changeWeather(
  cli: Cli,
  name: string | undefined,
  options: WeatherOptions,
): Promise<number> {
  const spell = keysOf(spells).find((known) => known === name);
  if (name !== undefined && spell === undefined) throw await unknownWord("weather", name, keysOf(spells));
  const forSeconds = secondsOf(options.for);
  const behindSeconds = secondsOf(options.behind);
  const dials = {
    ...(forSeconds === undefined ? {} : { forSeconds }),
    ...(behindSeconds === undefined ? {} : { behindSeconds }),
  };
  const hasDials = Object.keys(dials).length > 0;
  if ((options.clear === true && spell !== undefined) || (hasDials && spell === undefined))
    throw stop(
      exitCodes.usage,
      "the weather did not change",
      "--clear ends all weather and takes no name, --for and --behind need one",
      "see groundcrew world weather --help",
    );
  if (behindSeconds !== undefined && spell !== undefined && !lagNames.includes(spell))
    throw stop(
      exitCodes.usage,
      "the weather did not change",
      `reads do not lag with ${spell}`,
      `--behind goes with ${lagNames.join(", ")}`,
    );
  return withControl(
    cli,
    async (api) => {
      if (options.clear === true) await api.remove("/world/weather", answers.done);
      if (spell !== undefined) await api.post("/world/weather", { name: spell, ...dials }, answers.done);
      const { weather } = await api.get("/world", World);
      const reigns = new Map(weather.map((each) => [each.name, each]));
      const listed = keysOf(spells).filter(
        (each) => reigns.has(each) || (name ?? options.clear) === undefined,
      );
      cli.terminal.answer({ weather }, (paint) => [
        ...(weather.length === 0 ? ["It is calm."] : []),
        ...table(
          listed.map((each) => {
            const { until, behindSeconds } = reigns.get(each) ?? {};
            const behind = behindSeconds === undefined ? "" : `, ${behindSeconds} s behind`;
            return [
              `  ${each}`,
              spells[each].word,
              until === undefined ? "" : paint("bold", `until ${timeOf(visible(until))}${behind}`),
            ];
          }),
        ),
      ]);
      return 0;
    },
    { needsRunning: "weather is over the running instance" },
  );
}

function secondsOf(span: string | undefined): number | undefined {
  if (span === undefined) return undefined;
  const milliseconds = parseDuration(span) ?? 0;
  if (milliseconds > 0) return milliseconds / 1000;
  throw stop(
    exitCodes.usage,
    `"${span}" is no span of time`,
    "it is numbers with d, h, m, s or ms",
    "for example: groundcrew world weather github-lag --for 40m --behind 10s",
  );
}
