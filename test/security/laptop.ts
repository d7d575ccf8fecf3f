// A sample hub that runs, and what a stranger on the machine would try on it: the addresses of all that listens, and the
// requests that would give a token, a secret, or run something.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startInstance } from "../../local/instance/instance.ts";
import { worldFolder } from "../../local/sample/world.ts";
import { machineBody } from "../../shared/compute/machine.ts";
import { functionNames, identityOf, type SecretName } from "../../shared/functions.ts";
import { order, project, sampleTransfers } from "../local/compute/harness.ts";

export type Ask = { url: string; method?: string; headers?: Record<string, string>; body?: string };
export type Laptop = Awaited<ReturnType<typeof laptop>>;

export async function laptop() {
  const parent = mkdtempSync(join(tmpdir(), "laptop-"));
  const folder = join(parent, "hub");
  mkdirSync(folder);
  const instance = await startInstance({
    world: folder,
    people: 10,
    port: 0,
    console: true,
    idle: true,
    log: () => undefined,
  });
  const world = worldFolder(folder);
  const marker = join(parent, "ran");
  const { endpoints, identities } = instance.farEnds;
  const secrets = readdirSync(world.secrets) as SecretName[];
  const tokenOf = (name: "run-transfer" | "send-notice"): string =>
    identities.mint(identityOf(name, project), ["https://www.googleapis.com/auth/cloud-platform"]).token;
  const authorization = `Bearer ${tokenOf("run-transfer")}`;

  /** A machine that would leave the marker, asked for with a token that may make machines. */
  const insert = (base: string, script: string): Ask => ({
    url: `${base}/compute/v1/projects/${project}/zones/us-central1-a/instances`,
    method: "POST",
    headers: { authorization, "content-type": "application/json" },
    body: JSON.stringify(withScript(machineBody(order(), project, sampleTransfers()), script)),
  });
  const token = (host: string): Ask => ({
    url: `http://${host}/computeMetadata/v1/instance/service-accounts/default/token`,
    headers: { "metadata-flavor": "Google" },
  });

  return {
    instance,
    world,
    parent,
    folder,
    marker,
    script: `#!/bin/bash\ntouch ${marker}\n`,
    insert,
    token,
    authorization,
    compute: endpoints.compute ?? "",
    metadataHosts: functionNames.map(instance.farEnds.metadataHostOf),
    secretAsks: secrets.map(
      (name): Ask => ({
        url: `${endpoints.secrets}/v1/projects/${project}/secrets/${name}/versions/latest:access`,
        headers: { authorization },
      }),
    ),
    /** Words of the secrets, which nobody else may ever read. */
    secrets: secrets
      .flatMap((name) => readFileSync(join(world.secrets, name, "1"), "utf8").split(/\s+/))
      .filter((word) => word.length > 15),
    /** Every address of a far end, by its name. */
    addresses: Object.entries(endpoints).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    ),
    /** Lists the calls that were made to what gives tokens, secrets and machines. */
    served: (): string[] =>
      [...instance.farEnds.faults.calls()]
        .filter(([call]) => /^(?:compute|secrets|metadata) /.test(call))
        .map(([call, times]) => `${call} x${times}`),
    async close(): Promise<void> {
      await instance.close();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

function withScript(body: ReturnType<typeof machineBody>, script: string) {
  const items = body.metadata.items.map(({ key, value }) =>
    key === "startup-script" ? { key, value: script } : { key, value },
  );
  return { ...body, metadata: { items } };
}

/** Every file and folder below, with its mode. */
export function modesBelow(folder: string): { path: string; mode: number; isFolder: boolean }[] {
  return [
    folder,
    ...readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  ].map((path) => {
    const about = statSync(path);
    return { path, mode: about.mode & 0o777, isFolder: about.isDirectory() };
  });
}
