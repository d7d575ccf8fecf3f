// Push channels, by which Drive tells us that the sheet was saved, and whether the sheet is in the trash. Its scope shows metadata only.
import type { OAuth2Client } from "google-auth-library";
import * as z from "zod";
import type { Endpoints } from "../endpoints.ts";
import { refused } from "../failure.ts";
import { identityAuth } from "../google-auth.ts";
import { answerOf, longestAnswerBytes } from "../google-failure.ts";
import { type Asked, sheetError, tokenFor } from "./google-errors.ts";

const scope = "https://www.googleapis.com/auth/drive.metadata.readonly";
/** The client itself comes again twice, within a second; the event's next delivery does the rest. */
const request = { retryConfig: { retry: 2 }, maxContentLength: longestAnswerBytes };

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
  /**
   * Tells whether the sheet is in Drive's trash, by itself or with a folder that it lies in. It can be read there all the same.
   * https://developers.google.com/workspace/drive/api/reference/rest/v3/files#File.FIELDS.trashed
   */
  isTrashed: (spreadsheetId: string) => Promise<boolean>;
};

const Channel = z.object({
  id: z.string(),
  resourceId: z.string().min(1),
  /** In milliseconds; a longer one is no date. */
  expiration: z.string().regex(/^\d{1,15}$/),
});
const Place = z.object({ trashed: z.boolean() });

/** @param options as those of `sheetReader`. */
export function driveWatch(options: {
  endpoints: Endpoints;
  identity?: string;
  auth?: () => Promise<OAuth2Client>;
  timeoutMs?: number;
}): DriveWatch {
  const { endpoints, identity = "the function's service account", timeoutMs: timeout = 30_000 } = options;
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
  async function driveFor(asked: Asked) {
    client ??= connect();
    const { drive, caller } = await client;
    await tokenFor(caller, asked);
    return drive;
  }

  return {
    async watch({ spreadsheetId, channelId, token, address, expires }) {
      const asked = {
        service: "drive",
        what: "Drive cannot be asked to tell of edits in the sheet",
        identity,
      } as const;
      const { data } = await (await driveFor(asked)).files
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
          { ...request, timeout },
        )
        .catch((error: unknown) => {
          throw sheetError(error, asked);
        });
      const channel = parsed(Channel, data, asked);
      return { resourceId: channel.resourceId, expires: new Date(Number(channel.expiration)) };
    },
    async stop({ channelId, resourceId }) {
      const asked = { service: "drive", what: "Drive cannot be asked to stop a channel", identity } as const;
      const drive = await driveFor(asked);
      try {
        await drive.channels.stop({ requestBody: { id: channelId, resourceId } }, { ...request, timeout });
      } catch (error) {
        const answer = answerOf(error);
        if (typeof answer !== "string" && answer.status === 404 && answer.code !== undefined) return;
        throw sheetError(error, asked);
      }
    },
    async isTrashed(spreadsheetId) {
      const asked = {
        service: "drive",
        what: "Drive cannot be asked whether the sheet is in the trash",
        identity,
      } as const;
      const { data } = await (await driveFor(asked)).files
        .get({ fileId: spreadsheetId, supportsAllDrives: true, fields: "trashed" }, { ...request, timeout })
        .catch((error: unknown) => {
          throw sheetError(error, asked);
        });
      return parsed(Place, data, asked).trashed;
    },
  };
}

function parsed<T>(schema: z.ZodType<T>, data: unknown, asked: Asked): T {
  const result = schema.safeParse(data);
  if (!result.success) throw refused(asked, "unreadable", [], { cause: result.error });
  return result.data;
}
