// `npm start --once` without `--` hands no argument over: npm keeps the flag and tells of it in the environment.
import { exitCodes } from "./exit-codes.ts";
import { stop } from "./stop.ts";

const switches = ["once", "json"];
const values = ["world", "people", "port", "allow-host"];

/** The flags that npm has taken for its own; none unless it runs our `start` script. */
export function flagsFromNpm(env: Record<string, string | undefined>): string[] {
  if (env["npm_lifecycle_event"] !== "start" || env["npm_package_name"] !== "groundcrew") return [];
  return [
    ...switches.filter((name) => env[`npm_config_${name}`] === "true").map((name) => `--${name}`),
    ...values.flatMap((name) => {
      const value = env[`npm_config_${name.replaceAll("-", "_")}`];
      if (!value) return [];
      if (value !== "true") return [`--${name}=${value}`];
      throw stop(
        exitCodes.usage,
        `the value of --${name} was lost`,
        "npm takes a flag before -- for its own, without the word behind it",
        `write -- first: npm start -- --${name} <value>`,
      );
    }),
  ];
}
