// Bad inputs at the doors of all vendors: none is a fault of the far end's own, none is taken for something else, none changes anything,
// and what is refused as not served is noted.
import { afterAll, expect, test } from "@jest/globals";
import { takeViolations } from "../../local/wire/called-routes.ts";
import { type Asked, type Door, json } from "./door.ts";
import { openDoors } from "./doors.ts";
import { withoutEffect } from "./without-effect.ts";

const { doors, close } = await openDoors();
afterAll(close);

const unusual = {
  number: ["abc", "1e400", "-1", "", "1.5", "0x10", "99999999999999999999"],
  body: ["null", "[]", '{"', '"text"', "7", ""],
  name: {
    "a line break": "a\nb",
    "a NUL": "a\0b",
    "1,025 bytes": "x".repeat(1025),
    "a way out": "../secret",
    "a composed letter": "\u00e9",
    "a decomposed letter": "e\u0301",
  },
};

/** An answer's status; of one that is no refusal, what it holds. */
type Answers = Record<string, number | [number, RegExp]>;
/** By what is asked, or by its kind. */
const usual: Answers = {
  "an unknown word": 501,
  "an unknown header": 501,
  "an unknown method": 501,
  "an unknown field": 400,
  "a word twice": 400,
  number: 400,
  body: 400,
  name: 404,
  "a name of half an escape": 501,
  time: 400,
};
const none: [number, RegExp] = [200, /"result":\[\]/];
/** An hour's channel of Drive lasts a day at most. */
const aDay: [number, RegExp] = [200, /"expiration":"1795334400123"/];

const answers: Record<keyof typeof doors, Answers> = {
  storage: {
    "the name with a line break": 400,
    "the name with 1,025 bytes": 400,
    "a time before 1970": [200, /^$/],
  },
  s3: {
    // The client signs one of the two alone.
    "a word twice": 403,
    "the number ": [200, /<MaxKeys>1000</],
    body: 404,
    "the name with 1,025 bytes": 400,
    // The client takes the way out before it signs.
    "the name with a way out": 403,
    "a name of half an escape": 400,
  },
  sheets: { name: 400, "a name of half an escape": 400 },
  drive: { "a time after 9999": aDay, "a span of 2^32 s": aDay },
  gmail: { name: 403 },
  compute: { name: 400 },
  // Text for a number gives the first page, as at GitHub (test/local/github/refusals.test.ts).
  github: {
    "a word twice": 501,
    number: [200, /^\[\{"login":"ada-a"/],
    body: 422,
    'the body {"': 400,
    "an unknown field": 501,
  },
  "github graphql": {
    body: [200, /^\{"errors":/],
    'the body {"': 400,
    "an unknown field": 501,
    name: [200, /"user":null.*NOT_FOUND/],
    time: 501,
  },
  slack: { body: [200, /"ok":false/], "an unknown field": 501, name: [200, /"channel_not_found"/] },
  prometheus: {
    name: none,
    // Prometheus's texts have no line break as it is.
    "the name with a line break": 501,
    "a time before 1970": none,
    "a time after 9999": none,
    "an empty time": [200, /"directory":"ada"/],
    "a range before 1970": none,
    "a range after 9999": none,
    "a step of 2^32 s": none,
    "a field twice": 501,
  },
  secrets: { "the name with a way out": 400, time: 404 },
  registry: { "a word twice": 501, name: 501 },
  metadata: { "a word twice": 501, "a name of half an escape": 404 },
};

type Row = { what: string; kind: string; asked: Asked };

function rowsOf({ read, write, word, number, named, times = {} }: Door): Row[] {
  const row = (what: string, asked: Asked, kind = what): Row => ({ what, kind, asked });
  const more = (words: string): Asked => ({
    ...read,
    path: `${read.path}${read.path.includes("?") ? "&" : "?"}${words}`,
  });
  const half = named("placeholder");
  return [
    row("an unknown word", more("colour=red")),
    row("an unknown header", { ...read, headers: { ...read.headers, "x-colour": "red" } }),
    row("an unknown method", { method: "PATCH", path: read.path, headers: json, body: "{}" }),
    ...(word === undefined ? [] : [row("a word twice", more(`${word}=1&${word}=2`))]),
    ...(number === undefined
      ? []
      : unusual.number.map((text) => row(`the number ${text}`, more(`${number}=${text}`), "number"))),
    ...(write === undefined
      ? []
      : unusual.body.map((body) => row(`the body ${body}`, { ...write, body }, "body"))),
    ...(write?.body.startsWith("{")
      ? [row("an unknown field", { ...write, body: write.body.replace("{", '{"colour":"red",') })]
      : []),
    ...Object.entries(unusual.name).map(([what, name]) => row(`the name with ${what}`, named(name), "name")),
    ...(half.path.includes("placeholder")
      ? [row("a name of half an escape", { ...half, path: half.path.replace("placeholder", "%E0%A4%A") })]
      : []),
    ...Object.entries(times).map(([what, asked]) => row(what, asked, "time")),
  ];
}

test.each(Object.keys(answers))("%s", async (name) => {
  const door = doors[name];
  if (door === undefined) throw new Error("there is no such door");
  const before = structuredClone(door.state());
  const seen: unknown[] = [];
  const expected: unknown[] = [];
  for (const { what, kind, asked } of rowsOf(door)) {
    const own = answers[name] ?? {};
    const answer = own[what] ?? own[kind] ?? usual[what] ?? usual[kind] ?? 0;
    const [status, holds] = Array.isArray(answer) ? answer : [answer, undefined];
    const given = await door.send(asked);
    const text = await given.text();
    const noted = takeViolations().some((each) => each.includes("is not served"));
    seen.push([what, given.status, noted, holds?.test(text) === false ? text : "as it should be"]);
    expected.push([what, status, status === 501, "as it should be"]);
  }
  expect(seen).toEqual(expected);
  expect(door.state()).toEqual(before);
});

test.each(Object.keys(withoutEffect))("%s refuses what it would not do", async (name) => {
  const door = doors[name];
  if (door === undefined) throw new Error("there is no such door");
  const before = structuredClone(door.state());
  const rows = Object.entries(withoutEffect[name] ?? {});
  const seen: unknown[] = [];
  for (const [what, [asked]] of rows) {
    const { status } = await door.send(asked);
    seen.push([what, status, takeViolations().some((each) => each.includes("is not served"))]);
  }
  expect(seen).toEqual(rows.map(([what, [, status = 501]]) => [what, status, status === 501]));
  expect(door.state()).toEqual(before);
});

const { "a line break": lineBreak, "1,025 bytes": tooLong, ...writable } = unusual.name;
const written = { ...writable, "1,024 bytes": tooLong.slice(1) };

test.each<[string, string[], (name: string) => Asked, (name: string) => Asked]>([
  [
    "storage",
    Object.values(written),
    (name) => ({
      method: "POST",
      path: `/upload/storage/v1/b/remote/o?uploadType=media&name=${encodeURIComponent(name)}`,
    }),
    (name) => ({ path: `/storage/v1/b/remote/o/${encodeURIComponent(name)}?alt=media` }),
  ],
  [
    "s3",
    // A client would take the way out itself.
    [lineBreak, ...Object.values(written).filter((name) => !name.startsWith(".."))],
    (name) => ({ method: "PUT", path: `/inbox/${encodeURIComponent(name)}` }),
    (name) => ({ path: `/inbox/${encodeURIComponent(name)}` }),
  ],
])("%s gives each object back by its own name alone", async (door, names, put, get) => {
  const send = doors[door]?.send ?? fail;
  for (const [index, name] of names.entries())
    expect((await send({ ...put(name), body: `bytes of ${index}` })).status).toBe(200);
  const read = await Promise.all(names.map(async (name) => (await send(get(name))).text()));
  expect(read).toEqual(names.map((_, index) => `bytes of ${index}`));
  // The other tests take the same names for those of nothing.
  for (const name of names) {
    const path = get(name).path.replace("?alt=media", "");
    expect((await send({ method: "DELETE", path })).status).toBe(204);
  }
});

const fail = (): never => {
  throw new Error("there is no such door");
};

test("every door has its answers", () => {
  expect(Object.keys(doors).toSorted()).toEqual(Object.keys(answers).toSorted());
});
