// Meaning of GitHub's refusals to people and to the next attempt. Their texts may quote what was sent. Nothing of them goes into
// an error of ours but what the tables of refusals say, the status, and GitHub's own word for it.
import * as z from "zod";
import {
  type Answer,
  again,
  failed,
  failureIn,
  type Pattern,
  refused,
  retryAfterSeconds,
} from "../failure.ts";
import { anybody, forbidden, hourlyCause, limitCauses, limits, pause } from "./refusals.ts";
import { account } from "./refusals-account.ts";
import { app } from "./refusals-app.ts";

/** A refusal of GitHub's, or a call that got no answer (then `headers` is empty and `text` says nothing). */
export type Refusal = Pick<Answer, "code" | "text"> & {
  status: number;
  answered: boolean;
  headers: Record<string, string>;
};

/** Task that was being done, and as whom. */
export type Doing = {
  /** Words for what could not be done, as people read it. */
  what: string;
  as: keyof typeof tables;
  /** A change: it may have happened though no answer came. */
  write?: boolean;
  /** Meanings of an answer to this call alone; only limits come before them. */
  known?: readonly Pattern[];
  /** Meaning of an answer that no table knows. */
  otherwise?: Pattern;
};

const tables = { app, account };

const Response = z.looseObject({
  headers: z.record(z.string(), z.coerce.string()),
  status: z.number().default(0),
  data: z.unknown(),
});
const HttpError = z.looseObject({
  name: z.literal("HttpError"),
  status: z.number(),
  response: Response.optional(),
});
const word = z.string().optional().catch(undefined);
const Body = z.looseObject({
  message: z.string().catch(""),
  errors: z
    .array(
      z.union([z.string(), z.looseObject({ message: word, code: word, field: word })]).catch("unreadable"),
    )
    .catch([]),
});

/** Reads an error of Octokit's; undefined for any other. */
export function refusalIn(error: unknown): Refusal | undefined {
  const read = HttpError.safeParse(error);
  if (!read.success) return undefined;
  const { status, response } = read.data;
  if (response === undefined) return { status, answered: false, headers: {}, text: "" };
  return { ...answerIn(response), status };
}

/** Reads what GitHub answered, whatever its status: GraphQL refuses with 200. */
export function answerIn(response: unknown): Refusal {
  const { status, headers, data } = Response.parse(response);
  return { status, answered: true, headers, ...wordsOf(data) };
}

/** A page of HTML is read no further than where its words are. */
const mostText = 10_000;

function wordsOf(data: unknown): Pick<Answer, "code" | "text"> {
  if (typeof data === "string") return { text: data.slice(0, mostText) };
  const { message, errors } = Body.catch({ message: "", errors: [] }).parse(data);
  const words = errors.flatMap((each) =>
    typeof each === "string" ? [each] : [each.message, each.code, each.field],
  );
  const first = errors[0];
  const code = typeof first === "object" ? first.code : undefined;
  return {
    text: [message, ...words].filter(Boolean).join(" / ").slice(0, mostText),
    ...(code === undefined ? {} : { code }),
  };
}

/** "Wait at least one minute", where GitHub says no more (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api). */
const waitWithoutHintSeconds = 60;
/** GitHub counts by the hour, invitations by the day: no limit of its lasts longer. */
const mostWaitSeconds = 86_400;

/**
 * Seconds until GitHub counts anew, by its own clock: ours may differ, and on the sample hub it can be moved. They say nothing
 * of another limit than the hourly one, and what is left of that one may be told wrongly
 * (https://github.com/octokit/plugin-throttling.js/pull/636).
 */
function secondsToReset(headers: Record<string, string>, cause: string): number | undefined {
  if (cause !== hourlyCause && headers["x-ratelimit-remaining"] !== "0") return undefined;
  const seconds = Number(headers["x-ratelimit-reset"]) - Date.parse(headers["date"] ?? "") / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

/** Gives the error to throw for what GitHub answered. A limit in any spelling knows for how long GitHub asks to be left alone. */
export function answerFailure(refusal: Refusal, doing: Doing): Error {
  const { status, code, text, headers, answered } = refusal;
  const unsure = doing.write === true && (!answered || status >= 500);
  const at = {
    service: "github",
    what: unsure
      ? `${doing.what}; whether the change was made is unknown, so the next attempt looks first`
      : doing.what,
  } as const;
  if (!answered) return refused(at, "no-answer", []);
  const asked = retryAfterSeconds(headers["retry-after"], headers["date"]);
  const asksForPause = asked !== undefined || headers["x-ratelimit-remaining"] === "0";
  const patterns = [
    ...limits,
    ...(doing.known ?? []),
    ...tables[doing.as],
    ...anybody,
    ...(asksForPause ? [pause] : []),
    ...(doing.otherwise === undefined ? [] : [doing.otherwise]),
    forbidden,
  ];
  const wait = (seconds: number | undefined) =>
    seconds === undefined ? {} : { waitSeconds: Math.min(seconds, mostWaitSeconds) };
  const answer = { status, text, isPage: /^\s*</.test(text), ...(code === undefined ? {} : { code }) };
  const error = refused(at, { ...answer, ...wait(asked) }, patterns);
  const cause = failureIn(error)?.cause ?? "";
  if (!limitCauses.has(cause)) return error;
  const seconds = asked ?? secondsToReset(headers, cause) ?? waitWithoutHintSeconds;
  return refused(at, { ...answer, ...wait(seconds) }, patterns);
}

/** Gives the error to throw for a failed call: what GitHub said in our words. An error that is none of GitHub's stays what it is. */
export function failureOf(error: unknown, doing: Doing): unknown {
  const refusal = refusalIn(error);
  return refusal === undefined ? error : answerFailure(refusal, doing);
}

/** An answer that is no answer: cut, of another shape, or a page for people. */
export const unreadable = ({ what, write }: Doing): Error =>
  refused(
    {
      service: "github",
      what: write === true ? `${what}, or nobody knows: the next attempt looks what became of it` : what,
    },
    "unreadable",
    [],
  );

/** Gives the error for what does not fit together at GitHub just now; another look may find it in order. */
export const unsettled = ({ what }: Doing, cause: string, why: string): Error =>
  failed({
    service: "github",
    cause,
    lasts: "transient",
    explanation: { what, why, next: again("github") },
  });
