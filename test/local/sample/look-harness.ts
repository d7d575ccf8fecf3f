// Sight of a sample hub as a person has it, for tests: a sheet, a mailbox and an organisation, in a folder of their own.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WorldClient } from "../../../functions/console/sample/hub.ts";
import { lateEvents } from "../../../local/instance/late-events.ts";
import { type WorldDoorDeps, worldDoor } from "../../../local/sample/world-door.ts";
import { appendLine } from "../../../local/slack/log.ts";
import type { MovableClock } from "../../../local/wire/movable-clock.ts";
import { openState } from "../../../local/wire/state.ts";
import { calendarIn } from "../../../local/wire/weather.ts";
import { buildMessage } from "../../../shared/mail/message.ts";
import { githubHarness, organisation } from "../github/harness.ts";

export type LookHarness = Awaited<ReturnType<typeof lookHarness>>;

/** As they are sent to Slack. */
const posts = [
  ["2026-03-02T06:30:00.000Z", "prod: 3 removals wait for you\n\nbecause a &lt;b&gt;cell&lt;/b&gt; is empty"],
  [
    "2026-03-02T06:45:00.000Z",
    "prod: images 2026.03 are proposed\n\n<https://github.com/o/r/pull/1?a=1&amp;b=2>",
  ],
].map(([at = "", text = ""]) => ({ at, channel: "C0SAMPLEHUB", text }));

/** A hub "prod" with `rows` rows in its sheet, dee-d and eve-e invited to the team base, two mails and two messages in Slack. */
export async function lookHarness(clock: MovableClock, rows = 30) {
  const folder = mkdtempSync(join(tmpdir(), "look-"));
  const mailbox = join(folder, "mailbox");
  mkdirSync(mailbox);
  mkdirSync(join(folder, "buckets", "scratch", "results"), { recursive: true });
  writeFileSync(join(folder, "buckets", "scratch", "notes.txt"), "notes");
  const file = join(folder, "members.csv");
  const people = Array.from(
    { length: rows },
    (_, index) => `Person ${index + 2},p${index + 2}@example.org,p-${index + 2}`,
  );
  writeFileSync(file, ["Name,Email,GitHub username", ...people, ""].join("\n"));
  const mails = [
    ["20260302T070000000Z-first-0a", "The first", "Hello <b>you</b>,\n\nall is well.\n"],
    [
      "20260302T071500000Z-second-0b",
      "Zugang f\u00fcr S\u00f8ren \u2013 fast da",
      "Dear S\u00f8ren,\n\n\u2713 done = true\n",
    ],
  ] as const;
  for (const [name, subject, text] of mails)
    writeFileSync(
      join(mailbox, `${name}.eml`),
      await buildMessage(
        { key: name, to: ["ada@example.org"], subject, text, date: new Date("2026-03-02T07:15:00Z") },
        "hub@example.org",
      ),
    );
  writeFileSync(join(mailbox, ".half.eml.new"), "not yet");
  for (const post of posts) appendLine(join(folder, "slack.log"), post);

  const github = githubHarness();
  const octokit = await github.client("write")();
  const base = await octokit.request("GET /orgs/{org}/teams/{team_slug}", {
    org: organisation,
    team_slug: "base",
  });
  for (const username of ["dee-d", "eve-e"]) {
    const user = await octokit.request("GET /users/{username}", { username });
    await octokit.request("POST /orgs/{org}/invitations", {
      org: organisation,
      invitee_id: Number(user.data.id),
      team_ids: [base.data.id],
    });
  }
  const published: [topic: string, data: string][] = [];
  const late = lateEvents({
    state: github.state,
    clock,
    enabled: true,
    publish: async (topic, data) => published.push([topic, data]),
  });
  return {
    folder,
    file,
    published,
    organisation: github.farEnd,
    deps: {
      folder,
      mailbox,
      slackLog: join(folder, "slack.log"),
      hubs: [{ hub: "prod", organisation, file }],
      github: github.farEnd,
      late,
      buckets: join(folder, "buckets"),
    },
    close(): void {
      late.close();
      github.state.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The switches of a sample hub over what a person sees of it, as the console asks them. */
export function switchesOver(
  look: LookHarness,
  options: Pick<WorldDoorDeps, "token" | "clock" | "faults"> & Partial<WorldDoorDeps>,
): WorldClient {
  const door = worldDoor({
    weather: calendarIn(openState(":memory:"), () => options.clock.now().getTime()),
    movedMs: () => 0,
    schedules: () => [],
    pending: () => 0,
    look: look.deps,
    machines: { list: () => [], preempt: () => false },
    decidePull: async () => "",
    ...options,
  });
  const headers = { authorization: `Bearer ${options.token}` };
  return async ({ method, path, body }) =>
    door.request(path, { method, headers, ...(body === undefined ? {} : { body }) });
}
