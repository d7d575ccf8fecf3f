// A run and its undo, over sheets, teams and histories that are drawn: the far end is as it was before the run, twice is once, and the
// looks after it do nothing of it again.
import { expect } from "@jest/globals";
import fc from "fast-check";
import type { Effect } from "../../../shared/records.ts";
import { rowsOf, type undoHub } from "./undo-harness.ts";

const logins = ["ada", "bo", "cy", "di", "el", "fay"];
const tiers = ["Public", "Education", "Research"];
const sheet = fc.dictionary(fc.constantFrom(...logins), fc.constantFrom(...tiers), { maxKeys: 6 });
/** Minutes between two looks: a removal takes two that agree. */
const look = fc.record({ sheet, minutes: fc.constantFrom(1, 20), accepts: fc.subarray(logins) });
const some = fc.subarray(logins);
const story = fc.record({
  organisation: some,
  byHand: fc.subarray(logins, { maxLength: 2 }),
  owners: fc.subarray(logins, { maxLength: 1 }),
  before: fc.array(look, { minLength: 1, maxLength: 4 }),
  run: look,
});
type Look = { sheet: Record<string, string>; minutes: number; accepts: string[] };

const deedOf = ({ do: act, login, team }: Effect): string =>
  `${act === "invite" || act === "add" ? "in" : "out"} ${login} ${team}`;

/** Says whether a mail tells of one of these deeds: a change is told later than it is done. */
function isOf(mail: string, deeds: readonly string[]): boolean {
  const [what, login = "", team] = (mail.split(" ")[0] ?? "").split("/");
  return deeds.some((deed) =>
    what === "added"
      ? deed === `in ${login} ${team}`
      : deed.startsWith(`${what === "invited" ? "in" : "out"} ${login} `),
  );
}

type UndoHub = Awaited<ReturnType<typeof undoHub>>;
type FarEnd = ReturnType<UndoHub["farEnd"]>;

/** Gives where those stand of whom `isMeant` says so. */
const placesOf = ({ teams, invitations }: FarEnd, isMeant: (login: string) => boolean) =>
  [
    ...Object.entries(teams).flatMap(([team, members]) => members.map((login) => `${login} in ${team}`)),
    ...invitations,
  ]
    .filter((place) => isMeant(place.split(" ")[0] ?? ""))
    .sort();

async function looks(hub: UndoHub, { sheet: tiersOf, minutes, accepts }: Look) {
  const { world } = hub;
  world.rows = rowsOf(tiersOf);
  const ended = await hub.sync(minutes);
  for (const login of accepts) if (!world.org.has(login)) hub.accepts(login);
  return ended;
}

/** Holds so many stories to it: run and undo is the state before, twice is once, and nothing of it comes again by itself. */
export async function holdsOf(hub: UndoHub, of: { numRuns: number; seed: number }): Promise<void> {
  const { world } = hub;
  let changed = 0;
  await fc.assert(
    fc.asyncProperty(story, async ({ organisation, byHand, owners, before, run: last }) => {
      await hub.fresh();
      // Small numbers, as those of large hubs: neither are a few removals many, nor is a sheet of few rows damaged.
      world.settings = { holdRemovals: { above: 20, share: 1 }, shrunkBelow: 0 };
      for (const login of [...organisation, ...byHand, ...owners]) world.org.add(login);
      world.teams["full-access"] = [...byHand];
      world.owners = owners;
      for (const each of before) await looks(hub, each);
      const was = hub.farEnd();
      const toldBefore = hub.mails();
      const { run, effects } = await looks(hub, { ...last, accepts: [] });
      if (effects.length > 0) changed += 1;
      const told = hub.mails().slice(toldBefore.length);
      const ran = hub.farEnd();

      const undone = await hub.undo(run);
      expect(undone.status).toBe(204);
      const is = hub.farEnd();
      const inCharge = (login: string) => owners.includes(login);
      expect(placesOf(is, (login) => !inCharge(login))).toEqual(placesOf(was, (login) => !inCharge(login)));
      // Owners are never touched.
      expect([is.org, placesOf(is, inCharge)]).toEqual([was.org, placesOf(ran, inCharge)]);
      const mails = hub.mails();
      // Corrects all that the run had told, each once, and writes to nobody else.
      const corrected = [...new Set(mails.slice(toldBefore.length + told.length))];
      const did = effects.map(deedOf);
      const mistaken = told.filter((mail) => isOf(mail, did) && !inCharge(mail.split("/")[1] ?? ""));
      expect(corrected.sort()).toEqual(mistaken.map((mail) => `undone/${mail}`).sort());

      const again = await hub.undo(run);
      expect([again.effects, hub.farEnd(), hub.mails()]).toEqual([[], is, mails]);

      const deeds = new Set(effects.map(deedOf));
      for (const minutes of [1, 20, 24 * 60]) {
        const later = await hub.sync(minutes);
        expect(later.effects.filter((effect) => deeds.has(deedOf(effect)))).toEqual([]);
      }
      // Nobody hears afterwards of what was taken back before they heard of it.
      const late = hub
        .mails()
        .slice(mails.length)
        .filter((mail) => isOf(mail, did));
      expect(late.filter((mail) => !inCharge(mail.split("/")[1] ?? ""))).toEqual([]);
    }),
    of,
  );
  // Most runs that were drawn had something to undo.
  expect(changed).toBeGreaterThan(of.numRuns / 2);
}
