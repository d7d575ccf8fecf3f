// The addresses of Schedules.

import { isRefusal } from "../http/refusal.ts";
import { type Routes, to } from "../http/routes.ts";
import { runSchedule } from "../start/flows.ts";
import { schedulesPage } from "./page.ts";
import { scheduleStore } from "./schedules.ts";

export function schedulePages({ app, context, view, show, form, answer }: Routes): void {
  app.get("/schedules", async (c) => show(c, schedulesPage(view(c), await scheduleStore(context))));
  form("/schedules/:schedule/run", async (c) => {
    const started = await runSchedule(c.req.param("schedule") ?? "", context);
    if (isRefusal(started)) return answer(c, started);
    return to(c, `/messages/${started.map(({ messageId }) => messageId).join(",")}`);
  });
}
