// Foreign programs as clients of our far ends: run with an environment of their own, so that nobody's settings count.
import { spawn, spawnSync } from "node:child_process";
import { ownChild } from "../children.ts";

export type Ran = { code: number; out: string; err: string };

/** Tells whether a program is there. */
export const isInstalled = (program: string): boolean => spawnSync(program, ["--version"]).status === 0;

/** Runs a program to its end. The far end that it calls runs in this process, so nothing here may block. */
export function run(
  program: string,
  parameters: readonly string[],
  options: { env: Record<string, string>; input?: string },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = ownChild(
      spawn(program, parameters, { env: { PATH: process.env["PATH"], ...options.env } }),
    );
    let [out, err] = ["", ""];
    child.stdout.on("data", (chunk) => {
      out += chunk;
    });
    child.stderr.on("data", (chunk) => {
      err += chunk;
    });
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? -1, out, err }));
    child.stdin.end(options.input ?? "");
  });
}

/** gcloud with its services at our addresses, and a token of ours. `folder` is for what it keeps. */
export const gcloudEnv = (options: {
  folder: string;
  project: string;
  tokenFile: string;
  services: Record<string, string>;
}): Record<string, string> => ({
  HOME: options.folder,
  CLOUDSDK_CONFIG: options.folder,
  CLOUDSDK_CORE_PROJECT: options.project,
  CLOUDSDK_CORE_DISABLE_PROMPTS: "1",
  CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: "true",
  CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: "true",
  CLOUDSDK_AUTH_ACCESS_TOKEN_FILE: options.tokenFile,
  ...Object.fromEntries(
    Object.entries(options.services).map(([service, url]) => [
      `CLOUDSDK_API_ENDPOINT_OVERRIDES_${service.toUpperCase()}`,
      url,
    ]),
  ),
});
