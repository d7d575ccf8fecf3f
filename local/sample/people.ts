// The invented people of the sample hub, and where each stands at GitHub before the first run. The same number gives the same
// people. All addresses are at example.org, which nobody can own (RFC 2606).
import type { Column } from "../../shared/members/settings.ts";

const given = [
  "Ada",
  "Bilal",
  "Chiara",
  "Dawit",
  "Elif",
  "Farid",
  "Greta",
  "Hoa",
  "Inés",
  "Jonas",
  "Kamala",
  "Luca",
  "Mei",
  "Nadia",
  "Oskar",
  "Priya",
  "Quentin",
  "Rosa",
  "Sanna",
  "Tomás",
  "Uma",
  "Viktor",
  "Wanjiru",
  "Xin",
  "Yara",
  "Zoë",
];
const family = [
  "Abara",
  "Brandt",
  "Castillo",
  "Dahl",
  "Eriksen",
  "Fontaine",
  "Guerra",
  "Haddad",
  "Ivanova",
  "Jansen",
  "Kimura",
  "Lindqvist",
  "Moreau",
  "Nkemelu",
  "Okafor",
  "Petrov",
  "Quispe",
  "Rahman",
  "Silva",
  "Tanaka",
  "Umarov",
  "Vega",
  "Weiss",
  "Xu",
  "Yilmaz",
  "Zhang",
  "Ferrari",
];
const tiers = ["Research", "Education", "Research", "Public", "Funded research", "Education", "Research"];

/** Status of the person at GitHub when the sample hub is made. */
export type Start = "in-team" | "in-organisation" | "new";

export type SamplePerson = {
  name: string;
  email: string;
  /** As typed in the sheet. */
  typed: string;
  login: string;
  tier: string;
  expires: string;
  start: Start;
};

/** Invented people, `count` of them: most in their team already, some new, and a few cells as people really type them. */
export function samplePeople(count: number): SamplePerson[] {
  return Array.from({ length: count }, (_, index) => {
    const first = given[index % given.length] ?? "";
    const last = family[(index * 7) % family.length] ?? "";
    const turn = Math.floor(index / given.length);
    const plain = `${first}-${last}`
      .normalize("NFD")
      .replace(/[^\w-]/g, "")
      .toLowerCase();
    const login = turn === 0 ? plain : `${plain}-${turn + 1}`;
    const person = {
      name: `${first} ${last}`,
      email: `${login.replaceAll("-", ".")}@example.org`,
      login,
      tier: tiers[index % tiers.length] ?? "Public",
      expires: index % 4 === 0 ? "" : `${2040 + (index % 5)}-06-30`,
    };
    return { ...person, ...oddity(index, login), ...(index === 33 ? { expires: "2020-12-31" } : {}) };
  });
}

/** Every so often somebody types what people type. */
function oddity(index: number, login: string): { typed: string; start: Start } {
  if (index === 12) return { typed: `@${login}`, start: "new" };
  if (index === 19) return { typed: `https://github.com/${login}`, start: "in-team" };
  if (index === 26) return { typed: `${login.slice(0, 4)} ${login.slice(4)}`, start: "new" };
  if (index === 40) return { typed: `${login.slice(0, 3)}${login.slice(4)}`, start: "new" };
  if (index % 17 === 5) return { typed: login, start: "in-organisation" };
  return { typed: login, start: index % 4 === 3 ? "new" : "in-team" };
}

/** Columns of the sample hub's sheet: the heading of each, and the person's cell. */
const columns = {
  name: ["Name", ({ name }) => name],
  email: ["Email", ({ email }) => email],
  login: ["GitHub username", ({ typed }) => typed],
  tier: ["Membership tier", ({ tier }) => tier],
  expires: ["Membership expires", ({ expires }) => expires],
} as const satisfies Record<Column, [heading: string, cellOf: (person: SamplePerson) => string]>;

/** The sheet as a CSV file. */
export function membersCsv(people: readonly SamplePerson[]): string {
  const shown = Object.values(columns);
  const rows = people.map((person) => shown.map(([, cellOf]) => cellOf(person)).join(","));
  return `${[shown.map(([heading]) => heading).join(","), ...rows].join("\n")}\n`;
}
