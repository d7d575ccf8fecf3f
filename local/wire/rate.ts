// Limits of so many calls in a span of time, by the movable clock, as waiting for them is. They are forgotten at a restart.

export type Rate = { most: number; everyMs: number };

/** Counts calls by whom or what they are for. */
export function rates() {
  const past = new Map<string, number[]>();
  return {
    /** Counts a call where each of its limits has room; else counts nothing, and gives the first that has none with the wait for it. */
    over(
      calls: readonly { of: string; rate: Rate }[],
      nowMs: number,
    ): { of: string; waitMs: number } | undefined {
      for (const { of, rate } of calls) {
        const recent = (past.get(of) ?? []).filter((atMs) => atMs > nowMs - rate.everyMs);
        past.set(of, recent);
        const oldest = recent.at(-rate.most);
        if (recent.length >= rate.most && oldest !== undefined)
          return { of, waitMs: oldest + rate.everyMs - nowMs };
      }
      for (const { of } of calls) past.get(of)?.push(nowMs);
      return undefined;
    },
  };
}
