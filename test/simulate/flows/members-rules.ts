// Rules for members: each write follows from the sheet as it was read, and in the end the teams are as the sheet says.
import type { GithubFarEnd } from "../../../local/github/far-end.ts";
import { dayMs, dayOf } from "../../../shared/clock.ts";
import { Notice } from "../../../shared/events.ts";
import { MembersState } from "../../../shared/members/records.ts";
import { Lease } from "../../../shared/records.ts";
import type { Delivery, Strikes } from "../strikes.ts";
import type { World } from "../world.ts";
import type { Classes } from "./members-classes.ts";
import { membersEnd } from "./members-end.ts";
import { atGithub, type Invited } from "./members-github.ts";
import { type Hub, managed, staying } from "./members-hub.ts";
import { mailRules } from "./members-mails.ts";
import { pairingRules } from "./members-pairing.ts";
import type { Undos } from "./members-undo.ts";
import { membershipWords } from "./members-words.ts";
import { hub } from "./settings.ts";
import type { Listed } from "./short-lists.ts";
import type { Words } from "./words.ts";

/** Person and team of a write; empty where its address does not say. */
type Write = { login: string; slug: string };

/** Number of the invitation that is in the address of a write. */
const invitationIn = (what: string): number => Number(/\/invitations\/(\d+)/.exec(what)?.[1] ?? 0);

export function membersRules(
  world: World,
  of: { people: Hub; github: GithubFarEnd; words: Words; undos: Undos; classes: Classes },
) {
  const { people, github, words, undos, classes } = of;
  const found: string[] = [];
  /** People in a team or invited to it, by GitHub as each delivery read it last, and what it has done since. */
  const stood = new Map<Delivery, Set<string>>();
  let editedAt = "";
  const { theirs, invitations, standing } = atGithub(world, people);
  /** Run that made each invitation. */
  const invitedBy = new Map<number, Pick<Delivery, "dead">>();
  /** Invitations that an undo took back. */
  const takenBack = new Set<number>();
  /** Readers of a list some of which is still to come. */
  const short = new Set<Delivery>();
  /** Wanted team of each login, by the sheet as each delivery read it last. */
  const read = new Map<Delivery, ReadonlyMap<string, string>>();
  /** Memberships that runs of ours have tried to give, as "login team". */
  const gave = new Set<string>();
  /** People who moved to a higher team since each delivery read the sheet. */
  const raised = new Map<Delivery, Set<string>>();
  /** Times at which somebody lost access without a person's word. */
  const unasked: number[] = [];
  const settings = world.settings.hubs[hub]?.members;
  const today = (): string => dayOf(world.now());
  const limit = settings?.holdRemovals.above ?? 0;
  const { isAdopted, wordOn } = membershipWords(world, words);
  const perDay = settings?.invitationsPerDay ?? 0;

  const pairing = pairingRules({ people, limit, isApproved: (about) => words.isSaid("approved", about) });

  const holder = (): string => {
    const [lease] = world.records(`head/lease/sync-members/${hub}.json`);
    return lease === undefined ? "" : Lease.parse(JSON.parse(lease.text)).holder;
  };

  /**
   * Says whether the budget takes one for this invitation and a later one of the same person: where a run died after it, whom they
   * declined in between nobody can tell from one who was never asked; and where an undo took it back, a person wanted it again.
   */
  const isCountedLater = ({ id, login }: Invited, all: readonly Invited[]): boolean =>
    (invitedBy.get(id)?.dead === true || takenBack.has(id)) &&
    all.some((later) => later.login === login && later.id > id);

  let asking: Delivery | undefined;
  const stoodSo = (line: string): boolean => asking !== undefined && stood.get(asking)?.has(line) === true;
  const isSo = (line: string): boolean => stoodSo(line) || standing().includes(line);
  const isSurely = (line: string): boolean => stoodSo(line) && standing().includes(line);
  const mails = mailRules(world, { people, invitations, isSo, isSurely });

  /** Holds that whoever is told that they are in, or invited, was so at the last look, or is so now. */
  const told: Strikes["told"] = ({ who, topic, event }) => {
    const notice = topic === "notice" ? Notice.parse(event) : undefined;
    if (who?.name !== "sync-members" || notice === undefined) return;
    if (notice.to === "team" && !notice.key.startsWith("class/")) return;
    // A message of a key goes out once: whoever publishes it again, late, tells nobody.
    const ofKey = world.published.filter(({ event: one }) => Notice.safeParse(one).data?.key === notice.key);
    if (ofKey.length > 1) return;
    asking = who;
    if (notice.to === "team") {
      found.push(...classes.wrong(notice, { isSo, isSurely }));
      return;
    }
    found.push(...mails.wrong(who, notice, (login, email) => pairing.mayBeTold(who, login, email)));
    if (!/^(?:invited|added)\//.test(notice.key)) return;
    const [, login = ""] = /account "([^"]+)"/.exec(notice.text) ?? [];
    const is = `${notice.subject.includes("one step is left") ? "invited" : "added"} ${login}`;
    if (stood.get(who)?.has(is) !== true && !standing().includes(is))
      found.push(`somebody was told what is not so: ${is}`);
    if (!pairing.mayBeTold(who, login, notice.to.mail.join()))
      found.push(`somebody was told of another person's access: ${login}`);
  };

  /**
   * Says whether a run was about to give it that died, or failed, so that its message came again. What it means to give is written
   * down before it is given, and if somebody gives the same by hand meanwhile, nobody can tell the two apart.
   */
  function wasMeant(login: string, slug: string): boolean {
    const [stored] = world.records(`head/members/${hub}.json`);
    const { known } = MembersState.parse(JSON.parse(stored?.text ?? ""));
    const by = known[login]?.memberships?.[slug];
    const runs = [...read.keys()].filter(({ messageId }) => messageId === by?.run);
    return by?.how === "given" && (runs.length > 1 || runs.some(({ dead }) => dead));
  }

  const isOurs = (login: string, slug: string): boolean =>
    gave.has(`${login} ${slug}`) || isAdopted(login, slug) || wasMeant(login, slug);

  /** Rules of the fence: only what we gave is taken, and an invitation only where all that it leads to is ours. */
  function fence(what: string, { login, slug }: Write): void {
    if (settings?.removals !== "apply")
      found.push(`something was taken where it was only to be reported: ${what}`);
    if (slug !== "" && !isOurs(login, slug))
      found.push(`a membership was taken that nobody of us gave: ${what}`);
    const invitation = invitations().find(({ id }) => id === invitationIn(what));
    for (const team of invitation?.teams?.split(",") ?? [])
      if (!gave.has(`${invitation?.login} ${team}`))
        found.push(`an invitation was withdrawn that leads to ${team}, which we did not give: ${what}`);
  }

  const withdrawnBy = (what: string): string =>
    invitations().find(({ id }) => id === invitationIn(what))?.login ?? "";

  /** Rules of a removal: some stay whatever the sheet says, and a person's word counts. */
  function removal(what: string, who: Delivery, { login, slug }: Write): void {
    spares(what, login);
    const word = slug === "" ? undefined : wordOn(login, slug);
    if (word?.verdict === "rejected" && word.at > editedAt)
      found.push(`somebody was removed of whom a person has said no: ${what}`);
    fence(what, { login, slug });
    if (word?.verdict === "approved") return;
    who.wrote.push(what);
    unasked.push(world.now().getTime());
    const ofTeam = who.wrote.filter((one) => one.includes(`/teams/${slug}/`)).length;
    if (slug !== "" && ofTeam > 2 * limit)
      found.push(`${ofTeam} removals of a team after one look, where ${limit} of a kind go through unasked`);
    for (const [days, most] of [
      [1, 10],
      [7, 20],
    ] as const) {
      const recent = unasked.filter((at) => world.now().getTime() - at < days * dayMs).length;
      if (recent > most) found.push(`${recent} people lost access unasked in ${days} days`);
    }
  }

  /** Rules of an undo: it touches whom its run touched, and nobody whom the fence keeps. */
  function undoing(what: string, { login, slug, touched }: Write & { touched: ReadonlySet<string> }): void {
    const isPost = what.startsWith("POST");
    const about = login !== "" ? login : isPost ? (invitations().at(-1)?.login ?? "") : withdrawnBy(what);
    if (!touched.has(about)) found.push(`an undo touched somebody whom its run had not: ${about}, ${what}`);
    if (what.startsWith("PUT")) gave.add(`${login} ${slug}`);
    if (isPost) gave.add(`${about} ${invitations().at(-1)?.teams}`);
    if (!what.startsWith("DELETE")) return;
    spares(what, about);
    takenBack.add(invitationIn(what));
    if (slug !== "" && !isOurs(login, slug))
      found.push(`an undo took a membership that nobody of us gave: ${what}`);
    mails.took(about);
  }

  /** Some stay whatever anybody asks for. */
  function spares(what: string, login: string): void {
    if (staying.some((one) => one.login === login))
      found.push(`an owner, or somebody protected, was removed: ${what}`);
    if (theirs.some((id) => what.endsWith(`/invitations/${id}`)))
      found.push(`an invitation of somebody else was withdrawn: ${what}`);
    if (login === people.guest.login) found.push("somebody was removed whom the sheet has never named");
  }

  /** Bound of additions: so many people move to a higher team after one look without a person's word, and no more. */
  function movesUp(what: string, who: Delivery, { login, slug }: Write): void {
    const { teams } = github.snapshot();
    const isHigher = managed.slice(0, managed.indexOf(slug)).some((lower) => teams[lower]?.includes(login));
    if (!isHigher || wordOn(login, slug)?.verdict === "approved") return;
    const moved = (raised.get(who) ?? new Set<string>()).add(login);
    raised.set(who, moved);
    const all = managed.reduce((sum, each) => sum + (teams[each]?.length ?? 0), 0);
    if (moved.size > Math.max(limit, Math.floor(0.05 * all)))
      found.push(`${moved.size} people moved up after one look, where ${limit} do so unasked: ${what}`);
  }

  /** Rules of a write that follows from the sheet. */
  function bySheet(
    what: string,
    who: Delivery,
    { login, slug, wanted }: Write & { wanted: ReadonlyMap<string, string> },
  ): void {
    if (what.startsWith("PUT")) gave.add(`${login} ${slug}`);
    if (what.startsWith("POST"))
      for (const one of invitations())
        if (!theirs.includes(String(one.id)) && one.teams !== null) gave.add(`${one.login} ${one.teams}`);
    if (what.startsWith("PUT")) movesUp(what, who, { login, slug });
    if (what.startsWith("PUT") && wanted.get(login) !== slug)
      found.push(`somebody was put into a team that the sheet did not give: ${what}`);
    if (!what.startsWith("DELETE")) return;
    if (slug !== "" && wanted.get(login) === slug)
      found.push(`somebody was taken out of the team that the sheet gave: ${what}`);
    removal(what, who, { login, slug });
    mails.took(login === "" ? withdrawnBy(what) : login);
  }

  const watch: Strikes["watch"] = ({ who, host, what, status }) => {
    if (who.name !== "sync-members" || what.includes(":batchUpdate")) return;
    const keeps = host === "storage" && what.startsWith("POST") && status < 300;
    if (keeps && what.includes(`name=head/members/${hub}.json`)) pairing.kept(who);
    if (host === "storage" && what.startsWith("GET") && what.includes("/head/lease/")) who.checked = true;
    const writes = host === "github" && !what.startsWith("GET") && !/POST \/(?:graphql|app)/.test(what);
    // A token that GitHub does not take is got anew, and the request made again.
    const signIn = status === 401 || /access_tokens|\/installation/.test(what);
    if (!writes && !signIn && (host === "google" || host === "github")) {
      if (status >= 400 && status !== 404) who.blind = true;
      if (host === "github" && status === 200) stood.set(who, new Set(standing()));
      if (host === "google" && status === 200) {
        who.blind = false;
        who.wrote.length = 0;
        raised.delete(who);
      }
      return;
    }
    if (!writes) return;
    if (!who.checked && holder() !== who.messageId)
      found.push(`a write came from a delivery that had lost its lease and did not look: ${what}`);
    who.checked = false;
    if (who.blind || short.has(who)) found.push(`a write followed an incomplete read: ${what}`);
    const [, slug = "", login = ""] = /\/teams\/([^/]+)\/memberships\/([^/ ]+)/.exec(what) ?? [];
    const touched = undos.touchedBy(who);
    const wanted = touched === undefined ? read.get(who) : undefined;
    if (touched !== undefined) undoing(what, { login, slug, touched });
    else if (wanted !== undefined) bySheet(what, who, { login, slug, wanted });
    else found.push(`a write came before any sheet was read: ${what}`);
    if (status < 300) for (const is of standing()) stood.get(who)?.add(is);
    if (what.startsWith("POST")) {
      const all = invitations();
      const last = all.at(-1);
      // Of one that nobody saw made, its run died as it made it.
      for (const { id } of all)
        if (!invitedBy.has(id) && !theirs.includes(String(id)))
          invitedBy.set(id, id === last?.id ? who : { dead: true });
      const recent = all.filter(
        (one) => world.now().getTime() - one.created < dayMs && !isCountedLater(one, all),
      );
      if (recent.length > perDay)
        found.push(`${recent.length} people were invited in a day, where ${perDay} are allowed`);
      if (
        status === 201 &&
        wanted !== undefined &&
        (last === undefined || wanted.get(last.login) !== last.teams)
      )
        found.push("somebody was invited to a team that the sheet did not give");
    }
  };

  return {
    watch,
    told,
    served(who: Delivery, cells: string[][]): void {
      pairing.served(who, cells);
      mails.served(who, cells);
      read.set(who, people.wantedBy(cells, today()));
    },
    listed(who: Delivery, how: Listed): void {
      if (how === "short") short.add(who);
      else short.delete(who);
      if (how === "incomplete") who.blind = true;
    },
    /** The sheet or GitHub has changed by somebody's hand. */
    edited(): void {
      editedAt = world.now().toISOString();
    },
    broken: () => [
      ...found,
      ...mails.broken(),
      ...classes.broken(),
      ...membersEnd({ world, people, github, words, theirs, gave, invitations }),
    ],
  };
}
