// Check that an S3 request was signed with a key that we know: AWS Signature Version 4, in headers or in the address.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html
import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export type SignedRequest = {
  method: string;
  /** As it came: path and query, still encoded. */
  target: string;
  header: (name: string) => string | undefined;
  /** Of all its headers, in lower case. */
  names: readonly string[];
};

export type Verdict =
  | { keyId: string; payload: string }
  | {
      refused:
        | "AccessDenied"
        | "AuthorizationQueryParametersError"
        | "InvalidArgument"
        | "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "RequestTimeTooSkewed";
    };

const algorithm = "AWS4-HMAC-SHA256";
const skewMs = 15 * 60 * 1000;
/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html */
const longestLifeMs = 7 * 24 * 60 * 60 * 1000;

/** `secretOf` gives the secret of a key id. Time is the machine's own: signatures are not on the movable clock. */
export function verdictOn(
  request: SignedRequest,
  secretOf: (keyId: string) => string | undefined,
  now = Date.now(),
): Verdict {
  const url = new URL(request.target, "http://far.end");
  const inQuery = url.searchParams.get("X-Amz-Algorithm") === algorithm;
  // "Only one auth mechanism allowed."
  if (inQuery && request.header("authorization") !== undefined) return { refused: "InvalidArgument" };
  const given = inQuery ? queryParts(url) : headerParts(request);
  if (given === undefined || !coversAll(given, request.names)) return { refused: "AccessDenied" };
  const { keyId, day, region, signedHeaders, signature, date, payload, lifeMs } = given;
  const secret = secretOf(keyId);
  if (secret === undefined) return { refused: "InvalidAccessKeyId" };
  const at = Date.parse(date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  if (lifeMs !== undefined && !(lifeMs > 0 && lifeMs <= longestLifeMs))
    return { refused: "AuthorizationQueryParametersError" };
  if (!(now > at - skewMs)) return { refused: "RequestTimeTooSkewed" };
  // An address lives for as long as it says, and not a moment longer.
  if (lifeMs === undefined ? now >= at + skewMs : now >= at + lifeMs)
    return { refused: lifeMs === undefined ? "RequestTimeTooSkewed" : "AccessDenied" };
  const headers = signedHeaders
    .split(";")
    .map((name) => `${name}:${(request.header(name) ?? "").trim().replace(/ +/g, " ")}\n`)
    .join("");
  const [rawPath = "/"] = request.target.split("?");
  const canonical = [
    request.method,
    rawPath
      .split("/")
      .map((part) => strict(decoded(part)))
      .join("/"),
    canonicalQuery(url),
    headers,
    signedHeaders,
    payload,
  ].join("\n");
  const scope = `${day}/${region}/s3/aws4_request`;
  const toSign = [algorithm, date, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
  const key = [day, region, "s3", "aws4_request"].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`));
  const expected = Buffer.from(hmac(key, toSign).toString("hex"));
  const got = Buffer.from(signature);
  return expected.length === got.length && timingSafeEqual(expected, got)
    ? { keyId, payload }
    : { refused: "SignatureDoesNotMatch" };
}

type Parts = {
  keyId: string;
  day: string;
  region: string;
  signedHeaders: string;
  signature: string;
  date: string;
  payload: string;
  /** Of an address that is its own proof; undefined for a signature in headers. */
  lifeMs: number | undefined;
};

function headerParts({ header }: SignedRequest): Parts | undefined {
  const [, keyId, day, region, signedHeaders, signature] =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)$/.exec(
      header("authorization") ?? "",
    ) ?? [];
  if (!keyId || !day || !region || !signedHeaders || !signature) return undefined;
  const payload = header("x-amz-content-sha256") ?? "UNSIGNED-PAYLOAD";
  return {
    keyId,
    day,
    region,
    signedHeaders,
    signature,
    date: header("x-amz-date") ?? "",
    payload,
    lifeMs: undefined,
  };
}

function queryParts(url: URL): Parts | undefined {
  const query = (name: string): string => url.searchParams.get(name) ?? "";
  const [keyId = "", day = "", region = "", service] = query("X-Amz-Credential").split("/");
  if (service !== "s3") return undefined;
  return {
    keyId,
    day,
    region,
    signedHeaders: query("X-Amz-SignedHeaders"),
    signature: query("X-Amz-Signature"),
    date: query("X-Amz-Date"),
    payload: "UNSIGNED-PAYLOAD",
    lifeMs: Number(query("X-Amz-Expires")) * 1000,
  };
}

/**
 * Tells whether nothing with a meaning came without a signature: "There were headers present in the request which were not signed".
 * https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html: the host, and all of x-amz-*. What a client says of itself
 * means nothing, and what an address that is its own proof carries of its body's sum is not in it.
 */
function coversAll({ signedHeaders }: Parts, names: readonly string[]): boolean {
  const signed = signedHeaders.split(";");
  const must = names.filter((name) => name.startsWith("x-amz-") && name !== "x-amz-user-agent");
  return ["host", ...must].every((name) => signed.includes(name));
}

const hmac = (key: Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();

function canonicalQuery(url: URL): string {
  // A plus is a plus here, and no space.
  return (
    url.search
      .slice(1)
      .split("&")
      .filter((pair) => pair !== "" && !pair.startsWith("X-Amz-Signature="))
      .map((pair) => {
        const [name = "", value = ""] = pair.split(/=(.*)/s);
        return [strict(decoded(name)), strict(decoded(value))] as const;
      })
      // By name first: "select" comes before "select-type", although "-" comes before "=".
      .sort(([a, ofA], [b, ofB]) => order(a, b) || order(ofA, ofB))
      .map(([name, value]) => `${name}=${value}`)
      .join("&")
  );
}

const order = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const strict = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
