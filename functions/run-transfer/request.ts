// Checks what a person asked for before anything is done with it: two places, each "<remote>:<path>", the remote by
// its name in the settings. Nothing else of what was typed gets any further. Pure.
import { dayMs } from "../../shared/clock.ts";
import type { TransferMode } from "../../shared/events.ts";
import { bucketOf } from "../../shared/remotes/stores.ts";
import type { Remote, TransferSettings } from "../../shared/settings.ts";
import { rcloneChanges } from "../../shared/transfers/rclone-names.ts";
import type { TransferState } from "../../shared/transfers/records.ts";
import { slipOf } from "./slips.ts";

/**
 * A folder of a remote; the whole remote where the path is empty. The path never begins or ends with a slash. `only`: one object in it,
 * where that is all that was asked for.
 */
export type Place = { remote: string; path: string; store: Remote; only?: string };

/** `by`: the name of who asks, as it was typed. */
export type Request = { from: Place; to: Place; by?: string; mode?: TransferMode };

const pathLimitBytes = 900;

/** Reason to begin nothing: one sentence, which quotes nothing that was typed. */
export type RefusedRequest = { refused: string };

/** Checks what was asked for. */
export function requestOf(
  asked: { from: string; to: string; by?: string | undefined; mode?: TransferMode | undefined },
  settings: Pick<TransferSettings, "remotes">,
): Request | RefusedRequest {
  const from = placeOf(asked.from, settings);
  if (typeof from === "string") return { refused: `the source ${from}` };
  const to = placeOf(asked.to, settings);
  if (typeof to === "string") return { refused: `the target ${to}` };
  const shut = shutFor(asked.by, to);
  if (shut !== undefined) return { refused: shut };
  if (sameStore(from, to)) {
    if (from.path === to.path) return { refused: "the source is the target" };
    if (holds(from, to)) return { refused: "the target lies within the source" };
    if (holds(to, from)) return { refused: "the source lies within the target" };
  }
  const { by, mode } = asked;
  if (mode !== undefined && to.store.replaceable !== true)
    return {
      refused: `objects in ${to.remote} are only ever added, and the mode ${mode} takes some away: ask without a mode, or have the settings say transfers.remotes.${to.remote}.replaceable, and deploy`,
    };
  return { from, to, ...(by === undefined ? {} : { by }), ...(mode === undefined ? {} : { mode }) };
}

/**
 * Reads a source as one object, which it is where no folder has its name; undefined where it names a whole bucket. The target is the folder that
 * the object comes into, or names the object itself: nobody means a folder of that name.
 */
export function asObject({ from, to, ...rest }: Request): Request | undefined {
  const only = from.path.split("/").at(-1) ?? "";
  if (only === "") return undefined;
  const above = (path: string): string => path.slice(0, -only.length).replace(/\/$/, "");
  const named = to.path === only || to.path.endsWith(`/${only}`);
  return {
    from: { ...from, path: above(from.path), only },
    to: { ...to, path: named ? above(to.path) : to.path },
    ...rest,
  };
}

/** Gives what a transfer was asked for, as its plan has read it. */
export const requestOfPlan = (request: Request, { single }: Pick<TransferState, "single">): Request =>
  single === true ? (asObject(request) ?? request) : request;

/**
 * Says that somebody may not ask for copies into a remote; undefined where they may. A name is only typed until people sign in, so that the
 * rule keeps out who is honest, and the refusal says so.
 */
function shutFor(by: string | undefined, { remote, store: { writers } }: Place): string | undefined {
  const plain = (name: string): string => name.normalize("NFC").trim().toLowerCase();
  if (writers === undefined || writers.some((name) => by !== undefined && plain(name) === plain(by)))
    return undefined;
  const who = by === undefined ? "nobody has said who asks" : "who asks is none of them";
  return `copies into ${remote} are asked for by ${writers.join(", ")} alone, and ${who} (names are typed, and not proved: people keep this rule, it keeps nobody out)`;
}

/** Gives the time from which a request does not begin any more: whatever it waited for, the world has moved on, and so has who asked. */
export const lapsesAt = (
  { at }: { at: string },
  { requestDays }: Pick<TransferSettings, "requestDays">,
): Date => new Date(Date.parse(at) + requestDays * dayMs);

/** Tells whether both lie in one bucket: two remotes may name the same. */
function sameStore(...places: [Place, Place]): boolean {
  const [a, b] = places.map(({ store }) => bucketOf(store));
  return a === b;
}

const holds = (outer: Place, inner: Place): boolean =>
  outer.path === "" || inner.path.startsWith(`${outer.path}/`);

function placeOf(text: string, { remotes }: Pick<TransferSettings, "remotes">): Place | string {
  const colon = text.indexOf(":");
  const remote = text.slice(0, Math.max(0, colon));
  const store = Object.hasOwn(remotes, remote) ? remotes[remote] : undefined;
  if (store === undefined) return slipOf(text, remotes);
  const given = text.slice(colon + 1);
  const problem = pathProblem(given);
  if (problem !== undefined) return `${problem}: write it as "${remote}:<path>", with / between its folders`;
  return { remote, path: given.endsWith("/") ? given.slice(0, -1) : given, store };
}

/** One slash at the end is how people write a folder; everything else must be as it is to be found. */
function pathProblem(path: string): string | undefined {
  if (path === "") return undefined;
  if (Buffer.byteLength(path) > pathLimitBytes) return `has a path of more than ${pathLimitBytes} bytes`;
  if (!path.isWellFormed()) return "has a path that is not valid text";
  if (path.includes("\\")) return "has a backslash in its path";
  if (path.trim() !== path) return "has a space at the beginning or the end of its path";
  if (controls.test(path)) return "has a control character in its path";
  if (path.startsWith("-")) return "has a path that begins with a dash";
  if (path.startsWith("/")) return "has a path that begins with a slash";
  if (path.includes(":")) return "has a colon in its path";
  const segments = (path.endsWith("/") ? path.slice(0, -1) : path).split("/");
  if (segments.some((segment) => segment === "")) return "has an empty folder name in its path";
  if (segments.some((segment) => segment === "." || segment === ".."))
    return 'has "." or ".." as a folder name in its path';
  if (rcloneChanges.test(path)) return "has a character in its path that rclone would change";
  return undefined;
}

/** Control, format and separator characters other than the space: invisible, or an end of line to somebody. */
const controls = /[\p{Cc}\p{Zl}\p{Zp}\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;
