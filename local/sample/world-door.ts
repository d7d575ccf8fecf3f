// The sample hub's own switches, behind the console: its clock, its faults, its weather, its schedules. They exist nowhere else.
import { Hono } from "hono";
import * as z from "zod";
import { keysOf } from "../../shared/closed.ts";
import type { ComputeFarEnd } from "../compute/far-end.ts";
import { type Failure, type FailureKind, type Faults, farEndNames } from "../wire/faults.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import { lagNames, spells } from "../wire/spells.ts";
import type { Calendar } from "../wire/weather.ts";
import type { PullWord } from "./image-world.ts";
import { type WorldLookDeps, worldLook } from "./world-look.ts";

const Move = z.strictObject({
  moveSeconds: z
    .number()
    .min(0)
    .max(366 * 24 * 3600),
});

/** Failures that a person may ask for, by what goes wrong. */
const failures = {
  status: z.strictObject({ kind: z.literal("status"), status: z.number().int().min(400).max(599) }),
  delay: z.strictObject({ kind: z.literal("delay"), milliseconds: z.number().int().min(1).max(600_000) }),
  "lost-answer": z.strictObject({ kind: z.literal("lost-answer") }),
  truncated: z.strictObject({ kind: z.literal("truncated") }),
} satisfies { [K in FailureKind]: z.ZodType<Extract<Failure, { kind: K }>> };

const { status, ...others } = failures;
const FaultBody = z.strictObject({
  farEnd: z.enum(farEndNames),
  match: z.string().max(200).exactOptional(),
  at: z.number().int().min(1).exactOptional(),
  times: z.number().int().min(1).max(10_000).exactOptional(),
  failure: z.discriminatedUnion("kind", [status, ...Object.values(others)]),
});

const upTo30Days = z
  .number()
  .positive()
  .max(30 * 24 * 3600);
const SpellBody = z
  .strictObject({
    name: z.enum(keysOf(spells)),
    forSeconds: upTo30Days.exactOptional(),
    behindSeconds: upTo30Days.exactOptional(),
  })
  .refine(({ name, behindSeconds }) => behindSeconds === undefined || lagNames.includes(name));

export type WorldDoorDeps = {
  token: string;
  clock: MovableClock;
  faults: Faults;
  weather: Calendar;
  /** Milliseconds by which the clock was moved. */
  movedMs: () => number;
  schedules: () => { name: string; schedule?: string; next: string; last?: string }[];
  pending: () => number;
  /** Things to see and do beside the switches. */
  look: WorldLookDeps;
  /** Merges or closes a pull request, as the operator does on GitHub's page. */
  decidePull: (word: PullWord) => Promise<string>;
  machines: { list: ComputeFarEnd["machines"]; preempt: ComputeFarEnd["preempt"] };
};

export function worldDoor(deps: WorldDoorDeps): Hono {
  const app = new Hono();
  app.use("*", async (c, next) => {
    if (c.req.header("authorization") !== `Bearer ${deps.token}`)
      return c.json({ error: "unauthenticated" }, 401);
    return next();
  });
  app.route("/", worldLook(deps.look));
  app.get("/", (c) =>
    c.json({
      now: deps.clock.now().toISOString(),
      movedMs: deps.movedMs(),
      faults: deps.faults.list(),
      weather: deps.weather.list().map(({ name, until, behindMs }) => ({
        name,
        until: new Date(until).toISOString(),
        ...(behindMs === undefined ? {} : { behindSeconds: behindMs / 1000 }),
      })),
      schedules: deps.schedules(),
      pending: deps.pending(),
    }),
  );
  app.post("/clock", async (c) => {
    const body = Move.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success)
      return c.json(
        refused("the clock was not moved", "moveSeconds must be a number from 0 to a year's"),
        400,
      );
    deps.clock.moveBy(body.data.moveSeconds * 1000);
    return c.json({ ok: true, said: `it is now ${deps.clock.now().toISOString()}` });
  });
  app.post("/faults", async (c) => {
    const body = FaultBody.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) {
      const [issue] = body.error.issues;
      return c.json(
        refused("nothing was broken", `${issue?.path.join(".") ?? "the body"}: ${issue?.message ?? ""}`),
        400,
      );
    }
    deps.faults.add(body.data);
    return c.json({ ok: true, said: `${body.data.farEnd} will fail` });
  });
  app.post("/pulls/:hub/:number{[1-9]\\d{0,8}}/:verdict{merge|close}", async (c) => {
    const verdict = c.req.param("verdict") === "merge" ? "merge" : "close";
    try {
      const [hub, number] = [c.req.param("hub"), Number(c.req.param("number"))];
      return c.json({ ok: true, said: await deps.decidePull({ hub, number, verdict }) });
    } catch (error) {
      const why = error instanceof Error ? error.message : "it is not known";
      return c.json(refused("the pull request was left as it is", why), 409);
    }
  });
  app.get("/machines", (c) => c.json({ machines: deps.machines.list() }));
  app.post("/machines/:name/preempt", (c) => {
    const name = c.req.param("name");
    if (deps.machines.preempt(name)) return c.json({ ok: true, said: `${name} is being taken away` });
    const running = deps.machines.list().map((machine) => machine.name);
    return c.json(
      {
        error: {
          what: "nothing was taken away",
          why: "no running machine has this name",
          next: running.length === 0 ? "no machine runs now" : `name one of ${running.join(", ")}`,
        },
      },
      404,
    );
  });
  app.delete("/faults", (c) => {
    deps.faults.clear();
    return c.json({ ok: true, said: "everything works again" });
  });
  app.post("/weather", async (c) => {
    const body = SpellBody.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) {
      const why = `it takes one of ${keysOf(spells).join(", ")}, up to 30 days, and how far reads lag only with ${lagNames.join(", ")}`;
      return c.json(refused("the weather did not change", why), 400);
    }
    const { name, forSeconds, behindSeconds } = body.data;
    const { until } = deps.weather.begin(name, inMs(forSeconds), inMs(behindSeconds));
    return c.json({ ok: true, said: `${spells[name].word}, until ${new Date(until).toISOString()}` });
  });
  app.delete("/weather", (c) => {
    deps.weather.clear();
    return c.json({ ok: true, said: "the weather is calm" });
  });
  return app;
}

const inMs = (seconds: number | undefined): number | undefined =>
  seconds === undefined ? undefined : seconds * 1000;
const refused = (what: string, why: string) => ({ error: { what, why, next: "send it again, mended" } });
