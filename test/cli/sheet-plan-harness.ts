// The command `members plan --sheet` against a GitHub on a port: a folder with settings, an exported sheet, and a person's token.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PersonToken } from "../../local/github/app-auth.ts";
import { serveFarEnd } from "../../local/wire/far-end.ts";
import { githubHarness, organisation } from "../local/github/harness.ts";
import { fewMembers, fewSettings } from "../local/sample/sample-settings.ts";
import { command } from "./in-process.ts";

export const header = "Name,Email,GitHub username,Membership tier,Membership expires";
export const token = "github_pat_of_an_owner";
export const reading: PersonToken = {
  login: "Olga-Owner",
  token,
  organisation,
  permissions: { members: "read" },
};

/** Serves the organisation; `plan` writes the sheet and runs the command. */
export async function sheetHub(options: Parameters<typeof githubHarness>[0] & { tiers?: object } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "sheet-plan-"));
  const { tiers = { Research: "full", Public: "public" }, ...given } = options;
  const github = githubHarness({ persons: [reading], ...given });
  const served = await serveFarEnd({ ...github.farEnd, fetch: (request) => github.send(request) });
  const hub = { ...fewSettings.hubs.prod, organisation, members: { ...fewMembers, tiers } };
  writeFileSync(join(folder, "groundcrew.yaml"), JSON.stringify({ ...fewSettings, hubs: { prod: hub } }));
  return {
    ...github,
    folder,
    async plan(
      sheet: string | Buffer,
      flags: string[] = ["--json"],
      env: Record<string, string> = { GROUNDCREW_GITHUB_TOKEN: token },
    ) {
      writeFileSync(join(folder, "members.csv"), sheet);
      github.requests.length = 0;
      return command(["members", "plan", "--sheet", "members.csv", ...flags], {
        cwd: folder,
        env: { GROUNDCREW_ENDPOINTS: JSON.stringify({ github: served.url }), ...env },
        now: () => new Date("2031-03-03T10:00:00Z"),
      });
    },
    async close() {
      await served.close();
      rmSync(folder, { recursive: true });
    },
  };
}
