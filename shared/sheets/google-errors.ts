// What an answer of Sheets or Drive means to a person, and whether asking again can help.
import type { OAuth2Client } from "google-auth-library";
import { Permanent, passing } from "../errors.ts";
import { answerOf } from "../google-failure.ts";

/** What was asked of Google, in words: "the sheet cannot be read". `identity` is the function's own address. */
export type Asked = { what: string; identity: string; tab?: string };

/** The error to throw instead: `Permanent` where only a person can help, else one that is tried again. */
export function sheetError(cause: unknown, { what, identity, tab }: Asked): Error {
  const answer = answerOf(cause);
  if (answer === undefined) return new Error(`${what}: Google's answer did not arrive`, { cause });
  const { status, reasons, message } = answer;
  const has = (...names: string[]): boolean => names.some((name) => reasons.includes(name));
  const permanent = (why: string, next: string): Permanent => new Permanent({ what, why, next }, { cause });

  if (status === 400 && tab !== undefined && /unable to parse range/i.test(message))
    return permanent(
      `it has no tab called "${tab}"`,
      "give the tab its old name back, or name the new one under members.tab in the settings",
    );
  if (status === 403 && has("ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"))
    return permanent(
      "the function's token does not cover it",
      "this is a fault of Groundcrew: the metadata server must honour the scopes that are asked for",
    );
  if (status === 403 && has("SERVICE_DISABLED", "accessNotConfigured"))
    return permanent(
      "the project has the Google Sheets or Drive API switched off",
      "enable sheets.googleapis.com and drive.googleapis.com in the project, and replay this event",
    );
  // Drive says 403 to too many requests as well (https://developers.google.com/workspace/drive/api/guides/handle-errors).
  if (status === 403 && !has("rateLimitExceeded", "userRateLimitExceeded", "dailyLimitExceeded"))
    return permanent(
      `the sheet is not shared with ${identity}`,
      `open the sheet, press Share, and add ${identity} as Viewer`,
    );
  if (status === 404)
    return permanent(
      `there is no sheet of this id, or it is not shared with ${identity}`,
      `compare members.spreadsheet in the settings with the sheet's address; then press Share in the sheet and add ${identity} as Viewer`,
    );
  return new Error(`${what}: Google answered ${status}`, { cause });
}

/** Fetches the token before the call: a failure of the metadata server must not be read as one of the sheet's. */
export async function tokenFor(identity: OAuth2Client, what: string): Promise<void> {
  try {
    await identity.getAccessToken();
  } catch (cause) {
    throw passing(`${what}: the metadata server gave no token`, { cause });
  }
}
