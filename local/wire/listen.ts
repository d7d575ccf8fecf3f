import type { AddressInfo, Server } from "node:net";

/** Listens on 127.0.0.1 and gives the port; 0 takes a free one. Rejects where the port is taken. */
export function listen(server: Server, port = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
