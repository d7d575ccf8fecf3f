// Meaning of an answer of Sheets or Drive to a person, and whether asking again can help.
import type { OAuth2Client } from "google-auth-library";
import type { Answer, Pattern } from "../failure.ts";
import { googleFailure } from "../google-failure.ts";
import { certain, general } from "../google-patterns.ts";

/**
 * Question to Google; `what` says in words what fails: "the sheet cannot be read". `identity` is the function's own address;
 * `section` of the settings names the sheet, "members" if absent. With `gid` it is one to write, to the tab of that number.
 */
export type Asked = {
  service: "sheets" | "drive";
  what: string;
  identity: string;
  tab?: string;
  section?: string;
  gid?: number;
};

/** The error to throw for what a client of Sheets or Drive threw. */
export function sheetError(cause: unknown, asked: Asked): Error {
  return googleFailure(asked, cause, (answer) => patterns(asked, answer));
}

function patterns({ service, identity, tab, section = "members", gid }: Asked, answer: Answer): Pattern[] {
  const [role, setting] =
    gid === undefined ? ["Viewer", `${section}.spreadsheet`] : ["Editor", "members.status.spreadsheet"];
  const share = `let the sheet's owner open it, press Share, and add ${identity} as ${role}`;
  return [
    ...certain(service, answer),
    ...(gid !== undefined
      ? writing(gid, identity)
      : service === "sheets"
        ? reading(tab ?? "", section)
        : watching),
    {
      status: 404,
      code: /^(NOT_FOUND|notFound)$/,
      cause: "not-found",
      lasts: "lasting",
      why: `there is no sheet of this id, or it is not shared with ${identity}`,
      next: `compare ${setting} in the settings with the sheet's address; then ${share}`,
    },
    {
      status: 403,
      code: /^(domainPolicy|teamDrivesFolderSharingNotSupported|cannotDownload\w*)$/,
      cause: "domain-policy",
      lasts: "lasting",
      why: "the rules of the sheet's organisation keep it from accounts outside",
      next: `the administrator of the sheet's organisation lets it be shared with ${identity}; or the sheet moves to an account that may share it`,
    },
    {
      status: 403,
      code: /^(PERMISSION_DENIED|forbidden|insufficientFilePermissions|appNotAuthorizedToFile|FORBIDDEN)$/,
      cause: "not-shared",
      lasts: "lasting",
      why: gid === undefined ? `the sheet is not shared with ${identity}` : `${identity} may not write to it`,
      next: share,
    },
    ...general(answer),
  ];
}

/** https://developers.google.com/workspace/sheets/api/troubleshoot-api-errors */
const reading = (tab: string, section: string): Pattern[] => [
  {
    status: 400,
    text: /unable to parse range/i,
    cause: "no-tab",
    lasts: "lasting",
    why: `it has no tab called "${tab}"`,
    next: `the sheet's owner gives the tab its old name back, or the new one is named under ${section}.tab in the settings`,
  },
  {
    status: 400,
    text: /not supported for this document/i,
    cause: "not-a-sheet",
    lasts: "lasting",
    why: "it is an Excel file, or another one that Sheets only shows",
    next: `the sheet's owner opens it, presses File, Save as Google Sheets, and puts the id of the new sheet under ${section}.spreadsheet in the settings`,
  },
  {
    status: 400,
    text: /operation.{0,40}(timed out|too large)|grid limits/i,
    cause: "too-large",
    lasts: "lasting",
    why: "it is larger than Sheets gives out in one answer",
    next: "the sheet's owner moves what is no list of members to another sheet",
  },
];

/** In the words of https://github.com/theoephraim/node-google-spreadsheet/pull/20 and of Sheets' own answers. */
const writing = (gid: number, identity: string): Pattern[] => [
  {
    status: [400, 403],
    text: /protected cell or object/i,
    cause: "protected",
    lasts: "lasting",
    why: "a range of it is protected",
    next: `the sheet's owner opens it, presses Data, Protect sheets and ranges, and takes the protection away or lets ${identity} edit`,
  },
  {
    status: 400,
    text: /no grid with id/i,
    cause: "no-tab",
    lasts: "lasting",
    why: `it has no tab of the number ${gid}`,
    next: "open the tab that is to be written, and put the number behind gid= of its address under members.status.gid in the settings",
  },
  {
    status: 400,
    text: /not supported for this document/i,
    cause: "not-a-sheet",
    lasts: "lasting",
    why: "it is an Excel file, or another one that Sheets only shows",
    next: "make a new spreadsheet at https://sheets.new, and put its id under members.status.spreadsheet in the settings",
  },
];

/** https://developers.google.com/workspace/drive/api/guides/push and .../handle-errors */
const watching: Pattern[] = [
  {
    status: [400, 401],
    code: /^(push\.webhookUrlNotHttps|push\.webhookUrlUnauthorized)$/,
    cause: "webhook-address",
    lasts: "lasting",
    why: "Drive does not send to the address of sheet-webhook",
    next: "whoever deploys looks that sheet-webhook has an https address with a certificate that the public trusts; edits are seen by the heartbeat meanwhile",
  },
  {
    status: [400, 401],
    text: /webhook/i,
    cause: "webhook-address",
    lasts: "lasting",
    why: "Drive does not send to the address of sheet-webhook",
    next: "whoever deploys looks that sheet-webhook has an https address with a certificate that the public trusts; edits are seen by the heartbeat meanwhile",
  },
  {
    status: 400,
    code: /^(channelIdNotUnique|push\.channelIdNotUnique)$/,
    cause: "channel-taken",
    lasts: "transient",
    why: "a channel of this id is open already",
    next: "nothing: the next renewal takes a new id; edits are seen by the heartbeat meanwhile",
  },
  {
    status: [400, 403],
    code: /^(channelUnknown|resourceIdMismatch|stopChannelCallerNotOwner)$/,
    cause: "channel-unknown",
    lasts: "lasting",
    why: "the channel is another's, or long gone",
    next: "nothing: a channel ends by itself within a day",
  },
];

/** Fetches the token before the call: a failure of the metadata server must not be read as one of the sheet's. */
export async function tokenFor(
  identity: OAuth2Client,
  asked: Pick<Asked, "service" | "what">,
): Promise<void> {
  try {
    await identity.getAccessToken();
  } catch (cause) {
    throw googleFailure({ service: "metadata", what: asked.what }, cause, () => []);
  }
}
