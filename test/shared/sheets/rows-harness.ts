// A members' sheet with four tiers, read on one day.
import { Settings } from "../../../shared/settings.ts";
import type { Cell } from "../../../shared/sheets/cell.ts";
import { memberRows } from "../../../shared/sheets/rows.ts";

export const today = "2026-11-21";
export const header = ["Name", "Email", "GitHub username", "Membership tier", "Membership expires"];
export const members = Settings.shape.hubs.valueType.shape.members.unwrap().parse({
  spreadsheet: "1SampleSpreadsheet",
  tiers: {
    Public: "public-access",
    Education: "base-access",
    Research: "full-access",
    "Funded research": "full-access",
  },
});
export const read = (...rows: Cell[][]) => memberRows([header, ...rows], members, today);

/** A good row, and what it is read as. */
export const ada = ["Ada Lovelace", "ada@example.org", "ada-l", "Research", "2027-06-30"];
export const goodAda = {
  cell: "C2",
  login: "ada-l",
  email: "ada@example.org",
  name: "Ada Lovelace",
  tier: "Research",
  team: "full-access",
  expires: "2027-06-30",
};
