// Plays forty minutes without one of the services that we call, or with one that asks to be left alone, in a process of its own;
// gives how each ended.
import { expect } from "@jest/globals";
import * as z from "zod";
import { playedBy } from "./played.ts";

const Suffered = z.strictObject({
  name: z.string(),
  refused: z.number(),
  undelivered: z.array(z.string()),
  broken: z.array(z.string()),
  waiting: z.number(),
  posts: z.number(),
  /** Ways by which the team was told that the other one is stopped, and that it is no more. */
  told: z.array(z.string()),
});
export type Suffered = z.infer<typeof Suffered>;

export async function suffered(which: "down" | "limits" | "untold"): Promise<Suffered[]> {
  const { code, out } = await playedBy("outages.ts", which);
  if (code !== 0) throw new Error(out);
  return out
    .trim()
    .split("\n")
    .map((line) => Suffered.parse(JSON.parse(line)));
}

/** Nothing is undelivered, and when it is over all is as it would have been. */
export function expectMadeGood(end: Suffered | undefined): void {
  expect(end).toMatchObject({ undelivered: [], broken: [], waiting: 0 });
  expect([end?.name, end?.refused]).not.toEqual([end?.name, 0]);
  // Every message to the team got there, once.
  expect(end?.posts).toBeGreaterThanOrEqual(5);
}
