// Google, as far as Groundcrew calls it: the token endpoint, Sheets and Drive over a CSV file, Gmail over a folder.
// Every request and answer is held against Google's discovery documents; what breaks them is listed in `violations`.
import { Hono } from "hono";
import { ofEveryCall } from "../discovery/words.ts";
import { violationList } from "../wire/called-routes.ts";
import type { FarEnd } from "../wire/far-end.ts";
import { failing, offerRoutes } from "../wire/far-end.ts";
import type { Faults } from "../wire/faults.ts";
import type { Identities } from "../wire/identity.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import type { State } from "../wire/state.ts";
import { closed, type Vocabulary } from "../wire/vocabulary.ts";
import { channels } from "./channels.ts";
import { driveRoutes } from "./drive.ts";
import { gmailRoutes } from "./gmail.ts";
import { mailbox } from "./mailbox.ts";
import { notServed, refuse } from "./replies.ts";
import { type SampleSheet, sheetsRoutes } from "./sheets.ts";
import { type OAuthGrant, tokenRoute } from "./token.ts";
import { versions } from "./versions.ts";

export type GoogleFarEnd = FarEnd & {
  /** Somebody may have saved the sheet's file, or put it into the trash: channels are told if so. Call it once at the start as well. */
  touched: (spreadsheetId: string) => Promise<void>;
  /** Resolves when no notification is under way. */
  settled: () => Promise<void>;
  /** Breaches of the vendor's published description, in sentences. */
  violations: string[];
};

const everywhere: readonly Vocabulary[] = [ofEveryCall, { query: ["quotaUser", "fields"], type: "json" }];
const vocabulary: Record<string, Vocabulary> = {
  "POST /token": { type: "form" },
  "GET /v4/spreadsheets/:id": { query: ["ranges"] },
  // A sheet of ours is in no shared drive: it is found either way.
  "GET /drive/v3/files/:id": { query: ["supportsAllDrives"] },
  "POST /drive/v3/files/:id/watch": { query: ["supportsAllDrives"] },
};

export function googleFarEnd(options: {
  state: State;
  identities: Identities;
  faults: Faults;
  clock: MovableClock;
  random: () => number;
  sheets: Record<string, SampleSheet>;
  mailbox: { folder: string; account: string; oauth: OAuthGrant };
  /** Carries the notifications of push channels. */
  fetch?: typeof fetch;
  /** Waits between attempts at a notification; real time. */
  retryWaitsMs?: readonly number[];
}): GoogleFarEnd {
  const { state, identities, faults, clock, random, sheets } = options;
  const { folder, account, oauth } = options.mailbox;
  const now = clock.now;
  const violations = violationList();
  const saves = versions(state);
  const pushes = channels({
    state,
    now,
    random,
    fetch: options.fetch ?? fetch,
    retryWaitsMs: options.retryWaitsMs ?? [250, 500, 1000],
  });
  for (const [id, { file }] of Object.entries(sheets)) saves.look(id, file);

  const app = new Hono();
  app.use(failing("google", faults));
  app.use(closed(vocabulary, everywhere, (what, c) => refuse(c, notServed(what, violations))));
  tokenRoute(app, { identities, account, oauth, violations });
  sheetsRoutes(app, { identities, sheets, sky: faults.sky, now, violations });
  driveRoutes(app, { identities, sheets, channels: pushes, now, violations });
  gmailRoutes(app, { identities, account, mailbox: mailbox({ state, folder, now }), violations });
  offerRoutes("google", app);

  return {
    fetch: app.fetch,
    violations,
    settled: pushes.settled,
    async touched(spreadsheetId) {
      const sheet = sheets[spreadsheetId];
      if (sheet === undefined) return;
      const seen = saves.look(spreadsheetId, sheet.file);
      if (seen !== undefined && seen.told < seen.version) {
        await pushes.tell(spreadsheetId, "update");
        saves.told(spreadsheetId, seen.version);
      }
      const trashed = sheet.trashed?.() ?? false;
      if (saves.toldTrashed(spreadsheetId) === trashed) return;
      await pushes.tell(spreadsheetId, trashed ? "trash" : "untrash");
      saves.tellsTrashed(spreadsheetId, trashed);
    },
  };
}
