import { setTimeout } from "node:timers/promises";
import { http } from "@google-cloud/functions-framework";
import { compose } from "../../shared/compose.ts";
import { identityOf } from "../../shared/functions.ts";
import { githubClient } from "../../shared/github/client.ts";
import { readTeams, resolveLogins, teamWrites } from "../../shared/github/people.ts";
import { sheetReader } from "../../shared/sheets/read.ts";
import { syncMembers } from "./handler.ts";

const house = compose("sync-members", process.env);
const { bus, endpoints, ledger, now, secrets, settings } = house;
const sheet = sheetReader({ endpoints, identity: identityOf("sync-members", settings.project) });

http(
  "sync-members",
  house.worker("sheet-changed", (event, run, delivery) => {
    const organisation = settings.hubs[event.hub]?.organisation ?? "";
    const writing = event.dryRun !== true && settings.flows["sync-members"] === "apply";
    const github = githubClient({
      endpoints,
      appId: settings.github.appId,
      organisation,
      privateKey: () => secrets.read("github-app-key"),
      permissions: { members: writing ? "write" : "read" },
    });
    return syncMembers(event, run, delivery, {
      ledger,
      now,
      settings,
      publish: bus.publish,
      pause: (milliseconds) => setTimeout(milliseconds),
      readSheet: sheet.readRows,
      readTeams: (slugs) => readTeams(github, organisation, slugs),
      resolveLogins: (logins) => resolveLogins(github, organisation, logins),
      writes: teamWrites(github, organisation),
    });
  }),
);
