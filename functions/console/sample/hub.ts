// The sample hub as the console sees it: asked of its own switches, every answer parsed. A deployment has none of this.
import * as z from "zod";
import { ControlError } from "../../../shared/control.ts";
import { type Refusal, refuse } from "../http/refusal.ts";

/** The sample hub's own switches: takes a request's path and body, gives the answer. */
export type WorldClient = (request: { method: string; path: string; body?: string }) => Promise<Response>;

export const LateEvent = z.object({ id: z.number(), at: z.string(), topic: z.string() });
const Fault = z.object({
  farEnd: z.string(),
  match: z.string().optional(),
  at: z.number().optional(),
  times: z.number().optional(),
  failure: z.object({
    kind: z.string(),
    status: z.number().optional(),
    milliseconds: z.number().optional(),
  }),
});
export type Fault = z.infer<typeof Fault>;

const State = z.object({
  now: z.string(),
  movedMs: z.number(),
  faults: z.array(Fault),
  weather: z.array(z.object({ name: z.string(), until: z.string(), behindSeconds: z.number().optional() })),
  pending: z.number(),
});
const Look = z.object({
  folder: z.string(),
  /** Far ends that can be made to fail, in the sample hub's own words. */
  canFail: z.array(z.object({ name: z.string(), word: z.string() })),
  failures: z.array(z.object({ kind: z.string(), word: z.string() })),
  spells: z.array(z.object({ name: z.string(), word: z.string() })),
  hubs: z.array(
    z.object({
      hub: z.string(),
      file: z.string(),
      rows: z.number(),
      headings: z.array(z.string()),
      /** The part of the rows that was asked for, each with its number in the sheet. */
      page: z.array(z.object({ row: z.number(), cells: z.array(z.string()) })),
      unreadable: z.string().optional(),
      organisation: z.string(),
      teams: z.array(z.object({ slug: z.string(), count: z.number(), members: z.array(z.string()) })),
      pendingCount: z.number(),
      pending: z.array(
        z.object({ login: z.string().nullable(), teams: z.array(z.string()), createdAt: z.string() }),
      ),
    }),
  ),
  mailCount: z.number(),
  mails: z.array(z.object({ file: z.string(), at: z.string(), subject: z.string(), to: z.string() })),
  slack: z.object({
    count: z.number(),
    posts: z.array(z.object({ at: z.string(), channel: z.string(), text: z.string() })),
  }),
  late: z.array(LateEvent),
  buckets: z.array(z.object({ name: z.string(), count: z.number(), names: z.array(z.string()) })),
});
const Machines = z.object({
  machines: z.array(
    z.object({
      name: z.string(),
      zone: z.string(),
      status: z.string(),
      labels: z.record(z.string(), z.string()),
    }),
  ),
});
export type SampleMachine = z.infer<typeof Machines>["machines"][number];

export type SampleLook = z.infer<typeof Look> & z.infer<typeof State> & z.infer<typeof Machines>;
export type SampleSheet = SampleLook["hubs"][number];

const Mail = z.object({
  file: z.string(),
  at: z.string(),
  subject: z.string(),
  to: z.string(),
  text: z.string(),
});
export type SampleMail = z.infer<typeof Mail>;

/** Tells how the sample hub stands now. `from` is the first row of the sheet to show, counted from 0. */
export async function lookAtSample(world: WorldClient, from = 0): Promise<SampleLook | Refusal> {
  const [state, look, machines] = await Promise.all([
    ask(world, "/", State),
    ask(world, `/look?from=${from}`, Look),
    ask(world, "/machines", Machines),
  ]);
  if ("refused" in state) return state;
  if ("refused" in look) return look;
  return "refused" in machines ? machines : { ...state, ...look, ...machines };
}

export const readMail = (world: WorldClient, file: string): Promise<SampleMail | Refusal> =>
  ask(world, `/mails/${encodeURIComponent(file)}`, Mail);

/** Lists the sample hub's machines; undefined where it does not say. A deployment's are not listed here. */
export async function sampleMachines(world: WorldClient): Promise<SampleMachine[] | undefined> {
  const answer = await ask(world, "/machines", Machines).catch(() => undefined);
  return answer === undefined || "refused" in answer ? undefined : answer.machines;
}

export async function lateEventsOf(world: WorldClient): Promise<z.infer<typeof LateEvent>[]> {
  const answer = await ask(world, "/late", z.object({ late: z.array(LateEvent) }));
  return "refused" in answer ? [] : answer.late;
}

/** Turns a switch. */
export async function turn(
  world: WorldClient,
  method: "POST" | "DELETE",
  path: string,
  body?: object,
): Promise<{ said: string } | Refusal> {
  return outcome(
    await world({ method, path, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }),
    z.object({ said: z.string() }),
  );
}

const ask = async <T extends object>(world: WorldClient, path: string, shape: z.ZodType<T>) =>
  outcome(await world({ method: "GET", path }), shape);

async function outcome<T extends object>(answer: Response, shape: z.ZodType<T>): Promise<T | Refusal> {
  const value: unknown = await answer.json().catch(() => undefined);
  const good = shape.safeParse(value);
  if (answer.ok && good.success) return good.data;
  const wrong = ControlError.safeParse(value);
  if (!wrong.success)
    return refuse(500, "the sample hub was not understood", `it answered ${answer.status}`, "start it anew");
  const status = answer.status === 404 ? 404 : answer.status === 409 ? 409 : 422;
  return { refused: status, explanation: wrong.data.error };
}
