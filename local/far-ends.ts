// All the far ends of one sample hub, over its folder and its state.db, each served on a loopback port.

import { join } from "node:path";
import { Hono } from "hono";
import type { Endpoints } from "../shared/endpoints.ts";
import {
  type FunctionName,
  functionNames,
  identityOf,
  ledgerBucket,
  type Row,
  rowOf,
} from "../shared/functions.ts";
import type { Settings } from "../shared/settings.ts";
import { type Served, serveFarEnd } from "./far-end.ts";
import { type Faults, faultBook } from "./faults.ts";
import { githubFarEnd } from "./github/far-end.ts";
import { googleFarEnd } from "./google/far-end.ts";
import { identities as makeIdentities } from "./identity.ts";
import { metadataFarEnd } from "./metadata/far-end.ts";
import type { MovableClock } from "./movable-clock.ts";
import { oidcIssuer } from "./oidc.ts";
import { pubsubFarEnd } from "./pubsub/far-end.ts";
import { secretsFarEnd } from "./secrets/far-end.ts";
import type { State } from "./state.ts";
import { storageFarEnd } from "./storage/far-end.ts";
import type { WorldFolder } from "./world.ts";
import { worldSecrets } from "./world-secrets.ts";

export type FarEnds = Awaited<ReturnType<typeof farEnds>>;

export async function farEnds(options: {
  world: WorldFolder;
  settings: Settings;
  state: State;
  clock: MovableClock;
  random: () => number;
  /** The table of functions to grant from: the project's own unless a test says otherwise. */
  rows?: Record<string, Row>;
  /** An object of the ledger was written. */
  onRecord: (name: string) => void;
}) {
  const { world, settings, state, clock, random, rows } = options;
  const { project } = settings;
  const faults: Faults = faultBook();
  const identities = makeIdentities({ state, project, ...(rows === undefined ? {} : { rows }) });
  const issuer = oidcIssuer(state);
  const secrets = worldSecrets(world.secrets);

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
  const storage = storageFarEnd({
    state,
    identities,
    faults,
    now: clock.now,
    buckets: {
      [ledgerBucket(project)]: {
        folder: world.ledger,
        layout: "opaque",
        onChange: ({ name }) => options.onRecord(name),
      },
    },
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
  });
  const secretManager = secretsFarEnd({ identities, faults, project, folder: world.secrets });

  const served = {
    storage: await serveFarEnd(storage),
    google: await serveFarEnd(google),
    github: await serveFarEnd(github),
    secrets: await serveFarEnd(secretManager),
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
          oidc: (audience, email) => issuer.tokenFor(email, audience),
        }),
      ),
    );

  const endpoints: Endpoints = {
    pubsub: pubsub.address,
    storage: served.storage.url,
    google: served.google.url,
    github: served.github.url,
    secrets: served.secrets.url,
    certificates: `${served.certificates.url}/certs`,
  };
  return {
    pubsub,
    storage,
    google,
    github,
    faults,
    identities,
    secrets,
    endpoints,
    metadataHostOf: (name: FunctionName) => `127.0.0.1:${metadata.get(name)?.port}`,
    /** What any far end found against its vendor's description; empty when all is well. */
    violations: () => [storage, google, github, secretManager].flatMap(({ violations }) => violations),
    async close() {
      await pubsub.close();
      await google.settled();
      await Promise.all([...Object.values(served), ...metadata.values()].map(({ close }) => close()));
    },
  };
}

/** Each hub's sheet is the folder's members.csv; with several hubs, members-<hub>.csv. */
export function sheetFiles(settings: Settings, world: WorldFolder) {
  const hubs = Object.entries(settings.hubs).filter(([, { members }]) => members !== undefined);
  return hubs.map(([hub, { organisation }]) => ({
    hub,
    organisation,
    file: hubs.length === 1 ? world.members : join(world.root, `members-${hub}.csv`),
  }));
}

/** Shared as the table of functions says. */
function sheetsOf(settings: Settings, world: WorldFolder, rows: Record<string, Row> | undefined) {
  const sharedWith = functionNames
    .filter((name) => (rows?.[name] ?? rowOf(name)).sharedWith?.includes("sheet"))
    .map((name) => identityOf(name, settings.project));
  return Object.fromEntries(
    sheetFiles(settings, world).flatMap(({ hub, file }) => {
      const members = settings.hubs[hub]?.members;
      return members === undefined
        ? []
        : [[members.spreadsheet, { file, tab: members.tab, sharedWith: () => sharedWith }] as const];
    }),
  );
}
