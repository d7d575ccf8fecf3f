// Plays a burst of notices in a process of its own, and gives what it said.
import * as z from "zod";
import { playedBy } from "./played.ts";

const Burst = z.strictObject({
  mails: z.tuple([z.number(), z.number()]),
  posts: z.tuple([z.number(), z.number()]),
  undelivered: z.array(z.string()),
  waiting: z.number(),
  pending: z.number(),
  hours: z.number(),
  most: z.number(),
  tooMany: z.number(),
  deliveries: z.number(),
});

/** Waits for a service while a burst goes on, in words and by their names. */
export const troubles = [
  ["Gmail wants to be left alone for forty minutes", "alone"],
  ["Slack takes a message a second", "slow"],
] as const;

/** `mails` and `posts` are how many arrived, and how many of them were different. */
export async function burst(
  notices: number,
  what: (typeof troubles)[number][1],
): Promise<z.infer<typeof Burst>> {
  const { code, out } = await playedBy("burst.ts", String(notices), what);
  if (code !== 0) throw new Error(out);
  return Burst.parse(JSON.parse(out));
}
