// The people of the sheet, as sync-members has read it: only they have addresses.
import type { Ledger } from "../../shared/ledger.ts";
import { ownersOf, type Person } from "../../shared/quota/people.ts";
import type { QuotaSettings } from "../../shared/quota/settings.ts";
import { MembersHead } from "../../shared/records.ts";

export type SheetPeople = { people: Person[]; inDoubt: boolean };

/** Undefined before the first run of sync-members. */
export async function peopleOf(hub: string, ledger: Ledger): Promise<SheetPeople | undefined> {
  const members = await ledger.read(`head/members/${hub}.json`, MembersHead);
  if (members === undefined) return undefined;
  const { people, waiting } = members.value;
  return {
    people: people.filter(({ email }) => plausible.test(email)).map(({ login, email }) => ({ login, email })),
    inDoubt: waiting !== undefined,
  };
}

/** Whose home is whose, and whether the sheet can be relied on. */
export const ownersIn = (sheet: SheetPeople | undefined, { scheme }: QuotaSettings) => ({
  owners: ownersOf(sheet?.people ?? [], scheme),
  sheetInDoubt: sheet?.inDoubt ?? false,
});

const plausible = /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:"]+$/;
