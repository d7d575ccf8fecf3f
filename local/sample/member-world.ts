// Events around the sample hub's sheets when somebody saves one. Newcomers in it get an account at the sample GitHub, and Drive
// tells of the save whoever has asked it to.

import type { Settings } from "../../shared/settings.ts";
import type { GithubFarEnd } from "../github/far-end.ts";
import type { GoogleFarEnd } from "../google/far-end.ts";
import { sheetFiles } from "./files-of-hubs.ts";
import { newcomers } from "./newcomers.ts";
import type { WorldFolder } from "./world.ts";

export type MemberWorld = ReturnType<typeof memberWorld>;

export function memberWorld(options: {
  world: WorldFolder;
  settings: Settings;
  far: { github: Pick<GithubFarEnd, "people">; google: Pick<GoogleFarEnd, "touched"> };
  log: (line: string) => void;
}) {
  const { world, settings, far, log } = options;
  const { people } = far.github;
  const sheets = sheetFiles(settings, world);

  function welcome(): void {
    for (const { file, members } of sheets)
      for (const login of newcomers(file, members.columns, people.logins())) people.signUp(login);
  }

  return {
    /** The sheets' files. */
    files: sheets.map(({ file }) => file),
    welcome,
    /** After a save of one of the files, or of any while nothing ran. */
    async saved(): Promise<void> {
      try {
        welcome();
        for (const { members } of sheets) await far.google.touched(members.spreadsheet);
      } catch {
        log("a save of the sheet could not be told; the next heartbeat sees it");
      }
    },
  };
}
