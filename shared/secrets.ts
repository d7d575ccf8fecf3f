// A function's secrets, by name, from Secret Manager. Values stay in this process, for five minutes at most; they are
// never logged, and what goes wrong is told without them.

import type { secretmanager_v1 } from "googleapis/build/src/apis/secretmanager/v1.js";
import { z } from "zod";
import type { Endpoints } from "./endpoints.ts";
import { type Explanation, Permanent } from "./errors.ts";
import type { SecretName } from "./functions.ts";
import { identityAuth } from "./google-auth.ts";

/** Reads a secret's newest version. A missing or refused one is `Permanent`; a failing vendor is not. */
export type Secrets = { read: (name: SecretName) => Promise<string> };

const keptMilliseconds = 5 * 60 * 1000;

const Answer = z.object({ payload: z.object({ data: z.string() }) });
const Refused = z.object({ response: z.object({ status: z.number() }) });

/** `real` is the machine's clock, not the movable one: a value is cached for real time. */
export function secrets(options: { project: string; endpoints: Endpoints; real?: () => number }): Secrets {
  const { project, endpoints, real = Date.now } = options;
  const kept = new Map<SecretName, { value: Promise<string>; until: number }>();
  let client: Promise<secretmanager_v1.Secretmanager> | undefined;

  async function build(): Promise<secretmanager_v1.Secretmanager> {
    const { secretmanager_v1 } = await import("googleapis/build/src/apis/secretmanager/v1.js");
    return new secretmanager_v1.Secretmanager({
      auth: await identityAuth(["https://www.googleapis.com/auth/cloud-platform"]),
      ...(endpoints.secrets === undefined ? {} : { rootUrl: endpoints.secrets }),
    });
  }

  async function fetchValue(name: SecretName): Promise<string> {
    client ??= build();
    const { projects } = await client;
    try {
      const { data } = await projects.secrets.versions.access(
        { name: `projects/${project}/secrets/${name}/versions/latest` },
        { timeout: 10_000 },
      );
      return Buffer.from(Answer.parse(data).payload.data, "base64").toString("utf8");
    } catch (error) {
      const refused = Refused.safeParse(error);
      const explanation = refused.success ? explain(refused.data.response.status, name) : undefined;
      if (explanation === undefined) throw error;
      throw new Permanent(explanation);
    }
  }

  const explain = (status: number, name: SecretName): Explanation | undefined => {
    if (status === 404)
      return {
        what: `the secret ${name} is missing`,
        why: "Secret Manager has no such secret, or no version of it",
        next:
          endpoints.secrets === undefined
            ? `add it: gcloud secrets versions add ${name} --project ${project} --data-file=<file>`
            : `save its value as the file secrets/${name}/1 in the sample hub's folder`,
      };
    if (status === 403)
      return {
        what: `the secret ${name} cannot be read`,
        why: "this function's identity lacks the permission secretmanager.versions.access on it",
        next: `add ${name} to the function's secrets in shared/functions.ts and deploy, which grants it`,
      };
    return undefined;
  };

  return {
    read(name) {
      const before = kept.get(name);
      if (before !== undefined && before.until > real()) return before.value;
      const value = fetchValue(name);
      kept.set(name, { value, until: real() + keptMilliseconds });
      // A failure is not kept: the next read asks again.
      value.catch(() => kept.delete(name));
      return value;
    },
  };
}
