// Port of the console: the one that was asked for, or the usual one, or any that is free.
import type { Server } from "node:http";
import { codeOf } from "../../shared/errors.ts";
import { instanceError } from "../sample/world.ts";
import { listen } from "../wire/listen.ts";

/** Port at which people look for the console first. */
const usualPort = 4747;

/** Gives the port that is listened on. A port that was asked for and is taken is an error. */
export async function consolePort(server: Server, asked: number | undefined): Promise<number> {
  try {
    return await listen(server, asked ?? usualPort);
  } catch (error) {
    if (asked === undefined) return listen(server, 0);
    throw instanceError({
      what: `the console cannot listen on port ${asked}`,
      why: codeOf(error) === "EADDRINUSE" ? "another program uses it" : "the system does not allow it",
      next: "name another one (--port <n>), or leave --port out and a free one is taken",
    });
  }
}
