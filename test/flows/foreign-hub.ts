// A sample hub whose S3 stores are a server that others wrote, and whose machines find the rclone that is named: what lies in its buckets is
// read by a client of the test's own.
import { createHash } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { defaultPeople, makeWorld } from "../../local/sample/world.ts";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { addressOf, keys, type S3Server } from "../foreign/s3-servers.ts";
import { sample } from "./sample.ts";

/** Remotes of the sample hub that are S3 stores; each has a bucket of its name. */
export const s3Remotes = ["pod-inbox", "pod-published"] as const;
export type S3Remote = (typeof s3Remotes)[number];

type GcsRemote = "persistent" | "scratch";

export type ForeignHub = Awaited<ReturnType<typeof foreignHub>>;

/** Starts it. `programs` is a folder whose programs its machines find before the system's. */
export async function foreignHub(server: S3Server, programs?: string) {
  const hub = sample({ only: "run-transfer" });
  const world = makeWorld(hub.folder, defaultPeople);
  const secret = join(world.secrets, "transfer-keys", "1");
  mkdirSync(dirname(secret), { recursive: true });
  writeFileSync(secret, s3Remotes.map((remote) => `${remote} ${keys.keyId} ${keys.secret}\n`).join(""));
  rmSync(join(world.requests, "first-copy.yaml"));
  const path = process.env["PATH"];
  if (programs !== undefined) process.env["PATH"] = [programs, path].join(delimiter);
  const instance = await hub.start({ s3: server.url }).finally(() => {
    process.env["PATH"] = path;
  });
  const { url, client } = server;

  function read(remote: S3Remote | GcsRemote, name: string): Promise<Response> {
    if (remote !== "persistent" && remote !== "scratch") return client.fetch(addressOf(url, remote, name));
    const { endpoints, identities } = instance.farEnds;
    const scopes = ["https://www.googleapis.com/auth/devstorage.read_only"];
    const headers = {
      authorization: `Bearer ${identities.mint(operatorIdentity("sample-hub"), scopes).token}`,
    };
    const at = `${endpoints.storage}/storage/v1/b/${remote}/o/${encodeURIComponent(name)}`;
    return fetch(`${at}?alt=media`, { headers });
  }

  return {
    instance,
    folder: hub.folder,
    /** Folder of a bucket of Cloud Storage. */
    bucket: (of: string): string => join(world.buckets, of),
    at: (remote: S3Remote, name: string): string => addressOf(url, remote, name),
    client,
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
      for (const name of names) found[name] = await digestIn(await read(remote, `${folder}/${name}`));
      return found;
    },
    /** Asks for a transfer and sees it to its end; gives its runs. */
    async transfer(id: string, from: string, to: string) {
      writeFileSync(join(world.requests, `${id}.yaml`), JSON.stringify({ from, to }));
      const runs = (await instance.runOnce()).filter(({ title }) => title.includes(`transfer ${id}`));
      rmSync(join(world.requests, `${id}.yaml`));
      return { runs, end: runs.at(-1)?.title, told: runs.flatMap(({ plan }) => plan?.refused ?? []) };
    },
    close: hub.close,
  };
}

async function digestIn(answer: Response): Promise<string | undefined> {
  const digest = createHash("sha256");
  for await (const piece of answer.body ?? []) digest.update(piece);
  if (answer.ok) return digest.digest("hex");
  // 400: a name that Cloud Storage can have no object of.
  if ([400, 404].includes(answer.status)) return undefined;
  throw new Error(`an object was not read: ${answer.status}`);
}
