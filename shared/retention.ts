// Retention of the ledger: for how long each of its folders is kept, and why. The bucket's rules, the sample hub's own sweep and
// SECURITY.md say what stands here. An object's days count from its last writing.

/** Days after which an object is deleted, or "kept". */
export type Retention = { prefix: string; days: number | "kept"; why: string };

export const retention: readonly Retention[] = [
  {
    prefix: "head/",
    days: "kept",
    why: "it is what the flows know now: whom the sheet has ever named, what was told, what waits",
  },
  {
    prefix: "runs/",
    days: 90,
    why: "nothing but people reads a run that is older than the three days for which an event is tried",
  },
  {
    prefix: "plans/",
    days: 90,
    why: "what still waits then is asked anew, with a plan of its own",
  },
  {
    prefix: "approvals/",
    days: 400,
    why: "a word counts for a week at most; for a year it says what was approved",
  },
  {
    prefix: "classes/",
    days: 220,
    why: "a class is at most 180 days ahead, and is looked up for a month after its day",
  },
  {
    prefix: "undelivered/",
    days: 180,
    why: "the team is told each day of what waits; whoever has not come in half a year does not",
  },
  {
    prefix: "resolved/",
    days: 210,
    why: "without it the event that it is about would wait again: it outlives that one",
  },
  {
    prefix: "notices/",
    days: 400,
    why: "it keeps a message from being sent twice: an event is tried for three days, and sent again by hand while it is undelivered",
  },
  {
    prefix: "history/",
    days: 400,
    why: "a year of the homes' sizes, to compare with; no flow reads it",
  },
  {
    prefix: "reports/",
    days: 90,
    why: "the newest alone is read, and figures older than a month count nowhere",
  },
  {
    prefix: "leases/",
    days: 30,
    why: "nothing reads what machines took once their transfer has ended",
  },
  {
    prefix: "transfers/",
    days: "kept",
    why: "the request keeps its id from being used twice, the list and the receipt are the proof of what was copied",
  },
  {
    prefix: "tools/",
    days: "kept",
    why: "machines fetch from it the rclone that the settings name; a deployment brings it",
  },
];

/** Gives the row of an object, or of a folder. */
export const retentionOf = (name: string): Retention | undefined =>
  retention.find(({ prefix }) => name.startsWith(prefix));
