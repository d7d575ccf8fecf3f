// All the far ends of one sample hub, over its folder and its state.db, each served on a loopback port.

import { join } from "node:path";
import { Hono } from "hono";
import { subnetworksOf } from "../../shared/compute/placement.ts";
import type { Endpoints } from "../../shared/endpoints.ts";
import {
  type FunctionName,
  functionNames,
  identityOf,
  ledgerBucket,
  type Row,
} from "../../shared/functions.ts";
import type { Settings } from "../../shared/settings.ts";
import { computeFarEnd } from "../compute/far-end.ts";
import { usualGround } from "../compute/ground.ts";
import { rcloneTools } from "../compute/rclone.ts";
import { githubFarEnd } from "../github/far-end.ts";
import { googleFarEnd } from "../google/far-end.ts";
import { metadataFarEnd } from "../metadata/far-end.ts";
import { prometheusFarEnd } from "../prometheus/far-end.ts";
import { homeSeries } from "../prometheus/series.ts";
import { pubsubFarEnd } from "../pubsub/far-end.ts";
import { registryFarEnd } from "../registry/far-end.ts";
import { s3FarEnd } from "../s3/far-end.ts";
import { remotesOf, servedBy, sheetsOf, volumesOf } from "../sample/files-of-hubs.ts";
import type { WorldFolder } from "../sample/world.ts";
import { secretIn, worldSecrets } from "../sample/world-secrets.ts";
import { secretsFarEnd } from "../secrets/far-end.ts";
import { slackFarEnd } from "../slack/far-end.ts";
import { storageFarEnd } from "../storage/far-end.ts";
import { notifier } from "../storage/notifications.ts";
import { hostFor, newSecret, type OwnCallers } from "../wire/callers.ts";
import { type Served, serveFarEnd } from "../wire/far-end.ts";
import { type Faults, faultStore } from "../wire/faults.ts";
import { identities as makeIdentities } from "../wire/identity.ts";
import type { MovableClock } from "../wire/movable-clock.ts";
import { oidcIssuer } from "../wire/oidc.ts";
import { tellsPeers } from "../wire/peer.ts";
import type { State } from "../wire/state.ts";
import { calendarIn, skyOver } from "../wire/weather.ts";

export type FarEnds = Awaited<ReturnType<typeof farEnds>>;

export async function farEnds(options: {
  world: WorldFolder;
  settings: Settings;
  state: State;
  clock: MovableClock;
  random: () => number;
  /** The table of functions to grant from: the project's own unless a test says otherwise. */
  rows?: Record<string, Row>;
  /** Way to know its own processes: by the system's means unless a test says otherwise. */
  own?: OwnCallers;
  /** Address of a store that others wrote, in place of our own for every S3 remote. */
  s3?: string;
  /** An object of the ledger was written. */
  onRecord: (name: string) => void;
}) {
  const { world, settings, state, clock, random, rows } = options;
  const { project } = settings;
  const now = () => clock.now().getTime();
  const weather = calendarIn(state, now);
  const faults: Faults = faultStore(skyOver(now, weather.list));
  const remotes = remotesOf(settings);
  const googleShaped = remotes.filter(({ remote }) => servedBy[remote.kind] === "storage");
  const identities = makeIdentities({
    state,
    project,
    ...(rows === undefined ? {} : { rows }),
    remoteBuckets: googleShaped.map(({ remote }) => remote.bucket),
    replaceableBuckets: googleShaped
      .filter(({ remote }) => remote.replaceable === true)
      .map(({ remote }) => remote.bucket),
  });
  const issuer = oidcIssuer(state);
  const secrets = worldSecrets(
    world.secrets,
    remotes.map(({ name }) => name),
  );
  const tools = rcloneTools(world.tools);
  // Tokens come from the metadata servers alone, and these know their callers. A caller without a token gets nothing anywhere.
  const own = options.own ?? { byUser: tellsPeers, secret: newSecret() };
  const ownUser = own.byUser ? { own } : {};
  // Known from the PATH alone, and asked beside the rest; an old one is fetched when a machine first needs it.
  const current = remotes.length === 0 ? Promise.resolve(true) : tools.isCurrent();

  // On hold until the functions have their new addresses.
  const pubsub = await pubsubFarEnd({
    state,
    clock,
    random,
    identities,
    faults,
    project,
    issuer,
    onHold: true,
  });
  const notify = notifier({ pubsub, now: clock.now });
  const storage = storageFarEnd({
    state,
    identities,
    faults,
    now: clock.now,
    buckets: {
      [ledgerBucket(project)]: {
        folder: world.ledger,
        layout: "opaque",
        onChange: (object) => {
          options.onRecord(object.name);
          notify(object);
        },
      },
      ...Object.fromEntries(
        googleShaped.map(({ name, remote }) => [
          remote.bucket,
          { folder: join(world.buckets, name), layout: "plain" as const },
        ]),
      ),
    },
  });
  const interop = !(await current);
  const s3 = s3FarEnd({
    state,
    faults,
    now: clock.now,
    buckets: Object.fromEntries(
      remotes
        .filter(({ remote }) => servedBy[remote.kind] === "s3" || interop)
        .map(({ name, remote }) => [
          remote.bucket,
          { folder: join(world.buckets, name), ...(secrets.s3Keys[name] ?? { keyId: "", secret: "" }) },
        ]),
    ),
  });
  const compute = computeFarEnd({
    own,
    state,
    identities,
    faults,
    clock,
    project,
    folder: world.machines,
    path: tools.path,
    ground: { ...usualGround, subnetworks: deployedSubnetworks(settings) },
  });
  const google = googleFarEnd({
    state,
    identities,
    faults,
    clock,
    random,
    sheets: sheetsOf(settings, world, rows),
    mailbox: { folder: world.mailbox, account: settings.team.sender, oauth: secrets.oauth },
  });
  const github = githubFarEnd({
    state,
    faults,
    clock,
    random,
    app: { id: settings.github.appId, publicKeyPem: secrets.appPublicKey },
    machine: secrets.machine,
  });
  const prometheus = prometheusFarEnd({
    faults,
    now: clock.now,
    token: () => secretIn(world.secrets, "metrics-token"),
    datasource: sampleDatasource,
    volumes: volumesOf(settings, world).map((volume) => homeSeries(state, volume)),
  });
  const registry = registryFarEnd({ faults, folder: world.registry });
  const slack = slackFarEnd({
    state,
    faults,
    now: clock.now,
    file: world.slackLog,
    channels: settings.team.slack === undefined ? [] : [{ id: settings.team.slack.channel }],
    token: () => secretIn(world.secrets, "slack-bot-token").trim(),
  });
  const secretManager = secretsFarEnd({ identities, faults, project, folder: world.secrets });

  const served = {
    storage: await serveFarEnd(storage),
    google: await serveFarEnd(google),
    github: await serveFarEnd(github),
    registry: await serveFarEnd(registry),
    secrets: await serveFarEnd(secretManager, 0, ownUser),
    prometheus: await serveFarEnd(prometheus),
    s3: await serveFarEnd(s3),
    compute: await serveFarEnd(compute, 0, ownUser),
    slack: await serveFarEnd(slack),
    certificates: await serveFarEnd(new Hono().route("/", issuer.app)),
  };
  // One metadata server a function, as each container has its own: who asks is known by whom he asks.
  const metadata = new Map<FunctionName, Served>();
  for (const name of functionNames)
    metadata.set(
      name,
      await serveFarEnd(
        metadataFarEnd({
          identities,
          faults,
          email: identityOf(name, project),
          project,
        }),
        0,
        { own },
      ),
    );

  const endpoints: Endpoints = {
    pubsub: pubsub.address,
    storage: served.storage.url,
    google: served.google.url,
    github: served.github.url,
    registry: served.registry.url,
    secrets: served.secrets.url,
    prometheus: served.prometheus.url,
    s3: options.s3 ?? served.s3.url,
    compute: served.compute.url,
    slack: served.slack.url,
    ...(interop ? { interop: served.s3.url } : {}),
    certificates: `${served.certificates.url}/certs`,
  };
  return {
    pubsub,
    storage,
    google,
    github,
    compute,
    faults,
    weather,
    identities,
    secrets,
    /** Of who signs identity tokens. */
    certificates: issuer.certificates,
    /** Signs the identity token of somebody who calls a function. */
    tokenFor: issuer.tokenFor,
    endpoints,
    metadataHostOf: (name: FunctionName) => hostFor(own, metadata.get(name)?.port ?? 0),
    /** Lists what any far end found against its vendor's description; the list is empty when all is well. */
    violations: () =>
      [storage, google, github, registry, secretManager, compute, prometheus, s3, slack].flatMap(
        ({ violations }) => violations,
      ),
    async close() {
      await compute.close();
      await pubsub.close();
      await google.settled();
      await Promise.all([...Object.values(served), ...metadata.values()].map(({ close }) => close()));
    },
  };
}

/** The uid of the data source in the sample hub's Grafana. */
const sampleDatasource = "sample-prometheus";

/** Subnetworks as a deployment makes them, and as it wants those that settings name. */
const deployedSubnetworks = ({ hubs }: Settings): Record<string, boolean> =>
  Object.fromEntries(
    Object.values(hubs)
      .flatMap(({ transfers }) => (transfers === undefined ? [] : subnetworksOf(transfers.machine)))
      .map((path) => [path, true]),
  );
