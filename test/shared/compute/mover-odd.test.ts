// The mover with what is odd: names that rclone cannot carry arrive as they are, and what S3 stores of others say is understood.
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, expect } from "@jest/globals";
import { type Kind, md5Of, moverHarness, testWithPython } from "./mover-harness.ts";

const test = testWithPython("test/shared/compute/mover-odd.test.ts");
let world: Awaited<ReturnType<typeof moverHarness>>;
beforeEach(async () => {
  world = await moverHarness();
});
afterEach(() => world.close());

/** Names that S3 and Cloud Storage can hold both, most of which rclone changes, loses or mixes up. */
const names = [
  "//",
  "/begins with a slash",
  "a//b",
  "ends/",
  "a/./b",
  "a/../b",
  "..a",
  "...",
  " begins with a space",
  "ends with a space ",
  "two  spaces",
  "tab\there",
  "\u0001",
  "del\u007f",
  "next\u0085line",
  "line\u2028separator",
  "zero\u200bwidth",
  "nul\u2400sign",
  "wide\uff0fslash",
  "wide\uff0e",
  "quote\u201b",
  "unknown\ufffd",
  "nfc-\u00fc",
  "nfd-u\u0308",
  "Case",
  "case",
  "#hash",
  ";semicolon",
  "?question=mark&and",
  "100%",
  "%2F",
  "%",
  "plus+plus",
  "star*[a]{b}",
  "'quote'\"and\"`more`",
  "back\\slash",
  "caret^bar|tilde~",
  "<angle>",
  "(round)!",
  "colon:at@$,",
  "データ/海面水温.nc",
  "🌊",
  "\u{10ffff}",
  "n".repeat(1022),
];

test("odd names go from Cloud Storage to S3, on to S3 and back, each with its own bytes", async () => {
  for (const name of names) await world.putGcs(`a/${name}`, `of ${name}`);
  const objects = names.map((name) => ({ name, size: Buffer.byteLength(`of ${name}`) }));
  const wanted = names.map((name) => `a/${name}`).toSorted();
  const second = (end: string) => ({
    [`${end}_BUCKET`]: "target",
    [`${end}_KEY_ID`]: "key-target",
    [`${end}_SECRET`]: "secret-of-target",
  });
  const first = (end: string) => ({
    [`${end}_BUCKET`]: "source",
    [`${end}_KEY_ID`]: "key-source",
    [`${end}_SECRET`]: "secret-of-source",
  });
  const legs: [[Kind, Kind], Record<string, string>][] = [
    [["gcs", "s3"], {}],
    [["s3", "s3"], { ...second("SOURCE"), ...first("TARGET") }],
    [["s3", "gcs"], {}],
  ];
  for (const [way, environment] of legs) {
    const { code, err, results } = await world.move(way, objects, { prefix: "a", environment });
    expect([code, err, Object.values(results).filter(({ state }) => state !== "copied")]).toEqual([
      0,
      "",
      [],
    ]);
  }
  expect((await world.names("s3")).toSorted()).toEqual(wanted);
  expect((await world.names("s3", "source")).toSorted()).toEqual(wanted);
  expect((await world.names("gcs")).toSorted()).toEqual(wanted);
  for (const name of names)
    expect([name, (await world.inGcs(`a/${name}`))?.md5]).toEqual([name, md5Of(`of ${name}`)]);
});

test("an object larger than what is read at once goes between two buckets of one store, whole", async () => {
  const large = Buffer.alloc(9 * 1024 * 1024 + 1, "larger");
  for (const kind of ["s3", "gcs"] as const) {
    await (kind === "s3" ? world.putS3("large", large) : world.putGcs("large", large));
    const { results } = await world.move([kind, kind], [{ name: "large", size: large.length }]);
    expect(results).toEqual({ large: { state: "copied", md5: md5Of(large) } });
    expect(readFileSync(world.folder(kind, "target", "large")).equals(large)).toBe(true);
  }
});

test("what S3 stores of others say is understood", async () => {
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, n) => [`x-amz-meta-k${n}`, String(n)]));
  const says: Record<string, Record<string, string>> = {
    chunked: { "content-encoding": "aws-chunked,gzip" },
    raw: { "x-amz-meta-place": Buffer.from("Tromsø").toString("latin1") },
    old: { "x-amz-meta-place": Buffer.from("Tromsø", "latin1").toString("latin1") },
    tags: { "x-amz-tagging-count": "2", "x-amz-website-redirect-location": "/elsewhere" },
    held: { "x-amz-object-lock-mode": "GOVERNANCE", "x-amz-missing-meta": "1" },
    encrypted: { "x-amz-server-side-encryption": "aws:kms", etag: `"${"0".repeat(32)}"` },
    many,
  };
  for (const name of Object.keys(says)) await world.putS3(name, name);
  world.fronts.s3 = async (request, on) => {
    const name = new URL(request.url).pathname.split("/").at(-1) ?? "";
    // Of this ETag it knows nothing.
    const headers = new Headers(request.headers);
    headers.delete("if-match");
    const answer = await on(request.method === "GET" ? new Request(request, { headers }) : request);
    for (const [header, text] of Object.entries(says[name] ?? {})) answer.headers.set(header, text);
    return answer;
  };
  const objects = Object.keys(says).map((name) => ({ name, size: name.length }));
  const { code, results } = await world.move(["s3", "gcs"], objects);
  expect(code).toBe(0);
  const left = Object.entries(results).flatMap(([name, { left }]) =>
    left === undefined ? [] : [[name, left]],
  );
  expect(Object.fromEntries(left)).toEqual({
    tags: ["redirect", "tags"],
    held: ["hold or retention", "own metadata"],
  });
  const said = async (name: string) => (await world.inGcs(name))?.said;
  expect((await said("chunked"))?.contentEncoding).toBe("gzip");
  expect((await said("raw"))?.own).toMatchObject({ place: "Tromsø" });
  expect((await said("old"))?.own).toMatchObject({ place: "Tromsø" });
  expect((await said("many"))?.own).toMatchObject({ k0: "0", k149: "149" });
  expect(results["encrypted"]).toEqual({ state: "copied", md5: md5Of("encrypted") });
});
