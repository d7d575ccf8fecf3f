import { setTimeout } from "node:timers/promises";
import { http } from "@google-cloud/functions-framework";
import { waitUntil } from "../../shared/clock.ts";
import { compose } from "../../shared/delivery/compose.ts";
import { budgetStore } from "../../shared/flow/budget-store.ts";
import { identityOf } from "../../shared/functions.ts";
import { type Github, githubClient } from "../../shared/github/client.ts";
import { resolveLogins } from "../../shared/github/logins.ts";
import { readTeams } from "../../shared/github/people.ts";
import { teamWrites } from "../../shared/github/team-writes.ts";
import { sheetReader } from "../../shared/sheets/read.ts";
import { sheetWriter } from "../../shared/sheets/write.ts";
import { syncMembers } from "./handler.ts";
import { needed } from "./quiet.ts";

const house = compose("sync-members", process.env);
const { bus, endpoints, ledger, now, secrets, settings } = house;
const identity = identityOf("sync-members", settings.project);
const sheet = sheetReader({ endpoints, identity });
const statusSheet = sheetWriter({ endpoints, identity });

// One client for each organisation and permission: it signs in once and keeps its token for an hour.
const clients = new Map<string, Github>();
function githubOf(organisation: string, members: "read" | "write"): Github {
  const key = `${organisation} ${members}`;
  const kept = clients.get(key);
  if (kept !== undefined) return kept;
  const { appId } = settings.github;
  const privateKey = () => secrets.read("github-app-key");
  const made = githubClient({ endpoints, appId, organisation, privateKey, permissions: { members } });
  clients.set(key, made);
  return made;
}

const budgets = budgetStore({ ledger, now, random: Math.random, pause: setTimeout });

http(
  "sync-members",
  house.worker(
    "sheet-changed",
    (event, run, delivery) => {
      const organisation = settings.hubs[event.hub]?.organisation ?? "";
      // A plan is made with a token that cannot write.
      const writing = event.dryRun !== true && settings.flows["sync-members"] === "apply";
      const github = githubOf(organisation, writing ? "write" : "read");
      return syncMembers(event, run, delivery, {
        ledger,
        budgets,
        now,
        settings,
        publish: bus.publish,
        pause: (milliseconds) => setTimeout(milliseconds),
        wait: (until) => waitUntil(until, { now, pause: setTimeout }),
        readSheet: sheet.readRows,
        readTeams: (slugs) => readTeams(github, organisation, slugs),
        resolveLogins: (logins) => resolveLogins(github, organisation, logins),
        writes: teamWrites(github, organisation),
        writeStatus: statusSheet.write,
      });
    },
    () => needed,
  ),
);
