// GitHub's limits on how often one may call: so many requests an hour, so many points and writes a minute. They run on the
// movable clock, as waiting for them does; their counters are forgotten at a restart.

/** https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export type Limits = {
  /** Requests, and points of GraphQL, an installation may spend in an hour. */
  perHour: number;
  writesPerMinute: number;
  writesPerHour: number;
  /** A read costs one point, a write five. */
  pointsPerMinute: number;
  /** Invitations in any 24 hours; by the age of the organisation when absent. */
  invitationsPerDay?: number;
};

export const githubLimits: Limits = {
  perHour: 5000,
  writesPerMinute: 80,
  writesPerHour: 500,
  pointsPerMinute: 900,
};

export type Budget = { limit: number; remaining: number; used: number; resetMs: number };
export type Verdict =
  | { pass: true }
  | { pass: false; limit: "primary" | "secondary"; retryAfterSeconds: number };

const minuteMs = 60_000;
const hourMs = 3_600_000;

export type Limiter = {
  /** Counts a call, or refuses it; a refused one is not counted. */
  spend: (who: string, call: { resource: Resource; cost: number; write: boolean }, nowMs: number) => Verdict;
  budget: (who: string, resource: Resource, nowMs: number) => Budget;
};
export type Resource = "core" | "graphql";

export function limiter(limits: Limits): Limiter {
  const hours = new Map<string, { startMs: number; used: number }>();
  const recent = new Map<string, { atMs: number; points: number; write: boolean }[]>();
  const hourOf = (who: string, resource: Resource, nowMs: number) => {
    const key = `${who} ${resource}`;
    const found = hours.get(key);
    if (found !== undefined && nowMs < found.startMs + hourMs) return found;
    const fresh = { startMs: nowMs, used: 0 };
    hours.set(key, fresh);
    return fresh;
  };
  return {
    spend(who, { resource, cost, write }, nowMs) {
      const hour = hourOf(who, resource, nowMs);
      if (hour.used + cost > limits.perHour) {
        const retryAfterSeconds = Math.ceil((hour.startMs + hourMs - nowMs) / 1000);
        return { pass: false, limit: "primary", retryAfterSeconds };
      }
      if (resource === "core") {
        const past = (recent.get(who) ?? []).filter(({ atMs }) => atMs > nowMs - hourMs);
        recent.set(who, past);
        const retryAfterMs = tooMuch(past, { points: write ? 5 : 1, write }, limits, nowMs);
        if (retryAfterMs > 0) {
          return { pass: false, limit: "secondary", retryAfterSeconds: Math.ceil(retryAfterMs / 1000) };
        }
        past.push({ atMs: nowMs, points: write ? 5 : 1, write });
      }
      hour.used += cost;
      return { pass: true };
    },
    budget(who, resource, nowMs) {
      const { startMs, used } = hourOf(who, resource, nowMs);
      return { limit: limits.perHour, remaining: limits.perHour - used, used, resetMs: startMs + hourMs };
    },
  };
}

/** Gives the wait, in milliseconds, until this call fits into the last minute and hour; 0 when it does. */
function tooMuch(
  past: readonly { atMs: number; points: number; write: boolean }[],
  call: { points: number; write: boolean },
  limits: Limits,
  nowMs: number,
): number {
  const minute = past.filter(({ atMs }) => atMs > nowMs - minuteMs);
  const points = minute.reduce((sum, each) => sum + each.points, call.points);
  const writes = minute.filter(({ write }) => write).length;
  const overMinute = points > limits.pointsPerMinute || (call.write && writes >= limits.writesPerMinute);
  const first = minute[0];
  if (overMinute && first !== undefined) return first.atMs + minuteMs - nowMs;
  const hourly = past.filter(({ write }) => write);
  const oldest = hourly[0];
  if (!call.write || hourly.length < limits.writesPerHour || oldest === undefined) return 0;
  return oldest.atMs + hourMs - nowMs;
}
