// The rows of a new flow: its event, its function, its schedule, its section of the settings, and the tables that must know each flow.
import type { Names } from "./names.ts";
import type { Change } from "./new.ts";

const grants = (thing: string, name: string): string =>
  [
    "runs, undelivered, notBefore, incidents,",
    ...[`head/${thing}/`, `head/lease/${name}/`, `head/continue/${name}/`].map(
      (prefix) => `{ prefix: "${prefix}", may: "change" },`,
    ),
    `{ prefix: "plans/", may: "create" },`,
    `{ prefix: "approvals/", may: "read" },`,
  ].join("\n");

/** Every table in which a flow stands; what the compiler would name anyhow is written at once. */
export function flowRows({ name, pascal, thing, thingCamel, thingPascal }: Names): Change[] {
  const topic = `${name}-due`;
  const change =
    (as: Change["as"]) =>
    (file: string, opens: string[], text: string): Change => ({ as, file, opens, text });
  const [row, statement] = [change("row"), change("statement")];
  return [
    statement("shared/events.ts", ["export const events = {"], eventOf(pascal, thing)),
    row("shared/events.ts", ["export const events = {"], `  "${topic}": ${pascal}Due,`),
    row("shared/functions.ts", ["export const flowNames = ["], `  "${name}",`),
    row(
      "shared/functions.ts",
      ["export const functions = {", "  console: {", "    publishes: ["],
      `      "${topic}",`,
    ),
    row(
      "shared/functions.ts",
      ["export const functions = {", '  "resume-work": {', "    publishes: ["],
      `      "${topic}",`,
    ),
    row(
      "shared/functions.ts",
      ["export const functions = {"],
      `  "${name}": {
    ...worker,
    hears: "${topic}",
    publishes: ["notice"],
    secrets: [],
    ledger: [${grants(thing, name)}],
    flow: "${name}",
    timeoutSeconds: 120,
    impact: "WRITE: what people miss while it is broken, in one sentence.",
  },`,
    ),
    row(
      "shared/schedules.ts",
      ["export const schedules = {"],
      `  "${name}": {
    publishes: "${topic}",
    cron: "23 6 * * *",
    everyMinutes: 1440,
    each: "hub",
    payload: (hub) => ({ v: 1, hub, why: "schedule" }),
    flow: "${name}",
    what: "WRITE: what it looks at by itself",
  },`,
    ),
    row(
      "functions/console/context.ts",
      ["export function contextOf(", "  const waiting: "],
      `    "${name}": waitingStates(deps.ledger, "head/${thing}/"),`,
    ),
    statement(
      "functions/console/context.ts",
      ["import { type Transfers, transfers } from"],
      `import { waitingStates } from "./states.ts";`,
    ),
    row("cli/plan-lines.ts", ["const words: "], `  "${name}": "plans",`),
    row("functions/console/frame/words.ts", ["const flows"], `  "${name}": "WRITE: its word for people",`),
    row("functions/console/frame/words.ts", ["const topics"], `  "${topic}": "WRITE: what the event says",`),
    row("shared/serving.ts", ["const worksBy: "], `  "${name}": "${thingCamel}",`),
    statement(
      "shared/settings.ts",
      ['import { AskerName, HubName } from "./events.ts";'],
      `import { ${thingPascal}Settings } from "./${thing}/settings.ts";`,
    ),
    row(
      "shared/settings.ts",
      ["const Hub = z.strictObject({"],
      `  ${thingCamel}: ${thingPascal}Settings.optional(),`,
    ),
    row(
      "shared/settings.ts",
      ["export const Settings = z.strictObject({", "  flows: z", "    .strictObject({"],
      `      "${name}": Flow.default("off").describe("WRITE: from what to what."),`,
    ),
    row("test/infra/graph.ts", ["  const hub = (name: string) => ({"], `    ${thingCamel}: {},`),
    row(
      "test/shared/settings/settings.test.ts",
      ['  test("the shortest one, with every default"', "        flows: {"],
      `"${name}": "off"`,
    ),
    statement("test/infra/graph.ts", ["      ...change.flows,"], `      "${name}": "apply",`),
    row(
      "test/infra/off.test.ts",
      ["const gone: Record<FlowName, string[]> = {"],
      `  "${name}": ["${name}", "${topic}"],`,
    ),
    row("test/infra/off.test.ts", ['const counts: Record<FlowName | "all", number> = {'], `"${name}": 0`),
    row(
      "test/infra/off.test.ts",
      ['  test("all of them:', "    const settings = settingsWith({", "      flows: {"],
      `"${name}": "off"`,
    ),
  ];
}

const eventOf = (pascal: string, thing: string): string => `/** Look at the ${thing} of a hub. */
const ${pascal}Due = z.strictObject({ v: version, hub: HubName, why, dryRun: z.boolean().optional() });
`;
