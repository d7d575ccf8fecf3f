// Rules for members: each write follows from the sheet as it was read, and in the end the teams are as the sheet says.
import { z } from "zod";
import type { GithubFarEnd } from "../../../local/github/far-end.ts";
import { HeldPlan, Lease, MembersState } from "../../../shared/records.ts";
import type { Delivery, Strikes } from "../strikes.ts";
import type { World } from "../world.ts";
import { type Hub, managed } from "./members-hub.ts";
import { hub } from "./settings.ts";

const Invited = z.object({
  login: z.string(),
  status: z.string(),
  created: z.number(),
  teams: z.string().nullable(),
});
const dayMs = 86_400_000;

export function membersRules(world: World, people: Hub, github: GithubFarEnd) {
  const found: string[] = [];
  /** Wanted team of each login, by the sheet as each delivery read it last. */
  const read = new Map<Delivery, ReadonlyMap<string, string>>();
  const today = (): string => world.now().toISOString().slice(0, 10);
  const limit = world.settings.hubs[hub]?.members?.holdRemovals.above ?? 0;

  const holder = (): string => {
    const [lease] = world.records(`head/lease/sync-members/${hub}.json`);
    return lease === undefined ? "" : Lease.parse(JSON.parse(lease.text)).holder;
  };

  const invitations = () =>
    z.array(Invited).parse(
      world.state
        .prepare(
          `SELECT a.login, i.status, i.created, (SELECT group_concat(t.slug) FROM github_invitation_team it
             JOIN github_team t ON t.id = it.team WHERE it.invitation = i.id) AS teams
             FROM github_invitation i JOIN github_account a ON a.id = i.invitee ORDER BY i.id`,
        )
        .all(),
    );

  const watch: Strikes["watch"] = ({ who, host, what, status }) => {
    if (who.name !== "sync-members") return;
    if (host === "storage" && what.startsWith("GET") && what.includes("/head/lease/")) who.checked = true;
    const writes = host === "github" && !what.startsWith("GET") && !/POST \/(?:graphql|app)/.test(what);
    // A token that GitHub does not take is got anew, and the request made again.
    const signIn = status === 401 || /access_tokens|\/installation/.test(what);
    if (!writes && !signIn && (host === "google" || host === "github")) {
      if (status >= 400 && status !== 404) who.blind = true;
      if (host === "google" && status === 200) {
        who.blind = false;
        who.wrote.length = 0;
        read.set(who, people.wanted(today()));
      }
      return;
    }
    if (!writes) return;
    if (!who.checked && holder() !== who.messageId)
      found.push(`a write came from a delivery that had lost its lease and did not look: ${what}`);
    who.checked = false;
    if (who.blind) found.push(`a write followed an incomplete read: ${what}`);
    const wanted = read.get(who);
    if (wanted === undefined) {
      found.push(`a write came before any sheet was read: ${what}`);
      return;
    }
    const [, slug = "", login = ""] = /\/teams\/([^/]+)\/memberships\/([^/ ]+)/.exec(what) ?? [];
    if (what.startsWith("PUT") && wanted.get(login) !== slug)
      found.push(`somebody was put into a team that the sheet did not give: ${what}`);
    if (what.startsWith("DELETE")) {
      if (slug !== "" && wanted.get(login) === slug)
        found.push(`somebody was taken out of the team that the sheet gave: ${what}`);
      if (login === people.guest.login) found.push("somebody was removed whom the sheet has never named");
      who.wrote.push(what);
      if (who.wrote.length > 2 * limit)
        found.push(
          `${who.wrote.length} removals after one look, where ${limit} of a kind go through unasked`,
        );
    }
    if (what.startsWith("POST") && status === 201) {
      const last = invitations().at(-1);
      if (last === undefined || wanted.get(last.login) !== last.teams)
        found.push("somebody was invited to a team that the sheet did not give");
    }
  };

  function end(): string[] {
    const { teams, pending } = github.snapshot();
    const [stored] = world.records(`head/members/${hub}.json`);
    if (stored === undefined) return ["no run has left a memory"];
    const head = MembersState.parse(JSON.parse(stored.text));
    const wanted = people.wanted(today());
    const broken: string[] = [];
    const all = invitations();
    for (const [login, team] of wanted) {
      const person = people.people.find((one) => one.login === login);
      if (person?.account !== true) continue;
      const inside = teams[team]?.includes(login) === true;
      const invited = pending.some((one) => one.login === login && one.teams.includes(team));
      const theirs = all.filter((one) => one.login === login);
      const asked =
        theirs.length >= 3 || theirs.some(({ created }) => world.now().getTime() - created < 7 * dayMs);
      if (!inside && !invited && !asked)
        broken.push(`${login} of the sheet is neither in ${team} nor invited to it`);
    }
    for (const slug of managed)
      for (const login of teams[slug] ?? []) {
        if (wanted.get(login) === slug || head.known[login] === undefined || head.waiting !== undefined)
          continue;
        if (people.rows.some(({ person, spoilt }) => person.login === login && spoilt !== "")) continue;
        broken.push(`${login} is in ${slug}, which the sheet does not give, and nothing is on hold`);
      }
    if (!(teams["base-access"] ?? []).includes(people.guest.login))
      broken.push("somebody whom the sheet has never named has lost access");
    for (const person of people.people) {
      const theirs = all.filter(({ login }) => login === person.login);
      if (theirs.filter(({ status }) => status === "pending").length > 1)
        broken.push("somebody has two live invitations");
      if (theirs.length > 3) broken.push(`somebody was invited ${theirs.length} times`);
    }
    return [...broken, ...untold(head, teams, pending), ...held(head)];
  }

  /** Lists people who were let in and never told: the memory of an announcement is emptied when its notice is published. */
  function untold(
    head: MembersState,
    teams: Record<string, string[]>,
    pending: readonly { login: string | null; teams: string[] }[],
  ): string[] {
    return Object.entries(head.announce)
      .filter(
        ([login, { team }]) =>
          wantedNow().get(login) === team &&
          (teams[team]?.includes(login) ||
            pending.some((one) => one.login === login && one.teams.includes(team))),
      )
      .map(([login]) => `${login} was let in and nobody has told them`);
  }
  const wantedNow = () => people.wanted(today());

  function held(head: MembersState): string[] {
    if (head.waiting === undefined) return [];
    const plan = world.records(`plans/${hub}/${head.waiting.plan}.json`)[0];
    const told = world.published.some(
      ({ topic, event }) =>
        topic === "notice" && JSON.stringify(event).includes(`held/${head.waiting?.plan}`),
    );
    if (plan === undefined || !told) return ["removals are on hold and nobody was told"];
    return HeldPlan.parse(JSON.parse(plan.text)).plan.held.some(({ because }) => because === "")
      ? ["removals are on hold for no stated reason"]
      : [];
  }

  return { watch, broken: () => [...found, ...end()] };
}
