// Plays what no time mends for so many hours, in a process of its own, and gives what it said.
import * as z from "zod";
import { playedBy } from "./played.ts";

const Refused = z.object({ name: z.string(), told: z.array(z.string()), undelivered: z.number() });

export async function refused(hours: number): Promise<z.infer<typeof Refused>[]> {
  const { code, out } = await playedBy("refusals.ts", String(hours));
  if (code !== 0) throw new Error(out);
  return out
    .trim()
    .split("\n")
    .map((line) => Refused.parse(JSON.parse(line)));
}
