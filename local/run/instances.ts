// The instances of one service: which of them gets a request, which requests wait, when one more is started, and when one is
// taken away. All of it is synchronous; time comes from outside, and whoever runs it starts and stops what has to be run.

/** Of the service's row. */
export type Limits = { instances: number; concurrency: number; timeoutSeconds: number };

/** A request that asks for an instance. One of the two is called, or `begin` and then perhaps `end`. */
export type Asking = {
  /** It is this instance's turn. */
  begin: (instance: number) => void;
  /** The platform answers itself: nobody was free in time, the instance died, or the time limit is over. */
  end: (status: 429 | 503 | 504) => void;
};

export type Instances = {
  /** Gives what to call when the request is over, however it ended. */
  ask: (asking: Asking) => () => void;
  /** Starts one where there is none. */
  warm: () => void;
  /** It listens. */
  ready: (instance: number) => void;
  /** It died, or never started. */
  gone: (instance: number) => void;
  /** Lets time take effect. */
  look: () => void;
  /** Tells when time takes effect next. */
  nextDue: () => number | undefined;
  count: () => number;
};

/**
 * Longest wait of a request for an instance (https://cloud.google.com/run/docs/troubleshooting#429). The start of the first one does not
 * count, as in the cloud, where a slow start makes it longer. A slow machine must not refuse what a quick one takes.
 */
const queueMilliseconds = 10_000;
/**
 * An idle instance is kept for up to 15 minutes in the cloud (https://cloud.google.com/run/docs/about-instance-autoscaling). Here all share
 * the memory of one laptop, which at rest is to hold those that work now.
 */
const idleMilliseconds = 2 * 60_000;
/** The same of an instance beside another one: the next burst of a minute's work starts it again where its queue lasts. */
const spareMilliseconds = 20_000;
/**
 * One more is started for whoever has waited this long: as often the autoscaler looks
 * (https://cloud.google.com/run/docs/about-instance-autoscaling). A short queue is over before.
 */
const patienceMilliseconds = 5000;
/**
 * An instance that does not listen by then is given up, and its requests are answered
 * (https://cloud.google.com/run/docs/configuring/healthchecks: the probe that every service has without asking).
 */
const startMilliseconds = 240_000;

type Request = { asking: Asking; at: number; begunAt?: number; over: boolean };
type Instance = {
  id: number;
  isReady: boolean;
  requests: Set<Request>;
  startedAt: number;
  idleSince: number;
};

export function instances(
  limits: Limits,
  options: { now: () => number; start: (instance: number) => void; stop: (instance: number) => void },
): Instances {
  const { now } = options;
  const running = new Map<number, Instance>();
  let queue: Request[] = [];
  let made = 0;
  /** Since when there is always one that listens. */
  let upSince = Number.POSITIVE_INFINITY;

  /** One that listens before one that starts; of those, the first, so that the last ones fall idle. */
  function free(): Instance | undefined {
    const roomy = [...running.values()].filter(({ requests }) => requests.size < limits.concurrency);
    return roomy.find(({ isReady }) => isReady) ?? roomy[0];
  }

  function startOne(): Instance {
    made += 1;
    const requests = new Set<Request>();
    const instance = { id: made, isReady: false, requests, startedAt: now(), idleSince: now() };
    running.set(made, instance);
    options.start(made);
    return instance;
  }

  function give(request: Request, instance: Instance): void {
    instance.requests.add(request);
    if (instance.isReady) begin(request, instance);
  }

  function begin(request: Request, { id }: Instance): void {
    request.begunAt = now();
    request.asking.begin(id);
  }

  function serveQueue(): void {
    for (let one = free(); one !== undefined; one = free()) {
      const request = queue.shift();
      if (request === undefined) return;
      give(request, one);
    }
  }

  function over(request: Request): void {
    if (request.over) return;
    request.over = true;
    queue = queue.filter((each) => each !== request);
    for (const instance of running.values())
      if (instance.requests.delete(request)) instance.idleSince = now();
    serveQueue();
  }

  function end(request: Request, status: 429 | 503 | 504): void {
    if (request.over) return;
    over(request);
    request.asking.end(status);
  }

  const requests = (): Request[] => [...running.values()].flatMap((instance) => [...instance.requests]);
  const limitOf = ({ begunAt = Number.POSITIVE_INFINITY }: Request): number =>
    begunAt + limits.timeoutSeconds * 1000;
  const waitingSince = ({ at }: Request): number => Math.max(at, upSince);
  const isUp = (): boolean => [...running.values()].some(({ isReady }) => isReady);
  const idleEnds = (): [id: number, at: number][] =>
    [...running.values()]
      .filter(({ isReady }) => isReady)
      .map(({ id, requests: at, idleSince }, place): [number, number] => {
        const kept = place === 0 ? idleMilliseconds : spareMilliseconds;
        return [id, at.size === 0 ? idleSince + kept : Number.POSITIVE_INFINITY];
      });
  const mayGrow = (): boolean =>
    running.size < limits.instances && [...running.values()].every(({ isReady }) => isReady);

  function gone(id: number): void {
    const instance = running.get(id);
    running.delete(id);
    if (!isUp()) upSince = Number.POSITIVE_INFINITY;
    for (const request of instance?.requests ?? []) end(request, 503);
    if (queue.length > 0 && running.size === 0) startOne();
    serveQueue();
  }

  function look(): void {
    // Before places become free: after a leap of the clock, whoever has waited too long is gone by now.
    for (const request of [...queue])
      if (waitingSince(request) + queueMilliseconds <= now()) end(request, 429);
    for (const request of requests()) if (limitOf(request) <= now()) end(request, 504);
    for (const [id, at] of idleEnds())
      if (at <= now()) {
        running.delete(id);
        if (!isUp()) upSince = Number.POSITIVE_INFINITY;
        options.stop(id);
      }
    for (const [id, { isReady, startedAt }] of running)
      if (!isReady && startedAt + startMilliseconds <= now()) {
        options.stop(id);
        gone(id);
      }
    const [oldest] = queue;
    if (oldest !== undefined && mayGrow() && waitingSince(oldest) + patienceMilliseconds <= now()) {
      startOne();
      serveQueue();
    }
  }

  return {
    ask(asking) {
      const request: Request = { asking, at: now(), over: false };
      const instance = free() ?? (running.size === 0 ? startOne() : undefined);
      if (instance === undefined) queue.push(request);
      else give(request, instance);
      return () => over(request);
    },
    warm() {
      if (running.size === 0) startOne();
    },
    ready(id) {
      const instance = running.get(id);
      if (instance === undefined) return;
      if (!isUp()) upSince = now();
      instance.isReady = true;
      instance.idleSince = now();
      for (const request of instance.requests) begin(request, instance);
    },
    gone,
    look,
    nextDue() {
      const [oldest] = queue;
      const times = [
        ...requests().map(limitOf),
        ...(oldest === undefined ? [] : [waitingSince(oldest) + queueMilliseconds]),
        ...(oldest !== undefined && mayGrow() ? [waitingSince(oldest) + patienceMilliseconds] : []),
        ...idleEnds().map(([, at]) => at),
        ...[...running.values()]
          .filter(({ isReady }) => !isReady)
          .map(({ startedAt }) => startedAt + startMilliseconds),
      ].filter(Number.isFinite);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    count: () => running.size,
  };
}
