// Strikes at a call that crosses the wire: it fails before it arrived, its answer is lost or cut off, the process
// that made it dies before or after, or it waits there while the world goes on.
import { farEndNames } from "../../local/wire/faults.ts";
import type { Sky } from "../../local/wire/weather.ts";
import type { FunctionName } from "../../shared/functions.ts";
import type { Random } from "./random.ts";
import { calm } from "./weather.ts";
import { noAnswer } from "./wire.ts";

/** One delivery at work in a process of its own. */
export type Delivery = {
  number: number;
  name: FunctionName;
  messageId: string;
  /** Ours, who look and prepare: nothing strikes them, and they leave no line. */
  operator?: true;
  dead: boolean;
  die: () => void;
  /** A read of the world outside failed and nothing was read since: then nothing may be written there. */
  blind: boolean;
  /** It has looked at its lease since it last wrote. */
  checked: boolean;
  /** Writes to the world outside since it was last read. */
  wrote: string[];
};

type Counts = { calls: number; faults: number; crashes: number; pauses: number };
export type Strikes = ReturnType<typeof strikes>;
type Fate = "pass" | "dies before" | "dies after" | "waits" | Fault;
type Fault = "503" | "429" | "refused" | "lost" | "500 after" | "cut off";

/** Deaths in a wait, for one in a call. */
const deathsInWait = 5;

export function strikes(options: { random: Random; timeline: { note: (what: string) => void } }) {
  const { random, timeline } = options;
  const counts: Counts = { calls: 0, faults: 0, crashes: 0, pauses: 0 };
  const made = {
    counts,
    /** Calm until the scene is laid: nobody can look behind what the vendors were given first. */
    weather: calm,
    /** Gives the answer of a service that is out of order now, or that wants no more calls; undefined while it is well. */
    outage: (_host: string, _call: string): Response | Error | undefined => undefined,
    /** Says of each strike, as it is drawn, whether it is left out of this run. */
    isLeftOut: (): boolean => false,
    /** Lets the world go on while a call waits. */
    meanwhile: async (): Promise<void> => undefined,
    /** Lets the world go on until a time for which a delivery waits. */
    passing: async (_until: Date): Promise<void> => undefined,
    /** Sees each call that arrived, with its answer: where a flow keeps its own rules. */
    watch: (_call: { who: Delivery; host: string; what: string; status: number }): void => undefined,
    /** Sees what a function publishes, as it leaves: what it says of the world is to be so. */
    told: (_message: { who: Delivery | undefined; topic: string; event: unknown }): void => undefined,
    carry,
    publish,
    wait,
  };

  function fate(): Fate {
    const drawn = draw();
    return drawn !== "pass" && made.isLeftOut() ? "pass" : drawn;
  }

  function draw(): Fate {
    const { fault, crash, pause } = made.weather;
    if (fault + crash + pause === 0) return "pass";
    const drawn = random.next();
    if (drawn < fault) return random.pick("503", "429", "refused", "lost", "500 after", "cut off");
    if (drawn < fault + crash) return random.pick("dies before", "dies after");
    return drawn < fault + crash + pause ? "waits" : "pass";
  }

  async function carry(
    who: Delivery,
    host: string,
    request: Request,
    send: () => Promise<Response>,
  ): Promise<Response> {
    const what = callOf(request);
    // One request for a token, for the installation, for a secret or for one's own name is kept in the process: who waits for it must not
    // wait for the dead.
    const shared = /\/(?:access_tokens|installation)$|:access$|^GET \/user$/.test(what);
    const tellOutage = (out: Response | Error): void =>
      timeline.note(
        `${who.name} #${who.number} ${host} ${what} = ${out instanceof Error ? "no answer" : out.status}, out of order`,
      );
    const gone = (): Promise<never> => (shared ? Promise.reject(noAnswer("ECONNRESET")) : never());
    if (who.dead) return gone();
    counts.calls += 1;
    const out = made.outage(host, `${request.method} ${new URL(request.url).pathname}`);
    if (out !== undefined) {
      counts.faults += 1;
      tellOutage(out);
      made.watch({ who, host, what, status: 503 });
      if (out instanceof Error) throw out;
      return out;
    }
    const drawn = fate();
    const met = bearable(drawn, host, shared);
    const tell = (end: string): void => timeline.note(`${who.name} #${who.number} ${host} ${what} ${end}`);
    if (met === "waits") await pausing(tell);
    if (who.dead) return gone();
    if (met === "dies before") {
      death(who, tell, "dies before it");
      return gone();
    }
    const early = before(met, host);
    if (early !== undefined) {
      counts.faults += 1;
      tell(`= ${met}`);
      made.watch({ who, host, what, status: 503 });
      if (early instanceof Error) throw early;
      return early;
    }
    const answer = await send();
    tell(`= ${answer.status}${met === "pass" || met === "waits" ? "" : `, ${met}`}`);
    if (met === "dies after") {
      death(who, tell, "dies after it");
      return gone();
    }
    if (met === "pass" || met === "waits") {
      made.watch({ who, host, what, status: answer.status });
      return answer;
    }
    counts.faults += 1;
    // A refusal that is cut off is read as the refusal that it is: its status came.
    made.watch({ who, host, what, status: met === "cut off" && !answer.ok ? answer.status : 599 });
    if (met === "lost") throw noAnswer("ECONNRESET");
    return met === "500 after" ? refusal(500, host) : cut(answer);
  }

  async function publish<T>(who: Delivery, topic: string, send: () => Promise<T>): Promise<T> {
    if (who.dead) return never();
    counts.calls += 1;
    const unavailable = (): Error => Object.assign(new Error("14 UNAVAILABLE: no answer"), { code: 14 });
    if (made.outage("pubsub", "Publish") !== undefined) {
      counts.faults += 1;
      timeline.note(`${who.name} #${who.number} publishes on ${topic}, which is out of order`);
      throw unavailable();
    }
    const met = fate();
    const tell = (end: string): void =>
      timeline.note(`${who.name} #${who.number} publishes on ${topic} ${end}`);
    if (met === "waits") await pausing(tell);
    if (who.dead) return never();
    if (met === "dies before") {
      death(who, tell, "dies before it");
      return never();
    }
    if (met === "503" || met === "429" || met === "refused") {
      counts.faults += 1;
      tell(`= ${met}`);
      throw unavailable();
    }
    const id = await send();
    tell(`= ${id}${met === "pass" || met === "waits" ? "" : `, ${met}`}`);
    if (met === "dies after") {
      death(who, tell, "dies after it");
      return never();
    }
    if (met === "pass" || met === "waits") return id;
    counts.faults += 1;
    throw unavailable();
  }

  /** A delivery waits inside itself. It may die there more easily than in a call, which is over sooner. */
  async function wait(who: Delivery, until: Date): Promise<void> {
    if (who.dead) return never();
    const tell = (end: string): void => timeline.note(`${who.name} #${who.number} ${end}`);
    counts.pauses += 1;
    const dies = random.chance(made.weather.crash * deathsInWait) && !made.isLeftOut();
    tell(`waits until ${until.toISOString()}`);
    if (dies && random.chance(0.5)) {
      death(who, tell, "dies in its wait");
      return never();
    }
    await made.passing(until);
    if (dies) death(who, tell, "dies after its wait");
    if (who.dead) return never();
    tell("goes on");
  }

  async function pausing(tell: (end: string) => void): Promise<void> {
    counts.pauses += 1;
    tell("waits");
    await made.meanwhile();
    tell("goes on");
  }

  function death(who: Delivery, tell: (end: string) => void, end: string): void {
    counts.crashes += 1;
    tell(end);
    who.die();
  }

  return made;
}

/** Gives what a host answers in this weather, where it is not well. */
export function outOfOrder(sky: Sky, host: string, call: string): Response | undefined {
  const farEnd = farEndNames.find((name) => name === host);
  const failure = farEnd && sky.strike(farEnd, call);
  return failure?.kind === "status"
    ? new Response(failure.body ?? "", { status: failure.status, headers: failure.headers ?? {} })
    : undefined;
}

/** The client of Compute Engine tries again by itself where nobody answers: it is answered, for it waits by the real clock. */
function bearable(drawn: Fate, host: string, shared: boolean): Fate {
  if (shared && drawn === "waits") return "pass";
  if (host !== "compute") return drawn;
  if (drawn === "503" || drawn === "refused") return "429";
  return drawn === "lost" || drawn === "cut off" ? "500 after" : drawn;
}

/** For whom nothing ever happens again. */
const never = (): Promise<never> => new Promise(() => undefined);

function before(met: Fate, host: string): Response | Error | undefined {
  if (met === "refused") return noAnswer("ECONNREFUSED");
  return met === "503" || met === "429" ? refusal(Number(met), host) : undefined;
}

/** In each vendor's own shape. */
function refusal(status: number, host: string): Response {
  const message = status === 429 ? "Too many requests" : "Backend Error";
  const reason = status === 429 ? "rateLimitExceeded" : "backendError";
  const body =
    host === "slack" && status === 429
      ? { ok: false, error: "ratelimited" }
      : ["github", "registry", "prometheus", "slack", "s3"].includes(host)
        ? { message }
        : { error: { code: status, message, errors: [{ message, domain: "global", reason }] } };
  const wait: Record<string, string> = status === 429 ? { "retry-after": "30" } : {};
  return Response.json(body, { status, headers: wait });
}

/** The first half of the body, and then the end of the connection. */
async function cut(answer: Response): Promise<Response> {
  const bytes = new Uint8Array(await answer.arrayBuffer());
  let half: Uint8Array | undefined = bytes.subarray(0, Math.floor(bytes.length / 2));
  const body = new ReadableStream({
    pull(controller) {
      if (half === undefined) return controller.error(noAnswer("ECONNRESET"));
      if (half.length > 0) controller.enqueue(half);
      half = undefined;
    },
  });
  const { status, headers } = answer;
  return new Response(status === 204 || status === 304 ? null : body, { status, headers });
}

/** Method, path, and what of the query names an object. */
function callOf(request: Request): string {
  const { pathname, searchParams } = new URL(request.url);
  const named = ["name", "prefix", "ifGenerationMatch", "alt", "q"].flatMap((key) => {
    const value = searchParams.get(key);
    return value === null ? [] : [`${key}=${value}`];
  });
  const path = decodeURIComponent(pathname)
    .replace("/storage/v1/b/sample-hub-ledger", "~")
    // The vendor draws these.
    .replace(/operation-\d+/, "operation");
  return `${request.method} ${path}${named.length === 0 ? "" : ` ${named.join(" ")}`}`;
}
