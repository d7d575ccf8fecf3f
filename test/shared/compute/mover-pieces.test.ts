// The mover with objects that go in pieces: uploads that break off, are lost or do not fit, and what is left of them.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect } from "@jest/globals";
import { flip, hurried, md5Of, moverHarness, testWithPython, withBody, withOther } from "./mover-harness.ts";

const test = testWithPython("test/shared/compute/mover-pieces.test.ts");
let world: Awaited<ReturnType<typeof moverHarness>>;
beforeEach(async () => {
  world = await moverHarness(hurried);
});
afterEach(() => world.close());

const failed = { one: { state: "failed", cause: "changed" } };

test("bytes of which nobody knew the sum, and that arrive as others, are taken away again", async () => {
  // Too large to be read before they are sent, and of an object that was composed.
  const large = Buffer.alloc(9 * 1024 * 1024, "composed");
  mkdirSync(world.folder("gcs/source/.groundcrew"), { recursive: true });
  writeFileSync(world.folder("gcs/source/.groundcrew/composed"), "one\n");
  writeFileSync(world.folder("gcs/source/one"), large);
  let [flips, removed] = [1, 0];
  world.fronts.s3 = async (request, on) => {
    if (request.method === "DELETE") removed += 1;
    return request.method === "PUT" && flips-- > 0 ? on(await withBody(request, flip)) : on(request);
  };
  const objects = [{ name: "one", size: large.length }];
  expect((await world.move(["gcs", "s3"], objects)).results).toEqual({
    one: { state: "copied", md5: md5Of(large) },
  });
  expect(removed).toBe(1);
  expect(readFileSync(world.folder("s3/target/one")).equals(large)).toBe(true);
});

describe("in pieces", () => {
  const MiB = 1024 * 1024;
  const large = Buffer.alloc(11 * MiB + 3, "in pieces");
  const objects = [{ name: "one", size: large.length }];
  const isCopied = { one: { state: "copied", md5: md5Of(large) } };

  test("Cloud Storage is sent what it did not keep, and an upload that it lost is begun again", async () => {
    await world.put("s3", "one", large);
    let puts = 0;
    world.fronts.gcs = async (request, on) => {
      if (request.method !== "PUT") return on(request);
      puts += 1;
      if (puts === 1) return new Response("Not Found", { status: 404 });
      if (puts > 2) return on(request);
      const part = Buffer.from(await request.arrayBuffer()).subarray(0, MiB);
      const headers = { "content-range": `bytes 0-${MiB - 1}/${large.length}` };
      return on(new Request(request.url, { method: "PUT", headers, body: new Uint8Array(part) }));
    };
    expect((await world.move(["s3", "gcs"], objects)).results).toEqual(isCopied);
    expect(puts).toBe(4);
    expect(readFileSync(world.folder("gcs/target/one")).equals(large)).toBe(true);
  });

  describe("S3", () => {
    beforeEach(async () => {
      await world.close();
      world = await moverHarness(withOther(hurried, "WHOLE", "10 * MIB"));
      await world.put("gcs", "one", large);
    });
    const openUploads = async (): Promise<string> => {
      const answer = await world.clientOf("target").fetch(`${world.served.s3.url}/target?uploads=`);
      return (await answer.text()).match(/<Upload>/)?.[0] ?? "none";
    };

    test("gives up an upload that fails, and begins again one that does not fit in the end", async () => {
      let completions = 0;
      world.fronts.s3 = (request, on) => {
        const isCompletion = request.method === "POST" && request.url.includes("uploadId");
        if (isCompletion) completions += 1;
        const error = "<Error><Code>InternalError</Code></Error>";
        return isCompletion && completions === 1 ? new Response(error) : on(request);
      };
      const { results } = await world.move(["gcs", "s3"], objects);
      expect(results).toEqual({ one: { ...isCopied.one, etag: expect.stringMatching(/^[0-9a-f]{32}-2$/) } });
      expect([completions, await openUploads()]).toEqual([2, "none"]);
      expect(readFileSync(world.folder("s3/target/one")).equals(large)).toBe(true);
    });

    test.each(["a part", "the whole"])(
      "leaves nothing where %s is another than at the source",
      async (what) => {
        world.fronts.s3 = async (request, on) => {
          if (request.method !== "PUT" || what !== "a part") return on(request);
          const answer = await on(await withBody(request, flip));
          // By its ETag nobody can tell.
          answer.headers.set("x-amz-server-side-encryption", "aws:kms");
          return answer;
        };
        const known = what === "a part" ? objects : [{ name: "one", size: large.length, md5: md5Of(large) }];
        world.fronts.gcs = async (request, on) => {
          const answer = await on(request);
          if (what === "a part" || !request.headers.has("range")) return answer;
          const body = Buffer.from(await answer.arrayBuffer());
          flip(body);
          return new Response(body, { status: answer.status, headers: answer.headers });
        };
        expect((await world.move(["gcs", "s3"], known)).results).toEqual(failed);
        expect([existsSync(world.folder("s3/target/one")), await openUploads()]).toEqual([false, "none"]);
      },
    );

    test("says that it is there where the answer to the end was lost", async () => {
      world.faults.add({ farEnd: "s3", match: "POST", at: 2, failure: { kind: "lost-answer" } });
      const { code, results } = await world.move(["gcs", "s3"], objects);
      expect([code, results, await openUploads()]).toEqual([
        0,
        { one: { ...isCopied.one, state: "there" } },
        "none",
      ]);
      expect(readFileSync(world.folder("s3/target/one")).equals(large)).toBe(true);
    });
  });
});
