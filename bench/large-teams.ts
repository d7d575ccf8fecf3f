// Requests to GitHub by sync-members over four large teams, counted by the far end: where nothing has changed, where an edit concerns
// nobody, where people are new. Everybody else is in a team from the beginning: GitHub lets an organisation invite 500 a day.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Instance, startInstance } from "../local/instance/instance.ts";
import { makeWorld } from "../local/sample/world.ts";

export type LargeTeamsCost = {
  peopleOfTeam: number;
  what: string;
  github: number;
  invitations: number;
  runs: number;
  seconds: number;
};

const teams = {
  Public: "public-access",
  Education: "base-access",
  Research: "full-access",
  "Funded research": "funded-access",
};

/** Makes a hub of four teams with so many people each, brings it to rest, and counts a run of each kind. */
export async function benchLargeTeams(
  peopleOfTeam: number,
  newcomers: readonly number[],
): Promise<LargeTeamsCost[]> {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const log = (): void => undefined;
  const world = makeWorld(join(folder, "hub"), 1, log);
  const settings = readFileSync(world.settings, "utf8")
    .replace("Funded research: full-access", `Funded research: ${teams["Funded research"]}`)
    .replaceAll(/^ {2}(scan-quotas|bump-image|run-transfer): apply$/gm, "  $1: off");
  writeFileSync(world.settings, settings);
  const instance = await startInstance({ world: world.root, console: false, log });
  try {
    const rows = Object.entries(teams).flatMap(([tier, team]) =>
      Array.from({ length: peopleOfTeam }, (_, index) => rowOf(`${team}-${index}`, tier)),
    );
    const { people } = instance.farEnds.github;
    for (const { login, tier } of rows) {
      people.signUp(login);
      people.addByHand(teams[tier as keyof typeof teams], login);
    }
    const save = (note = ""): void => writeFileSync(world.members, csvOf(rows, note));
    const look = { topic: "sheet-changed", payload: { v: 1, hub: "sample", why: "push" } };
    save();
    await instance.runOnce();
    const costs = [await costOf("nothing has changed", instance, () => instance.runOnce())];
    save("seen");
    costs.push(
      await costOf("an edit of another column", instance, async () => {
        await instance.farEnds.pubsub.publish(look.topic, JSON.stringify(look.payload));
        await instance.farEnds.pubsub.idle();
      }),
    );
    for (const count of newcomers) {
      for (let index = 0; index < count; index += 1) {
        const row = rowOf(`newcomer-${count}-${index}`, "Research", "");
        people.signUp(row.login);
        rows.push(row);
      }
      save("seen");
      costs.push(await costOf(`${count} new people`, instance, () => instance.runOnce()));
    }
    return costs.map((cost) => ({ peopleOfTeam, ...cost }));
  } finally {
    await instance.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

type SheetRow = { login: string; tier: string; email: string };
const rowOf = (login: string, tier: string, email = `${login}@example.org`): SheetRow => ({
  login,
  tier,
  email,
});

function csvOf(rows: readonly SheetRow[], note: string): string {
  const lines = rows.map(({ login, tier, email }) => `${login},${email},${login},${tier},,${note}`);
  return `${["Name,Email,GitHub username,Membership tier,Membership expires,Notes", ...lines].join("\n")}\n`;
}

async function costOf(what: string, { farEnds }: Instance, work: () => Promise<unknown>) {
  farEnds.faults.forget();
  const begun = performance.now();
  await work();
  const seconds = (performance.now() - begun) / 1000;
  let github = 0;
  let invitations = 0;
  let runs = 0;
  for (const [call, count] of farEnds.faults.calls()) {
    // Each run reads the sheet once.
    if (call.startsWith("google GET /v4/spreadsheets/")) runs += count;
    if (!call.startsWith("github ")) continue;
    github += count;
    if (call === "github POST /orgs/sample-hub/invitations") invitations += count;
  }
  return { what, github, invitations, runs, seconds };
}

/** As a table for a terminal. */
export function largeTeamsTable(costs: readonly LargeTeamsCost[]): string {
  const lines = costs.map(
    ({ peopleOfTeam, what, github, invitations, runs, seconds }) =>
      `  4 teams of ${peopleOfTeam.toLocaleString("en").padStart(6)}, ${what.padEnd(25)} ${String(github).padStart(4)}, ${invitations} of them to invite, in ${runs} runs; ${seconds.toFixed(1)} s`,
  );
  return ["Requests to GitHub of sync-members:", ...lines].join("\n");
}

/** Counts both sizes. GitHub invites 500 a day: 520 people are in on the next one. */
export const benchAllLargeTeams = async (): Promise<LargeTeamsCost[]> => [
  ...(await benchLargeTeams(1000, [50, 520])),
  ...(await benchLargeTeams(10_000, [50])),
];

if (import.meta.main) console.log(largeTeamsTable(await benchAllLargeTeams()));
