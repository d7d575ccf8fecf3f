// A small hub of members made at random: who is in the sheet, who is at GitHub, and how both change by people's hands.
import { writeFileSync } from "node:fs";
import type { GithubFarEnd } from "../../../local/github/far-end.ts";
import { Settings } from "../../../shared/settings.ts";
import type { Random } from "../random.ts";
import { fewMails, hub, mailLimits, organisation, simulatedHub, stackWith } from "./settings.ts";

export const tab = "Members";
export const spreadsheet = "1SimulatedSheet";
export const statusSpreadsheet = "1SimulatedStatus";
const tiers = { Public: "public-access", Education: "base-access", Research: "full-access" } as const;
type Tier = keyof typeof tiers;
const teamOf = (tier: Tier): string => tiers[tier];
export const managed: string[] = Object.values(tiers);

type Person = { login: string; email: string; name: string; account: boolean };
/** `spoilt`: something in the row cannot be read. */
const known = (login: string): Person => ({
  login,
  email: `${login}@person.example`,
  name: `Nomen ${login.slice(2, -2)}`,
  account: true,
});
/** People whom the sheet has named, and who stay whatever it says: an owner of the organisation, and one whom the settings protect. */
const owner = known("zqowner-0");
const guarded = known("zqguarded-0");
export const staying = [owner, guarded];
const team = "full-access";
/** Invited by somebody else, to a team that is none of ours; the sheet names the first one no more, and the other never. */
const elsewhere = [known("zqelsewhere-0"), known("zqstranger-0")] as const;
/** `login` is another person's where a hand has slipped. */
type Row = { person: Person; login: string; tier: Tier; expires: string; spoilt: "" | "login" | "tier" };
const slips = {
  tiers: "sorts the column of tiers alone",
  logins: "sorts the column of logins alone",
  swap: "swaps the logins of two rows",
  drag: "drags a tier down to the last row",
};
export type Hub = ReturnType<typeof makeHub>;

/** Invitations of a day, for two of our own: a dozen people would come in over a week. */
const fewInvitations = 4;

export function settingsOf(random: Random): Settings {
  return Settings.parse({
    ...stackWith("sync-members", random),
    hubs: {
      [hub]: {
        ...simulatedHub,
        limits: mailLimits(random),
        members: {
          spreadsheet,
          tab,
          tiers,
          protected: [guarded.login],
          removals: random.chance(0.9) ? "apply" : "report",
          removalGraceHours: random.pick(0, 0, 1),
          holdRemovals: { above: random.pick(1, 2, 3), share: 0.05 },
          quietSeconds: random.pick(0, 20),
          writeSpacingSeconds: 0,
          // Somebody else's two of today count among them.
          invitationsPerDay: random.chance(0.1) ? fewInvitations : 450,
          ...(random.chance(0.5) ? { status: { spreadsheet: statusSpreadsheet } } : {}),
        },
      },
    },
  });
}

export function makeHub(random: Random, github: GithubFarEnd, settings: Settings) {
  const people: Person[] = [];
  const rows: Row[] = [];
  /** Rows as they were before each slip. */
  const versions: Row[][] = [];
  /** Whole-sheet trouble: the heading is gone. */
  let beheaded = false;

  function newcomer(account = random.chance(0.9)): Person {
    const word = Array.from({ length: 5 }, () => String.fromCharCode(97 + random.below(26))).join("");
    const login = `zq${word}-${people.length}`;
    const person = {
      login,
      email: `${login}@person.example`,
      name: `Nomen ${word}`,
      account,
    };
    people.push(person);
    return person;
  }
  const rowOf = (person: Person, tier: Tier): Row => ({
    person,
    login: person.login,
    tier,
    expires: "",
    spoilt: "",
  });
  const newRow = (account?: boolean): Row =>
    rowOf(newcomer(account), random.pick("Public", "Education", "Research"));

  for (const person of staying) rows.push(rowOf(person, "Research"));
  /** In a list of two or three nobody can tell a slip from an edit. */
  const { members, limits } = settings.hubs[hub] ?? {};
  const isSlow = members?.invitationsPerDay === fewInvitations || limits?.mailsPerDay === fewMails;
  const isClumsy = random.chance(0.2) && !isSlow;
  for (let count = isClumsy ? random.between(8, 14) : random.between(1, 5); count > 0; count -= 1)
    rows.push(newRow());
  const guest = known("zqguest-0");

  function seed(): void {
    const inside = (team: string): string[] =>
      rows
        .filter(
          ({ person, tier }) =>
            person.account &&
            !staying.includes(person) &&
            (teamOf(tier) === team ? random.chance(0.4) : random.chance(0.1)),
        )
        .map(({ person }) => person.login);
    github.seed({
      organisation,
      ageDays: 900,
      owners: ["sim-owner", owner.login],
      users: [
        "sim-owner",
        ...[guest, ...staying, ...elsewhere].map(({ login }) => login),
        ...people.filter(({ account }) => account).map(({ login }) => login),
      ].map((login) => ({ login })),
      teams: [
        ...managed.map((slug) => ({
          slug,
          name: slug,
          members: [
            ...new Set([
              ...inside(slug),
              ...(slug === "base-access" ? [guest.login] : []),
              ...(slug === team ? staying.map(({ login }) => login) : []),
            ]),
          ],
        })),
        { slug: "others", name: "others", members: [] },
      ],
    });
  }

  function text(): string {
    const heading = beheaded
      ? "Who,Mail,Account,What,Until"
      : "Name,Email,GitHub username,Membership tier,Membership expires";
    const past = { ...rowOf(elsewhere[0], "Public"), expires: "2020-01-31" };
    const lines = [past, ...rows].map(({ person, login, tier, expires, spoilt }) =>
      [
        person.name,
        person.email,
        spoilt === "login" ? `${login}_` : login,
        spoilt === "tier" ? "Resrch?!" : tier,
        expires,
      ].join(","),
    );
    return `${[heading, ...lines].join("\n")}\n`;
  }

  function join(): void {
    const { person } = addRow(true);
    github.people.signUp(person.login);
  }

  function addRow(account?: boolean): Row {
    const added = newRow(account);
    rows.splice(random.below(rows.length + 1), 0, added);
    return added;
  }

  /** Somebody changes the sheet, or somebody's status at GitHub. */
  function edit(): string {
    if (isClumsy && random.chance(0.4)) return slip();
    const row = random.oneOf(rows);
    const drawn = random.below(12);
    if (drawn < 2 || row === undefined) {
      const added = addRow();
      if (added.person.account) github.people.signUp(added.person.login);
      return `adds ${added.person.login} to the sheet`;
    }
    const { login } = row;
    switch (drawn) {
      case 2:
        rows.splice(rows.indexOf(row), 1);
        return `takes ${login} off the sheet`;
      case 3:
        row.tier = random.pick("Public", "Education", "Research");
        return `gives ${login} the tier ${row.tier}`;
      case 4:
        row.expires = random.pick("", "2020-01-31", "2031-03-03", "2031-03-09", "2031-03-28", "2031-12-31");
        return `ends the membership of ${login} on ${row.expires}`;
      case 5:
        row.spoilt = random.pick("", "login", "tier");
        return `spoils the row of ${login}: ${row.spoilt}`;
      case 6:
        beheaded = !beheaded && random.chance(0.3);
        return `${beheaded ? "spoils" : "leaves"} the headings`;
      case 7: {
        if (random.chance(0.5)) return slip();
        rows.splice(0, rows.length, ...random.shuffled(rows));
        return "sorts the sheet";
      }
      default:
        return atGitHub();
    }
  }

  /** Lets somebody's hand slip, or takes the last slip back. */
  function slip(): string {
    const kind = random.pick("tiers", "logins", "swap", "drag", "earlier", "earlier");
    const earlier = kind === "earlier" ? versions.pop() : undefined;
    if (kind === "earlier") {
      rows.splice(0, rows.length, ...(earlier ?? rows));
      return earlier === undefined ? "does nothing" : "brings back the version before a slip";
    }
    versions.push(rows.map((row) => ({ ...row })));
    const sorted = <K extends "tier" | "login">(key: K) => rows.map((row) => row[key]).sort();
    const [first, second] = random.shuffled(rows);
    if (kind === "tiers") for (const [index, tier] of sorted("tier").entries()) put(index, { tier });
    if (kind === "logins") for (const [index, login] of sorted("login").entries()) put(index, { login });
    if (kind === "swap" && first !== undefined && second !== undefined)
      [first.login, second.login] = [second.login, first.login];
    if (kind === "drag" && first !== undefined)
      for (const row of rows.slice(rows.indexOf(first))) row.tier = first.tier;
    return slips[kind];
  }

  function put(index: number, change: Partial<Row>): void {
    Object.assign(rows[index] ?? {}, change);
  }

  function atGitHub(): string {
    const others = new Set(elsewhere.map(({ login }) => login));
    const invited = random.oneOf(
      github.snapshot().pending.flatMap(({ login }) => (login === null || others.has(login) ? [] : [login])),
    );
    const person = random.oneOf(people.filter(({ account }) => account));
    if (invited !== undefined && random.chance(0.7)) {
      const act = random.pick("accept", "accept", "decline");
      github.people[act](invited);
      return `lets ${invited} ${act} the invitation`;
    }
    if (person === undefined) return "does nothing";
    if (random.chance(0.5)) {
      github.people.leave(person.login);
      return `lets ${person.login} leave the organisation`;
    }
    const team = random.pick("public-access", "base-access", "full-access");
    github.people.addByHand(team, person.login);
    return `puts ${person.login} into ${team} by hand`;
  }

  return {
    guest,
    elsewhere,
    /** Everybody of whom no log line may speak. */
    everybody: () => [...people, guest, ...staying, ...elsewhere],
    edit,
    /** Lets the clumsy hand slip once more, where there is one. */
    slip: (): string => (isClumsy ? slip() : ""),
    join,
    people,
    rows,
    seed,
    behead: (is: boolean) => {
      beheaded = is;
    },
    isBeheaded: () => beheaded,
    save: (file: string) => writeFileSync(file, text()),
    /** The same by cells that somebody was given. */
    wantedBy: (cells: readonly string[][], today: string): Map<string, string> =>
      new Map(
        cells.flatMap(([, , login = "", tier = "", expires = ""]) => {
          const team = new Map<string, string>(Object.entries(tiers)).get(tier);
          return team === undefined || (expires !== "" && expires < today) ? [] : [[login, team] as const];
        }),
      ),
    /** The team that a login is given today by a row that can be read, by login. */
    wanted: (today: string): Map<string, string> =>
      new Map(
        rows
          .filter(({ expires, spoilt }) => spoilt === "" && (expires === "" || expires >= today))
          .map(({ login, tier }) => [login, teamOf(tier)]),
      ),
  };
}
