// A sample hub for transfers, whose S3 stores are ours or a server that others wrote, and whose machines find the rclone that is named: what
// lies in its buckets is read by a client of the test's own.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { AwsClient } from "aws4fetch";
import { ledgerWindow } from "../../local/instance/ledger-window.ts";
import { defaultPeople, makeWorld } from "../../local/sample/world.ts";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { transferFolder, transferState } from "../../shared/transfers/names.ts";
import { TransferReceipt } from "../../shared/transfers/receipt-records.ts";
import { TransferState } from "../../shared/transfers/records.ts";
import { addressOf, keys, type S3Server } from "../foreign/s3-servers.ts";
import { sample } from "./sample.ts";

/** Remotes of the sample hub that are S3 stores; each has a bucket of its name. */
export const s3Remotes = ["pod-inbox", "pod-published"] as const;
export type S3Remote = (typeof s3Remotes)[number];

/** Objects that are read at a time: one after the other, thousands take minutes. */
const readsAtOnce = 8;

type GcsRemote = "persistent" | "scratch";

export type TransferHub = Awaited<ReturnType<typeof transferHub>>;

type Made = {
  /** Stands for every S3 remote; without one they are our own. */
  server?: Pick<S3Server, "url" | "client"> | undefined;
  /** Folder whose programs its machines find before the system's. */
  programs?: string | undefined;
  /** Changes the text of the settings. */
  settings?: (text: string) => string;
};

/** Starts it. */
export async function transferHub({ server, programs, settings }: Made = {}) {
  const hub = sample({ only: "run-transfer" });
  const world = makeWorld(hub.folder, defaultPeople);
  if (settings !== undefined) writeFileSync(world.settings, settings(readFileSync(world.settings, "utf8")));
  const secret = join(world.secrets, "transfer-keys", "1");
  mkdirSync(dirname(secret), { recursive: true });
  writeFileSync(secret, s3Remotes.map((remote) => `${remote} ${keys.keyId} ${keys.secret}\n`).join(""));
  rmSync(join(world.requests, "first-copy.yaml"));
  const path = process.env["PATH"];
  if (programs !== undefined) process.env["PATH"] = [programs, path].join(delimiter);
  const instance = await hub.start(server === undefined ? {} : { s3: server.url }).finally(() => {
    process.env["PATH"] = path;
  });
  const { farEnds } = instance;
  const { url = "", client } = server ?? { url: farEnds.endpoints.s3, client: ownClient() };
  const window = ledgerWindow({ ...farEnds, project: "sample-hub" });

  /** Headers by which Cloud Storage knows its owner. */
  function asOwner(scope: "read_only" | "read_write"): Record<string, string> {
    const scopes = [`https://www.googleapis.com/auth/devstorage.${scope}`];
    return {
      authorization: `Bearer ${farEnds.identities.mint(operatorIdentity("sample-hub"), scopes).token}`,
    };
  }
  /** Asks Cloud Storage for an object: what it says of it, or its bytes. */
  const fromGcs = (remote: GcsRemote, name: string, query = ""): Promise<Response> =>
    fetch(`${farEnds.endpoints.storage}/storage/v1/b/${remote}/o/${encodeURIComponent(name)}${query}`, {
      headers: asOwner("read_only"),
    });
  /** Puts an object into Cloud Storage with what its owner says of it, as gcloud does. */
  async function putIntoGcs(
    remote: GcsRemote,
    resource: { name: string; [field: string]: unknown },
    body: string,
  ): Promise<void> {
    const parts = [JSON.stringify(resource), body].map(
      (text) => `--b\r\ncontent-type: application/json\r\n\r\n${text}\r\n`,
    );
    const at = `${farEnds.endpoints.storage}/upload/storage/v1/b/${remote}/o?uploadType=multipart`;
    const answer = await fetch(at, {
      method: "POST",
      headers: { ...asOwner("read_write"), "content-type": "multipart/related; boundary=b" },
      body: `${parts.join("")}--b--`,
    });
    if (!answer.ok) throw new Error(`${resource.name} was not put: ${answer.status} ${await answer.text()}`);
  }
  const read = (remote: S3Remote | GcsRemote, name: string): Promise<Response> =>
    remote === "persistent" || remote === "scratch"
      ? fromGcs(remote, name, "?alt=media")
      : client.fetch(addressOf(url, remote, name));

  return {
    instance,
    world,
    posts: hub.posts,
    /** Folder of a bucket of Cloud Storage. */
    bucket: (of: GcsRemote): string => join(world.buckets, of),
    at: (remote: S3Remote, name: string): string => addressOf(url, remote, name),
    client,
    fromGcs,
    putIntoGcs,
    async put(remote: S3Remote, name: string, body: Buffer | string, headers: Record<string, string> = {}) {
      const answer = await client.fetch(addressOf(url, remote, name), {
        method: "PUT",
        body: new Uint8Array(Buffer.from(body)),
        headers,
      });
      if (!answer.ok) throw new Error(`${name} was not put: ${answer.status} ${await answer.text()}`);
    },
    /** Gives the SHA-256 of the bytes of objects in a folder, by name; undefined where there is none. */
    async digests(remote: S3Remote | GcsRemote, folder: string, names: readonly string[]) {
      const found: Record<string, string | undefined> = {};
      const left = names.values();
      const work = async (): Promise<void> => {
        for (const name of left)
          found[name] = await digestIn(await read(remote, folder === "" ? name : `${folder}/${name}`));
      };
      await Promise.all(Array.from({ length: readsAtOnce }, work));
      return found;
    },
    /** Asks for a transfer and sees it to its end; gives its runs. */
    async transfer(id: string, from: string, to: string) {
      writeFileSync(join(world.requests, `${id}.yaml`), JSON.stringify({ from, to }));
      const runs = (await instance.runOnce()).filter(({ title }) => title.includes(`transfer ${id}`));
      rmSync(join(world.requests, `${id}.yaml`));
      return { runs, end: runs.at(-1)?.title, told: runs.flatMap(({ plan }) => plan?.refused ?? []) };
    },
    stateOf: (id: string) => window.read(transferState("sample", id), TransferState),
    receiptOf: (id: string) => window.read(`${transferFolder("sample", id)}/receipt.json`, TransferReceipt),
    close: hub.close,
  };
}

const quarter = /^Transfer \S+ has copied (a quarter|half|three quarters)$/;

/**
 * Gives what the team was told of transfers, but for quarters: which of them are due depends on how fast this machine is. One that is told again
 * stays.
 */
export const tellings = (posts: readonly string[]): string[] =>
  posts.filter(
    (subject, at) =>
      subject.startsWith("Transfer") && !(quarter.test(subject) && posts.indexOf(subject) === at),
  );

const ownClient = (): AwsClient =>
  new AwsClient({
    ...{ accessKeyId: keys.keyId, secretAccessKey: keys.secret },
    ...{ service: "s3", region: "us-east-1", retries: 3 },
  });

async function digestIn(answer: Response): Promise<string | undefined> {
  const digest = createHash("sha256");
  for await (const piece of answer.body ?? []) digest.update(piece);
  if (answer.ok) return digest.digest("hex");
  // 400: a name that Cloud Storage can have no object of.
  if ([400, 404].includes(answer.status)) return undefined;
  throw new Error(`an object was not read: ${answer.status}`);
}
