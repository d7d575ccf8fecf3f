// Recorded answers of S3 stores, through the client that lists a remote and ends its open uploads.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { failureIn } from "../../shared/failure.ts";
import { remoteLister } from "../../shared/remotes/list.ts";
import { uploadEnder } from "../../shared/remotes/uploads.ts";
import { remote } from "../local/s3/harness.ts";
import { patienceMs } from "../patience.ts";
import { wholeOf } from "../shared/remotes/whole.ts";
import { endless } from "./endless.ts";
import { atlas, cutAnywhere, type Recorded, vendor } from "./entry.ts";
import { s3Entries } from "./s3.ts";
import { body, ids, type S3Call } from "./s3-reads.ts";

const since = new Date("2026-11-28T00:00:00Z");
const oneUpload =
  "<ListMultipartUploadsResult><IsTruncated>false</IsTruncated><Upload><Key>set/a.nc</Key><UploadId>u</UploadId><Initiated>2026-11-28T01:00:00.000Z</Initiated></Upload></ListMultipartUploadsResult>";
let call: S3Call = "list";
let store: Awaited<ReturnType<typeof vendor>>;

beforeAll(async () => {
  // Before an upload is ended, it is listed.
  store = await vendor((path) =>
    call === "end" && path.includes("uploads=") ? { status: 200, body: oneUpload } : undefined,
  );
});
afterAll(() => store.close());

function ask(url: string, by: S3Call, timeoutMs = patienceMs): Promise<unknown> {
  const deps = {
    storage: () => Promise.reject(new Error("no Cloud Storage is asked")),
    keys: async () => "pod key secret",
    s3Endpoint: url,
    s3Patience: { timeoutMs, retries: 0 },
  };
  const asked =
    by === "list"
      ? wholeOf(remoteLister(deps))("pod", remote, "set")
      : uploadEnder(deps)("pod", remote, {
          path: "set",
          ours: async () => new Set(["a.nc"]),
          since,
          until: new Date(),
        });
  return asked.catch((error: unknown) => error);
}
const send = (entry: Recorded & { call: S3Call }): Promise<unknown> => {
  store.answers(entry);
  call = entry.call;
  return ask(store.url, entry.call);
};

atlas(s3Entries, send);
// A refused list of uploads is no failure, whatever is left of its words.
cutAnywhere(
  s3Entries.filter((entry) => entry.call !== "uploads"),
  send,
);

/** Refusals to a list of open uploads that end nothing: the store does not let us see them. */
const unseen: readonly Recorded[] = [
  { status: 403, body: body("AccessDenied", "Access Denied", ids) },
  {
    status: 501,
    body: body("NotImplemented", "A header you provided implies functionality that is not implemented.", ids),
  },
];

test.each(unseen.map((answer) => [answer.status, answer] as const))(
  "open uploads that may not be seen (%d) hold up nothing",
  async (_, answer) => {
    expect(await send({ ...answer, call: "uploads" })).toBe("refused");
  },
);

test("an upload that is gone is ended", async () => {
  const gone = {
    status: 404,
    body: "<Error><Code>NoSuchUpload</Code><Message>The specified upload does not exist.</Message></Error>",
  };
  expect(await send({ ...gone, call: "end" })).toEqual({ ended: 1, left: 0 });
});

test.each(["", "<html>", "<!DOCTYPE html><p>Sign in", '{"message":"ok"}', "<ListBucketResult/>"])(
  "a page that is none (%j) is no empty list",
  async (body) => {
    for (const by of ["list", "uploads"] as const) {
      const failure = failureIn(await send({ status: 200, body, call: by }));
      expect([failure?.service, failure?.cause, failure?.lasts]).toEqual(["s3", "unreadable", "transient"]);
    }
  },
);

test("a listing of 100 MB, and an answer that never comes", async () => {
  for (const by of ["list", "uploads"] as const) {
    const long = await endless(() => "100 MB");
    expect(failureIn(await ask(long.url, by))?.cause).toBe("unreadable");
    expect(long.written()).toBeLessThan(100);
    await long.close();
    const silent = await endless(() => "nothing");
    const late = failureIn(await ask(silent.url, by, 50));
    expect([late?.service, late?.cause, late?.lasts]).toEqual(["s3", "no-answer", "transient"]);
    await silent.close();
  }
});
