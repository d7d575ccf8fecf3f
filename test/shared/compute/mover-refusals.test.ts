// The mover where a store refuses: each refusal has its cause, in the words of a machine's report, and nothing that is printed has a name.
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import { hurried, type Kind, moverHarness, testWithPython, withOther } from "./mover-harness.ts";

const test = testWithPython("test/shared/compute/mover-refusals.test.ts");
let world: Awaited<ReturnType<typeof moverHarness>>;
beforeEach(async () => {
  world = await moverHarness(hurried);
});
afterEach(() => world.close());

const bytes = "what the source has";
const one = [{ name: "one", size: bytes.length }];
const failed = (cause: string) => ({ one: { state: "failed", cause } });
const put = (kind: Kind, name: string) => world.put(kind, name, bytes);

describe("a refusal has its cause", () => {
  const s3Error = (status: number, code: string) =>
    new Response(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`, { status });
  const gcsError = (status: number, reason: string) =>
    Response.json({ error: { code: status, errors: [{ reason, message: "no" }] } }, { status });
  type Answers = Record<string, [cause: string, answer: () => Response]>;

  async function expectCauses(way: [Kind, Kind], method: string, answers: Answers): Promise<void> {
    for (const name of Object.keys(answers)) await put(way[0], name);
    world.fronts[way[1]] = (request, on) => {
      const found = Object.keys(answers).find((name) => new RegExp(`\\b${name}\\b`).test(request.url));
      return request.method === method && found !== undefined
        ? (answers[found]?.[1]() ?? on(request))
        : on(request);
    };
    const objects = Object.keys(answers).map((name) => ({ name, size: bytes.length }));
    const { code, results } = await world.move(way, objects);
    const causes = Object.entries(results).map(([name, { state, cause }]) => [name, state, cause]);
    expect(code).toBe(1);
    expect(causes.toSorted()).toEqual(
      Object.entries(answers)
        .map(([name, [cause]]) => [name, "failed", cause])
        .toSorted(),
    );
  }

  test("of S3", async () => {
    await expectCauses(["gcs", "s3"], "PUT", {
      AccessDenied: ["denied", () => s3Error(403, "AccessDenied")],
      SignatureDoesNotMatch: ["denied", () => s3Error(403, "SignatureDoesNotMatch")],
      QuotaExceeded: ["quota", () => s3Error(403, "QuotaExceeded")],
      XMinioStorageFull: ["quota", () => s3Error(507, "XMinioStorageFull")],
      NoSuchBucket: ["no-bucket", () => s3Error(404, "NoSuchBucket")],
      SlowDown: ["busy", () => s3Error(503, "SlowDown")],
      RequestTimeout: ["busy", () => s3Error(400, "RequestTimeout")],
      KeyTooLongError: ["too-long", () => s3Error(400, "KeyTooLongError")],
      BadDigest: ["changed", () => s3Error(400, "BadDigest")],
      InvalidArgument: ["other", () => s3Error(400, "InvalidArgument")],
      elsewhere: ["other", () => new Response(null, { status: 301 })],
    });
  });

  test("of Cloud Storage", async () => {
    await expectCauses(["s3", "gcs"], "POST", {
      forbidden: ["denied", () => gcsError(403, "forbidden")],
      authError: ["denied", () => gcsError(401, "authError")],
      rateLimitExceeded: ["busy", () => gcsError(403, "rateLimitExceeded")],
      backendError: ["busy", () => gcsError(500, "backendError")],
      quotaExceeded: ["quota", () => gcsError(403, "quotaExceeded")],
      notFound: ["no-bucket", () => gcsError(404, "notFound")],
      invalid: ["other", () => gcsError(400, "invalid")],
    });
  });

  test("of keys that are not right, and of rights that are missing", async () => {
    await put("gcs", "one");
    await put("s3", "one");
    const wrong = { SOURCE_SECRET: "another", TARGET_SECRET: "another" };
    expect((await world.move(["gcs", "s3"], one, { environment: wrong })).results).toEqual(failed("denied"));
    expect((await world.move(["s3", "gcs"], one, { environment: wrong })).results).toEqual(failed("denied"));
  });

  test("of names that no store can hold", async () => {
    const names = ["n".repeat(1025), "\ud800", "two\nlines"];
    for (const name of names.slice(2)) await put("s3", name);
    const objects = names.map((name) => ({ name, size: bytes.length }));
    const { results, err } = await world.move(["s3", "gcs"], objects);
    expect(Object.values(results).map(({ cause }) => cause)).toEqual(
      expect.arrayContaining(["too-long", "other", "other"]),
    );
    expect(err).toBe("");
  });
});

test("a cause that is every object's stops it: the rest has no result", async () => {
  const objects = Array.from({ length: 500 }, (_, n) => ({ name: `o${n}`, size: 1 }));
  const { code, results, progress } = await world.move(["s3", "gcs"], objects, {
    environment: { SOURCE_KEY_ID: "nobody" },
  });
  const tried = Object.keys(results).length;
  expect(code).toBe(1);
  expect(tried).toBeGreaterThanOrEqual(64);
  expect(tried).toBeLessThan(100);
  expect(progress).toEqual({ objects: 0, bytes: 0, causes: { denied: tried } });
});

test("names and keys are in nothing that it prints, whatever happens", async () => {
  const name = "a/secret name";
  await put("s3", name);
  world.fronts.gcs = (request, on) =>
    request.method === "GET" ? new Response(`{"what is this ${name}`, { status: 200 }) : on(request);
  const ran = await world.move(["s3", "gcs"], [{ name, size: bytes.length }]);
  expect(ran).toMatchObject({ code: 1, out: "", err: "JSONDecodeError\n" });
});

test("what it cannot begin with it says, and ends with 2", async () => {
  const wordless = await world.move(["s3", "gcs"], one, { environment: { SOURCE_KIND: "ftp" } });
  expect(wordless).toMatchObject({ code: 2, err: "the environment or the list cannot be read: KeyError\n" });
  const cut = await world.move(["s3", "gcs"], one, { list: '{"name":"one","size":19}\n{"name":"tw' });
  expect(cut).toMatchObject({
    code: 2,
    err: "the environment or the list cannot be read: JSONDecodeError\n",
  });
});

test("one token does for many requests, and another is asked for before it ends", async () => {
  for (let n = 0; n < 20; n += 1) await put("gcs", `o${n}`);
  const objects = Array.from({ length: 20 }, (_, n) => ({ name: `o${n}`, size: bytes.length }));
  const asked = () =>
    world.faults.calls().get("metadata GET /computeMetadata/v1/instance/service-accounts/default/token");
  expect((await world.move(["gcs", "s3"], objects)).code).toBe(0);
  expect(asked()).toBe(1);
  // Of one that ends within an hour, which is all that there are, each request finds that it ends too soon.
  writeFileSync(world.folder("mover.py"), withOther(hurried, "TOKEN_MARGIN", "3700"));
  world.faults.forget();
  expect((await world.move(["gcs", "s3"], objects)).results["o0"]?.state).toBe("there");
  expect(asked()).toBe(20);
});
