// Harness of the tests of Google's wires: the far end served on a port over a folder of its own, and a metadata server
// that gives one function's identity its tokens, as the cloud does.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Hono } from "hono";
import { googleFarEnd } from "../../../local/google/far-end.ts";
import { type FarEnd, failing, serveFarEnd } from "../../../local/wire/far-end.ts";
import { type Faults, faultStore } from "../../../local/wire/faults.ts";
import { identities } from "../../../local/wire/identity.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { calendarIn, skyOver } from "../../../local/wire/weather.ts";
import { identityOf } from "../../../shared/functions.ts";

export const project = "example-hub-ops";
export const spreadsheet = "1SampleSpreadsheet";
/** A spreadsheet that the reader may write to. */
export const statusSheet = "1StatusSpreadsheet";
export const account = "hub@example.org";
export const oauth = { clientId: "client", clientSecret: "secret-of-client", refreshToken: "1//refresh" };
export const reader = identityOf("sync-members", project);

export async function harness(options: { csv?: string; tab?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "google-"));
  const file = join(folder, "members.csv");
  if (options.csv !== undefined) writeFileSync(file, options.csv);
  const state = openState(join(folder, "state.db"));
  const clock = stoppedClock(new Date("2026-11-21T08:00:00.123Z"));
  const now = (): number => clock.now().getTime();
  const weather = calendarIn(state, now);
  const faults = faultStore(skyOver(now, weather.list));
  const who = identities({ state, project });
  const pushed: { address: string; headers: Record<string, string> }[] = [];
  const answers: number[] = [];
  const statusFile = join(folder, "status.csv");
  let viewers = [reader];
  let trashed = false;
  const status = { editors: [reader], protected: false };
  const start = () =>
    googleFarEnd({
      state,
      identities: who,
      faults,
      clock,
      random: () => 0.5,
      sheets: {
        [spreadsheet]: {
          file,
          tab: options.tab ?? "Members",
          sharedWith: () => viewers,
          trashed: () => trashed,
        },
        [statusSheet]: {
          file: statusFile,
          tab: "Sheet1",
          sharedWith: () => [],
          editors: () => status.editors,
          protected: () => status.protected,
        },
      },
      mailbox: { folder: join(folder, "mailbox"), account, oauth },
      fetch: async (input, init) => {
        pushed.push({ address: String(input), headers: Object.fromEntries(new Headers(init?.headers)) });
        return new Response(null, { status: answers.shift() ?? 200 });
      },
      retryWaitsMs: [1, 1, 1],
    });
  const far = start();
  const google = await serveFarEnd(far);
  const metadata = await serveFarEnd(metadataOf(who.mint, faults));
  process.env["GCE_METADATA_HOST"] = new URL(metadata.url).host;
  return {
    folder,
    file,
    statusFile,
    /** Editors of the status sheet, and whether its owner has protected it. */
    status,
    faults,
    weather,
    clock,
    far,
    pushed,
    answers,
    endpoints: { google: google.url },
    mailbox: join(folder, "mailbox"),
    mint: who.mint,
    shareWith: (emails: string[]) => {
      viewers = emails;
    },
    trash: (is: boolean) => {
      trashed = is;
    },
    call: (path: string, init: RequestInit & { as?: string; scopes?: string[] } = {}) => {
      const { as = reader, scopes = ["spreadsheets.readonly", "drive.metadata.readonly"], ...rest } = init;
      const { token } = who.mint(
        as,
        scopes.map((scope) => `https://www.googleapis.com/auth/${scope}`),
      );
      return fetch(`${google.url}${path}`, {
        ...rest,
        headers: { authorization: `Bearer ${token}`, ...rest.headers },
      });
    },
    close: google.close,
    /** A second far end on the same state, as after a crash. */
    restart: start,
    async [Symbol.asyncDispose]() {
      await far.settled();
      await Promise.all([google.close(), metadata.close()]);
      state.close();
      rmSync(folder, { recursive: true });
    },
  };
}

function metadataOf(
  mint: (email: string, scopes: string[]) => { token: string; expiresInSeconds: number },
  faults: Faults,
): FarEnd {
  const app = new Hono();
  app.use(failing("metadata", faults));
  app.get("/computeMetadata/v1/instance/service-accounts/default/token", (c) => {
    const { token, expiresInSeconds } = mint(reader, (c.req.query("scopes") ?? "").split(","));
    return c.json({ access_token: token, expires_in: expiresInSeconds, token_type: "Bearer" }, 200, {
      "metadata-flavor": "Google",
    });
  });
  return { fetch: app.fetch };
}
