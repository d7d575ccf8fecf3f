// One simulated world: a hub with its far ends in this process, a clock that stands until it is moved, and a record of
// everything that crosses the wire, which is where faults, crashes and pauses strike.
import { generateKeyPairSync } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as z from "zod";
import { googleFarEnd } from "../../local/google/far-end.ts";
import { metadataFarEnd } from "../../local/metadata/far-end.ts";
import { whoSees } from "../../local/sample/files-of-hubs.ts";
import { secretsFarEnd } from "../../local/secrets/far-end.ts";
import { slackFarEnd } from "../../local/slack/far-end.ts";
import { storageFarEnd } from "../../local/storage/far-end.ts";
import { notifier } from "../../local/storage/notifications.ts";
import type { FarEnd } from "../../local/wire/far-end.ts";
import { faultStore } from "../../local/wire/faults.ts";
import { type Identities, identities } from "../../local/wire/identity.ts";
import { stoppedClock } from "../../local/wire/movable-clock.ts";
import { oidcIssuer } from "../../local/wire/oidc.ts";
import { openState } from "../../local/wire/state.ts";
import { skyOver } from "../../local/wire/weather.ts";
import { causes } from "../../shared/delivery/passage.ts";
import { type EventName, type EventOf, events } from "../../shared/events.ts";
import {
  type FunctionName,
  functionNames,
  identityOf,
  ledgerBucket,
  type SecretName,
} from "../../shared/functions.ts";
import type { Settings } from "../../shared/settings.ts";
import { simulatedPubsub } from "./pubsub.ts";
import type { Random } from "./random.ts";
import { type Delivery, outOfOrder, strikes } from "./strikes.ts";
import { timelineBy } from "./timeline.ts";
import { start, type Weather } from "./weather.ts";
import { lay, sender } from "./wire.ts";

export const project = "sample-hub";
/** Keys and tokens are kept for the whole process: making them takes longer than a seed. */
const own = openState(":memory:");
export const issuer = oidcIssuer(own);
export const known = remembering(
  identities({
    ...{ state: own, project, remoteBuckets: ["persistent", "scratch", "mirror"] },
    replaceableBuckets: ["mirror"],
  }),
);
export const oauth = { clientId: "client", clientSecret: "secret-of-client", refreshToken: "1//refresh" };
/** Channel of every team that reads Slack. */
export const channel = "C0SIMULATED";
const slackToken = "xoxb-of-the-team";
export const appKey = generateKeyPairSync("rsa", {
  modulusLength: 1024,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
export const endpoints = {
  storage: "http://storage.far",
  google: "http://google.far",
  github: "http://github.far",
  registry: "http://registry.far",
  prometheus: "http://prometheus.far",
  compute: "http://compute.far",
  s3: "http://s3.far",
  slack: "http://slack.far",
  secrets: "http://secrets.far",
  certificates: "http://certificates.far/certs",
};
const metadata = new Map(
  functionNames.map((name) => [
    name,
    metadataFarEnd({ identities: known, faults: faultStore(), email: identityOf(name, project), project }),
  ]),
);

/** A token that was once found good is not signed anew to see that it is. */
function remembering(all: Identities): Identities {
  const found = new Map<string, ReturnType<Identities["callerOf"]>>();
  return {
    ...all,
    callerOf(authorization) {
      const name = authorization ?? "";
      const caller = found.get(name) ?? all.callerOf(authorization);
      if (caller !== undefined) found.set(name, caller);
      return caller;
    },
  };
}

const operator: Delivery = {
  number: 0,
  name: "console",
  messageId: "",
  operator: true,
  dead: false,
  die: () => undefined,
  blind: false,
  checked: false,
  wrote: [],
};
const memory = existsSync("/dev/shm") ? "/dev/shm" : tmpdir();
const Stored = z.object({ name: z.string(), file: z.string(), attributes: z.string() });
const Metadata = z.object({ metadata: z.record(z.string(), z.string()).default({}) });

export type World = Awaited<ReturnType<typeof makeWorld>>;

export async function makeWorld(options: {
  random: Random;
  settings: Settings;
  weather: Weather;
  sheet?: { id: string; tab: string; status: string };
  buckets?: Record<string, string>;
}) {
  const { random, settings, weather } = options;
  const folder = mkdtempSync(join(memory, "groundcrew-simulation-"));
  const state = openState(":memory:");
  const clock = stoppedClock(start);
  const file = join(folder, "members.csv");
  const timeline = timelineBy(clock.now);
  const strike = strikes({ random, timeline });
  const sky = skyOver(
    () => clock.now().getTime(),
    () => strike.weather.spells,
  );
  // It strikes deliveries alone: whoever operates, and machines at work, get through.
  strike.outage = (host, call) => outOfOrder(sky, host, call);
  const faults = { ...faultStore(sky), strike: () => undefined };
  const far = { state, identities: known, faults, clock, now: clock.now, random: random.next };
  for (const spell of weather.spells) timeline.note(`${spell.name} ${JSON.stringify(spell)}`);
  const pubsub = await simulatedPubsub({ ...far, now: () => clock.now().getTime(), settings });
  let uploads = 0;
  let writes = 0;
  const storage = storageFarEnd({
    ...far,
    random: () => `upload-${++uploads}`,
    append: async (to, bytes) => appendFileSync(to, bytes),
    buckets: {
      [ledgerBucket(project)]: {
        folder: join(folder, "ledger"),
        layout: "opaque",
        onChange: notifier({
          pubsub: {
            publish: async (topic, data, attributes = {}) =>
              pubsub.publish(topic, JSON.parse(String(data)), { ...attributes }),
          },
          now: clock.now,
        }),
      },
      ...Object.fromEntries(
        Object.entries(options.buckets ?? {}).map(([name, at]) => [
          name,
          { folder: join(folder, at), layout: "opaque" as const },
        ]),
      ),
    },
  });
  const statusFile = join(folder, "status.csv");
  const google = googleFarEnd({
    ...far,
    sheets:
      options.sheet === undefined
        ? {}
        : {
            [options.sheet.id]: {
              file,
              tab: options.sheet.tab,
              sharedWith: () => whoSees("sheet", { project }),
            },
            [options.sheet.status]: {
              file: statusFile,
              tab: "Sheet1",
              sharedWith: () => [],
              editors: () => whoSees("status sheet", { project }),
            },
          },
    mailbox: { folder: join(folder, "mailbox"), account: settings.team.sender, oauth },
  });
  const slack = slackFarEnd({
    ...far,
    file: join(folder, "slack.log"),
    channels: [{ id: channel }],
    token: () => slackToken,
  });
  putSecret(folder, "slack-bot-token", slackToken);
  putSecret(folder, "gmail-oauth", mailSecret(oauth.refreshToken));
  const secrets = secretsFarEnd({ ...far, project, folder: join(folder, "secrets") });
  const hosts = new Map<string, FarEnd>([
    ["storage.far", storage],
    ["google.far", google],
    ["slack.far", slack],
    ["secrets.far", secrets],
    ["certificates.far", issuer.app],
  ]);
  const violations: string[][] = [storage, google, slack, secrets].map((one) => one.violations);
  const published: { topic: string; event: unknown; id: string }[] = [];

  lay(async (host, request) => {
    const who = sender.getStore();
    if (host === "metadata.far") {
      const server = metadata.get(who?.name ?? "console");
      if (server === undefined) throw new Error("nobody's metadata server was asked");
      return server.fetch(request);
    }
    const farEnd = hosts.get(host);
    if (farEnd === undefined) throw new Error(`the world has no ${host}`);
    const { pathname } = new URL(request.url);
    // Signing in is left alone: its clients try again by the real clock.
    if (who === undefined || who.operator || host === "certificates.far" || pathname === "/token")
      return farEnd.fetch(request);
    return strike.carry(who, host.replace(".far", ""), request, async () => farEnd.fetch(request));
  });

  /** As the operator, past everything that may strike. */
  const announce = (topic: EventName, event: unknown): void => {
    timeline.note(`published on ${topic}: ${JSON.stringify(event)}`);
    published.push({ topic, event, id: pubsub.publish(topic, event, { event: topic }) });
  };

  return {
    ...far,
    folder,
    sheetFile: file,
    statusFile,
    settings,
    weather,
    pubsub,
    timeline,
    nextWrite: () => ++writes,
    strike,
    hosts,
    violations,
    published,
    announce,
    /** A function's own way to publish. */
    publishAs: async <N extends EventName>(
      name: N,
      event: EventOf<N>,
      attributes: Record<string, string> = {},
    ): Promise<string> => {
      const who = sender.getStore();
      const parsed = events[name].parse(event);
      const send = async () => {
        const id = pubsub.publish(name, parsed, {
          ...causes(attributes),
          ...attributes,
          event: name,
          v: "1",
        });
        published.push({ topic: name, event: parsed, id });
        strike.told({ who, topic: name, event: parsed });
        return id;
      };
      return who === undefined ? send() : strike.publish(who, name, send);
    },
    /** A function's own way to wait by the movable clock. */
    waitAs: async (until: Date): Promise<void> => {
      const who = sender.getStore();
      const passes = async (): Promise<void> => clock.moveBy(until.getTime() - clock.now().getTime());
      if (until <= clock.now()) return;
      await (who === undefined || who.operator ? passes() : strike.wait(who, until));
    },
    /** The ledger's records whose names begin so, past everything that may strike. */
    records: (prefix: string): { name: string; metadata: Record<string, string>; text: string }[] =>
      z
        .array(Stored)
        .parse(
          state
            .prepare(
              "SELECT name, file, attributes FROM storage_object WHERE bucket = ? AND name >= ? AND name < ? ORDER BY name",
            )
            .all(ledgerBucket(project), prefix, `${prefix}\u{10ffff}`),
        )
        .map(({ name, file: at, attributes }) => ({
          name,
          metadata: Metadata.parse(JSON.parse(attributes)).metadata,
          text: readFileSync(join(folder, "ledger", at), "utf8"),
        })),
    /** Does something as this function, past everything that may strike. */
    operate: <T>(name: FunctionName, work: () => Promise<T>): Promise<T> =>
      sender.run({ ...operator, name }, work),
    close() {
      state.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Puts a secret's value where Secret Manager finds it. */
export function putSecret(folder: string, name: SecretName, value: string): void {
  const at = join(folder, "secrets", name);
  mkdirSync(at, { recursive: true });
  writeFileSync(join(at, "1"), value);
}

export const mailSecret = (refreshToken: string): string =>
  JSON.stringify({
    client_id: oauth.clientId,
    client_secret: oauth.clientSecret,
    refresh_token: refreshToken,
  });
