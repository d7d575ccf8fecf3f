// `start`, and commands that bring their own instance: what reaches which stream, how Ctrl-C ends it, what is closed.
import type { ChildProcess } from "node:child_process";
import { afterEach, describe, expect, test } from "@jest/globals";
import { answers } from "../../shared/control.ts";
import type { Run } from "../../shared/records.ts";
import { command, type Said } from "./in-process.ts";
import { answer, type Loopback, loopback } from "./loopback.ts";
import { child, commandAgainst, type Ended, ended, groundcrewAgainst } from "./spawned.ts";

const origin = "http://127.0.0.1:1";
const run: Run = {
  v: 1,
  id: "2026-03-01/100000000-sync-members-7-1",
  flow: "sync-members",
  event: "sheet-changed",
  messageId: "7",
  attempt: 1,
  payload: { v: 1 },
  outcome: "done",
  title: "1 invited",
  steps: [],
  effects: [{ do: "invite", login: "ada-example", team: "full-access" }],
  startedAt: "2026-03-01T10:00:00.000Z",
  durationMs: 12,
};
const startable = { origin, token: "t" };

describe("start --once", () => {
  test("--json prints the promised shape on stdout and nothing else", async () => {
    const harness = { startable: { ...startable, runs: [run] } };
    const { code, stdout, stderr } = await groundcrewAgainst(harness, ["start", "--once", "--json"]);
    expect(code).toBe(0);
    expect(stdout).toBe(
      '{"runs":[{"flow":"sync-members","event":"sheet-changed","outcome":"done","effects":[{"do":"invite","login":"ada-example","team":"full-access"}],"durationMs":12}]}\n',
    );
    expect(stderr).toMatch(/^SAMPLE .*\nstarting the sample hub \.\.\.\na line of the instance\n$/);
  });

  test("is known from npm's environment, where its flag has ended", async () => {
    const harness = { startable: { ...startable, runs: [] } };
    const env = { npm_lifecycle_event: "start", npm_package_name: "groundcrew", npm_config_once: "true" };
    const { code, stdout } = await groundcrewAgainst(harness, ["start"], { env });
    expect({ code, stdout }).toEqual({ code: 0, stdout: "Nothing had to change.\n" });
  });

  test.each([
    ["failed", 1],
    ["held", 0],
    ["blocked", 0],
  ] as const)("with a run that is %s ends with %i", async (outcome, expected) => {
    const { code, stdout } = await command(["start", "--once"], { once: [{ ...run, outcome }] });
    expect(code).toBe(expected);
    expect(stdout).toContain("\n1 change.\n");
  });

  test("a file's name cannot drive the terminal, nor look like a line of its own", async () => {
    const { stderr } = await command(["start", "--once"], {
      once: [],
      line: "requests/a\nSAMPLE \u001b[31mred\r.yaml: its name is no id",
    });
    expect(stderr.split("\n").slice(2)).toEqual([
      "requests/a\ufffdSAMPLE red\ufffd.yaml: its name is no id",
      "",
    ]);
  });

  test("that may not start says why, and ends with 5", async () => {
    const { code, stdout, stderr } = await groundcrewAgainst({}, ["start", "--once", "--json"]);
    expect({ code, stdout }).toEqual({ code: 5, stdout: "" });
    expect(stderr).toContain("✗ this sample hub is already running\n  why:  it is held\n  next: stop it\n");
  });
});

describe("start", () => {
  /** Starts it and waits for the address. */
  async function started(closeMs: number): Promise<{ process: ChildProcess; end: Promise<Ended> }> {
    const process = child(commandAgainst({ startable: { ...startable, closeMs } }, ["start"]));
    const end = ended(process);
    await new Promise<void>((resolve) =>
      process.stdout?.on("data", (chunk) => String(chunk).includes("Ctrl-C") && resolve()),
    );
    return { process, end };
  }

  test.each(["SIGINT", "SIGTERM"] as const)("tells the address and ends with 0 at %s", async (signal) => {
    const { process, end } = await started(0);
    process.kill(signal);
    const { code, stdout, stderr } = await end;
    expect(code).toBe(0);
    expect(stdout).toContain("http://127.0.0.1:1/session#token=t");
    expect(stderr).toContain("stopping ...");
  });

  test("waits a moment for an instance that does not close, and no longer", async () => {
    const { process, end } = await started(24 * 3_600_000);
    const at = performance.now();
    process.kill("SIGINT");
    expect((await end).code).toBe(0);
    expect(performance.now() - at).toBeGreaterThan(500);
  });

  test("takes an echo of Ctrl-C for the same one, and ends at once at the second", async () => {
    let now = 1000;
    const exits: number[] = [];
    let ending: Promise<Said> | undefined;
    const press = await new Promise<() => void>((resolve) => {
      ending = command(["start"], {
        once: [],
        now: () => new Date(now),
        onStop: resolve,
        exitNow: (code) => exits.push(code),
      });
    });
    press();
    now += 20;
    press();
    expect(exits).toEqual([]);
    now += 1000;
    press();
    expect(exits).toEqual([130]);
    expect((await ending)?.code).toBe(0);
  });
});

describe("a command that finds no running instance", () => {
  let served: Loopback | undefined;
  afterEach(() => served?.close());

  test("starts one, lets it finish what was begun, and closes it", async () => {
    const world = (pending: number) => ({
      body: { now: "", movedMs: 0, faults: [], weather: [], schedules: [], pending },
    });
    served = await loopback({
      "POST /api/events": answer(answers.published, { messageId: "7" }),
      "GET /api/world": [world(2), world(1), world(0)],
    });
    const harness = { startable: { origin: served.origin, token: served.token } };
    const { code, stdout, stderr } = await groundcrewAgainst(harness, [
      "events",
      "send",
      "continue-due",
      '{"v":1}',
    ]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "sent: 7\n" });
    expect(stderr).toContain("starting the sample hub for this command ...\n");
    expect(served.asked.map(({ call }) => call)).toEqual([
      "POST /api/events",
      "GET /api/world",
      "GET /api/world",
      "GET /api/world",
    ]);
  });
});
