// Surroundings that every command is given. Nothing here reads the environment or the process: main.ts hands all of it in.
import type { Command } from "commander";
import type { Instance as FullInstance } from "../local/instance/instance.ts";
import type { Stream, Terminal } from "./terminal.ts";

/** The sample hub's instance, loaded at first use: it brings every far end along. */
export type Instances = {
  startInstance: (options: {
    world: string;
    people?: number;
    port?: number;
    allowHosts?: readonly string[];
    console: boolean;
    idle?: boolean;
    log: (line: string) => void;
  }) => Promise<Instance>;
  findInstance: (world: string) => Promise<{ origin: string; token: string } | undefined>;
};

/** Parts of the instance that the command needs. */
export type Instance = Pick<
  FullInstance,
  "url" | "origin" | "token" | "world" | "flows" | "runOnce" | "close"
>;

export type GlobalOptions = {
  json?: boolean;
  color: boolean;
  world?: string;
  hub?: string;
  stack?: string;
  yes?: boolean;
};

export type Surroundings = {
  env: Record<string, string | undefined>;
  cwd: string;
  /** The folder of the clone. */
  root: string;
  /** "24.1.0" */
  nodeVersion: string;
  /** "linux-x64" */
  platform: string;
  now: () => Date;
  stdout: Stream;
  stderr: Stream;
  readStdin: () => Promise<string>;
  /** Calls back at each Ctrl-C or SIGTERM. */
  onStop: (listener: () => void) => void;
  /** Calls back with what nobody has caught. */
  onFault: (listener: (error: unknown) => void) => void;
  exitNow: (code: number) => void;
  instances: () => Promise<Instances>;
};

export type Cli = { options: GlobalOptions; terminal: Terminal; surroundings: Surroundings };

/** Adds commands to the root: `cli` is what a command is given, `end` takes its exit code. */
export type Add = (
  root: Command,
  cli: () => Cli,
  end: (code: number | Promise<number>) => Promise<void>,
) => void;
