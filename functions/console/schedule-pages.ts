// The addresses of Schedules.
import { runSchedule } from "./flows.ts";
import { schedulesPage } from "./pages/schedules.ts";
import { type Parts, to } from "./parts.ts";
import { isRefusal } from "./refusal.ts";
import { scheduleBook } from "./schedules.ts";

export function schedulePages({ app, crew, view, show, form, answer }: Parts): void {
  app.get("/schedules", async (c) => show(c, schedulesPage(view(c), await scheduleBook(crew))));
  form("/schedules/:schedule/run", async (c) => {
    const started = await runSchedule(c.req.param("schedule") ?? "", crew);
    if (isRefusal(started)) return answer(c, started);
    return to(c, `/messages/${started.map(({ messageId }) => messageId).join(",")}`);
  });
}
