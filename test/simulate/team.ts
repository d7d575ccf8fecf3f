// A team that reads Slack, and send-notice with its secrets from Secret Manager: what no other simulation needs.

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needsOf, sendNotice } from "../../functions/send-notice/handler.ts";
import { mailBudget } from "../../functions/send-notice/mail-budget.ts";
import { secretsFarEnd } from "../../local/secrets/far-end.ts";
import { slackFarEnd } from "../../local/slack/far-end.ts";
import { readLines } from "../../local/slack/log.ts";
import { budgetStore } from "../../shared/flow/budget-store.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { secrets } from "../../shared/secrets.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import type { Harness } from "./flow.ts";
import type { House } from "./house.ts";
import { endpoints, oauth, project } from "./world.ts";

let instances = 0;
const channel = "C0SIMULATED";

/** Call it once a scene: it gives the worker, and what the team has read. */
export function notifier(harness: Pick<Harness, "world">, refreshToken = oauth.refreshToken) {
  const { world } = harness;
  const folder = join(world.folder, "secrets");
  const values = {
    "gmail-oauth": JSON.stringify({
      client_id: oauth.clientId,
      client_secret: oauth.clientSecret,
      refresh_token: refreshToken,
    }),
    "slack-bot-token": "xoxb-of-the-team",
  };
  for (const [name, value] of Object.entries(values)) {
    mkdirSync(join(folder, name), { recursive: true });
    writeFileSync(join(folder, name, "1"), value);
  }
  const file = join(world.folder, "slack.log");
  world.hosts.set(
    "slack.far",
    slackFarEnd({ ...world, file, channels: [{ id: channel }], token: () => values["slack-bot-token"] }),
  );
  world.hosts.set("secrets.far", secretsFarEnd({ ...world, project, folder }));
  world.settings.team.slack = { channel };
  const worker = (house: House) => {
    const { ledger, now, settings } = house;
    // Every delivery asks anew: what is kept for five real minutes would hide an outage.
    const read = (name: keyof typeof values) =>
      secrets({ project, endpoints: { secrets: "http://secrets.far" } }).read(name);
    const mail = gmail({ endpoints, oauth: () => read("gmail-oauth"), sender: settings.team.sender });
    instances += 1;
    const mails = mailBudget({
      budgets: budgetStore({ ledger, now, random: () => 0.5, pause: async () => undefined }),
      now,
      settings,
      instance: `instance ${instances}`,
    });
    const slack = slackChat({
      endpoints: { slack: "http://slack.far" },
      token: () => read("slack-bot-token"),
    });
    return house.worker(
      "notice",
      (notice, run, delivery) =>
        sendNotice(notice, run, delivery, { ledger, mail, mails, now, settings, slack }),
      (notice) => needsOf(notice, settings),
    );
  };
  return {
    worker,
    /** Lists what the team has read, newest first. */ posts: (most = 1000) => readLines(file, most).posts,
  };
}
