// One good row of the sheet of members.

export type MemberRow = {
  /** A1 address of the login's cell: "C12". */
  cell: string;
  login: string;
  /** Empty where the sheet has none. */
  email: string;
  name: string;
  tier: string;
  team: string;
  /** The last day of the membership, YYYY-MM-DD. It may be past. Absent: without end. */
  expires?: string;
  /** The login was typed as the address of its profile: nobody types that by mistake. */
  isSure?: true;
};
