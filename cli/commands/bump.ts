// `groundcrew bump preview`: what moving a file's images to a tag would make of it. Needs no instance: text to stdout, what
// changed and what was left to stderr. `groundcrew bump status`: where the hubs' images stand.

import { resolve } from "node:path";
import { edit, type LeftRef, type MovedRef } from "../../functions/bump-image/edit.ts";
import { isTag } from "../../functions/bump-image/tags.ts";
import { answers, type ImagesLine } from "../../shared/control.ts";
import { defaultImages } from "../../shared/images/settings.ts";
import { needsPerson } from "../../shared/images/status.ts";
import type { Cli } from "../cli.ts";
import { withControl } from "../connect.ts";
import { exitCodes } from "../exit-codes.ts";
import { stop, unknownWord } from "../stop.ts";
import { table, visible } from "../terminal.ts";
import { readText } from "../text-file.ts";

export type PreviewOptions = { file: string; tag: string; image?: string[]; from?: string; moving?: boolean };

export async function previewBump(cli: Cli, options: PreviewOptions): Promise<number> {
  const { surroundings, terminal } = cli;
  const { file, tag, from, moving } = options;
  const images = options.image ?? defaultImages;
  for (const each of [tag, ...(from === undefined ? [] : [from])])
    if (!isTag(each))
      throw stop(
        exitCodes.usage,
        `"${visible(each)}" is not a tag`,
        "a tag is up to 128 of letters, digits, _ . and -, and begins with none of the last two",
        "for example: --tag 2026.06.04",
      );
  const text =
    file === "-"
      ? await surroundings.readStdin()
      : readText(resolve(surroundings.cwd, file), {
          shown: file,
          exitCode: exitCodes.failure,
          next: "name a YAML file: groundcrew bump preview --file <yaml> --tag <tag>",
        });
  const result = edit(text, {
    images,
    tag,
    move: moving === true ? "everything" : "pinned",
    ...(from === undefined ? {} : { from }),
  });
  if ("problem" in result) {
    const { line, column, message } = result.problem;
    throw stop(
      exitCodes.failure,
      `${file}:${line}:${column}: it is not YAML`,
      message.split("\n")[0] ?? "it cannot be parsed",
      "mend that line; templates of YAML (with {{ }}) cannot be edited here",
    );
  }
  const { refs: _, ...shown } = result;
  const { moved, left, current } = shown;
  if (options.image !== undefined && moved.length + left.length + current === 0)
    throw stop(
      exitCodes.failure,
      `${file} has no such image`,
      `nothing in it refers to ${images.map(visible).join(" or ")}`,
      "name the image as it is written in the file, without its tag: --image pangeo/pangeo-notebook",
    );
  if (terminal.json) terminal.answer({ file, tag, ...shown }, () => []);
  else surroundings.stdout.write(result.text);
  for (const each of moved) terminal.note(movedLine(file, each));
  for (const each of left) terminal.note(leftLine(file, each));
  if (moved.length === 0)
    terminal.note(
      current > 0
        ? `nothing to change: ${current === 1 ? "its one reference is" : `${current} references are`} on ${tag} already`
        : "nothing to change",
    );
  return exitCodes.done;
}

/** Tells where each hub's images stand, from what the last run saw. */
export function bumpStatus(cli: Cli): Promise<number> {
  return withControl(cli, async (api) => {
    const { hubs } = await api.get("/images", answers.images);
    const named = cli.options.hub === undefined ? hubs : hubs.filter(({ hub }) => hub === cli.options.hub);
    if (cli.options.hub !== undefined && named.length === 0)
      throw await unknownWord(
        "hub with images",
        cli.options.hub,
        hubs.map(({ hub }) => hub),
      );
    cli.terminal.answer({ hubs: named }, (paint) =>
      named.flatMap(({ hub, seen, unreadable }) => [
        `${paint("bold", hub)}: ${visible(seen?.sentence ?? unreadable?.what ?? "not looked at yet: groundcrew run bump-image")}`,
        ...(seen?.proposal === undefined ? [] : [`  ${visible(seen.proposal.url)}`]),
        ...table((seen?.refs ?? []).map(refRow)).map((row) => `  ${row}`),
      ]),
    );
    return named.some(({ seen }) => seen !== undefined && needsPerson[seen.status])
      ? exitCodes.held
      : exitCodes.done;
  });
}

type Ref = NonNullable<ImagesLine["seen"]>["refs"][number];

const refRow = ({ file, line, image, tag, behind, left }: Ref): string[] => [
  visible(image),
  visible(tag === "" ? "-" : tag),
  behind === undefined ? "no release" : behind === 0 ? "the newest" : `${behind} behind`,
  visible(`${file}:${line}`),
  left === undefined ? "" : visible(`left: ${left}`),
];

const movedLine = (file: string, { line, image, from, to, label }: MovedRef): string =>
  visible(`${file}:${line}: ${image} ${from} -> ${to}${label ? ", and its label" : ""}`);

const leftLine = (file: string, { line, image, tag, why }: LeftRef): string =>
  visible(`${file}:${line}: ${image}${tag === "" ? "" : ` ${tag}`} left: ${why}`);
