// User at the other end of a loopback connection: the kernel keeps a list of sockets with the user that made each. Linux tells it
// to everybody. Elsewhere nobody is told, and what hands out tokens asks for the instance's secret instead.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { endianness } from "node:os";

/** https://docs.kernel.org/networking/proc_net_tcp.html */
const files = { v4: "/proc/net/tcp", v6: "/proc/net/tcp6" };

/** Ability of this system to say whose a connection is. */
export const tellsPeers = process.getuid !== undefined && existsSync(files.v4);

const lists = { v4: shared(files.v4), v6: shared(files.v6) };

/**
 * Reads a list for all connections that came before the reading begins. It costs 5 to 10 ms, for the kernel looks through
 * every place where a connection could be, however few there are.
 */
function shared(file: string): () => Promise<string> {
  let waiting: Promise<string> | undefined;
  return () => {
    waiting ??= new Promise((resolve) => {
      setImmediate(() => {
        waiting = undefined;
        readFile(file, "latin1").then(resolve, () => resolve(""));
      });
    });
    return waiting;
  };
}

const known = new WeakMap<Socket, Promise<number | undefined>>();

/** Tells whether the other end was made by the user that runs this. */
export const isOurs = async (socket: Socket): Promise<boolean> =>
  !tellsPeers || (await userOf(socket)) === process.getuid?.();

/**
 * Tells whether the other end is known to be another user's, who is not root. A forwarder of a port may run as root, and its
 * caller may be on another machine. Whoever hangs up at once is not known, and reads no answer.
 */
export async function isStrangers(socket: Socket): Promise<boolean> {
  const user = tellsPeers ? await userOf(socket) : undefined;
  return user !== undefined && user !== 0 && user !== process.getuid?.();
}

/** Finds who made the other end; asked once a connection. */
function userOf(socket: Socket): Promise<number | undefined> {
  const before = known.get(socket);
  if (before !== undefined) return before;
  const answer = look(socket);
  known.set(socket, answer);
  return answer;
}

async function look({ remotePort, localPort }: Socket): Promise<number | undefined> {
  // A connection that is gone already.
  if (remotePort === undefined || localPort === undefined) return undefined;
  const ends = { client: remotePort, server: localPort };
  // A client may speak IPv4 over a socket of IPv6, which is in the other list.
  return ownerOf(await lists.v4(), ends) ?? ownerOf(await lists.v6(), ends);
}

/**
 * The user who holds the client's end of a connection over 127.0.0.1; undefined where nobody does. A socket that its
 * process has closed has no inode, and the user 0 whoever's it was.
 */
export function ownerOf(
  list: string,
  { client, server }: { client: number; server: number },
): number | undefined {
  const loopback = endianness() === "LE" ? "0100007F" : "7F000001";
  const port = (number: number): string => number.toString(16).toUpperCase().padStart(4, "0");
  // A client may speak IPv4 over a socket of IPv6, which is listed by its mapped address.
  for (const mapped of [
    "",
    endianness() === "LE" ? "0000000000000000FFFF0000" : "00000000000000000000FFFF",
  ]) {
    const ends = ` ${mapped}${loopback}:${port(client)} ${mapped}${loopback}:${port(server)} `;
    const at = list.indexOf(ends);
    if (at === -1) continue;
    const [, , , , uid, , inode] = (list.slice(at + ends.length).split("\n", 1)[0] ?? "").trim().split(/\s+/);
    return inode === undefined || inode === "0" ? undefined : Number(uid);
  }
  return undefined;
}
