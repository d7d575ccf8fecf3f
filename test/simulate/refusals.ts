// Troubles that no time mends, under a heartbeat every quarter of an hour, for as many hours as are asked for; on the movable clock.
// Prints a line of JSON for each: what the team was told, and what was kept.
import * as z from "zod";
import { envelope } from "../../local/pubsub/push.ts";
import type { FunctionName } from "../../shared/functions.ts";
import type { Harness } from "./flow.ts";
import { takeOver } from "./wire.ts";

takeOver();
z.config({ jitless: true });
process.env["GCE_METADATA_HOST"] = "metadata.far";
process.env["METADATA_SERVER_DETECTION"] = "assume-present";
const { simulatedFrontEnd } = await import("./front-end.ts");
const { commonWorkers, makeHouse } = await import("./house.ts");
const { randomOf } = await import("./random.ts");
const { calm } = await import("./weather.ts");
const { sender } = await import("./wire.ts");
const { postsOf, readsSlack } = await import("./team.ts");
const { mailSecret, putSecret } = await import("./world.ts");
const { syncMembersFlow } = await import("./flows/sync-members.ts");

const newcomers = 3;
const heartbeat = { v: 1, hub: "prod", why: "schedule" };
const quarters = 4 * Number(process.argv[2] ?? 4);

type Trouble = {
  name: string;
  /** Answer that is given instead, to the calls that it hits. */
  answer?: { host: string; path: RegExp; with: () => Response };
  /** Changes that somebody has made elsewhere. */
  changes?: (harness: Harness) => void;
  refreshToken?: string;
};

const github = (status: number, message: string) => () => Response.json({ message }, { status });
const membersOf = ({ world }: Harness) => {
  const members = world.settings.hubs["prod"]?.members;
  if (members === undefined) throw new Error("the hub has no members");
  return members;
};

const troubles: Trouble[] = [
  { name: "Gmail's consent withdrawn", refreshToken: "1//revoked" },
  {
    name: "sheet unshared",
    answer: {
      host: "google",
      path: /^\/v4\/spreadsheets/,
      with: () =>
        Response.json(
          {
            error: { code: 403, message: "The caller does not have permission", status: "PERMISSION_DENIED" },
          },
          { status: 403 },
        ),
    },
  },
  {
    name: "App key revoked",
    answer: {
      host: "github",
      path: /access_tokens$|\/installation$/,
      with: github(401, "A JSON web token could not be decoded"),
    },
  },
  {
    name: "App suspended",
    answer: {
      host: "github",
      path: /access_tokens$/,
      with: github(403, "This installation has been suspended"),
    },
  },
  {
    name: "team renamed",
    changes: (harness) => {
      membersOf(harness).tiers["Research"] = "renamed-access";
    },
  },
  {
    name: "tab renamed",
    changes: (harness) => {
      membersOf(harness).tab = "People";
    },
  },
  {
    name: "every invitation refused",
    answer: {
      host: "github",
      path: /^\/orgs\/[^/]+\/invitations$/,
      with: () =>
        Response.json(
          {
            message: "Validation Failed",
            errors: [
              {
                resource: "OrganizationInvitation",
                code: "unprocessable",
                message: "You must purchase at least one more seat to add this user as a member.",
              },
            ],
          },
          { status: 422 },
        ),
    },
  },
];

/** Delivers whatever is due at this moment, until nothing is. */
function deliverer(harness: Harness): () => Promise<void> {
  const { pubsub } = harness.world;
  const workers = { ...commonWorkers, ...harness.workers };
  const frontEnd = simulatedFrontEnd(harness.world, (name) => {
    const worker = workers[name];
    if (worker === undefined) throw new Error(`nobody simulates ${name}`);
    return worker(makeHouse(name, harness.world, []));
  });
  return async () => {
    for (let due = pubsub.due(); due.length > 0; due = pubsub.due())
      for (const held of due)
        for (const leased of pubsub.lease(held, 100)) {
          const name = (held.is.name.split("/").at(-1) ?? "") as FunctionName;
          const raw = Buffer.from(JSON.stringify(envelope(leased, held)));
          const answer = await frontEnd.push(name, raw, {
            run: (process, request) => sender.run({ ...nobody, name }, () => process(request)),
            refused: () => undefined,
          });
          if (answer?.status === 204) pubsub.acknowledge(held, leased.message.id, leased.attempt);
          else pubsub.fail(held, leased.message.id, leased.attempt);
        }
  };
}

/** A delivery that nothing strikes. */
const nobody = {
  number: 1,
  messageId: "",
  dead: false,
  die: () => undefined,
  blind: false,
  checked: false,
  wrote: [],
};

async function suffer({ name, answer, changes, refreshToken }: Trouble): Promise<object> {
  const harness = await syncMembersFlow.open(randomOf(7), calm);
  const { world } = harness;
  try {
    membersOf(harness).invitationsPerDay = 450;
    // These looks bring what the seed has drawn, and whom it lets mistype their login is mailed: what follows is this scene's own.
    for (let look = 0; look < 2; look += 1) {
      world.announce("sheet-changed", heartbeat);
      await deliverer(harness)();
      world.clock.moveBy(45 * 60_000);
    }
    readsSlack(world);
    if (refreshToken !== undefined) putSecret(world.folder, "gmail-oauth", mailSecret(refreshToken));
    const deliverAll = deliverer(harness);
    for (let n = 0; n < newcomers; n += 1) harness.join?.();
    changes?.(harness);
    world.strike.outage = (host, call) => {
      const [method, path = ""] = call.split(" ");
      return answer !== undefined &&
        host === answer.host &&
        (method !== "GET") === (answer.host === "github") &&
        answer.path.test(path)
        ? answer.with()
        : undefined;
    };
    for (let quarter = 0; quarter < quarters; quarter += 1) {
      world.announce("sheet-changed", heartbeat);
      for (let step = 0; step < 3; step += 1) {
        await deliverAll();
        world.clock.moveBy(5 * 60_000);
        world.announce("continue-due", { v: 1 });
      }
    }
    const failing = world
      .records("runs/")
      .filter(({ metadata }) => metadata["outcome"] === "failed" || metadata["outcome"] === "blocked");
    return {
      name,
      told: postsOf(world).map(({ text }) => text.split("\n")[0]),
      undelivered: world.records("undelivered/").length,
      runs: failing.length,
    };
  } finally {
    world.close();
  }
}

for (const trouble of troubles) process.stdout.write(`${JSON.stringify(await suffer(trouble))}\n`);
