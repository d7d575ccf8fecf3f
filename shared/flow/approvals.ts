// The one rule of approval, which worker, console and command line ask alike. A word is bound to each held action by its hash. It
// counts for some hours from when it was given, if it was given since the action began to wait: what comes again asks again.
import type { Ledger } from "../ledger.ts";
import { Approval, type Verdict } from "../records.ts";

/** The actions of a flow that wait for a person: since when, by their hashes. */
export type WaitingSince = Readonly<Record<string, string>>;

/** Gives what a person has said of each action that waits; the newest word that counts. Pure. */
export function verdicts(
  waiting: WaitingSince,
  words: readonly Approval[],
  { now, hours }: { now: Date; hours: number },
): Map<string, Verdict> {
  const found = new Map<string, Verdict>();
  const counting = words
    .filter(({ at }) => now.getTime() - Date.parse(at) <= hours * 3_600_000)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
  for (const { at, verdict, items } of counting)
    for (const item of items) {
      const since = Object.hasOwn(waiting, item) ? waiting[item] : undefined;
      if (since !== undefined && at >= since) found.set(item, verdict);
    }
  return found;
}

/** Gives where the words on a flow's held actions lie. Their names begin with their time. */
export const approvalPrefix = (hub: string, flow: string): string => `approvals/${hub}/${flow}/`;

/** Reads the words that may count: those given since the first of the actions began to wait. */
export async function approvals(
  ledger: Pick<Ledger, "list" | "read">,
  of: { hub: string; flow: string; waiting: WaitingSince },
): Promise<Approval[]> {
  const since = Object.values(of.waiting).sort()[0];
  if (since === undefined) return [];
  const prefix = approvalPrefix(of.hub, of.flow);
  const entries = await ledger.list(prefix, { from: `${prefix}${since}` });
  const words = await Promise.all(entries.map(({ name }) => ledger.read(name, Approval)));
  return words.flatMap((word) => (word === undefined ? [] : [word.value]));
}

/** Keeps a person's word on some held actions of a plan that they were shown. */
export async function approve(
  ledger: Pick<Ledger, "create">,
  of: { hub: string; flow: string },
  word: Omit<Approval, "v">,
): Promise<"created" | "exists"> {
  const { verdict, by, at, plan } = word;
  const name = `${approvalPrefix(of.hub, of.flow)}${at}.json`;
  return ledger.create(name, { v: 1, ...word } satisfies Approval, { verdict, by, at, plan });
}
