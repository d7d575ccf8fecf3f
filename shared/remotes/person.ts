// A transfer's target as a person's own keys see it, years later, with no settings and no secret of ours: Google's application default
// credentials, or the keys of S3 in the environment. It only reads.
import type { Storage } from "@google-cloud/storage";
import type { Remote } from "../settings.ts";
import type { TransferReceipt } from "../transfers/receipt-records.ts";
import { type AskSums, sumsAsker } from "./heads.ts";
import { type ListRemote, remoteLister } from "./list.ts";
import { type ReadSum, sumReader } from "./read-back.ts";
import type { S3Deps } from "./s3.ts";

type Env = Record<string, string | undefined>;

export type PersonsEyes = { remote: Remote; list: ListRemote; ask: AskSums; read: ReadSum };

/** Name by which refusals speak of it. */
export const personsName = "target";

/** Milliseconds for one object that is read whole. */
const readingMs = 6 * 3_600_000;

/** Opens the target of a receipt by a person's keys; or says what is missing of them. */
export function personsEyes(
  target: NonNullable<TransferReceipt["target"]>,
  { env, storage = personsStorage }: { env: Env; storage?: () => Promise<Storage> },
): PersonsEyes | "no-keys" | "unknown-kind" {
  const remote = remoteOf(target);
  if (remote === undefined) return "unknown-kind";
  const { AWS_ACCESS_KEY_ID: id = "", AWS_SECRET_ACCESS_KEY: secret = "", AWS_SESSION_TOKEN: session } = env;
  if (remote.kind === "s3" && (id === "" || secret === "")) return "no-keys";
  const endpoint = env["AWS_ENDPOINT_URL_S3"] ?? env["AWS_ENDPOINT_URL"];
  const deps: S3Deps & { storage: () => Promise<Storage> } = {
    storage,
    keys: async () => [personsName, id, secret, session].join(" "),
    ...(endpoint === undefined ? {} : { s3Endpoint: endpoint }),
  };
  const patient = { ...deps, s3Patience: { timeoutMs: readingMs, retries: 4 } };
  return { remote, list: remoteLister(deps), ask: sumsAsker(deps), read: sumReader(patient) };
}

function remoteOf({ kind, bucket, ...of }: NonNullable<TransferReceipt["target"]>): Remote | undefined {
  if (kind === "gcs") return { kind, bucket };
  const { endpoint, region, provider } = of;
  if (kind !== "s3" || endpoint === undefined || region === undefined) return undefined;
  return {
    kind,
    bucket,
    endpoint,
    region,
    provider: provider === "AWS" || provider === "Ceph" ? provider : "Other",
  };
}

/** The client as every program of Google's finds a person's credentials. */
async function personsStorage(): Promise<Storage> {
  const { Storage } = await import("@google-cloud/storage");
  return new Storage();
}
