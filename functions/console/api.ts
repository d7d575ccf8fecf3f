// The control API under /api: JSON in and out, by the shapes of shared/control.ts. The command line is its client.
import { type Context, Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import * as z from "zod";
import { requests } from "../../shared/control.ts";
import { RunId } from "../../shared/events.ts";
import { inWords } from "../../shared/misfit.ts";
import { QuotaReport } from "../../shared/quota/report.ts";
import { Outcome } from "../../shared/records.ts";
import type { ConsoleContext } from "./context.ts";
import { sampleEvents } from "./events/samples.ts";
import { send, sendMade } from "./events/send.ts";
import { keepReport, quotaAnswer } from "./homes/status.ts";
import { type Answers, bodyOf, done, Limit, noHub, published, refused, unfit } from "./http/answers.ts";
import { foreign, fromOurPage, type GuardedEnv } from "./http/guard.ts";
import { Day, defined, maximumBytes, tooLarge } from "./http/query.ts";
import { isRefusal, refuse } from "./http/refusal.ts";
import { imageLines } from "./images/lines.ts";
import { membersApi } from "./members/api.ts";
import { findRuns, readRun, recentEvents } from "./runs/runs.ts";
import { undoRun } from "./runs/undo.ts";
import { scheduleStore } from "./schedules/schedules.ts";
import { expiries } from "./start/expiries.ts";
import { runFlow, runSchedule } from "./start/flows.ts";
import { home } from "./start/start.ts";
import { transferChecks } from "./transfers/checks.ts";
import { transferLog } from "./transfers/log.ts";
import { linesAnswer, noReceipt } from "./transfers/receipt-routes.ts";
import { receipts } from "./transfers/receipts.ts";
import { noTransfer } from "./transfers/transfers.ts";

/** Thousands of homes. */
const maximumReportBytes = 32 * 1024 * 1024;

export function api(context: ConsoleContext): Hono<GuardedEnv> {
  const app = new Hono<GuardedEnv>();
  const upTo = (maxSize: number) => bodyLimit({ maxSize, onError: (c) => refused(c, tooLarge(maxSize)) });
  const [small, large] = [upTo(maximumBytes), upTo(maximumReportBytes)];
  app.use((c, next) => (/\/quota\/[^/]+\/reports$/.test(c.req.path) ? large : small)(c, next));
  app.use(async (c, next) => {
    if (c.req.method === "GET" || fromOurPage(c, c.req.header("x-groundcrew-form"))) return next();
    return refused(c, foreign);
  });
  looking(app, context);
  acting(app, context);
  membersApi(app, context);
  app.all("/world/*", (c) => world(c, context));
  app.notFound((c) =>
    refused(
      c,
      refuse(404, "there is nothing here", "the control API has no such address", "see shared/control.ts"),
    ),
  );
  return app;
}

/** Reads of the ledger. Those of members: members/api.ts. */
function looking(app: Hono<GuardedEnv>, context: ConsoleContext): void {
  app.get("/home", async (c) => c.json<Answers["home"]>(await home(context)));
  app.get("/runs", async (c) => {
    const query = RunsQuery.safeParse(c.req.query(), inWords);
    if (!query.success) return refused(c, unfit("the runs were not listed", query.error));
    const { limit, ...filter } = query.data;
    return c.json<Answers["runs"]>(await findRuns(context, { ...defined(filter), limit }));
  });
  app.get("/expiries", async (c) => c.json<Answers["expiries"]>({ expiries: await expiries(context) }));
  app.get("/checks", async (c) => c.json<Answers["checks"]>({ checks: await transferChecks(context) }));
  const run = async (c: Context, id: string) => {
    const found = await readRun(context, id);
    return isRefusal(found) ? refused(c, found) : c.json<Answers["run"]>(found);
  };
  app.get("/runs/:id", (c) => run(c, c.req.param("id")));
  app.get("/runs/:day/:name", (c) => run(c, `${c.req.param("day")}/${c.req.param("name")}`));
  app.get("/events", async (c) => {
    const query = z.object({ limit: Limit }).safeParse(c.req.query(), inWords);
    if (!query.success) return refused(c, unfit("the events were not listed", query.error));
    return c.json<Answers["events"]>({ events: await recentEvents(context, query.data.limit) });
  });
  app.get("/incidents", async (c) => {
    const { open, over } = await context.incidents.all();
    return c.json<Answers["incidents"]>({ open, over });
  });
  app.get("/undelivered", async (c) =>
    c.json<Answers["undelivered"]>({ undelivered: await context.undelivered.all() }),
  );
  app.get("/plans", async (c) => c.json<Answers["plans"]>({ plans: await context.plans.all() }));
  app.get("/plans/:hub/:hash", async (c) => {
    const held = await context.plans.one(c.req.param("hub"), c.req.param("hash"));
    if (held === undefined)
      return refused(c, refuse(404, "there is no such plan", "no record has this hash", "list the plans"));
    return c.json<Answers["plan"]>(held.plan);
  });
  app.get("/schedules", async (c) =>
    c.json<Answers["schedules"]>({ schedules: await scheduleStore(context) }),
  );
  app.get("/samples", (c) => {
    const hub = c.req.query("hub") ?? Object.keys(context.settings.hubs)[0] ?? "";
    if (!Object.hasOwn(context.settings.hubs, hub)) return refused(c, noHub);
    return c.json<Answers["samples"]>({ samples: sampleEvents(hub, context.settings, context.now()) });
  });
  app.get("/quota/:hub", async (c) => {
    const name = c.req.param("hub");
    const state = (await context.quotas.all()).get(name);
    if (state === undefined || "unreadable" in state) return refused(c, noScan);
    return c.json<Answers["quota"]>(quotaAnswer(context, name, state));
  });
  app.get("/images", async (c) => c.json<Answers["images"]>({ hubs: await imageLines(context) }));
  app.get("/transfers", async (c) =>
    c.json<Answers["transfers"]>({ transfers: await context.transfers.all() }),
  );
  app.get("/transfers/:hub/:id", async (c) => {
    const found = await context.transfers.one(c.req.param("hub"), c.req.param("id"));
    return found === undefined ? refused(c, noTransfer) : c.json<Answers["transfer"]>(found);
  });
  const kept = receipts(context);
  app.get("/transfers/:hub/:id/receipt", async (c) => {
    const receipt = await kept.one(c.req.param("hub"), c.req.param("id"));
    return receipt === undefined ? refused(c, noReceipt) : c.json<Answers["receipt"]>({ receipt });
  });
  app.get("/transfers/:hub/:id/log", async (c) => {
    const found = await context.transfers.one(c.req.param("hub"), c.req.param("id"));
    if (found === undefined) return refused(c, noTransfer);
    return c.json<Answers["transferLog"]>({ lines: await transferLog(context, found.head) });
  });
  app.get("/transfers/:hub/:id/receipt.ndjson.gz", async (c) => {
    const receipt = await kept.one(c.req.param("hub"), c.req.param("id"));
    return receipt === undefined ? refused(c, noReceipt) : linesAnswer(kept, receipt);
  });
}

/** Events published, and a person's words kept. */
function acting(app: Hono<GuardedEnv>, context: ConsoleContext): void {
  const rerun = async (c: Context, id: string) => {
    const run = await readRun(context, id);
    if (isRefusal(run)) return refused(c, run);
    return published(c, await send(run.event, run.payload, context));
  };
  app.post("/runs/:id/rerun", (c) => rerun(c, c.req.param("id")));
  app.post("/runs/:day/:name/rerun", (c) => rerun(c, `${c.req.param("day")}/${c.req.param("name")}`));
  app.post("/runs/:day/:name/undo", async (c) => {
    const body = await bodyOf(c, requests.undo);
    if (isRefusal(body)) return refused(c, body);
    const { day, name } = c.req.param();
    return published(c, await undoRun(context, `${day}/${name}`, body));
  });
  app.post("/events", async (c) => {
    const body = await bodyOf(c, requests.sendEvent);
    return isRefusal(body)
      ? refused(c, body)
      : published(c, await sendMade(body.topic, body.payload, context));
  });
  app.post("/events/:messageId/replay", async (c) => {
    const filter = { message: c.req.param("messageId"), limit: 1 };
    const [line] = (await findRuns(context, filter)).runs;
    const run = line === undefined ? noMessage : await readRun(context, line.id);
    return published(c, isRefusal(run) ? run : await send(run.event, run.payload, context));
  });
  app.post("/undelivered/:id/replay", async (c) => {
    const body = await bodyOf(c, requests.replay);
    if (isRefusal(body)) return refused(c, body);
    return published(
      c,
      await context.undelivered.replay(c.req.param("id"), c.get("caller").by, body.payload),
    );
  });
  app.post("/undelivered/:id/drop", async (c) =>
    done(c, await context.undelivered.drop(c.req.param("id"), c.get("caller").by)),
  );
  for (const [path, verdict] of [
    ["approve", "approved"],
    ["reject", "rejected"],
    ["accept", "accepted"],
  ] as const)
    app.post(`/plans/:hub/:hash/${path}`, async (c) => {
      const body = await bodyOf(c, requests.decide);
      if (isRefusal(body)) return refused(c, body);
      const { hub, hash } = c.req.param();
      return done(
        c,
        await context.plans.decide({ hub, hash, verdict, by: c.get("caller").by, only: body.only }),
      );
    });
  for (const word of ["acknowledge", "close"] as const)
    app.post(`/incidents/${word}`, async (c) => {
      const body = await bodyOf(c, requests.incident);
      if (isRefusal(body)) return refused(c, body);
      return done(c, await context.incidents[word](body.key, c.get("caller").by));
    });
  app.post("/schedules/:schedule/run", async (c) => {
    const started = await runSchedule(c.req.param("schedule"), context);
    if (isRefusal(started)) return refused(c, started);
    return published(c, { messageId: started[0]?.messageId ?? "", all: started });
  });
  app.post("/quota/:hub/reports", async (c) => {
    const report = await bodyOf(c, QuotaReport);
    return isRefusal(report)
      ? refused(c, report)
      : done(c, await keepReport(context, c.req.param("hub"), report));
  });
  app.post("/transfers", async (c) => {
    const request = await bodyOf(c, requests.transfer);
    if (isRefusal(request)) return refused(c, request);
    const asked = await context.transfers.ask(request);
    return isRefusal(asked) ? refused(c, asked) : c.json<Answers["transferAsked"]>(asked);
  });
  app.post("/transfers/:hub/:id/cancel", async (c) =>
    done(c, await context.transfers.cancel(c.req.param("hub"), c.req.param("id"), c.get("caller").by)),
  );
  app.post("/flows/:flow/run", async (c) => {
    const request = await bodyOf(c, requests.runFlow);
    if (isRefusal(request)) return refused(c, request);
    const started = await runFlow(c.req.param("flow"), request, context);
    if (isRefusal(started)) return refused(c, started);
    return published(c, { messageId: started[0]?.messageId ?? "", all: started });
  });
}

async function world(c: Context<GuardedEnv>, context: ConsoleContext): Promise<Response> {
  if (context.world === undefined)
    return refused(
      c,
      refuse(404, "there is nothing here", "this is no sample hub", "run `npx groundcrew start`"),
    );
  const url = new URL(c.req.url);
  const body = c.req.method === "GET" ? undefined : await c.req.text();
  const answer = await context.world({
    method: c.req.method,
    path: `${url.pathname.slice("/api/world".length)}${url.search}`,
    ...(body === undefined ? {} : { body }),
  });
  return new Response(answer.body, {
    status: answer.status,
    headers: { "content-type": answer.headers.get("content-type") ?? "application/json" },
  });
}

// Filters of runs. None finds a person by a name: the pages ask for that in a body, because an address stays in logs.
const RunsQuery = z.strictObject({
  flow: z.string().optional(),
  hub: z.string().optional(),
  outcome: Outcome.optional(),
  message: z.string().optional(),
  before: RunId.optional(),
  day: Day.optional(),
  limit: Limit,
});

const noScan = refuse(
  404,
  "there are no figures of homes",
  "no scan of this hub has ended yet, or its record cannot be read",
  "look at the runs of scan-quotas, or start it: `groundcrew run scan-quotas`",
);
const noMessage = refuse(
  404,
  "nothing was sent",
  "no run of the past days has this message",
  "look it up in the list of runs",
);
