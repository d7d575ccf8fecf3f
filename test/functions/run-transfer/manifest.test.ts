// Lines of a manifest: whatever an object is called, and whatever is known of it, it is read back as it was.
import { gunzipSync } from "node:zlib";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { openManifest, type Planned, readManifest } from "../../../functions/run-transfer/manifest.ts";

const of = { hub: "sample", id: "t1" };
const name = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1 }),
  fc.string({ unit: fc.constantFrom("a", '"', "\\", "\n", "\u007f", "é", "/", " ", "\u2028") }),
);
const sum = fc.option(fc.stringMatching(/^[0-9a-f]{32}(-[0-9]{1,3})?$/), { nil: undefined });
const planned = fc
  .record({ name, size: fc.nat(), md5: sum, etag: sum, was: fc.constantFrom("missing", "same", "unproved") })
  .map(({ md5, etag, ...rest }) => ({
    ...rest,
    ...(md5 === undefined ? {} : { md5 }),
    ...(etag === undefined ? {} : { etag }),
  }));

/** Keeps a manifest of these, and gives its bytes with what is read of them. */
async function keptOf(objects: readonly Planned[]) {
  const manifest = openManifest();
  for (const { was, ...object } of objects) manifest.add([object], was);
  let bytes = Buffer.alloc(0);
  const kept = await manifest.keep(of, async (_name, written) => {
    bytes = Buffer.from(written);
    return "created";
  });
  return { bytes, read: await readManifest({ bytes: async () => bytes }, kept) };
}

test("each is read back as it was", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(planned, { maxLength: 20 }), async (objects) => {
      expect((await keptOf(objects)).read).toEqual(objects);
    }),
  );
});

test("a line is JSON as every reader knows it", async () => {
  const { bytes } = await keptOf([
    { name: "a b/c", size: 3, md5: "a".repeat(32), was: "same" },
    { name: 'é"\\\n', size: 0, was: "missing" },
  ]);
  expect(gunzipSync(bytes).toString()).toBe(
    `["a b/c",3,"${"a".repeat(32)}",null,"same"]\n["é\\"\\\\\\n",0,null,null,"missing"]\n`,
  );
});
