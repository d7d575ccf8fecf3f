// The addresses of Members. What is typed to find somebody comes in a body: a name stays in histories and logs.
import { MemberStatus } from "../../../shared/control.ts";
import { defined } from "../http/query.ts";
import { type C, type Routes, to } from "../http/routes.ts";
import type { State } from "../states.ts";
import { type MemberQuery, memberList } from "./list.ts";
import { mailList } from "./mails.ts";
import { mailsPage } from "./mails-page.ts";
import { membersPage, pageSize } from "./page.ts";

export function memberPages({ app, context, view, show, form }: Routes): void {
  async function page(c: C, given: { hub?: string | undefined; status?: string | undefined; text?: string }) {
    const hubs = Object.keys(context.settings.hubs);
    const states = await context.states.all();
    const hub = hubs.find((each) => each === given.hub) ?? hubs[0] ?? "";
    const status = MemberStatus.safeParse(given.status).data;
    const text = given.text?.trim().slice(0, 200) || undefined;
    const number = Math.max(1, Math.floor(Number(c.req.query("page"))) || 1);
    // Shows one page of what was found by a name: a longer list asks for more of the name.
    const offset = text === undefined ? (number - 1) * pageSize : 0;
    const query: MemberQuery = { ...defined({ status, text }), offset, limit: pageSize };
    return show(
      c,
      membersPage(view(c), { hubs, hub, query, page: number, ...seen(hub, states.get(hub), query) }),
    );
  }

  app.get("/members/mails", async (c) => {
    const hubs = Object.keys(context.settings.hubs);
    const hubName = hubs.find((each) => each === c.req.query("hub")) ?? hubs[0] ?? "";
    const hub = context.settings.hubs[hubName];
    const state = (await context.states.all()).get(hubName);
    if (hub === undefined || state === undefined) return show(c, mailsPage(view(c), { hubs, hubName }));
    if ("unreadable" in state) return show(c, mailsPage(view(c), { hubs, hubName, ...state }));
    const list = mailList({ hub, hubName, state, now: context.now() });
    return show(c, mailsPage(view(c), { hubs, hubName, list }));
  });
  app.get("/members", (c) => page(c, { hub: c.req.query("hub"), status: c.req.query("status") }));
  form("/members", async (c, { hub = "", status = "", text = "" }) => {
    if (text.trim() !== "") return page(c, { hub, status, text });
    const query = new URLSearchParams({ hub, ...(status === "" ? {} : { status }) });
    return to(c, `/members?${query}`);
  });
}

function seen(hub: string, state: State | undefined, query: MemberQuery) {
  if (state === undefined) return {};
  if ("unreadable" in state) return { unreadable: state.unreadable };
  const list = memberList(hub, state, query);
  if (list.people.length > 0 || list.total === 0) return { list };
  // Fewer than when the address was made: the last page there is.
  const page = Math.ceil(list.total / pageSize);
  return { list: memberList(hub, state, { ...query, offset: (page - 1) * pageSize }), page };
}
