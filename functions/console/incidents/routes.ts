// The addresses of Incidents. A key stands in a form's body, for it may have been made of what somebody typed.
import { isRefusal } from "../http/refusal.ts";
import { type Routes, to } from "../http/routes.ts";
import { incidentsPage } from "./page.ts";

export function incidentPages({ app, context, view, show, form, answer }: Routes): void {
  app.get("/incidents", async (c) =>
    show(c, incidentsPage(view(c), await context.incidents.all(), c.req.query("said"))),
  );
  form("/incidents/acknowledge", async (c, { key = "" }) => {
    const done = await context.incidents.acknowledge(key, c.get("caller").by);
    return isRefusal(done) ? answer(c, done) : to(c, "/incidents?said=acknowledged");
  });
  form("/incidents/close", async (c, { key = "" }) => {
    const done = await context.incidents.close(key);
    return isRefusal(done) ? answer(c, done) : to(c, "/incidents?said=closed");
  });
}
