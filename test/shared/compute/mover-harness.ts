// Two stores of each kind, served on loopback, and the real mover between any two of them, as its machine runs it: by python3 alone, with the
// machine's own identity and nothing of this environment.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "@jest/globals";
import { AwsClient } from "aws4fetch";
import type { Hono } from "hono";
import * as z from "zod";
import { metadataFarEnd } from "../../../local/metadata/far-end.ts";
import { s3FarEnd } from "../../../local/s3/far-end.ts";
import { storageFarEnd } from "../../../local/storage/far-end.ts";
import { serveFarEnd } from "../../../local/wire/far-end.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { identities, operatorIdentity } from "../../../local/wire/identity.ts";
import { openState } from "../../../local/wire/state.ts";
import { moverProgram } from "../../../shared/compute/mover/program.ts";
import { machineIdentity } from "../../../shared/functions.ts";
import {
  listForMover,
  type MoverResult,
  type Moving,
  resultsIn,
  writingsIn,
} from "../../../shared/transfers/mover.ts";
import { run } from "../../conformance/programs.ts";
import { saySkipped } from "../../skipped.ts";

const project = "sample-hub";
export type Kind = "gcs" | "s3";
export type End = "source" | "target";

/** `test` for a file, skipped aloud where there is no python3 of 3.9 or newer. */
export function testWithPython(file: string) {
  const enough = spawnSync("python3", ["-c", "import sys; sys.exit(sys.version_info < (3, 9))"]).status === 0;
  if (!enough) saySkipped(file, "no python3 of 3.9 or newer on PATH");
  return enough ? test : test.skip;
}

/** Object of Cloud Storage as the JSON API has it, as far as it is compared. */
const Resource = z.looseObject({ name: z.string() });

/** Answers instead of a store, or lets it answer. */
type Front = (
  request: Request,
  on: (request: Request) => Response | Promise<Response>,
) => Response | Promise<Response>;

/** The program with another value of a constant. */
export function withOther(program: string, constant: string, value: string): string {
  const found = new RegExp(`^${constant} = .*$`, "m").exec(program);
  if (found === null) throw new Error(`the mover has no constant ${constant}`);
  return program.replace(found[0], `${constant} = ${value}`);
}

/** The same program, in a hurry: it is as patient as it has to be, and no test is. */
export const hurried = withOther(moverProgram, "TRIES, FIRST_PAUSE, LONGEST_PAUSE", "8, 0.01, 0.02");

/** Changes one bit. */
export function flip(body: Buffer): void {
  body[body.length >> 1] = (body[body.length >> 1] ?? 0) ^ 1;
}

/** The same request with another body. */
export async function withBody(request: Request, change: (body: Buffer) => void): Promise<Request> {
  const body = Buffer.from(await request.arrayBuffer());
  change(body);
  return new Request(request.url, { method: request.method, headers: request.headers, body });
}

const now = () => new Date("2026-03-04T05:06:07.890Z");
export const md5Of = (bytes: Uint8Array | string): string => createHash("md5").update(bytes).digest("hex");

/** @param replaceable are the buckets in Cloud Storage in which the machine may replace and delete. */
export async function moverHarness(program = moverProgram, replaceable: readonly string[] = []) {
  const folder = mkdtempSync(join(tmpdir(), "mover-"));
  const at = (...path: string[]) => join(folder, ...path);
  const state = openState(":memory:");
  const faults = faultStore();
  const known = identities({
    state,
    project,
    remoteBuckets: ["source", "target"],
    replaceableBuckets: replaceable,
  });
  const ends = ["source", "target"] as const;
  const gcs = storageFarEnd({
    state,
    identities: known,
    faults,
    now,
    buckets: Object.fromEntries(ends.map((end) => [end, { folder: at("gcs", end), layout: "plain" }])),
  });
  const s3State = openState(":memory:");
  const s3 = s3FarEnd({
    state: s3State,
    faults,
    now,
    buckets: Object.fromEntries(
      ends.map((end) => [end, { folder: at("s3", end), keyId: `key-${end}`, secret: `secret-of-${end}` }]),
    ),
  });
  const fronts: Partial<Record<Kind, Front>> = {};
  const behind = (kind: Kind, far: Pick<Hono, "fetch">) =>
    serveFarEnd({
      fetch: (request, env) => {
        const on = (asked: Request) => far.fetch(asked, env);
        return fronts[kind]?.(request, on) ?? on(request);
      },
    });
  const served = { gcs: await behind("gcs", gcs), s3: await behind("s3", s3) };
  const email = machineIdentity(project);
  const metadata = await serveFarEnd(metadataFarEnd({ identities: known, faults, email, project }));
  const operator = `Bearer ${known.mint(operatorIdentity(project), []).token}`;
  const clientOf = (end: End) =>
    new AwsClient({
      accessKeyId: `key-${end}`,
      secretAccessKey: `secret-of-${end}`,
      service: "s3",
      retries: 0,
    });

  const environmentOf = (end: End, kind: Kind, prefix: string): Record<string, string> => {
    const common = { KIND: kind, ENDPOINT: served[kind].url, BUCKET: end, PREFIX: prefix };
    const own =
      kind === "gcs"
        ? common
        : { ...common, REGION: "pod-1", KEY_ID: `key-${end}`, SECRET: `secret-of-${end}` };
    return Object.fromEntries(
      Object.entries(own).map(([word, value]) => [`${end.toUpperCase()}_${word}`, value]),
    );
  };
  writeFileSync(at("mover.py"), program);
  const gcsObject = (end: End, name: string) =>
    `${served.gcs.url}/storage/v1/b/${end}/o/${encodeURIComponent(name)}`;

  const made = {
    served,
    faults,
    fronts,
    violations: gcs.violations,
    s3Violations: s3.violations,
    folder: at,
    clientOf,
    environmentOf,

    /** Puts an object into Cloud Storage with what is said of it. */
    async putGcs(name: string, bytes: Uint8Array | string, said: object = {}, end: End = "source") {
      const boundary = "a-boundary-of-two-parts";
      const resource = JSON.stringify({ ...said, name });
      const head = `--${boundary}\r\ncontent-type: application/json\r\n\r\n${resource}\r\n--${boundary}\r\n\r\n`;
      const answer = await fetch(`${served.gcs.url}/upload/storage/v1/b/${end}/o?uploadType=multipart`, {
        method: "POST",
        headers: { authorization: operator, "content-type": `multipart/related; boundary=${boundary}` },
        body: Buffer.concat([Buffer.from(head), Buffer.from(bytes), Buffer.from(`\r\n--${boundary}--`)]),
      });
      if (!answer.ok) throw new Error(`not put: ${answer.status} ${await answer.text()}`);
    },
    /** Puts an object into S3 with these headers. */
    async putS3(
      name: string,
      bytes: Uint8Array | string,
      headers: Record<string, string> = {},
      end: End = "source",
    ) {
      const path = name.split("/").map(encodeURIComponent).join("/");
      const answer = await clientOf(end).fetch(`${served.s3.url}/${end}/${path}`, {
        method: "PUT",
        headers,
        body: Buffer.from(bytes),
      });
      if (!answer.ok) throw new Error(`not put: ${answer.status} ${await answer.text()}`);
    },

    /** Gives what Cloud Storage says of an object, and its bytes as they lie there; undefined where there is none. */
    async inGcs(name: string, end: End = "target") {
      const headers = { authorization: operator, "accept-encoding": "gzip" };
      const answer = await fetch(gcsObject(end, name), { headers });
      if (answer.status === 404) return undefined;
      const { size, md5Hash, contentType, contentEncoding, cacheControl, contentDisposition, ...more } =
        Resource.parse(await answer.json());
      const { contentLanguage, customTime, metadata: own } = more;
      return {
        said: {
          contentType,
          contentEncoding,
          cacheControl,
          contentDisposition,
          contentLanguage,
          customTime,
          own,
        },
        size: Number(size),
        md5: Buffer.from(String(md5Hash), "base64").toString("hex"),
      };
    },
    /** Gives the headers of an object in S3; undefined where there is none. */
    async inS3(name: string, end: End = "target"): Promise<Record<string, string> | undefined> {
      const path = name.split("/").map(encodeURIComponent).join("/");
      const answer = await clientOf(end).fetch(`${served.s3.url}/${end}/${path}`, { method: "HEAD" });
      return answer.status === 404 ? undefined : Object.fromEntries(answer.headers);
    },

    /** Names in a store, as its own listing has them. */
    async names(kind: Kind, end: End = "target"): Promise<string[]> {
      if (kind === "gcs") {
        const url = `${served.gcs.url}/storage/v1/b/${end}/o?fields=items(name)`;
        const answer = await fetch(url, { headers: { authorization: operator } });
        const { items = [] } = z.object({ items: z.array(Resource).optional() }).parse(await answer.json());
        return items.map(({ name }) => name);
      }
      const answer = await clientOf(end).fetch(`${served.s3.url}/${end}?list-type=2&encoding-type=url`);
      const keys = (await answer.text()).matchAll(/<Key>([^<]*)<\/Key>/g);
      return [...keys].map(([, key = ""]) => decodeURIComponent(key.replaceAll("+", "%20")));
    },

    /** Runs the mover for objects below `prefix`; gives how it ended, and what it says of each object by its name. */
    async move(
      [from, to]: readonly [Kind, Kind],
      objects: readonly Moving[],
      options: {
        prefix?: string;
        environment?: Record<string, string>;
        list?: string;
        python?: string[];
      } = {},
    ) {
      mkdirSync(at("work"), { recursive: true });
      writeFileSync(at("work", "list"), options.list ?? listForMover(objects));
      const prefix = options.prefix ?? "";
      const ran = await run(
        "python3",
        [
          ...(options.python ?? []),
          at("mover.py"),
          ...["list", "results", "progress"].map((file) => at("work", file)),
        ],
        {
          env: {
            HOME: "/nonexistent",
            GCE_METADATA_HOST: `127.0.0.1:${metadata.port}`,
            ...environmentOf("source", from, prefix),
            ...environmentOf("target", to, prefix),
            ...options.environment,
          },
        },
      );
      const text = (file: string) => readFileSync(at("work", file), "utf8");
      const results = ran.code === 2 ? [] : resultsIn(text("results"));
      return {
        ...ran,
        progress: ran.code === 2 ? undefined : JSON.parse(text("progress")),
        results: Object.fromEntries(
          results.map(({ name, ...result }): [string, Omit<MoverResult, "name">] => [name, result]),
        ),
      };
    },

    /** Runs the mover to name the writings of these at the target; gives how it ended, and what it has named. */
    async writings(kind: Kind, names: readonly string[]) {
      mkdirSync(at("work"), { recursive: true });
      writeFileSync(at("work", "names"), names.map((name) => `${name}\n`).join(""));
      const { code, err } = await run(
        "python3",
        [at("mover.py"), "--writings", at("work", "names"), at("work", "writings")],
        {
          env: {
            HOME: "/nonexistent",
            GCE_METADATA_HOST: `127.0.0.1:${metadata.port}`,
            ...environmentOf("target", kind, "a"),
          },
        },
      );
      return {
        code,
        err,
        named: Object.fromEntries(writingsIn(readFileSync(at("work", "writings"), "utf8"))),
      };
    },

    async close() {
      await served.gcs.close();
      await served.s3.close();
      await metadata.close();
      state.close();
      s3State.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return {
    ...made,
    /** Puts an object into a store of either kind, with nothing said of it. */
    put: (kind: Kind, name: string, bytes: Uint8Array | string, end?: End) =>
      kind === "gcs" ? made.putGcs(name, bytes, {}, end) : made.putS3(name, bytes, {}, end),
  };
}
