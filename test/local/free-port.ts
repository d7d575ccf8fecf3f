// A port for a foreign program that takes none of its own choice.
import { createServer } from "node:http";
import { listen } from "../../local/wire/listen.ts";

/** One that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
