// Google's own client of Sheets, signed in as a function: one for as long as the process lives.
import type { OAuth2Client } from "google-auth-library";
import type { Endpoints } from "../endpoints.ts";
import { identityAuth } from "../google-auth.ts";

export type SheetsOptions = {
  endpoints: Endpoints;
  /** Address that people are told to share the sheet with. */
  identity?: string;
  /** The metadata server's if absent. */
  auth?: () => Promise<OAuth2Client>;
  /** Of one attempt. */
  timeoutMs?: number;
};

export const usualIdentity = "the function's service account";
export const usualTimeoutMs = 30_000;

/** Gives the client with who calls by it, made at the first use. */
export function sheetsClient({ endpoints, auth }: SheetsOptions, scope: string) {
  let client: ReturnType<typeof connect> | undefined;
  async function connect() {
    const { sheets_v4 } = await import("googleapis/build/src/apis/sheets/v4.js");
    const caller = await (auth ?? (() => identityAuth([scope])))();
    const sheets = new sheets_v4.Sheets({
      auth: caller,
      ...(endpoints.google === undefined ? {} : { rootUrl: endpoints.google }),
    });
    return { caller, sheets };
  }
  return () => {
    client ??= connect();
    return client;
  };
}
