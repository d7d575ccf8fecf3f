// What a run leaves for the next one and for the console: where everybody stands, who is still to be told, what waits. Pure.
import type { TeamsRead } from "../../shared/github/people.ts";
import type { MemberAction, MembersHead } from "../../shared/records.ts";
import { expired, lower } from "./decide.ts";
import type { Picture, Sheet } from "./look.ts";

type Announce = MembersHead["announce"];

/** Who is to be told what, written down before the act: a run that dies in between leaves it to the next. */
export function announcements(
  actions: readonly MemberAction[],
  sheet: Sheet,
  head: MembersHead | undefined,
  today: string,
): Announce {
  const emails = new Map(sheet.rows.map(({ login, email }) => [lower(login), email]));
  const announce: Announce = { ...head?.announce };
  for (const { do: act, login, team } of actions) {
    const key = lower(login);
    const email = emails.get(key);
    if (email === undefined || (act !== "invite" && act !== "add")) continue;
    const times = (head?.known[key]?.invitations ?? 0) + 1;
    announce[key] ??= {
      key: act === "invite" ? `invited/${key}/${times}` : `added/${key}/${team}/${today}`,
      email,
      team,
    };
  }
  return announce;
}

/** Announcements of acts that a run before did and did not live to tell. */
export function leftToTell(announce: Announce, github: TeamsRead): string[] {
  return Object.entries(announce)
    .filter(([login, { team }]) => standsIn(login, team, github) !== undefined)
    .map(([login]) => login);
}

function standsIn(login: string, team: string, github: TeamsRead): "in-team" | "invited" | undefined {
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
  const { sheet, picture, head, announce, asked, invited, added, held, now } = input;
  const at = now.toISOString();
  const before = new Map(head?.people.map((person) => [lower(person.login), person]));
  const stands = standings(input);
  const known = { ...head?.known };
  for (const { login } of sheet.rows) known[lower(login)] ??= { invitations: 0 };
  for (const login of asked)
    known[login] = { ...known[login], invitations: (known[login]?.invitations ?? 0) + 1, invitedAt: at };
  return {
    v: 1,
    at,
    ...(input.finished ? { digest: sheet.digest } : {}),
    // While removals are held the sheet may be damaged: the number of rows to compare with stays the good one.
    goodRows: held.length > 0 ? Math.max(head?.goodRows ?? 0, sheet.rows.length) : sheet.rows.length,
    people: sheet.rows.map((row) => {
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
    rejected: picture.decision.rejected,
    known,
    announce,
    unmanaged: picture.decision.unmanaged,
    ...(held.length === 0
      ? {}
      : {
          waiting: {
            hash: picture.hash,
            held: held.length,
            since: head?.waiting?.hash === picture.hash ? head.waiting.since : at,
          },
        }),
  };
}

type Standing = MembersHead["people"][number]["standing"];

function standings({
  sheet,
  picture,
  held,
  now,
}: {
  sheet: Sheet;
  picture: Picture;
  held: readonly MemberAction[];
  now: Date;
}): Map<string, Standing> {
  const { github, accounts } = picture;
  const today = now.toISOString().slice(0, 10);
  const members = new Set(
    Object.entries(github.teams).flatMap(([team, { members }]) =>
      members.map(({ login }) => `${team} ${lower(login)}`),
    ),
  );
  const invited = new Set(github.pending.flatMap(({ login }) => (login === undefined ? [] : [lower(login)])));
  const failed = new Set(github.failed.flatMap(({ login }) => (login === undefined ? [] : [lower(login)])));
  const waiting = new Set(held.map(({ login }) => lower(login)));
  return new Map(
    sheet.rows.map((row): [string, Standing] => {
      const login = lower(row.login);
      if (waiting.has(login)) return [login, "held"];
      if (expired(row, today)) return [login, "expired"];
      if (members.has(`${row.team} ${login}`)) return [login, "in-team"];
      if (invited.has(login)) return [login, "invited"];
      if (accounts.get(login) === "not-found") return [login, "no-such-user"];
      return [login, failed.has(login) ? "failed-invitation" : "to-invite"];
    }),
  );
}
