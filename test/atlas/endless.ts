// A server that answers 100 MB, or nothing at all: what no client may wait for or keep.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

type Kind = "100 MB" | "nothing" | "challenge";

export async function endless(kindOf: (path: string) => Kind) {
  const piece = Buffer.alloc(1024 * 1024, " ");
  let written = 0;
  async function pour(response: ServerResponse): Promise<void> {
    response.writeHead(200);
    for (; written < 100 && !response.destroyed; written += 1)
      if (!response.write(piece)) await Promise.race([once(response, "drain"), once(response, "close")]);
    response.end();
  }
  const server = createServer((request, response) => {
    request.resume();
    const kind = kindOf(request.url ?? "/");
    if (kind === "100 MB") void pour(response);
    if (kind === "challenge")
      response.writeHead(401, { "www-authenticate": `Bearer realm="${url}/token",service="x"` }).end();
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    /** MB that have left. */
    written: () => written,
    close(): Promise<void> {
      server.closeAllConnections();
      return new Promise((done) => server.close(() => done()));
    },
  };
}
