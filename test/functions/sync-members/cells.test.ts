// Decisions about one person, by hand: what the sheet says x what GitHub has x whose doing that is; and who is let in again after each
// outcome.
import { describe, expect, test } from "@jest/globals";
import { InvitationOutcome } from "../../../shared/members/invitations.ts";
import type { MembersSettings } from "../../../shared/members/settings.ts";
import {
  againOf,
  cellOf,
  linesOf,
  type PlaceName,
  type Said,
  type Since,
  taken,
  type Whose,
  wordOf,
} from "./cells-harness.ts";
import { lookedAt } from "./facts-harness.ts";

const access = linesOf<PlaceName>(`
          |                  | outside | invited | to none | elsewhere | by mail | ended 2x | ended 3x | member | right  | other      | several | child  | owner
never     | by-hand          | -       | -       | -       | -         | -       | -        | -        | -      | ask    | ask        | ask     | -      | -
none      | given            | -       | cancel  | -       | cancel    | -       | -        | -        | -      | remove | remove     | remove  | -      | -
none      | by-hand          | -       | -       | -       | -         | -       | -        | -        | -      | report | report     | report  | -      | -
none      | before, accepted | -       | -       | -       | -         | -       | -        | -        | -      | report | report     | report  | -      | -
public    | given            | invite  | -       | add     | move      | -       | invite   | -        | add    | -      | move       | trim    | add    | add
public    | by-hand          | invite  | -       | add     | add       | -       | invite   | -        | add    | -      | add+ask    | ask     | add    | add
public    | before, accepted | invite  | -       | add     | add       | -       | invite   | -        | add    | -      | add+report | report  | add    | add
base      | given            | invite  | -       | add     | move      | -       | invite   | -        | add    | -      | move       | trim    | add    | add
base      | by-hand          | invite  | -       | add     | add       | -       | invite   | -        | add    | -      | add+ask    | ask     | add    | add
base      | before, accepted | invite  | -       | add     | add       | -       | invite   | -        | add    | -      | add+report | report  | add    | add
full      | given            | invite  | -       | add     | move      | -       | invite   | -        | add    | -      | move       | trim    | add    | add
full      | by-hand          | invite  | -       | add     | add       | -       | invite   | -        | add    | -      | add+ask    | ask     | add    | add
full      | before, accepted | invite  | -       | add     | add       | -       | invite   | -        | add    | -      | add+report | report  | add    | add
expired   | given            | -       | cancel  | -       | cancel    | -       | -        | -        | -      | remove | remove     | remove  | -      | -
expired   | by-hand          | -       | -       | -       | -         | -       | -        | -        | -      | report | report     | report  | -      | -
expired   | before, accepted | -       | -       | -       | -         | -       | -        | -        | -      | report | report     | report  | -      | -
suspended | given            | refuse  | -       | add     | move      | refuse  | refuse   | refuse   | refuse | -      | move       | trim    | refuse | add
suspended | by-hand          | refuse  | -       | add     | add       | refuse  | refuse   | refuse   | refuse | -      | add+ask    | ask     | refuse | add
suspended | before, accepted | refuse  | -       | add     | add       | refuse  | refuse   | refuse   | refuse | -      | add+report | report  | refuse | add
bad tier  | given, by-hand   | refuse  | refuse  | refuse  | refuse    | refuse  | refuse   | refuse   | refuse | refuse | refuse     | refuse  | refuse | refuse
bad tier  | before, accepted | refuse  | refuse  | refuse  | refuse    | refuse  | refuse   | refuse   | refuse | refuse | refuse     | refuse  | refuse | refuse
bad login | given, by-hand   | refuse  | refuse  | refuse  | refuse    | refuse  | refuse   | refuse   | refuse | refuse | refuse     | refuse  | refuse | refuse
bad login | before, accepted | refuse  | refuse  | refuse  | refuse    | refuse  | refuse   | refuse   | refuse | refuse | refuse     | refuse  | refuse | refuse
`).flatMap(({ heads: [said = "", whose = ""], cells }) =>
  whose.split(", ").map((each) => ({ said: said as Said, whose: each as Whose, cells })),
);

describe("what the sheet says, what GitHub has, and whose doing that is", () => {
  test.each(access)("$said, $whose", ({ said, whose, cells }) => {
    const found = cells.map(([place]) => {
      const { right, is, facts } = cellOf(said, whose, place);
      return [place, wordOf(right, is, facts)];
    });
    expect(found).toEqual(cells);
  });

  test("in no cell is anything taken at the first look, under removals: report, or of somebody protected", () => {
    const every = access.flatMap(({ said, whose, cells }) =>
      cells.map(([place]) => [said, whose, place] as const),
    );
    expect(every.filter((cell) => taken(cellOf(...cell).facts).length > 0)).toEqual([]);
    const settings: Partial<MembersSettings>[] = [{ removals: "report" }, { protected: ["ADA"] }];
    for (const each of settings)
      expect(every.filter((cell) => taken(lookedAt(cellOf(...cell, each).facts)).length > 0)).toEqual([]);
  });
});

const again = linesOf<Since>(`
              |        | a minute | 23 hours | a day  | 6 days | 7 days | third  | of the organisation | in another team
never asked   | unsent | invite   | invite   | invite | invite | invite | invite | add                 | move
older records | sent   | -        | -        | -      | -      | invite | -      | add                 | move
taken         | sent   | -        | -        | -      | -      | invite | -      | add                 | move
accepted      | sent   | -        | -        | -      | -      | -      | -      | add                 | move
lapsed        | sent   | -        | -        | -      | -      | invite | -      | add                 | move
declined      | sent   | -        | -        | -      | -      | -      | -      | add                 | move
withdrawn     | sent   | invite   | invite   | invite | invite | invite | invite | add                 | move
left          | sent   | -        | -        | -      | -      | -      | -      | add                 | move
blocked       | unsent | -        | -        | -      | -      | -      | -      | add                 | move
refused       | unsent | -        | -        | invite | invite | invite | invite | add                 | move
refused       | sent   | -        | -        | invite | invite | invite | invite | add                 | move
no-seat       | unsent | invite   | invite   | invite | invite | invite | invite | add                 | move
organisation  | unsent | invite   | invite   | invite | invite | invite | invite | add                 | move
unknown       | sent   | -        | -        | -      | -      | invite | -      | add                 | move
`).map(({ heads: [outcome = "", sent = ""], cells }) => ({ outcome, sent, cells }));

describe("somebody whom the sheet gives a team, so long after each outcome", () => {
  test.each(again)("$outcome, $sent", ({ outcome, sent, cells }) => {
    const found = cells.map(([since]) => {
      const { is, facts } = againOf(outcome, sent, since);
      return [since, wordOf("full-access", is, facts)];
    });
    expect(found).toEqual(cells);
  });

  test("every outcome that is kept has its line", () => {
    expect(again.map(({ outcome }) => outcome)).toEqual(
      expect.arrayContaining([...InvitationOutcome.options]),
    );
  });
});
