// Errors that clients of Google's threw, read in one place: gaxios (Sheets, Drive, Gmail, secrets, tokens), the storage client,
// gax over REST (Compute) and gax over gRPC (Pub/Sub). Messages are read for patterns alone: they carry addresses and names.
import * as z from "zod";
import {
  type Answer,
  failed,
  failureIn,
  type Pattern,
  refused,
  retryAfterSeconds,
  type Service,
} from "./failure.ts";

/** The longest answer that is read of Sheets, Drive, Gmail, Secret Manager and the token endpoint: a tab of 10,000 people is 2 MB. */
export const longestAnswerBytes = 32 * 1024 * 1024;

const Headers = z.union([
  z.custom<{ get: (name: string) => string | null }>(
    (value) =>
      typeof value === "object" && value !== null && "get" in value && typeof value.get === "function",
  ),
  z.record(z.string(), z.unknown()),
]);

/** gaxios has `status` and `data`, the storage client `statusCode` and `body`. */
const Answered = z.object({
  response: z.object({
    status: z.number().optional(),
    statusCode: z.number().optional(),
    data: z.unknown().optional(),
    // Of a download it is the stream that has ended; its words are then the error's.
    body: z
      .union([z.string(), z.looseObject({ error: z.unknown() })])
      .optional()
      .catch(undefined),
    headers: Headers.optional().catch(undefined),
  }),
  message: z.string().catch(""),
});

/** gax over REST: `httpStatusCode` in its googleError.js, which keeps the body under a symbol. */
const Rest = z.object({ httpStatusCode: z.number(), message: z.string(), reason: z.string().optional() });
/** A page's addresses of pictures are no words of an API's: Google's own 404 has "/images/" and "not found". */
const page = /<(!doctype|html)\b/i;
const restBody = Symbol.for("google-gax.rawHttpResponsePayload");

/** gax over gRPC: `code` is one of https://grpc.io/docs/guides/status-codes/ and `details` the server's sentence. */
const Rpc = z.object({
  code: z.number().int().min(1).max(16),
  details: z.string(),
  reason: z.string().optional(),
});

/** The token endpoint's own shape: https://www.rfc-editor.org/rfc/rfc6749#section-5.2 */
const Refusal = z.object({
  error: z.string(),
  error_description: z.string().catch(""),
  error_subtype: z.string().catch(""),
});

const Reason = z.object({ reason: z.string().optional() }).catch({});
const Body = z.object({
  error: z.object({
    message: z.string().catch(""),
    status: z.string().optional().catch(undefined),
    errors: z.array(Reason).catch([]),
    details: z.array(Reason).catch([]),
  }),
});

/** HTTP's numbers for gRPC's (https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto), and their words. */
const rpc: Record<number, readonly [status: number, word: string]> = {
  1: [499, "CANCELLED"],
  2: [500, "UNKNOWN"],
  3: [400, "INVALID_ARGUMENT"],
  4: [504, "DEADLINE_EXCEEDED"],
  5: [404, "NOT_FOUND"],
  6: [409, "ALREADY_EXISTS"],
  7: [403, "PERMISSION_DENIED"],
  8: [429, "RESOURCE_EXHAUSTED"],
  9: [400, "FAILED_PRECONDITION"],
  10: [409, "ABORTED"],
  11: [400, "OUT_OF_RANGE"],
  12: [501, "UNIMPLEMENTED"],
  13: [500, "INTERNAL"],
  14: [503, "UNAVAILABLE"],
  15: [500, "DATA_LOSS"],
  16: [401, "UNAUTHENTICATED"],
};

/** Answer of Google, with the vendor's clock where it told it; `broken`: its status came whole and its body did not. */
export type Said = Answer & { date?: Date | undefined; broken?: true };
/** Or that nothing came, or half of something. */
export type Read = Said | "no-answer" | "unreadable";

/** Reads an error of any of the clients, wherever they keep status, body and headers; throws nothing. */
export function answerOf(error: unknown): Read {
  const rest = Rest.safeParse(error);
  if (rest.success) {
    const { httpStatusCode, message, reason } = rest.data;
    const body: unknown =
      typeof error === "object" && error !== null ? Reflect.get(error, restBody) : undefined;
    const read = bodyOf(httpStatusCode, body ?? "");
    return read.code === undefined && read.text === "" && read.broken === undefined
      ? { ...read, code: reason, text: page.test(message) ? "" : message }
      : read;
  }
  const answered = Answered.safeParse(error);
  if (answered.success) {
    if (/over the limit/.test(answered.data.message)) return "unreadable";
    const { status, statusCode, data, body, headers } = answered.data.response;
    const told = statusCode === undefined ? data : (body ?? answered.data.message);
    const came = status ?? statusCode ?? 0;
    // It is an error all the same: what came with it could not be used.
    if (came >= 200 && came < 300) return "unreadable";
    const read = bodyOf(came, told ?? "");
    const date = headerOf(headers, "date");
    return {
      ...read,
      waitSeconds: retryAfterSeconds(headerOf(headers, "retry-after"), date),
      ...(date === undefined ? {} : { date: new Date(date) }),
    };
  }
  const call = Rpc.safeParse(error);
  if (call.success) return rpcAnswer(call.data);
  if (brokenOff(error)) return "unreadable";
  const words = refusedAgainAndAgain(error);
  return words === undefined ? "no-answer" : { status: 503, code: "UNAVAILABLE", text: words };
}

/** gax's retries.js keeps of the last refusal its words alone. */
function refusedAgainAndAgain(error: unknown): string | undefined {
  const { message = "" } = Told.safeParse(error).data ?? {};
  const refused =
    /^Total timeout of API .* retrying error/s.test(message) &&
    !/ECONN|ENOTFOUND|EAI_|ETIMEDOUT|deadline|no connection|hang up|socket/i.test(message);
  return refused ? message : undefined;
}

function rpcAnswer({ code, details, reason }: z.infer<typeof Rpc>): Read {
  const [status, word] = rpc[code] ?? [500, "UNKNOWN"];
  // The client's own words, where nobody answered (grpc-js: subchannel and deadline messages).
  if (
    code === 14 &&
    /no connection established|name resolution failed|ECONN|connection dropped/i.test(details)
  )
    return "no-answer";
  return { status, code: reason ?? word, text: details };
}

/** The body is JSON as sent or as read; text and pages of HTML are no words of an API's. */
function bodyOf(status: number, sent: unknown): Said {
  let body = sent;
  if (typeof sent === "string") {
    if (!/^\s*[[{]/.test(sent)) return { status, text: /^\s*</.test(sent) ? "" : sent.slice(0, 10_000) };
    try {
      body = JSON.parse(sent);
    } catch {
      return { status, text: "", broken: true };
    }
  }
  const refusal = Refusal.safeParse(body);
  if (refusal.success) {
    const { error, error_description, error_subtype } = refusal.data;
    return { status, code: error, text: `${error_description} ${error_subtype}` };
  }
  const parsed = Body.safeParse(Array.isArray(body) ? body[0] : body);
  if (!parsed.success) return { status, text: "" };
  const { message, status: word, errors, details } = parsed.data.error;
  const [code] = [...details, ...errors, { reason: word }].flatMap(({ reason }) => reason ?? []);
  return { status, code, text: message };
}

function headerOf(headers: z.infer<typeof Headers> | undefined, name: string): string | undefined {
  if (headers === undefined) return undefined;
  const value: unknown = typeof headers.get === "function" ? headers.get(name) : Reflect.get(headers, name);
  return typeof value === "string" ? value : undefined;
}

const Told = z.object({
  name: z.string().catch(""),
  message: z.string().catch(""),
  code: z.unknown().optional(),
  type: z.unknown().optional(),
});

/** The words of gaxios, node-fetch and the storage client for an answer that began and cannot be used. */
function brokenOff(error: unknown): boolean {
  return chain(error).some((one) => {
    const { name = "", message = "", code, type } = Told.safeParse(one).data ?? {};
    return (
      type === "max-size" ||
      /^(ZodError|SyntaxError)$/.test(name) ||
      /PREMATURE_CLOSE|FILE_NO_UPLOAD|DOWNLOAD_MISMATCH/.test(String(code)) ||
      /premature close|terminated|over limit|JSON|did not match|could not be decoded|cannot (create|read) propert|^could not refresh access token\.$/i.test(
        message,
      )
    );
  });
}

/** An error and what it came from, so far as it tells. */
function chain(error: unknown): unknown[] {
  const found: unknown[] = [];
  for (let one = error; one !== undefined && found.length < 5; ) {
    found.push(one);
    one = typeof one === "object" && one !== null ? Reflect.get(one, "cause") : undefined;
  }
  return found;
}

/** The error to throw for what a client of Google's threw; what another adapter has named already keeps its name. */
export function googleFailure(
  at: { service: Service; what: string },
  error: unknown,
  patterns: (answer: Said) => readonly Pattern[],
): Error {
  // The token was refused below the call.
  const known = chain(error)
    .map(failureIn)
    .find((failure) => failure !== undefined);
  if (known !== undefined)
    return failed({ ...known, explanation: { ...known.explanation, what: at.what } }, { cause: error });
  const answer = answerOf(error);
  if (typeof answer === "string") return refused(at, answer, [], { cause: error });
  return refused(at, answer.broken === true ? "unreadable" : answer, patterns(answer), { cause: error });
}

/** Made when it is needed: the data of time zones takes 6 MB of each function that has it. */
const clockOfPacific = (): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat("en-GB", {
    timeZone: "America/Los_Angeles",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  });

/** Seconds until a day's quota is new: "Requests per day (RPD) quotas reset at midnight Pacific time" (https://docs.cloud.google.com/docs/quotas/overview). */
export function secondsToMidnightPacific(now: Date | undefined): number {
  const day = 24 * 3600;
  if (now === undefined || Number.isNaN(now.getTime())) return day;
  const [hours = 0, minutes = 0, seconds = 0] = clockOfPacific().format(now).split(":").map(Number);
  return day - (hours * 3600 + minutes * 60 + seconds);
}
