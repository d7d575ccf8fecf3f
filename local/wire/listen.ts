import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * Listens on 127.0.0.1 and gives the port; 0 takes a free one. Rejects where the port is taken. It never hangs up on an idle caller:
 * one that asks again at that moment, as after a pause of a busy machine, would meet a reset connection.
 */
export function listen(server: Server, port = 0): Promise<number> {
  server.keepAliveTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
