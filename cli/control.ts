// The control API's client: asks, parses every answer by its schema, and turns a refusal into a sentence for people.
import * as z from "zod";
import { ControlError } from "../shared/control.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { type Stop, stop } from "./stop.ts";

export type Control = {
  get: <T>(path: string, schema: z.ZodType<T>) => Promise<T>;
  post: <T>(path: string, body: unknown, schema: z.ZodType<T>) => Promise<T>;
  remove: <T>(path: string, schema: z.ZodType<T>) => Promise<T>;
  /** Gives what is too long to be held, piece by piece. */
  pieces: (path: string) => AsyncIterable<Uint8Array>;
};

/** Answer of the sample hub's own switches at /api/world. */
export const World = z.object({
  now: z.string(),
  movedMs: z.number(),
  faults: z.array(
    z.object({
      farEnd: z.string(),
      match: z.string().optional(),
      at: z.number().optional(),
      times: z.number().optional(),
      failure: z.looseObject({ kind: z.string() }),
    }),
  ),
  weather: z.array(z.object({ name: z.string(), until: z.string(), behindSeconds: z.number().optional() })),
  schedules: z.array(z.object({ name: z.string(), next: z.string() })),
  pending: z.number(),
});
export type World = z.infer<typeof World>;

/** The console answers from its ledger; a request that takes longer than this hangs. */
const patienceMs = 60_000;

export function control(options: { origin: string; token: string; fetch?: typeof fetch }): Control {
  const { origin, token } = options;

  const call = (method: string, path: string, body?: unknown): Promise<Response> =>
    (options.fetch ?? fetch)(`${origin}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "error",
      signal: AbortSignal.timeout(patienceMs),
    });

  async function* pieces(path: string): AsyncGenerator<Uint8Array> {
    const response = await call("GET", path).catch(silent);
    if (!response.ok) throw refusal(response.status, json(await response.text().catch(silent)));
    try {
      yield* response.body ?? [];
    } catch (error) {
      silent(error);
    }
  }

  async function ask<T>(method: string, path: string, schema: z.ZodType<T>, body?: unknown): Promise<T> {
    const response = await call(method, path, body).catch(silent);
    const text = await response.text().catch(silent);
    const { status } = response;
    const value = json(text);
    if (status < 200 || status > 299) throw refusal(status, value);
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    throw stop(
      exitCodes.failure,
      "the sample hub's answer was not understood",
      `${["answer", ...(issue?.path ?? [])].join(".")}: ${issue?.message ?? "it is not as expected"}`,
      "it may be of another version: stop it and start it again from this folder",
    );
  }

  return {
    get: (path, schema) => ask("GET", path, schema),
    post: (path, body, schema) => ask("POST", path, schema, body),
    remove: (path, schema) => ask("DELETE", path, schema),
    pieces,
  };
}

function silent(error: unknown): never {
  throw stop(
    exitCodes.failure,
    "the sample hub did not answer",
    error instanceof Error && error.name === "TimeoutError"
      ? `it was silent for ${patienceMs / 1000} s`
      : "the connection broke or was refused",
    "see whether it still runs (`groundcrew doctor`), or start it: `groundcrew start`",
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refusal(status: number, value: unknown): Stop {
  const { success, data } = ControlError.safeParse(value);
  if (!success)
    return stop(
      exitCodes.failure,
      "the sample hub refused without a reason",
      `it answered ${status}`,
      "look at its own output, and try again",
    );
  const { what, why, next } = data.error;
  return stop(exitCodeOf(status), what, why, next);
}

/** Takes what was typed wrong for a usage error, and what the state of things forbids for a refusal. */
function exitCodeOf(status: number): ExitCode {
  if (status === 400 || status === 415 || status === 422) return exitCodes.usage;
  return status === 409 ? exitCodes.held : exitCodes.failure;
}

/** A path of the API from parts that people typed; a run's id has a slash of its own. */
export function path(...parts: string[]): string {
  return parts.map((part) => `/${part.split("/").map(encodeURIComponent).join("/")}`).join("");
}

/** A query without what nobody gave. */
export function query(values: Record<string, string | number | undefined>): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) given.set(name, String(value));
  return given.size === 0 ? "" : `?${given}`;
}
