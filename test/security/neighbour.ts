// Another user of the machine, as a process of its own: does what its first argument says, and prints what came of it.
// `asks` are requests, `files` are read, `sockets` are connected to.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import * as z from "zod";

export const Orders = z.object({
  asks: z.array(
    z.object({
      url: z.string(),
      method: z.string().default("GET"),
      headers: z.record(z.string(), z.string()).default({}),
      body: z.string().optional(),
    }),
  ),
  files: z.array(z.string()),
  sockets: z.array(z.string()),
});

const said = async (work: () => Promise<string> | string): Promise<string> => {
  try {
    return await work();
  } catch (error) {
    return `error ${error instanceof Error && "code" in error ? error.code : "unknown"}`;
  }
};

const { asks, files, sockets } = Orders.parse(JSON.parse(process.argv[2] ?? ""));
const answers = {
  asks: await Promise.all(
    asks.map(({ url, method, headers, body }) =>
      said(async () => {
        const response = await fetch(url, {
          method,
          headers,
          redirect: "manual",
          ...(body === undefined ? {} : { body }),
        });
        return `${response.status} ${await response.text()}`;
      }),
    ),
  ),
  files: await Promise.all(files.map((file) => said(() => readFileSync(file, "latin1")))),
  sockets: await Promise.all(
    sockets.map((path) =>
      said(async () => {
        const socket = connect(path);
        await once(socket, "connect");
        socket.destroy();
        return "connected";
      }),
    ),
  ),
};
process.stdout.write(JSON.stringify(answers));
