// How Drive tells us that the sheet was saved: push channels. Sees metadata only.
import type { OAuth2Client } from "google-auth-library";
import { z } from "zod";
import type { Endpoints } from "../endpoints.ts";
import { passing } from "../errors.ts";
import { identityAuth } from "../google-auth.ts";
import { answerOf } from "../google-failure.ts";
import { sheetError, tokenFor } from "./google-errors.ts";

const scope = "https://www.googleapis.com/auth/drive.metadata.readonly";
/** The client itself comes again twice, within a second; the event's next delivery does the rest. */
const request = { timeout: 30_000, retryConfig: { retry: 2 } };

export type DriveWatch = {
  /** Drive may grant less time than asked for: a day at most for a file. */
  watch: (channel: {
    spreadsheetId: string;
    channelId: string;
    token: string;
    address: string;
    expires: Date;
  }) => Promise<{ resourceId: string; expires: Date }>;
  /** A channel that is gone already is as good as stopped. */
  stop: (channel: { channelId: string; resourceId: string }) => Promise<void>;
};

const Channel = z.object({
  id: z.string(),
  resourceId: z.string().min(1),
  expiration: z.string().regex(/^\d+$/),
});

/** @param options as those of `sheetReader`. */
export function driveWatch(options: {
  endpoints: Endpoints;
  identity?: string;
  auth?: () => Promise<OAuth2Client>;
}): DriveWatch {
  const { endpoints, identity = "the function's service account" } = options;
  const auth = options.auth ?? (() => identityAuth([scope]));
  let client: ReturnType<typeof connect> | undefined;
  async function connect() {
    const { drive_v3 } = await import("googleapis/build/src/apis/drive/v3.js");
    const caller = await auth();
    const drive = new drive_v3.Drive({
      auth: caller,
      ...(endpoints.google === undefined ? {} : { rootUrl: endpoints.google }),
    });
    return { caller, drive };
  }
  async function driveFor(what: string) {
    client ??= connect();
    const { drive, caller } = await client;
    await tokenFor(caller, what);
    return drive;
  }

  return {
    async watch({ spreadsheetId, channelId, token, address, expires }) {
      const what = "Drive cannot be asked to tell of edits in the sheet";
      const { data } = await (await driveFor(what)).files
        .watch(
          {
            fileId: spreadsheetId,
            supportsAllDrives: true,
            requestBody: {
              id: channelId,
              type: "web_hook",
              address,
              token,
              expiration: String(expires.getTime()),
            },
          },
          request,
        )
        .catch((error: unknown) => {
          throw sheetError(error, { what, identity });
        });
      const channel = parsed(Channel, data, what);
      return { resourceId: channel.resourceId, expires: new Date(Number(channel.expiration)) };
    },
    async stop({ channelId, resourceId }) {
      const what = "Drive cannot be asked to stop a channel";
      const drive = await driveFor(what);
      try {
        await drive.channels.stop({ requestBody: { id: channelId, resourceId } }, request);
      } catch (error) {
        if (answerOf(error)?.status === 404) return;
        throw sheetError(error, { what, identity });
      }
    },
  };
}

function parsed<T>(schema: z.ZodType<T>, data: unknown, what: string): T {
  const result = schema.safeParse(data);
  if (!result.success) throw passing(`${what}: Google's answer is damaged`, { cause: result.error });
  return result.data;
}
