// Schema of groundcrew.yaml, the one settings file: it checks the file, completes it in editors (groundcrew.schema.json is made
// from here) and explains it. Unknown keys are errors. Secrets are never in it.
import * as z from "zod";
import { isTimeZone } from "./clock.ts";
import { AskerName, HubName } from "./events.ts";
import type { FlowName } from "./functions.ts";
import { loginForm } from "./github/login-form.ts";
import { ImagesSettings } from "./images/settings.ts";
import { MembersSettings } from "./members/settings.ts";
import { QuotaSettings } from "./quota/settings.ts";
import { HubLimits } from "./settings/limits.ts";
import { MachineSettings, RcloneSettings } from "./settings/machine.ts";
import { Prices, StorePrices } from "./settings/prices.ts";

const Seconds = z.number().int().min(0).max(86_400);
const Login = z.string().regex(loginForm, "not a GitHub login");

const BucketName = z.string().regex(/^[a-z0-9][a-z0-9._-]{1,61}[a-z0-9]$/, "not a bucket's name");

const writers = z
  .array(AskerName)
  .min(1)
  .optional()
  .describe(
    "Names of those who may ask for copies into it. Until people sign in, a name is only typed: the rule is kept, and nobody relies on it. Without it: everybody.",
  );

const replaceable = z
  .boolean()
  .optional()
  .describe(
    "Transfers of the modes update and sync may replace and delete objects in it, and machines get the right to. Without it objects are only ever added.",
  );

const Remote = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("gcs"),
    bucket: BucketName.describe("The bucket's name."),
    writers,
    replaceable,
  }),
  z.strictObject({
    kind: z.literal("s3"),
    bucket: BucketName.describe("The bucket's name."),
    endpoint: z.url({ protocol: /^https$/ }).describe("Where the S3-compatible store answers."),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/)
      .default("us-east-1")
      .describe("What requests are signed for."),
    provider: z.enum(["AWS", "Ceph", "Minio", "Other"]).default("Other").describe("As rclone calls it."),
    prices: StorePrices.optional().describe("What its owner takes, in dollars. Without it: nothing."),
    writers,
    replaceable,
  }),
]);

/** Name of a remote, which nothing else can be taken for: no colon, no comma, no leading dash. */
const RemoteName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "a remote's name is of a-z, 0-9 and -");

const Transfers = z.strictObject({
  remotes: z
    .record(RemoteName, Remote)
    .describe("The buckets that transfers go between, by the names that requests use."),
  machine: MachineSettings.prefault({}).describe("What copies: Spot machines that are always deleted."),
  rclone: RcloneSettings.prefault({}).describe("The program that copies (https://rclone.org)."),
  prices: Prices.prefault({}).describe("What Google Cloud takes, in dollars."),
  gigabytesPerMachine: z
    .number()
    .positive()
    .default(2000)
    .describe("Another machine for each of these, up to the limit."),
  approveAbove: z
    .strictObject({
      dollars: z.number().min(0).optional().describe("That it may cost at most."),
      gigabytes: z.number().min(0).optional().describe("To be copied."),
      objects: z.number().int().min(0).optional().describe("To be copied."),
    })
    .prefault({})
    .describe(
      "A plan with more of any of these waits until a person has approved it, and is then carried out as it was shown. Without them, only a plan that takes something away waits (modes update and sync).",
    ),
  approvalHours: z.number().int().min(1).max(168).default(24).describe("How long an approval counts."),
  requestDays: z
    .number()
    .min(0.01)
    .max(90)
    .default(7)
    .describe(
      "For how long a request may wait to begin, for approval or for another transfer too. Then it has to be asked for again.",
    ),
  lookSeconds: Seconds.default(60).describe("How often a running transfer is looked at."),
  limits: z
    .strictObject({
      machines: z.number().int().min(1).max(32).default(4).describe("At a time, of one transfer."),
      hours: z.number().min(0.1).max(120).default(12).describe("From the first machine to the end."),
      dollars: z
        .number()
        .min(0)
        .default(200)
        .describe("Machines, egress, retrieval and requests together, of one transfer."),
      gigabytes: z.number().positive().default(20_000).describe("Of one transfer."),
      preemptions: z.number().int().min(0).max(100).default(20).describe("Of one machine's place."),
      errors: z.number().int().min(0).max(20).default(3).describe("Of one list, and of one machine's place."),
    })
    .prefault({})
    .describe(
      "Of each transfer; those of all together are the hub's `limits`. A request beyond these is refused; a running one that reaches them is stopped.",
    ),
});

const Hub = z.strictObject({
  organisation: Login.describe("The GitHub organisation that holds the teams."),
  url: z.url().describe("Where people log in to the hub; stands in mails."),
  timeZone: z
    .string()
    .refine(isTimeZone, "not the name of a time zone, such as America/New_York")
    .default("UTC")
    .describe(
      "The time zone, by its name such as America/New_York, in which the last day of a membership ends.",
    ),
  limits: HubLimits.prefault({}).describe(
    "What all of its flows together may use up. Whatever is beyond waits; only a transfer that could never fit is refused.",
  ),
  members: MembersSettings.optional(),
  quota: QuotaSettings.optional().describe("The home volume. Without it, nobody looks."),
  images: ImagesSettings.optional(),
  transfers: Transfers.optional(),
});

const Flow = z.enum(["off", "plan", "apply"]);

export const Settings = z.strictObject({
  project: z
    .string()
    .regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, "a project's id is 6 to 30 of a-z, 0-9 and -, a letter first")
    .describe("The Google Cloud project of this stack."),
  name: z.string().min(1).max(60).describe("What people call this installation."),
  team: z.strictObject({
    mail: z.array(z.email()).min(1).describe("Who is told when something waits for a person."),
    sender: z.email().describe("The address that mails come from."),
    slack: z
      .strictObject({
        channel: z
          .string()
          .regex(
            /^[CG][A-Z0-9]{8,20}$/,
            "a channel's id, such as C0123456789; it stands at the end of the channel's details in Slack",
          )
          .describe(
            "The channel's id. The app needs the bot scope chat:write and an invitation there; its token is the secret slack-bot-token.",
          ),
      })
      .optional()
      .describe("Tells the team in Slack instead of by mail; people get mails all the same."),
  }),
  github: z.strictObject({ appId: z.number().int().positive().describe("The GitHub App's id.") }),
  flows: z
    .strictObject({
      "sync-members": Flow.default("off").describe("The sheet of members to GitHub's teams."),
      "scan-quotas": Flow.default("off").describe("The sizes of homes to mails and a history."),
      "bump-image": Flow.default("off").describe("A release of the images to a pull request."),
      "run-transfer": Flow.default("off").describe("A request to a copy by Spot machines."),
    } satisfies Record<FlowName, z.ZodType>)
    .describe("off: not deployed. plan: says what it would do. apply: does it."),
  retry: z
    .strictObject({
      minimumSeconds: z.number().int().min(0).max(600).default(10).describe("The first wait."),
      maximumSeconds: z.number().int().min(0).max(600).default(600).describe("The longest."),
    })
    // A wait cannot grow to less than it begins with: one of the two is a slip.
    .refine(({ minimumSeconds, maximumSeconds }) => minimumSeconds <= maximumSeconds, {
      path: ["maximumSeconds"],
      error: "is less than minimumSeconds",
    })
    .prefault({})
    .describe(
      "How a failed delivery comes back, for a day (a message to people for three): the wait grows from the minimum to the maximum.",
    ),
  hubs: z
    .record(HubName, Hub)
    .refine((hubs) => Object.keys(hubs).length > 0, "name at least one hub")
    .superRefine((hubs, context) => {
      for (const [hub, spreadsheet] of statusInUse(hubs))
        context.addIssue({
          code: "custom",
          path: [hub, "members", "status", "spreadsheet"],
          message: "it is written over, so it must be a spreadsheet of its own",
          input: spreadsheet,
        });
      for (const { hub, tier, team, other } of teamsOfTwoSheets(hubs))
        context.addIssue({
          code: "custom",
          path: [hub, "members", "tiers", tier],
          message: `the hubs ${other} and ${hub} both give the team ${team}, from different sheets or for different tiers: each would take away the other's people; give each hub a team of its own`,
          input: team,
        });
    }),
});
export type Settings = z.infer<typeof Settings>;
export type Hub = Settings["hubs"][string];
export type TransferSettings = z.infer<typeof Transfers>;
export type Remote = z.infer<typeof Remote>;

/** Finds status sheets that another hub writes, too, or in which members or applications stand. */
function statusInUse(hubs: Record<string, Hub>): [hub: string, spreadsheet: string][] {
  const all = Object.entries(hubs).flatMap(([hub, { members }]) =>
    members === undefined
      ? []
      : [
          {
            hub,
            read: [members.spreadsheet, members.applications?.spreadsheet],
            status: members.status?.spreadsheet,
          },
        ],
  );
  return all.flatMap(({ hub, status }): [string, string][] => {
    const isTaken = all.some(
      (other) => other.read.includes(status) || (other.hub !== hub && other.status === status),
    );
    return status !== undefined && isTaken ? [[hub, status]] : [];
  });
}

/** Finds teams of which two hubs say otherwise who is in them: each takes for left whom the other lets in. */
function teamsOfTwoSheets(hubs: Record<string, Hub>) {
  const given = new Map<string, { hub: string; by: string }>();
  return Object.entries(hubs).flatMap(([hub, { organisation, members }]) => {
    if (members === undefined) return [];
    const { spreadsheet, tab, tiers } = members;
    const byTeam = Map.groupBy(Object.keys(tiers), (tier) => tiers[tier] ?? "");
    return [...byTeam].flatMap(([team, [tier = "", ...others]]) => {
      const by = JSON.stringify([spreadsheet, tab, [tier, ...others].sort()]);
      const name = `${organisation.toLowerCase()}/${team}`;
      const first = given.get(name);
      if (first === undefined) given.set(name, { hub, by });
      return first === undefined || first.by === by ? [] : [{ hub, tier, team, other: first.hub }];
    });
  });
}

/** Settings as Pulumi and the sample hub hand them to a function, in one variable. */
export function settingsFrom(env: Record<string, string | undefined>): Settings {
  return Settings.parse(JSON.parse(env["GROUNDCREW_SETTINGS"] ?? "null"));
}
