// The control API's part about members: who they are, why they cannot log in, their mails, their classes, and who is forgotten.
import type { Hono } from "hono";
import * as z from "zod";
import { MemberStatus, requests } from "../../../shared/control.ts";
import type { Explanation } from "../../../shared/errors.ts";
import { summaryOf } from "../../../shared/members/need.ts";
import { inWords } from "../../../shared/misfit.ts";
import type { ConsoleContext } from "../context.ts";
import { type Answers, bodyOf, done, Limit, noHub, published, refused, unfit } from "../http/answers.ts";
import type { GuardedEnv } from "../http/guard.ts";
import { defined } from "../http/query.ts";
import { isRefusal, type Refusal, refuse } from "../http/refusal.ts";
import { printedClass } from "./class-page.ts";
import { allClasses, cancelClass, giveClass, oneClass } from "./class-store.ts";
import { askToForget } from "./forget.ts";
import { memberList } from "./list.ts";
import { mailList } from "./mails.ts";
import { why } from "./why.ts";

/** Adds its routes to the control API. */
export function membersApi(app: Hono<GuardedEnv>, context: ConsoleContext): void {
  app.get("/members/:hub", async (c) => {
    const query = MembersQuery.safeParse(c.req.query(), inWords);
    if (!query.success) return refused(c, unfit("the members were not listed", query.error));
    const hub = c.req.param("hub");
    const state = (await context.states.all()).get(hub);
    if (state === undefined || "unreadable" in state) return refused(c, noMembers(state));
    const { limit, ...filter } = query.data;
    return c.json<Answers["members"]>(memberList(hub, state, { ...defined(filter), limit }));
  });
  app.get("/members/:hub/mails", async (c) => {
    const name = c.req.param("hub");
    const hub = context.settings.hubs[name];
    const state = (await context.states.all()).get(name);
    if (state === undefined || "unreadable" in state) return refused(c, noMembers(state));
    if (hub === undefined) return refused(c, noHub);
    return c.json<Answers["mails"]>(mailList({ hub, hubName: name, state, now: context.now() }));
  });
  app.post("/members/:hub/why", async (c) => {
    const name = c.req.param("hub");
    if (!Object.hasOwn(context.settings.hubs, name)) return refused(c, noHub);
    const body = await bodyOf(c, requests.why);
    if (isRefusal(body)) return refused(c, body);
    const people = await why({ hubs: [name], who: body.who }, context);
    return c.json<Answers["why"]>({ summary: summaryOf(people), people });
  });
  app.get("/classes", async (c) => c.json<Answers["classes"]>({ classes: await allClasses(context) }));
  app.get("/classes/:hub/:on/:name", async (c) => {
    const found = await oneClass(c.req.param(), context);
    return isRefusal(found) ? refused(c, found) : c.json<Answers["class"]>(found);
  });
  app.get("/classes/:hub/:on/:name/page", async (c) => {
    const found = await oneClass(c.req.param(), context);
    if (isRefusal(found)) return refused(c, found);
    return c.json<Answers["classPage"]>({ html: await printedClass(found, context.now()) });
  });
  app.post("/classes/:hub", async (c) => {
    const body = await bodyOf(c, requests.giveClass);
    if (isRefusal(body)) return refused(c, body);
    const given = await giveClass(c.req.param("hub"), body, c.get("caller").by, context);
    return isRefusal(given) ? refused(c, given) : c.json<Answers["classGiven"]>(given);
  });
  app.post("/classes/:hub/:on/:name/cancel", async (c) =>
    done(c, await cancelClass(c.req.param(), c.get("caller").by, context)),
  );
  app.post("/members/:hub/forget", async (c) => {
    const name = c.req.param("hub");
    if (!Object.hasOwn(context.settings.hubs, name)) return refused(c, noHub);
    const body = await bodyOf(c, requests.forget);
    return isRefusal(body) ? refused(c, body) : published(c, await askToForget(name, body, context));
  });
}

const MembersQuery = z.strictObject({
  status: MemberStatus.optional(),
  offset: z.coerce.number().int().min(0).optional(),
  limit: Limit,
});

const noMembers = (state: { unreadable: Explanation } | undefined): Refusal =>
  state === undefined
    ? refuse(
        404,
        "the members were not listed",
        "no run has compared this hub's sheet and teams yet",
        "run sync-members",
      )
    : { refused: 409, explanation: state.unreadable };
