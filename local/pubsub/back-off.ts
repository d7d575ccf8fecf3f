// Wait of a failed delivery: exponential from the minimum, never above the maximum, with jitter between.

// Without a policy the cloud tries again "as soon as possible"; at once would be a hot loop.
const withoutPolicy = { minimumMilliseconds: 100, maximumMilliseconds: 1000 };

/** `attempt` is how many deliveries were made so far, from 1. */
export function backOffMilliseconds(
  retry: { minimumMilliseconds: number; maximumMilliseconds: number } | undefined,
  attempt: number,
  random: () => number,
): number {
  const { minimumMilliseconds, maximumMilliseconds } = retry ?? withoutPolicy;
  const doubled = minimumMilliseconds * 2 ** Math.min(attempt - 1, 30);
  return Math.round(Math.min(maximumMilliseconds, doubled * (1 + random() / 2)));
}
