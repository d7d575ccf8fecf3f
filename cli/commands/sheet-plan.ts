// `groundcrew members plan --sheet`: what would change, from an exported sheet and the real GitHub, before anything is deployed. It is
// the only command that reads with a person's token. The gathering and the decision are the flow's own.
import { relative, resolve } from "node:path";
import { decide } from "../../functions/sync-members/decide.ts";
import type { Decision } from "../../functions/sync-members/facts.ts";
import { gather } from "../../functions/sync-members/gather.ts";
import { dayIn } from "../../shared/clock.ts";
import { endpointsFrom } from "../../shared/endpoints.ts";
import { failureIn } from "../../shared/failure.ts";
import { resolveLogins } from "../../shared/github/logins.ts";
import { readTeams } from "../../shared/github/people.ts";
import { inPersonsWords, personGithub, writingScopes } from "../../shared/github/person.ts";
import type { MembersSettings } from "../../shared/members/settings.ts";
import { parseSettings } from "../../shared/settings/file.ts";
import type { Hub, Settings } from "../../shared/settings.ts";
import { memberRows } from "../../shared/sheets/rows.ts";
import type { Cli } from "../cli.ts";
import type { DateOrder } from "../date-order.ts";
import { exitCodes } from "../exit-codes.ts";
import { planExitCode, planLines } from "../plan-lines.ts";
import { readSheetFile, withDates } from "../sheet-file.ts";
import { stop, unknownWord } from "../stop.ts";
import { readText } from "../text-file.ts";
import { applyWith } from "./exact-plan.ts";

export type SheetPlanOptions = { sheet: string; settings?: string; tokenFrom?: string; dates?: DateOrder };

const usualVariable = "GROUNDCREW_GITHUB_TOKEN";

/** Plans as the worker does at its first look, with no memory. It writes nothing anywhere. */
export async function planFromSheet(cli: Cli, options: SheetPlanOptions): Promise<number> {
  const { surroundings, terminal } = cli;
  const { hub, members } = await hubIn(readSettingsFile(cli, options.settings), cli.options.hub);
  const token = tokenIn(surroundings.env, options.tokenFrom ?? usualVariable);
  const cells = readSheetFile(resolve(surroundings.cwd, options.sheet), options.sheet);
  const dated = withDates(cells, members, options.dates);
  if (dated.inDoubt > 0)
    terminal.note(
      `${dated.inDoubt} days can be read in two orders, and their rows are left out: say which it is by --dates dmy or --dates mdy`,
    );
  const now = surroundings.now();
  const sheet = memberRows(dated.cells, members, dayIn(hub.timeZone, now));
  if (sheet.problem !== undefined)
    throw stop(
      exitCodes.usage,
      `${options.sheet} cannot be used as the sheet`,
      sheet.problem,
      "export the tab of the members, or name the settings that belong to it by --settings",
    );

  const scopes = new Set<string>();
  const github = personGithub({
    endpoints: endpointsFrom(surroundings.env),
    token,
    scopes: (all) => {
      for (const scope of all) scopes.add(scope);
    },
  });
  const asked = {
    settings: members,
    timeZone: hub.timeZone,
    state: undefined,
    onlyHint: false,
    messageId: "",
    adopt: false,
    classesNear: async () => [],
  };
  const { organisation } = hub;
  terminal.progress(`reading the teams of ${organisation} at GitHub ...`);
  const seen = await gather(asked, {
    run: { step: () => undefined },
    now: () => now,
    readSheet: async () => sheet,
    readTeams: (slugs) => readTeams(github, organisation, slugs),
    resolveLogins: (logins) => resolveLogins(github, organisation, logins),
  }).catch((error: unknown) => {
    throw inWords(error);
  });
  if (typeof seen === "string" || "problem" in seen) throw new Error("the sheet was read before");
  const decision = decide(seen);
  const { plan } = decision;
  const mayWrite = writingScopes([...scopes]);
  if (mayWrite.length > 0)
    terminal.note(
      `the token may do more than read (${mayWrite.join(", ")}): nothing was written, but use one that only reads`,
    );
  for (const remark of [...(sheet.remarks ?? []), ...remarksOn(decision)]) terminal.note(remark);
  terminal.answer(plan, (paint) => [
    ...planLines(plan, paint, "nobody is asked yet: this plan is made before anything is deployed"),
    ...applyWith(plan),
  ]);
  return planExitCode(plan);
}

function readSettingsFile({ surroundings }: Cli, named: string | undefined): Settings {
  const file = resolve(surroundings.cwd, named ?? "groundcrew.yaml");
  const shown = named ?? relative(surroundings.cwd, file);
  const text = readText(file, {
    shown,
    exitCode: exitCodes.usage,
    next: "name the file by --settings; groundcrew.example.yaml is one to begin with",
  });
  const read = parseSettings(text);
  if ("settings" in read) return read.settings;
  const [first] = read.problems;
  throw stop(
    exitCodes.usage,
    `${shown} is not right`,
    `line ${first?.line}: ${first?.path} ${first?.message}`,
    `see all that is wrong: groundcrew config check ${shown}`,
  );
}

async function hubIn(
  { hubs }: Settings,
  named: string | undefined,
): Promise<{ hub: Hub; members: MembersSettings }> {
  const found = Object.entries(hubs).flatMap(([name, hub]) =>
    hub.members === undefined ? [] : [{ name, hub, members: hub.members }],
  );
  const names = found.map(({ name }) => name);
  if (named !== undefined && !names.includes(named))
    throw await unknownWord("hub with members", named, names);
  const [only, ...others] = found.filter(({ name }) => named === undefined || name === named);
  if (only !== undefined && others.length === 0) return only;
  throw stop(
    exitCodes.usage,
    "it is not clear which hub is meant",
    names.length === 0 ? "no hub of the settings has members" : `there are several: ${names.join(", ")}`,
    names.length === 0 ? "write its section members in the settings" : `name one: --hub ${names[0]}`,
  );
}

/** Takes the token from the variable. Nothing of it is ever shown. */
function tokenIn(env: Record<string, string | undefined>, variable: string): string {
  const what = "there is no token for GitHub";
  if (!/^[A-Za-z_]\w*$/.test(variable) || /^(gh[a-z]_|github_pat_)/.test(variable))
    throw stop(
      exitCodes.usage,
      what,
      "--token-from takes the name of a variable of the environment; a token typed there stays in the shell's history",
      `if it was the token, revoke it; put a new one into ${usualVariable}`,
    );
  const token = env[variable]?.trim() ?? "";
  if (/^[!-~]+$/.test(token)) return token;
  throw stop(
    exitCodes.usage,
    what,
    token === ""
      ? `the variable ${variable} is not set`
      : `what the variable ${variable} holds has blanks or line ends in it`,
    `put a token that only reads into it: read -rs ${variable} && export ${variable}; docs/deploy.md says which`,
  );
}

function inWords(error: unknown): unknown {
  const failure = failureIn(inPersonsWords(error));
  if (failure === undefined) return error;
  const { what, why, next } = failure.explanation;
  return stop(exitCodes.failure, what, why, next);
}

/** Says what the plan itself has no line for. */
function remarksOn({ deferred, unmanaged, reported }: Decision): string[] {
  const people = new Set(unmanaged.map(({ login }) => login)).size;
  return [
    ...(deferred.length === 0 ? [] : [`${deferred.length} more would be invited on later days`]),
    ...(people === 0 ? [] : [`${people} in the teams stand in no row: they stay, and are reported`]),
    ...(reported.length === 0
      ? []
      : [`${reported.length} have access that the sheet does not give: it stays, and is reported`]),
  ];
}
