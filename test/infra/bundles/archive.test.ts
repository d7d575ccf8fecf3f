// Archives are the same wherever they are made, hold what the platform wants, and are refused when they are not lean.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import type { Metafile } from "esbuild";
import { archiveOf } from "../../../infra/bundles/archive.ts";
import { problemsOf } from "../../../infra/bundles/bundle.ts";
import { lean } from "../../../infra/bundles/lean.ts";
import { reachable } from "../../../infra/bundles/protos.ts";
import { zip } from "../../../infra/bundles/zip.ts";
import { unpack } from "./platform.ts";

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("two builds of the same sources, in two folders and from two places, give the same bytes", async () => {
  const copy = join(folder, "another", "copy");
  mkdirSync(copy, { recursive: true });
  for (const name of ["functions", "shared", "infra", "package.json"])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const { bytes, sha256 } = await archiveOf("sweep-machines");
  const program = `
    import { archiveOf } from ${JSON.stringify(join(copy, "infra/bundles/archive.ts"))};
    process.stdout.write((await archiveOf("sweep-machines")).sha256);`;
  const options = ["--no-warnings", "--input-type=module", "--eval", program];
  const there = execFileSync(process.execPath, options, { cwd: tmpdir(), encoding: "utf8", env: {} });
  expect(there).toBe(sha256);

  const unpacked = join(folder, "unpacked");
  unpack(bytes, unpacked);
  expect(JSON.parse(readFileSync(join(unpacked, "package.json"), "utf8"))).toEqual({
    private: true,
    main: "index.js",
    type: "commonjs",
    dependencies: { "@google-cloud/functions-framework": "5.0.5" },
    engines: { node: "24" },
  });
  const code = readFileSync(join(unpacked, "index.js"), "utf8");
  expect(code.length).toBeLessThan(3_000_000);
  expect(code).not.toContain(root);
});

test("a zip is the same for the same files, in whatever order they come", () => {
  const [a, b] = [Buffer.from("first\n"), Buffer.from("näher")];
  const made = zip({ "b.js": b, "a.json": a });
  expect(Buffer.compare(made, zip({ "a.json": a, "b.js": b }))).toBe(0);
  // Written by Python's zipfile, with stored files of 1980-01-01: the same 16 bytes of time, checksum and sizes.
  expect(Buffer.from(made).subarray(10, 26).toString("hex")).toBe("000021002ab34ac70600000006000000");
});

const input = (
  bytes: number,
  imports: string[] = [],
  kind: "import-statement" | "dynamic-import" = "dynamic-import",
) => ({
  bytes,
  imports: imports.map((path) => ({ path, kind })),
});
const metafile = (inputs: Metafile["inputs"]): Metafile => ({ inputs, outputs: {} });

test.each([
  ["more than 3 MB", {}, 3_000_001, "3000000 are allowed"],
  [
    "a client's protos.js",
    { "node_modules/x/build/protos/protos.js": input(3_000_000) },
    1,
    "protos.js is in it",
  ],
  [
    "the whole of googleapis",
    { "node_modules/googleapis/build/src/index.js": input(10) },
    1,
    "import one API",
  ],
  [
    "the whole of compute",
    { "node_modules/@google-cloud/compute/build/src/index.js": input(10) },
    1,
    "import one client",
  ],
  [
    "compute outside its folder",
    { "shared/a.ts": input(10, ["postponed:@google-cloud/compute/build/src/v1/disks_client.js"]) },
    1,
    "only shared/compute/ may",
  ],
  [
    "a vendor's client at load",
    {
      "shared/a.ts": input(10, ["node_modules/@google-cloud/pubsub/build/src/index.js"], "import-statement"),
    },
    1,
    "at first use",
  ],
])("a bundle with %s is refused", (_what, inputs, bytes, sentence) => {
  expect(problemsOf(metafile(inputs), bytes)).toEqual([expect.stringContaining(sentence)]);
});

test("a rule that no longer matches fails the build with a sentence", () => {
  const { hits } = lean();
  expect(hits(["shared/log.ts"])).toEqual({});
  expect(() => hits(["node_modules/@google-cloud/pubsub/build/src/index.js"])).toThrow(
    /^the rule pubsub-static-classes matched 0 times instead of 2: .*mend the rule in infra\/bundles\/lean\.ts\.$/,
  );
});

test("of a client's messages only what a service can send and receive is kept", () => {
  const all = {
    nested: {
      a: {
        nested: {
          v1: {
            options: { java: "x" },
            nested: {
              Wanted: { methods: { Get: { requestType: "GetRequest", responseType: ".a.common.Answer" } } },
              Other: { methods: { Get: { requestType: "OtherRequest", responseType: "OtherRequest" } } },
              GetRequest: {
                fields: {
                  kind: { type: "Kind", id: 1, comment: "long" },
                  map: { keyType: "string", type: "Inner", id: 2 },
                },
                nested: { Kind: { values: { A: 0 } }, Unused: { values: { B: 0 } } },
              },
              Inner: { fields: { again: { type: "GetRequest", id: 1 }, name: { type: "string", id: 2 } } },
              OtherRequest: { fields: {} },
            },
          },
          v2: { nested: { Wanted: { methods: {} } } },
          common: { nested: { Answer: { fields: {} } } },
        },
      },
    },
  };
  expect(JSON.parse(reachable(JSON.stringify(all), { version: "a.v1", services: ["Wanted"] }))).toEqual({
    nested: {
      a: {
        nested: {
          v1: {
            options: { java: "x" },
            nested: {
              Wanted: { methods: { Get: { requestType: "GetRequest", responseType: ".a.common.Answer" } } },
              GetRequest: {
                fields: { kind: { type: "Kind", id: 1 }, map: { keyType: "string", type: "Inner", id: 2 } },
                nested: { Kind: { values: { A: 0 } } },
              },
              Inner: { fields: { again: { type: "GetRequest", id: 1 }, name: { type: "string", id: 2 } } },
            },
          },
          common: { nested: { Answer: { fields: {} } } },
        },
      },
    },
  });
  expect(() => reachable(JSON.stringify(all), { version: "a.v1", services: ["Gone"] })).toThrow(
    /no a.v1.Gone/,
  );
});
