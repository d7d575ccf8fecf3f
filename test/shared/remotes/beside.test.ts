// Tests of what stands beside the bytes of objects, by what each store says of it, and what a copy leaves behind.
import { describe, expect, test } from "@jest/globals";
import {
  type BesideKind,
  besideInGcs,
  besideInS3,
  besideKinds,
  isLeftBehind,
  needsMover,
} from "../../../shared/remotes/beside.ts";
import { remote as s3 } from "../../local/s3/harness.ts";

const gcs = { kind: "gcs", bucket: "persistent" } as const;

describe("in Cloud Storage", () => {
  test.each<[Parameters<typeof besideInGcs>[0], BesideKind[]]>([
    [{}, []],
    [{ contentEncoding: "gzip" }, ["content encoding"]],
    [{ cacheControl: "no-store" }, ["cache control"]],
    [{ contentDisposition: "attachment" }, ["content disposition"]],
    [{ contentLanguage: "de" }, ["content language"]],
    [{ metadata: { station: "7" } }, ["own metadata"]],
    [{ metadata: { mtime: "1", "goog-reserved-file-mtime": "1" } }, []],
    [{ metadata: {} }, []],
    [{ customTime: "2026-01-01T00:00:00Z" }, ["custom time"]],
    [{ temporaryHold: true }, ["hold or retention"]],
    [{ temporaryHold: false, eventBasedHold: false }, []],
    [{ eventBasedHold: true }, ["hold or retention"]],
    [{ retentionExpirationTime: "2027-01-01T00:00:00Z" }, ["hold or retention"]],
    [{ contentEncoding: "", cacheControl: "" }, []],
    [{ contentEncoding: "gzip", metadata: { a: "b" } }, ["content encoding", "own metadata"]],
  ])("%j", (of, kinds) => {
    expect(besideInGcs(of)).toEqual(kinds);
  });
});

describe("in S3", () => {
  test.each<[Record<string, string>, BesideKind[]]>([
    [{ "content-type": "application/json", "content-length": "7", etag: "x" }, []],
    [{ "content-encoding": "gzip" }, ["content encoding"]],
    [{ "cache-control": "no-store" }, ["cache control"]],
    [{ "content-disposition": "attachment" }, ["content disposition"]],
    [{ "content-language": "de" }, ["content language"]],
    [{ expires: "Thu, 01 Jan 2032 00:00:00 GMT" }, ["expiry"]],
    [{ "x-amz-meta-station": "7" }, ["own metadata"]],
    [{ "x-amz-meta-mtime": "1", "x-amz-meta-btime": "1", "x-amz-meta-md5chksum": "1" }, []],
    [{ "x-amz-tagging-count": "2" }, ["tags"]],
    [{ "x-amz-tagging-count": "0" }, []],
    [{ "x-amz-website-redirect-location": "/a" }, ["redirect"]],
    [{ "x-amz-object-lock-mode": "GOVERNANCE" }, ["hold or retention"]],
    [{ "x-amz-object-lock-legal-hold": "ON" }, ["hold or retention"]],
    [{ "x-amz-object-lock-legal-hold": "OFF" }, []],
  ])("%j", (headers, kinds) => {
    expect(besideInS3(new Headers(headers))).toEqual(kinds);
  });
});

test("between two S3 stores headers and own metadata are brought; from or to Cloud Storage none of it is", () => {
  const left = (from: typeof gcs | typeof s3, to: typeof gcs | typeof s3) =>
    besideKinds.filter((kind) => isLeftBehind(kind, from, to));
  expect(left(s3, s3)).toEqual(["expiry", "custom time", "hold or retention", "tags", "redirect"]);
  expect(left(gcs, s3)).toEqual([...besideKinds]);
  expect(left(s3, gcs)).toEqual([...besideKinds]);
  expect(left(gcs, gcs)).toEqual([...besideKinds]);
});

test("of what is left behind the mover carries what the target can be told", () => {
  const moved = (from: typeof gcs | typeof s3, to: typeof gcs | typeof s3) =>
    besideKinds.filter((kind) => needsMover(kind, from, to));
  const headers = ["content encoding", "cache control", "content disposition", "content language"];
  expect(moved(gcs, s3)).toEqual([...headers, "own metadata", "custom time"]);
  expect(moved(gcs, gcs)).toEqual([...headers, "own metadata", "custom time"]);
  expect(moved(s3, gcs)).toEqual([...headers, "own metadata"]);
  expect(moved(s3, s3)).toEqual(["expiry"]);
});
