// Serves listings of a million objects at two ends, as Cloud Storage and an S3 store write them, a thousand a page: cheap to make, and
// as the vendors describe them; a token for whoever asks the metadata server. It tells its address to whoever has started it.
import { createServer } from "node:http";
import { listen } from "../../local/wire/listen.ts";

const [count = 0] = process.argv.slice(2).map(Number);
const perPage = 1000;

/** Names of chunks of seven variables, in the order in which stores list them. */
const nameOf = (n: number): string =>
  `set/variable-${Math.floor((7 * n) / count)}/chunk-${String(n).padStart(8, "0")}.0.0`;
const hexOf = (n: number): string => n.toString(16).padStart(32, "0");
const sizeOf = (n: number): number => 1_000_000 + (n % 9000) * 1000;
/** Of every hundredth the target has nothing. */
const isThere = (n: number): boolean => n % 100 !== 0;

function gcsPage(from: number): string {
  const items = Array.from({ length: Math.min(perPage, count - from) }, (_, at) => {
    const n = from + at;
    return `{"name":"${nameOf(n)}","size":"${sizeOf(n)}","md5Hash":"${Buffer.from(hexOf(n), "hex").toString("base64")}","generation":"${1_700_000_000_000_000 + n}","storageClass":"STANDARD"}`;
  });
  const next = from + perPage < count ? `,"nextPageToken":"${from + perPage}"` : "";
  return `{"kind":"storage#objects","items":[${items.join(",")}]${next}}`;
}

function s3Page(from: number): string {
  const items: string[] = [];
  for (let n = from; n < Math.min(from + perPage, count); n += 1)
    if (isThere(n))
      items.push(
        `<Contents><Key>${encodeURIComponent(nameOf(n))}</Key><LastModified>2026-11-21T10:00:00.000Z</LastModified><ETag>&quot;${hexOf(n)}&quot;</ETag><Size>${sizeOf(n)}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
      );
  const more = from + perPage < count;
  const next = more ? `<NextContinuationToken>${from + perPage}</NextContinuationToken>` : "";
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>target</Name><Prefix>set/</Prefix><KeyCount>${items.length}</KeyCount><MaxKeys>${perPage}</MaxKeys><EncodingType>url</EncodingType><IsTruncated>${more}</IsTruncated>${next}${items.join("")}</ListBucketResult>`;
}

/** The first object at or after a name, which need not be one of ours: a border between folders lies among none of them. */
function firstFrom(name: string): number {
  let [from, to] = [0, count];
  while (from < to) {
    const middle = Math.floor((from + to) / 2);
    if (nameOf(middle) < name) from = middle + 1;
    else to = middle;
  }
  return from;
}

const folders = Array.from({ length: 7 }, (_, n) => `set/variable-${n}/`);
const gcsFolders = JSON.stringify({ kind: "storage#objects", prefixes: folders });
const s3Folders = `<ListBucketResult><IsTruncated>false</IsTruncated>${folders.map((folder) => `<CommonPrefixes><Prefix>${folder}</Prefix></CommonPrefixes>`).join("")}</ListBucketResult>`;

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
  if (pathname.startsWith("/computeMetadata/")) {
    response.setHeader("metadata-flavor", "Google");
    response.setHeader("content-type", "application/json");
    response.end('{"access_token":"t","expires_in":3600,"token_type":"Bearer"}');
    return;
  }
  const isGcs = pathname.startsWith("/storage/v1/");
  const token = searchParams.get(isGcs ? "pageToken" : "continuation-token");
  const after = searchParams.get(isGcs ? "startOffset" : "start-after");
  const from = token !== null ? Number(token) : after !== null ? firstFrom(after) : 0;
  response.setHeader("content-type", isGcs ? "application/json" : "application/xml");
  if (searchParams.has("delimiter")) response.end(isGcs ? gcsFolders : s3Folders);
  else response.end(isGcs ? gcsPage(from) : s3Page(from));
});
console.log(`http://127.0.0.1:${await listen(server)}`);
