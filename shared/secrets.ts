// A function's secrets, by name, from Secret Manager. Values stay in this process, for five minutes at most; they are
// never logged, and what goes wrong is told without them.

import type { OAuth2Client } from "google-auth-library";
import type { secretmanager_v1 } from "googleapis/build/src/apis/secretmanager/v1.js";
import * as z from "zod";
import type { Endpoints } from "./endpoints.ts";
import { type Answer, type Pattern, refused } from "./failure.ts";
import type { SecretName } from "./functions.ts";
import { identityAuth } from "./google-auth.ts";
import { googleFailure, longestAnswerBytes } from "./google-failure.ts";
import { certain, general } from "./google-patterns.ts";

/** Reads a secret's newest version; what it throws is a failure of Secret Manager's or of the metadata server's. */
export type Secrets = { read: (name: SecretName) => Promise<string> };

const scopes = ["https://www.googleapis.com/auth/cloud-platform"];
const keptMilliseconds = 5 * 60 * 1000;

const Value = z.object({ payload: z.object({ data: z.string() }) });

/**
 * @param options `auth` is the metadata server's if absent. `real` is the machine's clock, not the movable one: a value is cached for
 * real time.
 */
export function secrets(options: {
  project: string;
  endpoints: Endpoints;
  auth?: () => Promise<OAuth2Client>;
  real?: () => number;
  timeoutMs?: number;
}): Secrets {
  const {
    project,
    endpoints,
    auth = () => identityAuth(scopes),
    real = Date.now,
    timeoutMs = 10_000,
  } = options;
  const kept = new Map<SecretName, { value: Promise<string>; until: number }>();
  let client: Promise<secretmanager_v1.Secretmanager> | undefined;

  async function build(): Promise<secretmanager_v1.Secretmanager> {
    const { secretmanager_v1 } = await import("googleapis/build/src/apis/secretmanager/v1.js");
    return new secretmanager_v1.Secretmanager({
      auth: await auth(),
      ...(endpoints.secrets === undefined ? {} : { rootUrl: endpoints.secrets }),
    });
  }

  async function fetchValue(name: SecretName): Promise<string> {
    client ??= build();
    const { projects } = await client;
    const at = { service: "secret-manager", what: `the secret ${name} cannot be read` } as const;
    const { data } = await projects.secrets.versions
      .access(
        { name: `projects/${project}/secrets/${name}/versions/latest` },
        { timeout: timeoutMs, retryConfig: { retry: 2 }, maxContentLength: longestAnswerBytes },
      )
      .catch((error: unknown) => {
        throw googleFailure(at, error, (answer) => patterns(name, answer, options));
      });
    const answer = Value.safeParse(data);
    // Without the parser's words: they could quote the value.
    if (!answer.success) throw refused(at, "unreadable", []);
    return Buffer.from(answer.data.payload.data, "base64").toString("utf8");
  }

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

/** https://docs.cloud.google.com/secret-manager/docs/access-secret-version */
function patterns(
  name: SecretName,
  answer: Answer,
  options: { project: string; endpoints: Endpoints },
): Pattern[] {
  const { project, endpoints } = options;
  const add =
    endpoints.secrets === undefined
      ? `the project's owner adds it: gcloud secrets versions add ${name} --project ${project} --data-file=<file>`
      : `save its value as the file secrets/${name}/1 in the sample hub's folder`;
  return [
    ...certain("secret-manager", answer),
    {
      status: 404,
      code: /^(NOT_FOUND|notFound)$/,
      cause: "no-secret",
      lasts: "lasting",
      why: "it is missing: Secret Manager has no such secret, or no version of it",
      next: add,
    },
    {
      status: 400,
      text: /is in (DISABLED|DESTROYED) state/,
      cause: "no-version",
      lasts: "lasting",
      why: "its newest version is disabled or destroyed",
      next: add,
    },
    {
      status: 403,
      text: /secretmanager\.versions\.access/,
      cause: "permission",
      lasts: "settling",
      why: "the function's service account lacks the permission secretmanager.versions.access on it",
      next: `the project's owner deploys again, which grants it; where ${name} is not among the function's secrets in shared/functions.ts, it is added there first`,
    },
    ...general(answer),
  ];
}
