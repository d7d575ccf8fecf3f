// The addresses of Classes.
import { ClassRequest } from "../../../shared/members/class-answers.ts";
import { classNameOf } from "../../../shared/members/classes.ts";
import { inWords } from "../../../shared/misfit.ts";
import { saidAt } from "../frame/frame.ts";
import { isRefusal, misfits, refuse } from "../http/refusal.ts";
import { type C, type Routes, to } from "../http/routes.ts";
import { classesPage, classPage, printedClass, type Typed } from "./class-page.ts";
import { allClasses, cancelClass, giveClass, oneClass } from "./class-store.ts";

const namedIn = (c: C) => ({
  hub: c.req.param("hub") ?? "",
  on: c.req.param("on") ?? "",
  name: c.req.param("name") ?? "",
});

export function classPages({ app, context, view, show, form, answer }: Routes): void {
  const page = async (c: C, typed?: Typed) => {
    const all = Object.entries(context.settings.hubs);
    const hubs = all.filter(([, { members }]) => members !== undefined).map(([hub]) => hub);
    const said = c.req.query("said");
    const seen = { hubs, lines: await allClasses(context), said, ...(typed === undefined ? {} : { typed }) };
    return show(c, classesPage(view(c), seen), typed === undefined ? 200 : 422);
  };
  app.get("/classes", (c) => page(c));
  form("/classes", async (c, { hub = "", on = "", name = "", list = "" }) => {
    const request = ClassRequest.safeParse({ on, name: classNameOf(name), list }, inWords);
    const given = request.success
      ? await giveClass(hub, request.data, c.get("caller").by, context)
      : refuse(422, "the class was not kept", misfits(request.error), "give the day as yyyy-mm-dd");
    // Gives back what was typed, with what is wrong about it.
    if (isRefusal(given)) return page(c, { hub, on, name, list, problem: given.explanation });
    const { view: kept } = given;
    return to(c, `/classes/${kept.hub}/${kept.on}/${kept.name}`);
  });
  app.get("/classes/:hub/:on/:name", async (c) => {
    const found = await oneClass(namedIn(c), context);
    return isRefusal(found) ? answer(c, found) : show(c, classPage(view(c), found));
  });
  app.get("/classes/:hub/:on/:name/print", async (c) => {
    const found = await oneClass(namedIn(c), context);
    if (isRefusal(found)) return answer(c, found);
    // Saved, not shown: it brings its own style, which no page of the console may.
    const file = `attachment; filename="${found.name}-${found.on}.html"`;
    return c.html(await printedClass(found, context.now()), 200, { "content-disposition": file });
  });
  form("/classes/:hub/:on/:name/cancel", async (c) => {
    const done = await cancelClass(namedIn(c), c.get("caller").by, context);
    return isRefusal(done) ? answer(c, done) : to(c, saidAt("/classes", "calledOff"));
  });
}
