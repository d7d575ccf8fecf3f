// `groundcrew config check`: holds a settings file against its schema. Needs no instance.
import { relative, resolve } from "node:path";
import { parseSettings } from "../../shared/settings/file.ts";
import type { Settings } from "../../shared/settings.ts";
import type { Cli } from "../cli.ts";
import { exitCodes } from "../exit-codes.ts";
import { visible } from "../terminal.ts";
import { readText } from "../text-file.ts";

export function checkConfig({ surroundings, terminal }: Cli, named: string | undefined): number {
  const file = resolve(surroundings.cwd, named ?? "groundcrew.yaml");
  const shown = named ?? relative(surroundings.cwd, file);
  const text = readText(file, {
    shown,
    exitCode: exitCodes.usage,
    next: "name the file: groundcrew config check <file>; groundcrew.example.yaml is one to begin with",
  });
  const result = parseSettings(text);
  if ("settings" in result) {
    terminal.answer({ file, ok: true, problems: [] }, (paint) => [
      `${paint("green", "✓")} ${shown} is right: ${summary(result.settings)}`,
    ]);
    return exitCodes.done;
  }
  const { problems } = result;
  terminal.answer({ file, ok: false, problems }, (paint) =>
    problems.map(
      ({ line, column, path, message }) =>
        `${paint("bold", `${shown}:${line}:${column}`)}: ${visible(path === "" ? message : `${path}: ${message}`)}`,
    ),
  );
  terminal.note(
    `${problems.length} ${problems.length === 1 ? "problem" : "problems"}; groundcrew.example.yaml shows each key in its place`,
  );
  return exitCodes.failure;
}

function summary({ hubs, flows }: Settings): string {
  const names = Object.keys(hubs);
  const on = Object.entries(flows).filter(([, mode]) => mode !== "off");
  const modes = on.length === 0 ? ["every flow is off"] : on.map(([flow, mode]) => `${flow} ${mode}`);
  return `${names.length === 1 ? "hub" : "hubs"} ${names.join(", ")}; ${modes.join(", ")}`;
}
