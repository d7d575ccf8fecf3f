// Fields and words of a record that only a newer version knows: this one reads past them, and keeps them where it writes. So a
// roll back over a used ledger stops nothing and loses nothing. See docs/adr/0013-unknown-fields-are-kept.md.
import { isDeepStrictEqual } from "node:util";
import * as z from "zod";

/** A record as this version understands it, and the same with everything in it that is unknown. */
export type Unknown = { known: unknown; whole: unknown };

type Understood<T> =
  | { value: T; unknown?: Unknown }
  /** `isNewer`: a word that this version does not know stands where it has to know one. */
  | { issue: z.core.$ZodIssue | undefined; isNewer: boolean };

/** A word of a closed vocabulary; one that only a newer version knows is read as `instead`, and kept until this version changes it. */
export const wordOr = <T extends string>(words: z.ZodType<T>, instead: NoInfer<T>): z.ZodType<T> =>
  words.or(z.string().transform(() => instead));

/**
 * Things in a list, or one that stands for another now and then: the fields that say which one it is, by the name of what holds it.
 * What is unknown of a thing goes with it. Where a thing has no name here, it is known again as long as it is unchanged.
 */
export const identities: Readonly<Record<string, readonly string[]>> = {
  people: ["login"],
  rejected: ["cell"],
  unmanaged: ["login", "team"],
  undone: ["run", "login", "did", "team"],
  reported: ["login", "team"],
  others: ["login", "email", "team"],
  pairings: ["at"],
  past: ["day"],
  volumeDays: ["day"],
  toTell: ["key"],
  scan: ["measuredAt"],
  trouble: ["kind", "since"],
  refs: ["file", "line", "image"],
  unread: ["file"],
  evidence: ["image", "tag"],
  proposal: ["tag"],
  registryWait: ["tag"],
  shards: ["n"],
  parts: ["n"],
  lists: ["n"],
  lines: ["about"],
  entries: ["hub", "id"],
  ranges: ["after", "through"],
  history: ["at"],
};

type Path = readonly PropertyKey[];
type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const has = (fields: Fields, key: string): boolean => fields[key] !== undefined && Object.hasOwn(fields, key);

/** Understands a record by its schema, past whatever the schema does not know. */
export function understand<T>(record: unknown, schema: z.ZodType<T>): Understood<T> {
  let known = record;
  const words = new Set<string>();
  for (;;) {
    const { success, data, error } = schema.safeParse(known);
    if (success) {
      const whole = withLeft(data, record, known);
      return whole === data ? { value: data } : { value: data, unknown: { known: data, whole } };
    }
    const paths = unknownIn(error.issues, known);
    if (paths === undefined) {
      const issue = error.issues.find(({ code }) => code !== "unrecognized_keys");
      return { issue, isNewer: issue !== undefined && words.has(JSON.stringify(issue.path)) };
    }
    for (const path of paths) if (typeof at(known, path) === "string") words.add(JSON.stringify(path));
    known = without(known, paths);
  }
}

/** Lists where the unknown stands, if that is all that is amiss: fields, and words of fields that may be absent. */
function unknownIn(
  issues: readonly z.core.$ZodIssue[],
  record: unknown,
  below: Path = [],
): Path[] | undefined {
  const found: Path[] = [];
  for (const issue of issues) {
    const path = [...below, ...issue.path];
    if (issue.code === "unrecognized_keys") found.push(...issue.keys.map((key) => [...path, key]));
    else if (issue.code === "invalid_value" && isWord(record, path)) found.push(path);
    else if (issue.code === "invalid_union") {
      const branches = issue.errors.map((errors) => unknownIn(errors, record, path));
      const branch = branches.find((each) => each !== undefined);
      if (branch === undefined) return undefined;
      found.push(...branch);
    } else return undefined;
  }
  return found;
}

const isWord = (record: unknown, path: Path): boolean =>
  typeof at(record, path) === "string" && isFields(at(record, path.slice(0, -1)));

const at = (record: unknown, path: Path): unknown =>
  path.reduce(
    (found: unknown, key) => (found instanceof Object ? Reflect.get(found, key) : undefined),
    record,
  );

function without(record: unknown, paths: readonly Path[]): unknown {
  if (paths.length === 0) return record;
  const byKey = Map.groupBy(paths, ([first]) => String(first));
  const under = (key: string): Path[] => (byKey.get(key) ?? []).map(([, ...rest]) => rest);
  if (Array.isArray(record)) return record.map((item, index) => without(item, under(String(index))));
  if (!isFields(record)) return record;
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => {
      const rest = under(key);
      return rest.some(({ length }) => length === 0) ? [] : [[key, without(value, rest)]];
    }),
  );
}

/** Gives what was understood with what was left out of `record` in its place; the very same value where nothing was. */
function withLeft(understood: unknown, record: unknown, known: unknown): unknown {
  if (typeof understood === "string" && typeof record === "string") return record;
  if (Array.isArray(understood) && Array.isArray(record) && Array.isArray(known)) {
    const whole = understood.map((item, index) => withLeft(item, record[index], known[index]));
    return whole.some((item, index) => item !== understood[index]) ? whole : understood;
  }
  if (!isFields(understood) || !isFields(record) || !isFields(known)) return understood;
  const left = Object.entries(record).filter(([key]) => !has(known, key) && !has(understood, key));
  const whole = Object.entries(understood).map(([key, value]): [string, unknown] => [
    key,
    has(record, key) && has(known, key) ? withLeft(value, record[key], known[key]) : value,
  ]);
  const isSame = left.length === 0 && whole.every(([key, value]) => value === understood[key]);
  return isSame ? understood : Object.fromEntries([...whole, ...left]);
}

/** Gives what is to be written, with what is unknown of each thing that is still there. What was deleted takes it along. Pure. */
export function withUnknown(next: unknown, { known, whole }: Unknown, holder = ""): unknown {
  if (known === whole) return next;
  if (Array.isArray(next) && Array.isArray(known) && Array.isArray(whole))
    return listed(next, { known, whole }, holder);
  if (!isFields(next) || !isFields(known) || !isFields(whole))
    return isDeepStrictEqual(next, known) ? whole : next;
  if (nameOf(next, holder) !== nameOf(known, holder)) return next;
  const entries = Object.entries(next).filter(([, value]) => value !== undefined);
  const merged = entries.map(([key, value]): [string, unknown] => [
    key,
    has(known, key) && has(whole, key)
      ? withUnknown(value, { known: known[key], whole: whole[key] }, key)
      : value,
  ]);
  const kept = Object.entries(whole).filter(([key]) => !has(known, key) && !has(next, key));
  return Object.fromEntries([...merged, ...kept]);
}

/** Finds each thing of a list by its name; where several have one name, by all that is known of it. */
function listed(
  next: readonly unknown[],
  before: { known: unknown[]; whole: unknown[] },
  holder: string,
): unknown[] {
  const { known, whole } = before;
  const places = Map.groupBy(known.keys(), (index) => identityOf(known[index], holder));
  const times = Map.groupBy(next, (item) => identityOf(item, holder));
  return next.map((item) => {
    const name = identityOf(item, holder);
    const same = places.get(name) ?? [];
    const isOne = same.length === 1 && times.get(name)?.length === 1;
    const place = isOne ? 0 : same.findIndex((index) => isDeepStrictEqual(known[index], item));
    const [index] = place === -1 ? [] : same.splice(place, 1);
    return index === undefined ? item : withUnknown(item, { known: known[index], whole: whole[index] });
  });
}

const identityOf = (item: unknown, holder: string): string => nameOf(item, holder) ?? JSON.stringify(item);

/** Names which thing it is, where the table says by what. */
function nameOf(thing: unknown, holder: string): string | undefined {
  const fields = Object.hasOwn(identities, holder) ? identities[holder] : undefined;
  return fields === undefined || !isFields(thing)
    ? undefined
    : JSON.stringify(fields.map((field) => thing[field]));
}
