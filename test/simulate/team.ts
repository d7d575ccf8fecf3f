// A team that reads Slack, whatever the seed has drawn, and what it has read.
import { join } from "node:path";
import { readLines, type SlackLine } from "../../local/slack/log.ts";
import { channel, type World } from "./world.ts";

/** Call it before any process starts. */
export function readsSlack(world: World): void {
  world.settings.team.slack = { channel };
}

/** Lists what the team has read, newest first. */
export const postsOf = ({ folder }: Pick<World, "folder">, most = Number.POSITIVE_INFINITY): SlackLine[] =>
  readLines(join(folder, "slack.log"), most).posts;
