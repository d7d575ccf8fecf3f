// A port for a foreign program that takes none of its own choice, or for nobody.
import { randomInt } from "node:crypto";
import { createServer } from "node:http";
import { listen } from "../../local/wire/listen.ts";
import { codeOf } from "../../shared/errors.ts";

/** Below those that systems give away by themselves (from 32768 on Linux, from 49152 elsewhere): nobody gets it by chance. */
const range = [20_000, 32_000] as const;

/** One at which nobody listens. */
export async function freePort(): Promise<number> {
  for (;;) {
    const server = createServer();
    try {
      const port = await listen(server, randomInt(...range));
      await new Promise((resolve) => server.close(resolve));
      return port;
    } catch (error) {
      if (codeOf(error) !== "EADDRINUSE") throw error;
    }
  }
}
