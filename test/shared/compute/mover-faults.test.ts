// The mover where something goes wrong: nothing is overwritten, nothing wrong is left or called copied, and each object is told as it is.
import { existsSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import * as z from "zod";
import {
  type End,
  flip,
  hurried,
  type Kind,
  md5Of,
  moverHarness,
  testWithPython,
  withBody,
} from "./mover-harness.ts";

const test = testWithPython("test/shared/compute/mover-faults.test.ts");

let world: Awaited<ReturnType<typeof moverHarness>>;
beforeEach(async () => {
  world = await moverHarness(hurried);
});
afterEach(() => world.close());

const bytes = "what the source has";
const md5 = md5Of(bytes);
const one = [{ name: "one", size: bytes.length }];
const ways: [Kind, Kind][] = [
  ["gcs", "s3"],
  ["s3", "gcs"],
  ["gcs", "gcs"],
  ["s3", "s3"],
];
const put = (kind: Kind, name: string, content: string, end?: End) => world.put(kind, name, content, end);

/** A store's description of an object, without its MD5. */
async function withoutSum(answer: Response): Promise<Response> {
  if (!answer.headers.get("content-type")?.includes("json") || answer.body === null) {
    answer.headers.set("x-amz-server-side-encryption", "aws:kms");
    return answer;
  }
  const { md5Hash, ...resource } = z
    .looseObject({ md5Hash: z.string().optional() })
    .parse(await answer.json());
  return Response.json(resource, { status: answer.status });
}

const scenes = [
  "the same is there",
  "another is there",
  "comes between",
  "flipped when read",
  "flipped once when written",
  "flipped when written",
  "gone",
  "of another size",
  "of another sum",
  "changes under way",
] as const;
const sceneOf = (request: Request) => scenes.find((scene) => request.url.includes(encodeURIComponent(scene)));

/** The names that uploads in Cloud Storage were begun with: their later requests have none. */
const begun = new Map<string, (typeof scenes)[number]>();
async function sceneOfWrite(request: Request, on: (request: Request) => Response | Promise<Response>) {
  const id = new URL(request.url).searchParams.get("upload_id");
  if (id !== null) return { scene: begun.get(id), answer: undefined };
  const scene = sceneOf(request);
  if (request.method !== "POST" || scene === undefined) return { scene, answer: undefined };
  const answer = await on(request);
  begun.set(answer.headers.get("x-guploader-uploadid") ?? "", scene);
  return { scene, answer };
}

describe.each(ways)("from %s to %s", (from, to) => {
  const content = (name: string, end: "source" | "target") => {
    const file = world.folder(to, end, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  };

  test("nothing is overwritten, nothing wrong is left, and each is told as it is", async () => {
    for (const scene of scenes) if (scene !== "gone") await put(from, scene, bytes);
    await put(to, "the same is there", bytes, "target");
    await put(to, "another is there", "what the target has", "target");
    let removed = 0;
    const seen = new Set<string>();
    const isFirst = (what: string) => seen.size < seen.add(what).size;
    const onRead = async (request: Request, on: (request: Request) => Response | Promise<Response>) => {
      const scene = sceneOf(request);
      if (!request.headers.has("range"))
        return scene === "changes under way" ? withoutSum(await on(request)) : on(request);
      if (scene === "changes under way" && isFirst(scene)) await put(from, scene, "WHAT THE SOURCE HAS");
      const answer = await on(request);
      if (scene !== "flipped when read") return answer;
      const body = Buffer.from(await answer.arrayBuffer());
      flip(body);
      return new Response(body, { status: answer.status, headers: answer.headers });
    };
    const onWrite = async (request: Request, on: (request: Request) => Response | Promise<Response>) => {
      if (sceneOf(request) === "comes between" && isFirst("comes between"))
        await put(to, "comes between", "who came", "target");
      if (request.method === "DELETE") removed += 1;
      const { scene, answer } = await sceneOfWrite(request, on);
      if (answer !== undefined) return answer;
      const flips =
        request.method === "PUT" &&
        (scene === "flipped when written" || (scene === "flipped once when written" && isFirst(scene)));
      return on(flips ? await withBody(request, flip) : request);
    };
    const isWrite = ({ method }: Request) => method !== "GET" && method !== "HEAD";
    for (const kind of [from, to])
      world.fronts[kind] = (request, on) => {
        // Its own preparations are the test's.
        if (!request.headers.get("user-agent")?.startsWith("groundcrew-mover")) return on(request);
        return isWrite(request) ? onWrite(request, on) : onRead(request, on);
      };
    const sizes = new Map<string, object>([
      ["of another size", { size: 1 }],
      ["of another sum", { md5: md5Of("") }],
    ]);
    const objects = scenes.map((name) => ({ name, size: bytes.length, ...sizes.get(name) }));
    const { code, err, results, progress } = await world.move([from, to], objects);
    const changed = { state: "failed", cause: "changed" };
    // Nothing wrong was there for a moment: what is not right is never taken in.
    expect([code, err, removed]).toEqual([1, "", 0]);
    expect(results).toEqual({
      "the same is there": { state: "there", md5 },
      "another is there": changed,
      "comes between": changed,
      "flipped when read": changed,
      "flipped once when written": { state: "copied", md5 },
      "flipped when written": changed,
      gone: { state: "failed", cause: "gone" },
      "of another size": changed,
      "of another sum": changed,
      "changes under way": changed,
    });
    expect(progress).toEqual({ objects: 1, bytes: bytes.length, causes: { changed: 7, gone: 1 } });
    expect(Object.fromEntries(scenes.map((scene) => [scene, content(scene, "target")]))).toEqual({
      "the same is there": bytes,
      "another is there": "what the target has",
      "comes between": "who came",
      "flipped once when written": bytes,
    });
  });

  test("weather on either side is waited out, and an answer that is lost makes no second object", async () => {
    await put(from, "one", bytes);
    const farEnds = { gcs: "storage", s3: "s3" } as const;
    for (const kind of [from, to])
      for (const failure of [
        { kind: "status" as const, status: 503 },
        { kind: "lost-answer" as const },
        { kind: "status" as const, status: 429, headers: { "retry-after": "0" } },
      ])
        world.faults.add({ farEnd: farEnds[kind], failure });
    const written = { farEnd: farEnds[to], match: "PUT", failure: { kind: "lost-answer" as const } };
    world.faults.add(written);
    const { code, results, progress } = await world.move([from, to], one);
    // After a lost answer S3 says that it is there, and Cloud Storage says again that it is done.
    expect([code, results]).toEqual([0, { one: { state: to === "s3" ? "there" : "copied", md5 } }]);
    const counts = to === "s3" ? { objects: 0, bytes: 0 } : { objects: 1, bytes: bytes.length };
    expect(progress).toEqual({ ...counts, causes: {} });
    expect(content("one", "target")).toBe(bytes);
  });
});

test("a store that knows no condition is written to all the same, and never over what is there", async () => {
  await put("gcs", "one", bytes);
  await put("gcs", "two", "two");
  await put("s3", "two", "TWO", "target");
  world.fronts.s3 = (request, on) =>
    request.headers.has("if-none-match") ? new Response(null, { status: 501 }) : on(request);
  const { results } = await world.move(["gcs", "s3"], [...one, { name: "two", size: 3 }]);
  expect(results).toEqual({ one: { state: "copied", md5 }, two: { state: "failed", cause: "changed" } });
});
