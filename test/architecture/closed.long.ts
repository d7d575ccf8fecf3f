// Closed vocabularies: one member is added to each on a copy of the project, and the compiler names the files that CONTRIBUTING's
// recipe names, no more and no fewer.
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { parse } from "yaml";
import * as z from "zod";
import { Settings } from "../../shared/settings.ts";
import { root, sourcesOf } from "./source.ts";

const run = promisify(execFile);

/** The compiler reads the whole project for each member; how fast is the machine's. */
const patienceMs = 600_000;

/** In a file of the copy: what stands there, and what is put in its place. */
type Edit = [file: string, from: string, to: string];

const ledgerRow = `  "check-costs": {
    ...worker,
    hears: "costs-due",
    publishes: ["notice"],
    secrets: [],
    ledger: [runs, undelivered],
    flow: "check-costs",
    timeoutSeconds: 60,
    impact: "Nobody hears what the month has cost.",
  },
`;
const event: Edit[] = [
  ["shared/events.ts", "export const events = {", 'export const events = {\n  "costs-due": SweepDue,'],
];
const flow: Edit[] = [
  [
    "shared/settings.ts",
    '"run-transfer": Flow.',
    '"check-costs": Flow.default("off"),\n      "run-transfer": Flow.',
  ],
  ["shared/functions.ts", '"run-transfer"] as const', '"run-transfer", "check-costs"] as const'],
  ["shared/functions.ts", "export const functions = {\n", `export const functions = {\n${ledgerRow}`],
];

/** By the words of the recipe: what is written first. */
const members: Record<string, Edit[]> = {
  "a column of the sheet": [
    [
      "shared/members/settings.ts",
      "const Columns = z.strictObject({",
      'const Columns = z.strictObject({\n  orcid: z.string().default("ORCID"),',
    ],
  ],
  "a kind of store": [
    [
      "shared/settings.ts",
      'const Remote = z.discriminatedUnion("kind", [',
      'const Remote = z.discriminatedUnion("kind", [\n  z.strictObject({ kind: z.literal("azure"), bucket: BucketName }),',
    ],
  ],
  "a reason of *why*": [["shared/members/answers.ts", '  "not-found",', '  "not-found",\n  "suspended",']],
  "a need of somebody": [["shared/members/answers.ts", '"to-wait", "fine"]', '"to-wait", "to-pay", "fine"]']],
  "a status of members": [
    ["shared/members/records.ts", '  "no-such-user",', '  "no-such-user",\n  "suspended",'],
  ],
  "an outcome of an invitation": [
    ["shared/members/invitations.ts", '  "blocked",', '  "blocked",\n  "suspended",'],
  ],
  "a status of homes": [
    ["shared/quota/records.ts", '"warned", "urgent"]', '"warned", "pressing", "urgent"]'],
  ],
  "a status of images": [["shared/images/records.ts", '  "proposed",', '  "proposed",\n  "late",']],
  "a state of transfers": [
    [
      "shared/transfers/records.ts",
      '"running", "done", "incomplete",',
      '"running", "paused", "done", "incomplete",',
    ],
  ],
  "a state of shards": [
    ["shared/transfers/records.ts", '"starting", "running",', '"starting", "stuck", "running",'],
  ],
  "an outcome": [["shared/records.ts", '"held", "blocked",', '"held", "skipped", "blocked",']],
  "a far end": [["local/wire/faults.ts", "  slack:", '  chat: "another chat",\n  slack:']],
  "a way to fail": [
    [
      "local/wire/faults.ts",
      '  | { kind: "truncated" };',
      '  | { kind: "truncated" }\n  | { kind: "garbled" };',
    ],
  ],
  "a spell of weather": [
    [
      "local/wire/spells.ts",
      "export const spells = {",
      'export const spells = {\n  "slack-slow": { farEnd: "slack", minutes: 10, word: "Slack lags", effect: lags },',
    ],
  ],
  "an event": event,
  "a reason to wake": [["shared/events.ts", '"report", "release"]', '"report", "release", "budget"]']],
  "a function": [
    [
      "shared/functions.ts",
      "export const functions = {\n",
      `export const functions = {\n${ledgerRow.replace('    flow: "check-costs",\n', "").replace("costs-due", "sweep-due")}`,
    ],
  ],
  "a flow": [...event, ...flow],
};

/** The folders that the compiler reads: one that is not copied would be missed by whoever imports from it. */
const { include: compiled } = z
  .object({ include: z.array(z.string()) })
  .parse(JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8")));

let copy: string;
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "groundcrew-closed-"));
  for (const part of [...compiled, "package.json", "tsconfig.json"])
    cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** The files that the compiler has something to say of. */
async function named(): Promise<string[]> {
  const tsc = join(root, "node_modules/typescript/bin/tsc");
  const given = ["--checkers", "2", "--pretty", "false", "--tsBuildInfoFile", join(copy, "tsc.tsbuildinfo")];
  const { stdout } = await run(process.execPath, [tsc, ...given], { cwd: copy, maxBuffer: 2 ** 26 }).catch(
    (error: { stdout: string }) => error,
  );
  return [
    ...new Set([...stdout.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file = ""]) => file)),
  ].sort();
}

function edit(edits: readonly Edit[]): void {
  for (const [file, from, to] of edits) {
    const text = readFileSync(join(copy, file), "utf8");
    if (!text.includes(from)) throw new Error(`${file} has no ${from} any more: mend this test`);
    writeFileSync(
      join(copy, file),
      text.replace(from, () => to),
    );
  }
}

const restore = (edits: readonly Edit[]): void => {
  for (const [file] of edits) cpSync(join(root, file), join(copy, file));
};

/** CONTRIBUTING's table: by its first column, the files of the second and of the third. */
const recipes = new Map(
  [
    ...readFileSync(join(root, "CONTRIBUTING.md"), "utf8").matchAll(
      /^\| (an? [^|]+) \| ([^|]+) \| ([^|]+) \|$/gm,
    ),
  ].map(([, member = "", written = "", named = ""]) => [
    member,
    { written: filesIn(written), compiler: filesIn(named) },
  ]),
);
function filesIn(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+\.ts)`/g)].map(([, file = ""]) => file).sort();
}

test(
  "without a new member the compiler has nothing to say",
  async () => {
    expect(await named()).toEqual([]);
  },
  patienceMs,
);

test("each vocabulary has a recipe, and each recipe is tried", () => {
  expect([...recipes.keys()].sort()).toEqual([...Object.keys(members), "a tier"].sort());
});

test.each(Object.entries(members))(
  "%s",
  async (member, all) => {
    const written = [...new Set(all.map(([file]) => file))].sort();
    edit(all);
    try {
      const compiler = (await named()).filter((file) => !written.includes(file));
      expect({ written, compiler }).toEqual(recipes.get(member));
    } finally {
      restore(all);
    }
  },
  patienceMs,
);

describe("a tier", () => {
  test("is the settings' alone: no code spells one", () => {
    const example = Settings.parse(parse(readFileSync(join(root, "groundcrew.example.yaml"), "utf8")));
    const tiers = Object.values(example.hubs).flatMap(({ members }) => Object.keys(members?.tiers ?? {}));
    expect(tiers.length).toBeGreaterThan(0);
    const spelt = sourcesOf("shared", "functions", "cli", "infra").flatMap(({ file, texts }) =>
      texts
        .filter(({ says }) => tiers.includes(says))
        .map(({ says, line }) => `${file}:${line} spells ${says}`),
    );
    expect(spelt).toEqual([]);
    expect(recipes.get("a tier")).toEqual({ written: [], compiler: [] });
  });
});

test(
  "a flow that serves the stack as a whole needs no hub's section",
  async () => {
    const all: Edit[] = [
      ...event,
      ...flow,
      [
        "shared/serving.ts",
        '"run-transfer": "transfers",',
        '"run-transfer": "transfers",\n  "check-costs": "stack",',
      ],
      [
        "shared/schedules.ts",
        "  tick: {",
        `  "costs-look": {
    publishes: "costs-due",
    cron: "0 7 * * *",
    everyMinutes: 1440,
    each: "stack",
    payload: () => ({ v: 1 }),
    flow: "check-costs",
    what: "looks at the costs",
  },
  tick: {`,
      ],
    ];
    edit(all);
    try {
      expect(await seenInCopy("apply")).toEqual({
        hubs: [""],
        press: { topic: "costs-due", payload: { v: 1, why: "person" } },
        jobs: [{ name: "costs-look", topic: "costs-due", payload: { v: 1 } }],
        isThere: true,
      });
      expect(await seenInCopy("off")).toMatchObject({ hubs: [], jobs: [], isThere: false });
    } finally {
      restore(all);
    }
  },
  patienceMs,
);

/** Gives what the copy's own code says of the new flow, on a hub without any section. */
async function seenInCopy(mode: "apply" | "off"): Promise<unknown> {
  const script = `
    const { deployedBy } = await import("./shared/deployed.ts");
    const { runNow } = await import("./shared/run-now.ts");
    const { hubsServed } = await import("./shared/serving.ts");
    const { Settings } = await import("./shared/settings.ts");
    const settings = Settings.parse({
      project: "sample-hub-1", name: "Example", github: { appId: 1 }, flows: { "check-costs": "${mode}" },
      team: { mail: ["crew@example.org"], sender: "hub@example.org" },
      hubs: { bare: { organisation: "example-hub", url: "https://hub.example.org" } },
    });
    const { jobs, functions } = deployedBy(settings);
    console.log(JSON.stringify({
      hubs: hubsServed(settings, "check-costs"),
      press: runNow("check-costs", ""),
      jobs: jobs.filter(({ name }) => name.startsWith("costs")).map(({ name, topic, payload }) => ({ name, topic, payload })),
      isThere: functions.includes("check-costs"),
    }));`;
  const { stdout } = await run(process.execPath, ["--no-warnings", "--input-type=module", "-e", script], {
    cwd: copy,
  });
  return JSON.parse(stdout);
}
