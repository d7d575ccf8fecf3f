// A team that reads Slack, and send-notice with its secrets from Secret Manager: what no other simulation needs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { secretsFarEnd } from "../../local/secrets/far-end.ts";
import { slackFarEnd } from "../../local/slack/far-end.ts";
import { readLines } from "../../local/slack/log.ts";
import { gmail } from "../../shared/mail/gmail.ts";
import { secrets } from "../../shared/secrets.ts";
import { slackChat } from "../../shared/slack/chat.ts";
import type { Harness } from "./flow.ts";
import { type House, noticeWorker } from "./house.ts";
import { endpoints, oauth, project } from "./world.ts";

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
    // Every delivery asks anew: what is kept for five real minutes would hide an outage.
    const read = (name: keyof typeof values) =>
      secrets({ project, endpoints: { secrets: "http://secrets.far" } }).read(name);
    const { sender } = house.settings.team;
    return noticeWorker(house, {
      mail: gmail({ endpoints, oauth: () => read("gmail-oauth"), sender }),
      slack: slackChat({ endpoints: { slack: "http://slack.far" }, token: () => read("slack-bot-token") }),
    });
  };
  return {
    worker,
    /** Lists what the team has read, newest first. */
    posts: (most = 1000) => readLines(file, most).posts,
  };
}
