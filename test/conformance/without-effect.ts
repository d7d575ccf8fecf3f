// Requests that say something which is not done here, beside all that is: each was once answered as if it had been done.
import type { Asked } from "./door.ts";

const form = { "content-type": "application/x-www-form-urlencoded" };
const asked = (method: string, path: string, headers: Record<string, string> = {}, body?: string): Asked => ({
  method,
  path,
  headers,
  ...(body !== undefined && { body }),
});

/** Asks Prometheus. */
const question = (query: string, more = "", way = "query"): Asked =>
  asked("POST", `/api/v1/${way}`, form, `query=${encodeURIComponent(query)}${more}`);
const pattern = (text: string): Asked => question(`x{directory=~"${text}"}`);

/** Asks for a token of Google's with a form that would do, and more. */
const grant = (more: string, headers: Record<string, string> = form): Asked =>
  asked(
    "POST",
    "/token",
    headers,
    `client_id=client&client_secret=secret-of-client&refresh_token=1//refresh&grant_type=refresh_token${more}`,
  );

const objects = "/storage/v1/b/remote/o";
const upload = (more: string, headers: Record<string, string> = {}, body = "x", method = "POST"): Asked =>
  asked(method, `/upload${objects}?${more}`, headers, body);
const parts = (field: string, more = ""): Asked =>
  upload(
    "uploadType=multipart",
    { "content-type": "multipart/related; boundary=b" },
    `--b\r\nContent-Type: application/json\r\n\r\n{"name":"k"}\r\n--b\r\n${field}\r\n\r\naGk=\r\n${more}--b--\r\n`,
  );

const mail = { raw: Buffer.from("From: hub@example.org\nTo: a@example.org\n\nhi").toString("base64url") };
const members = (page: string): Asked =>
  asked(
    "POST",
    "/graphql",
    {},
    JSON.stringify({
      query: `{ organization(login: "Sample-Hub") { membersWithRole(${page}) { totalCount } } }`,
    }),
  );
const graphql = (query: string, path = "/graphql", headers = {}): Asked =>
  asked("POST", path, headers, JSON.stringify({ query }));
const message = (fields: object, headers: Record<string, string> = {}): Asked =>
  asked("POST", "/api/chat.postMessage", headers, JSON.stringify({ channel: "C1", text: "x", ...fields }));

/** By door and by what is asked; 501 is noted, all else is how the vendor refuses. */
export const withoutEffect: Record<string, Record<string, [Asked, number?]>> = {
  storage: {
    "a token that no page gave": [asked("GET", `${objects}?pageToken=abc`), 400],
    "more than one range": [asked("GET", `${objects}/k?alt=media`, { range: "bytes=0-1,3-4" })],
    "a part in Base64": [parts("Content-Transfer-Encoding: base64")],
    "a packed part": [parts("Content-Encoding: gzip")],
    "a third part": [parts("Content-Type: text/plain", "--b\r\n\r\nmore\r\n"), 400],
    "a way at the address of another": [
      asked("POST", `/resumable/upload${objects}?uploadType=media&name=k`, {}, "x"),
    ],
    "an upload that begins with text": [
      upload("uploadType=resumable&name=k", { "content-type": "text/plain" }, "{}"),
    ],
    "a chunk under a condition": [upload("upload_id=none&ifGenerationMatch=7")],
    "a chunk that announces a length": [upload("upload_id=none", { "x-upload-content-length": "9" })],
    "a PUT of an object": [upload("uploadType=media&name=k", {}, "x", "PUT")],
    "a sum of another kind": [upload("uploadType=media&name=k", { "x-goog-hash": "sha256=abc" })],
  },
  s3: {
    "a body in pieces": [asked("PUT", "/inbox/k", { "content-encoding": "aws-chunked" }, "0\r\n\r\n")],
    "a mode of sums": [asked("GET", "/inbox/k", { "x-amz-checksum-mode": "enabled" })],
    "an algorithm in small letters": [
      asked("POST", "/inbox/k?uploads=", { "x-amz-checksum-algorithm": "crc32" }),
    ],
  },
  sheets: {
    "rows that are frozen": [
      asked(
        "GET",
        "/v4/spreadsheets/1SampleSpreadsheet?fields=sheets.properties.gridProperties.frozenRowCount",
      ),
    ],
    "a token of other scopes": [grant("&scope=x")],
    "a grant twice": [grant("&grant_type=refresh_token")],
    "a form in JSON": [grant("", { "content-type": "application/json" })],
    "another grant": [asked("POST", "/token", form, "grant_type=authorization_code&code=x")],
  },
  gmail: {
    "a mail in a text": [
      asked(
        "POST",
        "/gmail/v1/users/me/messages/send",
        { "content-type": "text/plain" },
        JSON.stringify(mail),
      ),
    ],
  },
  drive: {
    "a channel in a form": [asked("POST", "/drive/v3/files/1SampleSpreadsheet/watch", form, "{}")],
  },
  compute: {
    "a token of another list": [
      asked(
        "GET",
        `/compute/v1/projects/sample-hub/aggregated/instances?filter=(labels.a%20%3D%20b)&pageToken=${Buffer.from("0").toString("base64url")}`,
      ),
      400,
    ],
  },
  github: {
    "a raw answer before others": [
      asked("GET", "/users/ada-a", { accept: "application/vnd.github.raw, application/json" }),
    ],
  },
  "github graphql": {
    "pages of both ways": [members("first: 1, last: 1")],
    "a page with an end": [members('first: 1, before: "x"')],
    "a change": [graphql("mutation { deleteTeam { id } }")],
    "the schema, which is a part": [graphql("{ __schema { types { name } } }")],
    "a word of the address": [graphql("{ rateLimit { cost } }", "/graphql?colour=red")],
    "a feature": [graphql("{ rateLimit { cost } }", "/graphql", { "graphql-features": "x" })],
    "another form": [graphql("{ rateLimit { cost } }", "/graphql", { accept: "text/html" })],
  },
  slack: {
    "a text made pretty": [message({ mrkdwn: true })],
    "a text searched for names": [message({ parse: "full" })],
    "a channel by its name": [message({ channel: "#general" })],
    "a message to a person": [message({ channel: "U0ADA" })],
    "letters of another charset": [
      message({ text: "é" }, { "content-type": "application/json; charset=iso-8859-1" }),
    ],
  },
  prometheus: {
    "a form without its type": [asked("POST", "/api/v1/query", { "content-type": "text/plain" }, "query=x")],
    "a time in letters": [question("x", "&time=2026-11-21T08:00:00Z")],
    "a step in minutes": [question("x", "&start=0&end=9&step=1m", "query_range")],
    "an empty start": [question("x", "&start=&end=9&step=1", "query_range"), 400],
    "a step in hexadecimal": [question("x", "&start=0&end=9&step=0x1", "query_range"), 400],
    "a function": [question("sum(x)")],
    "a past": [question("x offset 1d")],
    "other quotes": [question("x{a='b'}")],
    "a name twice": [question('x{__name__="x"}')],
    "half a pattern": [pattern("(")],
    "a pattern that looks ahead": [pattern("(?!a).*")],
    "a pattern with a flag": [pattern("(?i)A")],
    "a pattern that refers back": [pattern("(a)\\\\1")],
    "an escape that Go has not": [pattern("a\\.b")],
    "a letter by its number": [question('x{directory="\\x61da"}')],
  },
  registry: {
    "a scope of more than pulling": [
      asked("GET", "/quay.io/token?service=quay.io&scope=repository:a/b:pull,push"),
    ],
    "a token for somebody": [
      asked("GET", "/quay.io/token?service=quay.io&scope=repository:a/b:pull", {
        authorization: "Basic eDp5",
      }),
    ],
  },
  metadata: {
    "scopes of a zone": [asked("GET", "/computeMetadata/v1/instance/zone?scopes=x")],
    "a zone that is a folder": [asked("GET", "/computeMetadata/v1/instance/zone/")],
    "an empty name": [asked("GET", "/computeMetadata/v1//instance/zone")],
  },
};
