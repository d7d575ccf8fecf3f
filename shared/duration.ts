// Spans of time as people type them: "+6h", "1d12h", "90s", "500ms".

const unitsMs: Record<string, number> = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

/** Milliseconds, or undefined for what is no span of time. */
export function parseDuration(text: string): number | undefined {
  if (!/^\+?(\d+(\.\d+)?(ms|[dhms]))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[dhms])/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (unitsMs[unit ?? ""] ?? 0),
    0,
  );
}
