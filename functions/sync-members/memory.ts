// What a run leaves for the next one and for the console: where everybody stands, who is still to be told, what waits. Pure.
import type { TeamsRead } from "../../shared/github/people.ts";
import type { MembersHead } from "../../shared/records.ts";
import type { Picture, Sheet } from "./look.ts";
import { invited as invitedAccounts, type Known, knownOf, lower, sheetNames } from "./names.ts";
import type { MemberAction } from "./plan.ts";
import { expired } from "./removals.ts";

type Announce = MembersHead["announce"];

const dayMs = 24 * 3600 * 1000;

/**
 * Who is to be told what, written down before the act: a run that dies in between leaves it to the next. What an earlier run
 * left for an act that is only planned now never happened, and gives way.
 */
export function announcements(
  actions: readonly MemberAction[],
  sheet: Sheet,
  head: MembersHead | undefined,
  today: string,
): Announce {
  const emails = new Map(sheet.rows.map(({ login, email }) => [lower(login), email]));
  const announce = new Map(
    Object.entries(head?.announce ?? {}).filter(
      ([login]) => emails.has(login) || sheet.named.includes(login),
    ),
  );
  for (const { do: act, about, team } of actions) {
    const key = lower(about);
    const email = emails.get(key);
    if (email === undefined || (act !== "invite" && act !== "add")) continue;
    const times = (knownOf(head, key)?.invitations ?? 0) + 1;
    announce.set(key, {
      key: act === "invite" ? `invited/${key}/${times}` : `added/${key}/${team}/${today}`,
      email,
      team,
    });
  }
  return Object.fromEntries(announce);
}

/** Announcements of acts that a run before did and did not live to tell. */
export function leftToTell(announce: Announce, github: TeamsRead): string[] {
  return Object.entries(announce)
    .filter(([login, { team }]) => standsIn(login, team, github) !== undefined)
    .map(([login]) => login);
}

/** Whether a lower-case login is in a team, or invited to it. */
export function standsIn(login: string, team: string, github: TeamsRead): "in-team" | "invited" | undefined {
  if (github.teams[team]?.members.some((member) => lower(member.login) === login)) return "in-team";
  if (
    github.pending.some(
      (invitation) =>
        invitation.login !== undefined &&
        lower(invitation.login) === login &&
        invitation.teams.includes(team),
    )
  )
    return "invited";
  return undefined;
}

/** The memory after a run. `finished` is false when work was left over: the next edit then looks at GitHub again. */
export function nextHead(input: {
  sheet: Sheet;
  picture: Picture;
  head: MembersHead | undefined;
  announce: Announce;
  /** Lower-case logins that an invitation was tried for in this run, and those invited or added. */
  asked: ReadonlySet<string>;
  invited: ReadonlySet<string>;
  added: ReadonlySet<string>;
  held: readonly MemberAction[];
  finished: boolean;
  now: Date;
}): MembersHead {
  const { sheet, picture, head, announce, invited, added, held, now } = input;
  const at = now.toISOString();
  const before = new Map(head?.people.map((person) => [lower(person.login), person]));
  const stands = standings(input);
  const good = new Set(sheet.rows.map(({ login }) => lower(login)));
  const doubted = new Set(picture.decision.doubted);
  return {
    v: 1,
    at,
    ...(input.finished ? { digest: sheet.digest } : {}),
    // While removals are held the sheet may be damaged: the number of rows to compare with stays the good one.
    goodRows: held.length > 0 ? Math.max(head?.goodRows ?? 0, sheet.rows.length) : sheet.rows.length,
    people: [
      ...sheet.rows.map((row) => {
        const login = lower(row.login);
        const standing = invited.has(login)
          ? "invited"
          : added.has(login)
            ? "in-team"
            : (stands.get(login) ?? "to-invite");
        const then = before.get(login);
        const { email, name, tier, team, cell } = row;
        return {
          login: row.login,
          email,
          name,
          tier,
          team,
          cell,
          standing,
          since: then?.standing === standing ? then.since : at,
        };
      }),
      // Their row cannot be read now: what was known of it tells the next run whose it was.
      ...(head?.people ?? []).filter(({ login }) => doubted.has(lower(login)) && !good.has(lower(login))),
    ],
    rejected: picture.decision.plan.refused.map(({ about, value = "", ...rest }) => ({
      cell: about,
      value,
      ...rest,
    })),
    known: nextKnown(input),
    announce,
    unmanaged: picture.decision.unmanaged,
    ...(held.length === 0
      ? {}
      : {
          waiting: {
            hash: picture.decision.plan.hash,
            held: held.length,
            since: head?.waiting?.hash === picture.decision.plan.hash ? head.waiting.since : at,
          },
        }),
  };
}

/** Everybody whom the sheet has ever named, by which account, and how often they were asked. */
function nextKnown({
  sheet,
  picture: { github, accounts },
  head,
  asked,
  now,
}: Pick<
  Parameters<typeof nextHead>[0],
  "sheet" | "picture" | "head" | "asked" | "now"
>): MembersHead["known"] {
  const nameOf = sheetNames(sheet.rows, head);
  const known = new Map<string, Known>(Object.entries(head?.known ?? {}));
  const change = (login: string, to: (before: Known) => Known) => {
    const before = known.get(login);
    if (before !== undefined) known.set(login, to(before));
  };
  for (const { login } of sheet.rows)
    if (!known.has(lower(login))) known.set(lower(login), { invitations: 0 });
  for (const [login, account] of accounts)
    if (account !== "not-found" && account.type === "User")
      change(login, (before) => ({ id: account.id, ...before }));
  for (const invitation of invitedAccounts(github))
    change(nameOf(invitation), (before) => seenInvited(before, invitation));
  for (const { members } of Object.values(github.teams))
    for (const member of members) change(nameOf(member), (before) => ({ ...before, id: member.id }));
  for (const login of asked)
    change(login, (before) => ({
      ...before,
      invitations: before.invitations + 1,
      invitedAt: now.toISOString(),
    }));
  return Object.fromEntries(known);
}

/** An invitation that nobody has counted: its run died after sending it, or somebody sent it by hand. */
function seenInvited(before: Known, { id, createdAt }: { id?: number; createdAt: string }): Known {
  const who = id === undefined ? before : { ...before, id };
  const counted =
    before.invitedAt !== undefined && Date.parse(createdAt) - Date.parse(before.invitedAt) < dayMs;
  return counted
    ? who
    : { ...who, invitations: before.invitations + 1, invitedAt: new Date(createdAt).toISOString() };
}

type Standing = MembersHead["people"][number]["standing"];

function standings({
  sheet,
  picture,
  head,
  held,
  now,
}: Pick<Parameters<typeof nextHead>[0], "sheet" | "picture" | "head" | "held" | "now">): Map<
  string,
  Standing
> {
  const { github, accounts } = picture;
  const nameOf = sheetNames(sheet.rows, head);
  const today = now.toISOString().slice(0, 10);
  const members = new Set(
    Object.entries(github.teams).flatMap(([team, { members }]) =>
      members.map((member) => `${team} ${nameOf(member)}`),
    ),
  );
  const invited = new Set(invitedAccounts(github).map(nameOf));
  const mailed = new Set(
    github.pending.flatMap(({ login, email = "" }) => (login === undefined ? [lower(email)] : [])),
  );
  const failed = new Set(github.failed.flatMap(({ login }) => (login === undefined ? [] : [lower(login)])));
  const waiting = new Set(held.map(({ about }) => lower(about)));
  return new Map(
    sheet.rows.map((row): [string, Standing] => {
      const login = lower(row.login);
      const account = accounts.get(login);
      if (waiting.has(login)) return [login, "held"];
      if (expired(row, today)) return [login, "expired"];
      if (members.has(`${row.team} ${login}`)) return [login, "in-team"];
      if (invited.has(login) || mailed.has(lower(row.email))) return [login, "invited"];
      if (account === "not-found" || (account !== undefined && account.type !== "User"))
        return [login, "no-such-user"];
      const asked = (knownOf(head, login)?.invitations ?? 0) > 0;
      return [login, asked || failed.has(login) ? "failed-invitation" : "to-invite"];
    }),
  );
}
