// The pages' addresses: what each reads, which page it makes, and where a form leads when it is done.
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { dayOf } from "../../shared/clock.ts";
import { tableOf } from "../../shared/closed.ts";
import { TransferMode } from "../../shared/events.ts";
import { jsonOf } from "../../shared/json.ts";
import { mostAskedAbout } from "../../shared/members/answers.ts";
import { wanted } from "../../shared/members/find.ts";
import { Outcome } from "../../shared/records.ts";
import type { ConsoleContext } from "./context.ts";
import { eventPages } from "./events/routes.ts";
import { send } from "./events/send.ts";
import { explained, frame, type Page, saidAt, tagOf, type View } from "./frame/frame.ts";
import { homesPage } from "./homes/page.ts";
import { quotaAnswer } from "./homes/status.ts";
import { type Answer, foreign, fromOurPage, type GuardedEnv } from "./http/guard.ts";
import { Day, defined, maximumBytes, noDay, notAForm, notJson, tooLarge, unclear } from "./http/query.ts";
import { isRefusal, refuse } from "./http/refusal.ts";
import { type C, type Form, type Routes, to } from "./http/routes.ts";
import { imageLines } from "./images/lines.ts";
import { imagesPage } from "./images/page.ts";
import { incidentPages } from "./incidents/routes.ts";
import { classPages } from "./members/class-routes.ts";
import { memberPages } from "./members/routes.ts";
import { why } from "./members/why.ts";
import { whoPage } from "./members/why-page.ts";
import { planPage, plansPage } from "./plans/page.ts";
import { matches } from "./runs/index-of-days.ts";
import { pageSize, runsPage } from "./runs/list-page.ts";
import { messagePage } from "./runs/message-page.ts";
import { runPage } from "./runs/page.ts";
import { attemptsOf, daysOfMessage, readRun } from "./runs/runs.ts";
import { undoRun } from "./runs/undo.ts";
import { sampleMachines } from "./sample/hub.ts";
import { samplePages } from "./sample/routes.ts";
import { schedulePages } from "./schedules/routes.ts";
import { runFlow } from "./start/flows.ts";
import { homePage } from "./start/page.ts";
import { home } from "./start/start.ts";
import { type Typed, transfersPage } from "./transfers/page.ts";
import { receiptPages } from "./transfers/receipt-routes.ts";
import { editPage, undeliveredPage } from "./undelivered/page.ts";

type Look = Pick<View, "installation" | "sample" | "organisations">;

export function site(context: ConsoleContext, look: Look, answer: Answer): Hono<GuardedEnv> {
  const app = new Hono<GuardedEnv>();
  const view = (c: C): View => ({ ...look, now: context.now(), csrf: c.get("caller").csrf });

  /** The page, or what has changed in it since the poll before. */
  async function show(c: C, page: Page, status: 200 | 409 | 422 = 200): Promise<Response> {
    const main = String(await page.main);
    if (c.req.header("x-groundcrew-part") !== "main") return c.html(frame(look, page, main), status);
    const etag = tagOf(main);
    if (c.req.header("if-none-match") === etag) return c.body(null, 304, { etag });
    return c.html(main, status, { etag });
  }

  /** Reads a form that one of our pages sent; anything else is answered, not read. */
  function form(path: string, act: Parameters<Routes["form"]>[1]): void {
    app.post(path, async (c) => {
      const type = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
      if (type !== "application/x-www-form-urlencoded") return answer(c, notAForm);
      const all = new URLSearchParams(await c.req.text());
      const fields = Object.fromEntries(all);
      // Another word than the page's own would do what was only to be shown.
      if (![undefined, "yes"].includes(fields["dryRun"])) return answer(c, unclear);
      return fromOurPage(c, fields["csrf"]) ? act(c, fields, all) : answer(c, foreign);
    });
  }

  app.post("*", bodyLimit({ maxSize: maximumBytes, onError: (c) => answer(c, tooLarge(maximumBytes)) }));
  const routes: Routes = { app, context, view, show, form, answer };
  homePages(routes);
  memberPages(routes);
  classPages(routes);
  runPages(routes);
  quotaPages(routes);
  incidentPages(routes);
  undeliveredPages(routes);
  planPages(routes);
  eventPages(routes);
  schedulePages(routes);
  samplePages(routes);
  imagePages(routes);
  transferPages(routes);
  receiptPages(routes);
  return app;
}

function homePages({ app, context, view, show, form, answer }: Routes): void {
  app.get("/", async (c) => show(c, homePage(view(c), await home(context))));
  app.get("/who", (c) => show(c, whoPage(view(c), "", [])));
  form("/who", async (c, { who = "" }) => {
    const all = wanted(who);
    const asked = { hubs: Object.keys(context.settings.hubs), who: all.slice(0, mostAskedAbout) };
    return show(c, whoPage(view(c), who.trim(), await why(asked, context), all.length));
  });
  form("/flows/:flow/run", async (c, { dryRun }) => {
    const started = await runFlow(c.req.param("flow") ?? "", { dryRun: dryRun === "yes" }, context);
    if (isRefusal(started)) return answer(c, started);
    return to(c, `/messages/${started.map(({ messageId }) => messageId).join(",")}`);
  });
  app.get("/messages/:ids", async (c) => {
    const ids = c.req.param("ids").split(",").slice(0, 20);
    const day = Day.safeParse(c.req.query("day")).data;
    const [since = ""] = daysOfMessage(context.now(), day);
    const messages = ids.map(async (messageId) => ({
      messageId,
      runs: await attemptsOf(context, messageId, day),
    }));
    return show(c, messagePage(await Promise.all(messages), since));
  });
}

function runPages({ app, context, view, show, form, answer }: Routes): void {
  async function page(c: C, fields: Form): Promise<Response> {
    const given = (name: string): string | undefined => fields[name]?.trim() || undefined;
    const outcome = Outcome.safeParse(given("outcome")).data;
    const filter = defined({
      flow: given("flow"),
      hub: given("hub"),
      text: given("text"),
      message: given("message"),
    });
    const { data: day } = Day.safeParse(given("day") ?? dayOf(context.now()));
    if (day === undefined) return answer(c, noDay);
    const lines = (await context.runs.day(day)).filter((line) => matches(line, filter));
    const counts = tableOf(Outcome.options, () => 0);
    for (const line of lines) counts[line.outcome] += 1;
    const shown = outcome === undefined ? lines : lines.filter((line) => line.outcome === outcome);
    const last = Math.max(1, Math.ceil(shown.length / pageSize));
    const page = Math.min(last, Math.max(1, Math.floor(Number(given("page"))) || 1));
    return show(c, runsPage(view(c), { ...filter, ...defined({ outcome }), day, page }, shown, counts));
  }

  app.get("/runs", (c) => page(c, { ...c.req.query(), text: "" }));
  form("/runs", async (c, { text = "", day = "", flow = "", outcome = "" }) => {
    if (text.trim() !== "") return page(c, { text: text.slice(0, 200), day, flow, outcome });
    const chosen = Object.entries({ day, flow, outcome }).filter(([, value]) => value !== "");
    return to(c, `/runs?${new URLSearchParams(chosen)}`);
  });
  app.get("/runs/:day/:name", async (c) => {
    const day = c.req.param("day");
    const run = await readRun(context, `${day}/${c.req.param("name")}`);
    if (isRefusal(run)) return answer(c, run);
    const attempts = await attemptsOf(context, run.messageId, day);
    return show(c, runPage(view(c), run, { attempts, show: c.req.query("show") === "yes" }));
  });
  form("/runs/:day/:name/rerun", async (c) => {
    const run = await readRun(context, `${c.req.param("day")}/${c.req.param("name")}`);
    if (isRefusal(run)) return answer(c, run);
    const sent = await send(run.event, run.payload, context);
    return isRefusal(sent) ? answer(c, sent) : to(c, `/messages/${sent.messageId}`);
  });
  form("/runs/:day/:name/undo", async (c, { dryRun }) => {
    const id = `${c.req.param("day")}/${c.req.param("name")}`;
    const sent = await undoRun(context, id, { dryRun: dryRun === "yes" });
    return isRefusal(sent) ? answer(c, sent) : to(c, `/messages/${sent.messageId}`);
  });
}

function quotaPages({ app, context, view, show }: Routes): void {
  app.get("/homes", async (c) => {
    const states = await context.quotas.all();
    const hubs = Object.entries(context.settings.hubs)
      .filter(([, { quota }]) => quota !== undefined)
      .map(([hub]) => {
        const state = states.get(hub);
        return state === undefined || "unreadable" in state
          ? { hub }
          : { hub, status: quotaAnswer(context, hub, state) };
      });
    return show(c, homesPage(view(c), hubs));
  });
}

function undeliveredPages({ app, context, view, show, form, answer }: Routes): void {
  app.get("/undelivered", async (c) =>
    show(c, undeliveredPage(view(c), await context.undelivered.all(), c.req.query("said"))),
  );
  app.get("/undelivered/:id", async (c) => {
    const line = await context.undelivered.one(c.req.param("id"));
    return line === undefined ? answer(c, noRecord) : show(c, editPage(view(c), line));
  });
  form("/undelivered/:id/replay", async (c) => {
    const sent = await context.undelivered.replay(c.req.param("id") ?? "", c.get("caller").by);
    return isRefusal(sent) ? answer(c, sent) : to(c, `/messages/${sent.messageId}`);
  });
  form("/undelivered/:id/edit", async (c, { payload = "" }) => {
    const id = c.req.param("id") ?? "";
    const value = jsonOf(payload);
    const sent =
      value === undefined
        ? notJson("it was not sent")
        : await context.undelivered.replay(id, c.get("caller").by, value);
    if (!isRefusal(sent)) return to(c, `/messages/${sent.messageId}`);
    const line = sent.refused === 422 ? await context.undelivered.one(id) : undefined;
    if (line === undefined) return answer(c, sent);
    // Gives back what was typed, with what is wrong about it.
    return show(c, editPage(view(c), line, { typed: payload, problem: explained(sent.explanation) }), 422);
  });
  form("/undelivered/:id/drop", async (c) => {
    const done = await context.undelivered.drop(c.req.param("id") ?? "", c.get("caller").by);
    return isRefusal(done) ? answer(c, done) : to(c, saidAt("/undelivered", "dropped"));
  });
}

function planPages({ app, context, view, show, form, answer }: Routes): void {
  app.get("/plans", async (c) => show(c, plansPage(view(c), await context.plans.all(), c.req.query("said"))));
  app.get("/plans/:hub/:hash", async (c) => {
    const plan = await context.plans.one(c.req.param("hub"), c.req.param("hash"));
    return plan === undefined ? answer(c, noPlan) : show(c, planPage(view(c), plan));
  });
  for (const [path, verdict] of [
    ["approve", "approved"],
    ["reject", "rejected"],
    ["accept", "accepted"],
  ] as const)
    form(`/plans/:hub/:hash/${path}`, async (c, _, all) => {
      const [hub, hash] = [c.req.param("hub") ?? "", c.req.param("hash") ?? ""];
      const decided = await context.plans.decide({
        hub,
        hash,
        verdict,
        by: c.get("caller").by,
        only: all.getAll("only"),
      });
      return isRefusal(decided) ? answer(c, decided) : to(c, saidAt("/plans", verdict));
    });
}

function imagePages({ app, context, view, show, form, answer }: Routes): void {
  app.get("/images", async (c) =>
    show(c, imagesPage(view(c), await imageLines(context), c.req.query("said"))),
  );
  // On the sample hub a person may do what the operator does on GitHub's page.
  for (const verdict of ["merge", "close"] as const)
    form(`/images/:hub/pulls/:number{[1-9][0-9]*}/${verdict}`, async (c) => {
      const pull = `${encodeURIComponent(c.req.param("hub") ?? "")}/${c.req.param("number")}`;
      const done = await context.world?.({ method: "POST", path: `/pulls/${pull}/${verdict}` });
      return done?.ok === true ? to(c, saidAt("/images", verdict)) : answer(c, notOpen);
    });
}

function transferPages({ app, context, view, show, form, answer }: Routes): void {
  const page = async (c: C, typed?: Typed) =>
    show(
      c,
      transfersPage(
        view(c),
        {
          lines: await context.transfers.all(),
          machines: context.world && (await sampleMachines(context.world)),
          remotes: context.transfers.remotes(),
          oldRclone: context.oldRclone === true,
        },
        { said: c.req.query("said"), typed },
      ),
      typed === undefined ? 200 : 422,
    );
  app.get("/transfers", (c) => page(c));
  form("/transfers", async (c, { from = "", to: target = "", by = "", mode: typed, dryRun }) => {
    const mode = TransferMode.safeParse(typed).data;
    const ends = { from: from.trim(), to: target.trim(), by: by.trim(), mode };
    const asked = await context.transfers.ask({ ...ends, dryRun: dryRun === "yes" });
    if (!isRefusal(asked)) return to(c, `/messages/${asked.messageId}`);
    return page(c, { ...ends, problem: asked.explanation.why });
  });
  form("/transfers/:hub/:id/cancel", async (c) => {
    const [hub, id] = [c.req.param("hub") ?? "", c.req.param("id") ?? ""];
    const done = await context.transfers.cancel(hub, id, c.get("caller").by);
    return isRefusal(done) ? answer(c, done) : to(c, saidAt("/transfers", "cancelled"));
  });
  form("/machines/:name/preempt", async (c) => {
    const name = encodeURIComponent(c.req.param("name") ?? "");
    const answered = await context.world?.({ method: "POST", path: `/machines/${name}/preempt` });
    return answered?.ok === true ? to(c, saidAt("/transfers", "preempted")) : answer(c, noMachine);
  });
}

const notOpen = refuse(
  409,
  "the pull request was left as it is",
  "it is not open any more, or this is no sample hub",
  "look at Images for what is proposed now",
);
const noRecord = refuse(
  404,
  "there is no such undelivered event",
  "no record has this id",
  "look it up in Undelivered",
);
const noMachine = refuse(
  404,
  "nothing was taken away",
  "no running machine has this name",
  "look again: it may have finished meanwhile",
);
const noPlan = refuse(404, "there is no such plan", "no record has this hash", "look it up in Plans");
