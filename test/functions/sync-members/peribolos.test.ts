// Rules that the tests of peribolos pin for members (https://github.com/kubernetes-sigs/prow/tree/main/cmd/peribolos), as rules of ours. A
// write that fails, and costs nobody else anything, is in act.refused.test.ts; lists that are cut short are in test/shared/github/.
// Not ours, for we never write it: roles and numbers of owners, who is of the organisation, what teams are called and whether they are, secret
// teams and those of an enterprise, and the list of failed invitations, which GitHub clears by itself.
import { expect, test } from "@jest/globals";
import { gather } from "../../../functions/sync-members/gather.ts";
import { loginsToLookUp } from "../../../functions/sync-members/names.ts";
import { memberRows } from "../../../shared/sheets/rows.ts";
import { linesOf } from "./cells-harness.ts";
import {
  ago,
  decided,
  github,
  inputOf,
  membersSettings,
  now,
  state,
  strangers,
  today,
} from "./facts-harness.ts";

const header = ["Name", "Email", "GitHub username", "Membership tier", "Membership expires"];
type Column = "in full" | "in base" | "invited" | "failed" | "owners" | "what is done";

/**
 * Logins of the sheet with their tier, Research unless it is said; of GitHub, ?those that the sheet has never named; days since an invitation
 * that failed was sent, and which it was.
 */
const rules = linesOf<Column>(`
                                                        |                       | in full       | in base    | invited     | failed   | owners | what is done
nothing wanted and nobody there is nothing to do        |                       |               |            |             |          |        |
some of everything                                      | keep zoe up           | keep drop     | up         |             |          |        | add up full, invite zoe full, remove up base, remove drop full
a login is one in any case                              | ADA bo                | Ada           |            | BO          |          |        |
a login is one with an @                                | @Ada @zoe             | ada           |            |             |          |        | invite zoe full
whoever has two roles has the stronger one              | ada:Public ADA        |               |            |             |          |        | invite ADA full
a promotion adds, and then takes away                   | ada                   |               | ada        |             |          |        | add ada full, remove ada base
a downgrade adds, and then takes away                   | ada:Education         | ada           |            |             |          |        | add ada base, remove ada full
two roles of one team are one                           | ada:Funded_research   | ada           |            |             |          |        |
whoever is in charge stays, listed or not               |                       | olga          | olga       |             |          | Olga   |
whoever is in charge is added like others               | olga                  |               | olga       |             |          | OLGA   | add olga full
who is in a team need not be of the organisation before | ada                   |               |            |             |          |        | invite ada full
whoever is invited is not invited again                 | ada zoe               |               |            | ada         |          |        | invite zoe full
whoever is invited and wanted is nobody too many        | keep ada              | keep          |            | ada         |          |        |
whoever is invited and wanted no more is so no longer   | keep                  | keep          |            | ada         |          |        | cancel-invitation ada full
whoever the sheet never named is left as they are       |                       | ?guest        |            | ?ada        |          |        |
an invitation that failed is sent anew                  | ada                   |               |            |             | ada:8:1  |        | invite ada full
several that failed are followed by one                 | ada                   |               |            |             | ada:8:2  |        | invite ada full
one that failed within its week is waited for           | ada                   |               |            |             | ada:6:1  |        |
three that failed are enough                            | ada                   |               |            |             | ada:8:3  |        |
a live invitation goes before one that failed           | ada                   |               |            | ada         | ada:8:1  |        |
a membership goes before one that failed                | ada                   | ada           |            |             | ada:8:1  |        |
a few of a team go                                      | p4                    | p1 p2 p3 p4   |            |             |          |        | remove p1 full, remove p2 full, remove p3 full
more than a few wait, while whoever is new goes in      | zoe                   | p1 p2 p3 p4   |            |             |          |        | invite zoe full, 4 wait
more than a few invitations wait, where nobody is in    |                       |               |            | p1 p2 p3 p4 |          |        | 4 wait
`).map(({ heads: [rule = "", sheet = ""], cells }) => ({ rule, sheet, is: Object.fromEntries(cells) }));

const wordsIn = (text = ""): string[] => text.split(" ").filter((word) => word !== "");
const bare = (logins: readonly string[]): string[] => logins.map((login) => login.replace("?", ""));

/** Gives what GitHub lists of somebody's failed invitations, and what is remembered of them. */
function failedOf(text = "") {
  const [login = "", days, times] = text.split(":");
  if (login === "") return { failed: [], known: {} };
  const count = Number(times);
  return {
    failed: Array.from({ length: count }, (_, n) => ({
      invitationId: n,
      login,
      failedAt: ago(0, n),
      reason: "",
    })),
    known: {
      [login]: {
        invitations: count,
        ended: count - 1,
        invitedAt: ago(Number(days)),
        outcome: "taken" as const,
      },
    },
  };
}

function sheetOf(words: readonly string[]) {
  const typed = words.map((word, n) => {
    const [login = "", tier = "Research"] = word.split(":");
    return [`Nomen ${n}`, `p${n}@example.org`, login, tier.replace("_", " "), ""];
  });
  const { problem: _, remarks: __, ...read } = memberRows([header, ...typed], membersSettings, today);
  return read;
}

test.each(rules)("$rule", ({ sheet, is }) => {
  const [full, base, invited] = [wordsIn(is["in full"]), wordsIn(is["in base"]), wordsIn(is.invited)];
  const { failed, known } = failedOf(is.failed);
  const named = [...full, ...base, ...invited].filter((login) => !login.startsWith("?"));
  const pending = bare(invited).map((login) => ({ login, teams: ["full-access"] }));
  const facts = inputOf({
    ...sheetOf(wordsIn(sheet)),
    github: github(
      { "full-access": bare(full), "base-access": bare(base) },
      { pending, failed, owners: wordsIn(is.owners) },
    ),
    state: state({
      known: {
        ...Object.fromEntries(named.map((login) => [login.toLowerCase(), { invitations: 0 }])),
        ...known,
      },
    }),
  });
  const { actions, held } = decided({ ...facts, accounts: strangers(...loginsToLookUp(facts)) });
  const found = actions.map(({ do: what, about, team }) => `${what} ${about} ${team.replace("-access", "")}`);
  const waits = held.length === 0 ? [] : [`${held.length} wait`];
  expect([...found, ...waits].join(", ")).toBe(is["what is done"]);
});

test("an invitation to an address is nobody's, whether it is live or has failed", () => {
  const [live, failed] = ["other@example.org", "p0@example.org"];
  const facts = inputOf({
    ...sheetOf(["ada"]),
    github: github(
      {},
      {
        pending: [{ email: live, teams: ["full-access"] }],
        failed: [{ invitationId: 1, email: failed, reason: "" }],
      },
    ),
    state: state({ known: ["gone"] }),
  });
  expect(decided(facts).actions).toMatchObject([{ do: "invite", about: "ada" }]);
});

test.each(["readSheet", "readTeams", "resolveLogins"] as const)(
  "nothing is decided without %s",
  async (list) => {
    const deps = {
      run: { step: () => undefined },
      now: () => now,
      readSheet: async () => sheetOf(["ada"]),
      readTeams: async () => github(),
      resolveLogins: async () => strangers("ada"),
    };
    const of = {
      settings: membersSettings,
      timeZone: "UTC",
      state: undefined,
      onlyHint: false,
      messageId: "1",
      adopt: false,
      classesNear: async () => [],
    };
    await expect(gather(of, deps)).resolves.toMatchObject({ rows: [{ login: "ada" }] });
    const broken = { ...deps, [list]: () => Promise.reject(new Error("it cannot be read")) };
    await expect(gather(of, broken)).rejects.toThrow("it cannot be read");
  },
);
