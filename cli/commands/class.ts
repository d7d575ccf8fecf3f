// `groundcrew members class`: the people of a class, with a light for each, given as a list, corrected, called off, or printed.
import { writeFileSync } from "node:fs";
import { basename, extname, resolve } from "node:path";
import { answers } from "../../shared/control.ts";
import { codeOf } from "../../shared/errors.ts";
import { type ClassLine, type ClassView, Light, lightWords } from "../../shared/members/class-answers.ts";
import { classNameOf, classTitle } from "../../shared/members/classes.ts";
import type { Cli } from "../cli.ts";
import { hubOf, hubsMeant, withControl } from "../connect.ts";
import { type Control, path } from "../control.ts";
import { exitCodes } from "../exit-codes.ts";
import { stop } from "../stop.ts";
import { type Paint, type Style, table, visible } from "../terminal.ts";
import { readText } from "../text-file.ts";

export type ClassOptions = { on?: string; name?: string; cancel?: boolean; print?: string };

const styles: Record<Light, Style> = { green: "green", amber: "yellow", red: "red", grey: "dim" };
const best = [...Light.options].reverse();

export async function classMembers(
  cli: Cli,
  file: string | undefined,
  options: ClassOptions,
): Promise<number> {
  const { on, cancel = false, print } = options;
  if (print !== undefined && !/\.html?$/i.test(print))
    throw usage(
      "the page was not printed",
      `${print} does not end in .html`,
      "name a page: --print class.html",
    );
  if (file !== undefined && cancel)
    throw usage("nothing was done", "a list and --cancel do not go together", "leave one of the two away");
  if (file !== undefined && on === undefined)
    throw usage("the class was not kept", "its day is missing", "add the day: --on 2026-12-05");
  if (file === undefined && on === undefined && (cancel || print !== undefined))
    throw usage("nothing was done", "it is not clear which class is meant", "add its day: --on 2026-12-05");
  if (file !== undefined && on !== undefined) return give(cli, file, on, options);
  return withControl(cli, async (api) => {
    const lines = await meant(cli, api, options);
    if (on === undefined) return list(cli, lines);
    if (!cancel && print === undefined) {
      const views = await Promise.all(lines.map((line) => api.get(pathOf(line), answers.class)));
      cli.terminal.answer({ classes: views }, (paint) => views.flatMap((view) => viewLines(view, paint)));
      return 0;
    }
    const line = onlyOne(lines);
    if (print !== undefined) await printTo(cli, api, line, print);
    if (print !== undefined && !cancel) return 0;
    const done = await api.post(`${pathOf(line)}/cancel`, {}, answers.done);
    cli.terminal.answer(done, () => [visible(done.said)]);
    return 0;
  });
}

const usage = (what: string, why: string, next: string) => stop(exitCodes.usage, what, why, next);

/** Sends the list, and shows how far its people are. */
async function give(cli: Cli, file: string, on: string, { name, print }: ClassOptions): Promise<number> {
  const text = readText(resolve(cli.surroundings.cwd, file), {
    shown: file,
    exitCode: exitCodes.usage,
    next: "name a text file with one person a line; save a spreadsheet as CSV (UTF-8) first",
  });
  const named = classNameOf(name ?? basename(file, extname(file)));
  return withControl(cli, async (api) => {
    const hub = await hubOf(cli, api);
    const body = { on, name: named, list: text };
    const { said, view } = await api.post(path("classes", hub), body, answers.classGiven);
    if (print !== undefined) await printTo(cli, api, view, print);
    cli.terminal.answer({ said, ...view }, (paint) => [visible(said), ...viewLines(view, paint)]);
    return 0;
  });
}

const pathOf = ({ hub, on, name }: Pick<ClassLine, "hub" | "on" | "name">): string =>
  path("classes", hub, on, name);

/** The classes of the hubs that are meant, of a day and a name where these are given. */
async function meant(cli: Cli, api: Control, { on, name }: ClassOptions): Promise<ClassLine[]> {
  const hubs = await hubsMeant(cli, api);
  const { classes } = await api.get("/classes", answers.classes);
  const found = classes.filter(
    (one) =>
      hubs.includes(one.hub) &&
      (on === undefined || one.on === on) &&
      (name === undefined || one.name === classNameOf(name)),
  );
  if (found.length > 0 || (on === undefined && name === undefined)) return found;
  const known = classes.map(classTitle);
  throw stop(
    exitCodes.failure,
    "there is no such class",
    known.length === 0 ? "no class stands" : `these stand: ${known.join(", ")}`,
    "give its list: groundcrew members class <file> --on <day>",
  );
}

function onlyOne(lines: readonly ClassLine[]): ClassLine {
  const [line, ...others] = lines;
  if (line !== undefined && others.length === 0) return line;
  const all = lines.map(({ name, hub }) => `${name} (${hub})`).join(", ");
  throw usage("nothing was done", `that day has several classes: ${all}`, "add --name, or --hub");
}

function list(cli: Cli, classes: readonly ClassLine[]): number {
  cli.terminal.answer({ classes }, (paint) =>
    classes.length === 0
      ? ["No class is planned. Give a list: groundcrew members class <file> --on <day>"]
      : table(
          classes.map((one) => [one.on, visible(one.name), `${one.people} people`, countsOf(one, paint)]),
        ),
  );
  return 0;
}

const countsOf = ({ counts }: Pick<ClassLine, "counts">, paint: Paint): string =>
  best
    .filter((light) => counts[light] > 0)
    .map((light) => paint(styles[light], `${counts[light]} ${lightWords[light]}`))
    .join(", ");

function viewLines(view: ClassView, paint: Paint): string[] {
  const { remarks, lines, people } = view;
  const word = (light: Light, text: string): string => paint(styles[light], visible(text));
  return [
    `${paint("bold", visible(classTitle(view)))}, ${people} people: ${countsOf(view, paint)}`,
    ...remarks.map((remark) => `  ${visible(remark)}`),
    ...table(
      lines.map(({ light, word: said, called, login }) => [
        `  ${word(light, said)}`,
        visible(called),
        login === undefined || login === called ? "" : visible(login),
      ]),
    ),
    ...lines
      .filter(({ light }) => light === "red" || light === "grey")
      .slice(0, mostExplained)
      .flatMap(({ who, sentence, next }) => [
        `${paint("bold", visible(who))}: ${visible(sentence)}`,
        `  next: ${visible(next)}`,
      ]),
  ];
}

/** People whose sentence and next step are printed; `members why` has the others'. */
const mostExplained = 20;

/** Writes the page to hand on; it has no addresses. */
async function printTo(cli: Cli, api: Control, line: Pick<ClassLine, "hub" | "on" | "name">, to: string) {
  const { html } = await api.get(`${pathOf(line)}/page`, answers.classPage);
  try {
    writeFileSync(resolve(cli.surroundings.cwd, to), html);
  } catch (error) {
    throw stop(
      exitCodes.failure,
      "the page was not printed",
      `${to} cannot be written (${codeOf(error)})`,
      "name another file",
    );
  }
  cli.terminal.note(`printed: ${to}`);
}
