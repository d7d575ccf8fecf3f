// The command without a process of its own, for tables of cases: the same parsing, text and exit codes in a tenth of the
// time. What a process adds (streams, signals, lazy loading) is tested by spawned.ts.
import type { Instances } from "../../cli/cli.ts";
import { run } from "../../cli/run.ts";
import type { Run } from "../../shared/records.ts";
import { root } from "./spawned.ts";

export type Said = { code: number; stdout: string; stderr: string };

export type Given = {
  /** The instance that runs. */
  running?: { origin: string; token: string };
  /** The runs of a single pass, by an instance that may be started. */
  once?: Run[];
  /** Line that the instance says while it starts. */
  line?: string;
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string;
  now?: () => Date;
  onStop?: (listener: () => void) => void;
  exitNow?: (code: number) => void;
};

/** Runs `groundcrew <args>`; every wait is real, every stream is kept. */
export async function command(args: string[], given: Given = {}): Promise<Said> {
  const { running, once, cwd = root, env = {}, stdin = "", now = () => new Date() } = given;
  const said = { stdout: "", stderr: "" };
  const instances: Instances = {
    findInstance: async () => running,
    async startInstance({ world, log }) {
      if (once === undefined) throw new Error("this test starts no instance");
      if (given.line !== undefined) log(given.line);
      const nothing = { url: "", origin: "", token: "", flows: [] };
      return { ...nothing, world, runOnce: async () => once, close: async () => undefined };
    },
  };
  const code = await run(args, {
    env,
    cwd,
    root,
    nodeVersion: "24.0.0",
    platform: "test-x64",
    now,
    stdout: {
      write: (text) => {
        said.stdout += text;
      },
    },
    stderr: {
      write: (text) => {
        said.stderr += text;
      },
    },
    readStdin: async () => stdin,
    onStop: given.onStop ?? (() => undefined),
    onFault: () => undefined,
    exitNow: given.exitNow ?? (() => undefined),
    instances: async () => instances,
  });
  return { code, ...said };
}
