// The running instance is killed with SIGKILL in the middle of a burst, twenty times. In the end everybody of the sheet is
// invited once, each has one mail or is listed as unknown, and nothing waits.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { startInstance } from "../../local/instance/instance.ts";

const kills = 20;
const peopleARound = 5;
const eventsARound = 100;

const root = join(import.meta.dirname, "..", "..");
const header = "Name,Email,GitHub username,Membership tier,Membership expires";
const rowOf = (login: string) => `${login},${login}@example.org,${login},Research,`;
/** Names far enough apart that none is taken for a slip of another. */
const loginOf = (round: number, index: number) =>
  `person-${"abcdefghijklmnopqrstuvwxyz"[round]?.repeat(4)}-${String(index).repeat(4)}`;

const Address = z.object({ origin: z.url(), token: z.string(), pid: z.number() });

/** Starts the instance; gives its address once the console answers, and how long that took. */
async function begin(world: string) {
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", "cli/main.ts", "start", "--world", world],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
    },
  );
  for (;;) {
    await pause(10);
    const read = (() => {
      try {
        return Address.parse(JSON.parse(readFileSync(join(world, ".groundcrew", "instance.json"), "utf8")));
      } catch {
        return undefined;
      }
    })();
    if (read === undefined || read.pid !== child.pid) continue;
    const headers = { authorization: `Bearer ${read.token}`, "content-type": "application/json" };
    const answer = await fetch(`${read.origin}/api/home`, { headers }).catch(() => undefined);
    if (answer?.ok) return { child, origin: read.origin, headers, readyMs: performance.now() - begun };
  }
}

test(`${kills} kills amid a burst: nothing lost, nobody invited or told twice`, async () => {
  const folder = mkdtempSync(join(tmpdir(), "kill-"));
  const world = join(folder, "hub");
  const people: string[] = [];
  const ready: number[] = [];
  for (let round = 0; round < kills; round += 1) {
    const { child, origin, headers, readyMs } = await begin(world);
    ready.push(Math.round(readyMs));
    for (let index = 0; index < peopleARound; index += 1) people.push(loginOf(round, index));
    writeFileSync(join(world, "members.new"), [header, ...people.map(rowOf), ""].join("\n"));
    renameSync(join(world, "members.new"), join(world, "members.csv"));
    const event = JSON.stringify({ topic: "sheet-changed", payload: { v: 1, hub: "sample", why: "edit" } });
    const burst = Array.from({ length: eventsARound }, () =>
      fetch(`${origin}/api/events`, { method: "POST", headers, body: event }).catch(() => undefined),
    );
    // Somewhere between the save's being noticed and the end of the work, another place each time.
    await pause(150 + ((round * 131) % 900));
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await Promise.all([gone, ...burst]);
  }
  console.info(`ready again after ms: ${ready.join(" ")}`);

  const last = await startInstance({ world, console: false, log: () => undefined });
  try {
    await last.runOnce();
    const { pending, teams } = last.farEnds.github.snapshot();
    const invited = pending.map(({ login }) => login);
    expect(invited.filter((login) => login?.startsWith("person-")).sort()).toEqual([...people].sort());
    expect(teams["full-access"]).not.toContain("person-aaaa-0000");
    const mails = readdirSync(join(world, "mailbox"))
      .filter((name) => name.endsWith(".eml"))
      .map((name) => readFileSync(join(world, "mailbox", name), "utf8"));
    const told = mails
      .map((mail) => /^To: (.*)$/m.exec(mail)?.[1] ?? "")
      .filter((to) => to.startsWith("person-"));
    const twice = told.filter((to, index) => told.indexOf(to) !== index);
    expect(twice).toEqual([]);
    const unknown = await last.listed("undelivered/");
    const missing = people.filter((login) => !told.includes(`${login}@example.org`));
    console.info(
      `mails ${told.length}, unknown ${unknown.length}, missing ${missing.length} of ${people.length}`,
    );
    expect(missing.length).toBeLessThanOrEqual(unknown.length);
    expect(last.farEnds.pubsub.pending()).toBe(0);
  } finally {
    await last.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
