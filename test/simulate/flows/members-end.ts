// Teams in the end: they are as the sheet says, and as the state tells of it.
import type { GithubFarEnd } from "../../../local/github/far-end.ts";
import type { Snapshot } from "../../../local/github/snapshot.ts";
import { dayMs, dayOf, hourMs } from "../../../shared/clock.ts";
import { MembersState } from "../../../shared/members/records.ts";
import { HeldPlan } from "../../../shared/records.ts";
import type { World } from "../world.ts";
import type { Invited } from "./members-github.ts";
import { type Hub, managed, staying } from "./members-hub.ts";
import { hub } from "./settings.ts";
import type { Words } from "./words.ts";

type Of = {
  world: World;
  people: Hub;
  github: GithubFarEnd;
  words: Words;
  /** Numbers of invitations that somebody else has sent. */
  theirs: readonly string[];
  /** Memberships that runs of ours have tried to give, as "login team". */
  gave: ReadonlySet<string>;
  invitations: () => Invited[];
};

/** Lists what is not as it should be once all is calm. */
export function membersEnd(of: Of): string[] {
  const { world, people, github, words, theirs: elsewhere, gave, invitations } = of;
  const settings = world.settings.hubs[hub]?.members;
  const { teams, pending } = github.snapshot();
  const [stored] = world.records(`head/members/${hub}.json`);
  if (stored === undefined) return ["no run has left a memory"];
  const head = MembersState.parse(JSON.parse(stored.text));
  const wanted = people.wanted(dayOf(world.now()));
  const broken: string[] = [];
  const all = invitations();
  for (const [login, team] of wanted) {
    const person = people.people.find((one) => one.login === login);
    if (person?.account !== true) continue;
    const inside = teams[team]?.includes(login) === true;
    const invited = pending.some((one) => one.login === login && one.teams.includes(team));
    const theirs = all.filter((one) => one.login === login);
    const { outcome = "", ended = 0 } = head.known[login] ?? {};
    const asked =
      // Nobody is asked again who said no or has left, nor anybody a fourth time.
      ["declined", "left", "blocked"].includes(outcome) ||
      ended >= 3 ||
      theirs.some(({ created }) => world.now().getTime() - created < 7 * dayMs);
    // A change that many others come with waits for a person's word.
    const waits = words.held().some(({ about }) => about.toLowerCase() === login);
    if (!inside && !invited && !asked && !waits)
      broken.push(`${login} of the sheet is neither in ${team} nor invited to it`);
  }
  for (const slug of managed)
    for (const login of teams[slug] ?? []) {
      if (wanted.get(login) === slug || head.known[login] === undefined || head.waiting !== undefined)
        continue;
      // Only ours goes, and that after two looks that agree.
      if (settings?.removals !== "apply" || !gave.has(`${login} ${slug}`)) continue;
      if (head.known[login]?.memberships?.[slug]?.how !== "given") continue;
      const since = head.leaving?.[`remove ${login} ${slug}`];
      const graceMs = 3_600_000 * (settings.removalGraceHours + 1);
      if (since !== undefined && world.now().getTime() - Date.parse(since) < graceMs) continue;
      if (staying.some((one) => one.login === login)) continue;
      if (people.rows.some((row) => row.login === login && row.spoilt !== "")) continue;
      broken.push(`${login} is in ${slug}, which the sheet does not give, and nothing is on hold`);
    }
  for (const { login } of staying)
    if (!(teams["full-access"] ?? []).includes(login)) broken.push(`${login} was to stay, and is gone`);
  if (all.some(({ id, status }) => elsewhere.includes(String(id)) && !["pending", "failed"].includes(status)))
    broken.push("an invitation of somebody else is gone");
  if (!(teams["base-access"] ?? []).includes(people.guest.login))
    broken.push("somebody whom the sheet has never named has lost access");
  for (const person of people.people) {
    const theirs = all.filter(({ login }) => login === person.login);
    if (theirs.filter(({ status }) => status === "pending").length > 1)
      broken.push("somebody has two live invitations");
    const outcome = head.known[person.login]?.outcome;
    if (theirs.some(({ status }) => status === "pending") && outcome !== "taken")
      broken.push(`${person.login} is invited, and what is kept of it is ${outcome}`);
    const ended = theirs.filter(({ status }) => status === "failed").length;
    if (ended > 3) broken.push(`somebody was invited ${ended} times`);
  }
  const disputed = ({ login, email }: { login: string; email: string }): boolean =>
    people.rows.some((row) => row.login === login && row.person.email !== email);
  return [...broken, ...untold(head, { teams, pending, wanted, disputed }), ...held(world, head)];
}

type Untold = Pick<Snapshot, "teams" | "pending"> & {
  wanted: ReadonlyMap<string, string>;
  /** Says whether the sheet gives somebody another address now than the one at which they were to be told. */
  disputed: (due: { login: string; email: string }) => boolean;
};

/** Lists people who were let in and never told: the memory of an announcement is emptied when its notice is published. */
function untold(head: MembersState, { teams, pending, wanted, disputed }: Untold): string[] {
  return Object.entries(head.announce)
    .filter(
      ([login, { team, email }]) =>
        wanted.get(login) === team &&
        !disputed({ login, email }) &&
        (teams[team]?.includes(login) ||
          pending.some((one) => one.login === login && one.teams.includes(team))),
    )
    .map(([login]) => `${login} was let in and nobody has told them`);
}

/** Milliseconds after which what joins a hold is told of anew: an hour, and as much for a run that makes many changes. */
const growsMs = 2 * hourMs;

function held(world: World, head: MembersState): string[] {
  if (head.waiting === undefined) return [];
  const plans = world.records(`plans/${hub}/`).map(({ text }) => HeldPlan.parse(JSON.parse(text)));
  const told = world.published
    .filter(({ topic }) => topic === "notice")
    .map(({ event }) => JSON.stringify(event));
  type Item = HeldPlan["plan"]["held"][number];
  const reasonOf = ({ because }: Item): string => because.replace(/\d+/g, "");
  const isTold = (one: HeldPlan, item: Item, after: readonly HeldPlan[] = []): boolean =>
    told.some((notice) => notice.includes(`held/${one.plan.hash}`)) ||
    plans.some((before) => {
      const ms = Date.parse(one.madeAt) - Date.parse(before.madeAt);
      // Tells of what joins a hold, for the same reason, with the rest of it.
      const same = before.plan.held.find(
        (other) => other.hash === item.hash || (ms < growsMs && reasonOf(other) === reasonOf(item)),
      );
      return (
        ms >= 0 && same !== undefined && !after.includes(before) && isTold(before, same, [...after, one])
      );
    });
  const now = plans.find(({ plan }) => plan.hash === head.waiting?.plan);
  if (now === undefined || !now.plan.held.every((item) => isTold(now, item)))
    return ["removals are on hold and nobody was told"];
  return now.plan.held.some(({ because }) => because === "")
    ? ["removals are on hold for no stated reason"]
    : [];
}
