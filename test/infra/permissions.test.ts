// Permissions in the cloud: written down here by hand, so that a new one shows in review, and the same as what
// the far ends of a laptop grant.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "@jest/globals";
import { bindingsOf, roles } from "../../infra/permissions.ts";
import { deployedBy } from "../../shared/deployed.ts";
import { functionNames, identityOf, machineIdentity, rowOf } from "../../shared/functions.ts";
import { grantsOf, machineGrants } from "../../shared/grants.ts";
import { type Right, rightsIn, tableOf } from "./granted.ts";
import { type Graph, project, settingsWith, stackOf } from "./graph.ts";

const settings = settingsWith();
let graph: Graph;
let rights: Right[];
beforeAll(async () => {
  graph = await stackOf(settings);
  rights = rightsIn(graph, project);
});

const twice = "ledger:runs/ ledger:undelivered/";
const invokes = "run.routes.invoke";
const publishes = "pubsub.topics.publish";
const secret = "secretmanager.versions.access";
const workers =
  "bump-image check-consent check-transfers forget-person forward-quota-report forward-transfer-report record-dead-letter renew-watch resume-work run-transfer scan-quotas send-notice sweep-machines sync-members";

const written: Record<string, string[]> = {
  allUsers: [`${invokes}: console github-webhook sheet-webhook`],
  "bump-image": [
    "objects change: ledger:head/continue/bump-image/ ledger:head/images/ ledger:head/incidents/ ledger:head/lease/bump-image/ ledger:head/not-before/",
    "objects create: ledger:plans/ ledger:runs/ ledger:undelivered/",
    "objects read: ledger:approvals/",
    `${publishes}: notice release-published`,
    `${secret}: github-fork-token`,
  ],
  "record-dead-letter": [
    "objects change: ledger:head/incidents/",
    "objects create: ledger:undelivered/",
    "objects read: ledger:runs/",
    `${publishes}: notice`,
  ],
  console: [
    "objects change: ledger:head/incidents/",
    "objects create: ledger:approvals/ ledger:classes/ ledger:head/forget/ ledger:reports/ ledger:resolved/ ledger:transfers/",
    "objects read: ledger:",
    `${publishes}: consent-due continue-due forget-due notice quota-scan-due release-published sheet-changed sweep-due transfer-check-due transfer-reported transfer-request watch-due`,
    `${secret}: console-token`,
  ],
  "resume-work": [
    "objects change: ledger:head/",
    `objects create: ${twice}`,
    `${publishes}: consent-due continue-due forget-due notice quota-scan-due release-published sheet-changed sweep-due transfer-check-due transfer-request watch-due`,
  ],
  "github-webhook": [`${publishes}: release-published`, `${secret}: github-webhook-secret`],
  "groundcrew-build": [
    "artifactregistry.writer: groundcrew",
    "logging.logEntries.create: project",
    "objects read: bucket:example-hub-ops-functions project",
  ],
  "check-consent": [
    "objects change: ledger:head/consent/ ledger:head/continue/check-consent/ ledger:head/incidents/ ledger:head/not-before/",
    `objects create: ${twice}`,
    `${publishes}: consent-due notice`,
    `${secret}: gmail-oauth`,
  ],
  "check-transfers": [
    "compute.disks.list: project",
    "compute.instances.get: transfer-*",
    "compute.instances.list: project",
    "compute.regions.get: project",
    "compute.subnetworks.get: project",
    "objects change: ledger:head/continue/check-transfers/ ledger:head/incidents/ ledger:head/not-before/ ledger:head/transfer-check/",
    `objects create: ${twice}`,
    "objects list: bucket:prod-ours bucket:prod-theirs",
    "objects read: ledger:head/transfers/ ledger:tools/",
    `${publishes}: notice transfer-check-due`,
    `${secret}: transfer-keys`,
  ],
  "forget-person": [
    `objects change: ${"approvals classes head/budgets head/continue head/forget head/incidents head/members head/not-before head/quota head/transfers history notices plans reports runs transfers undelivered"
      .split(" ")
      .map((folder) => `ledger:${folder}/`)
      .join(" ")}`,
    `${publishes}: forget-due notice`,
  ],
  "forward-transfer-report": [
    "objects change: ledger:head/incidents/",
    `objects create: ${twice}`,
    `${publishes}: notice transfer-reported transfer-request`,
  ],
  "pubsub-push": [`${invokes}: ${workers}`],
  "renew-watch": [
    "objects change: ledger:head/",
    `objects create: ${twice}`,
    `${publishes}: notice watch-due`,
    `${secret}: sheet-webhook-secret`,
  ],
  "run-transfer": [
    "compute.disks.create: project",
    "compute.disks.setLabels: project",
    "compute.instances.create: transfer-*",
    "compute.instances.delete: transfer-*",
    "compute.instances.get: transfer-*",
    "compute.instances.list: project",
    "compute.instances.setLabels: transfer-*",
    "compute.instances.setMetadata: transfer-*",
    "compute.instances.setServiceAccount: transfer-*",
    "compute.subnetworks.get: project",
    "compute.subnetworks.use: groundcrew-transfers",
    "compute.subnetworks.useExternalIp: groundcrew-transfers",
    "compute.zoneOperations.get: project",
    "iam.serviceAccounts.actAs: transfer-vm",
    "objects change: ledger:head/ ledger:leases/",
    "objects create: ledger:plans/ ledger:runs/ ledger:transfers/ ledger:undelivered/",
    "objects list: bucket:prod-ours bucket:prod-theirs",
    "objects read: ledger:approvals/ ledger:tools/",
    `${publishes}: notice transfer-request`,
    `${secret}: transfer-keys`,
  ],
  "scan-quotas": [
    "objects change: ledger:head/",
    "objects create: ledger:history/ ledger:plans/ ledger:runs/ ledger:undelivered/",
    "objects read: ledger:approvals/ ledger:reports/",
    `${publishes}: notice quota-scan-due`,
    `${secret}: metrics-token`,
  ],
  "send-notice": [
    "objects change: ledger:head/budgets/ ledger:head/continue/send-notice/ ledger:head/incidents/ ledger:head/not-before/",
    "objects create: ledger:notices/ ledger:runs/ ledger:undelivered/",
    `${publishes}: notice`,
    `${secret}: gmail-oauth slack-bot-token`,
  ],
  "service-123456789012@gcp-sa-pubsub": [
    "iam.serviceAccounts.getOpenIdToken: pubsub-push",
    // Dead letters are taken from each subscription but the one that records them.
    `pubsub.subscriptions.consume: ${workers.replace("record-dead-letter ", "")}`,
    `${publishes}: undelivered`,
  ],
  "service-123456789012@gs-project-accounts": [`${publishes}: report-arrived transfer-reported`],
  "sheet-webhook": [`${publishes}: sheet-changed watch-due`, `${secret}: sheet-webhook-secret`],
  "sweep-machines": [
    "compute.instances.delete: transfer-*",
    "compute.instances.get: transfer-*",
    "compute.instances.list: project",
    "compute.zoneOperations.get: project",
    "objects change: ledger:head/continue/sweep-machines/ ledger:head/incidents/ ledger:head/not-before/",
    `objects create: ${twice}`,
    "objects read: ledger:head/transfers/",
    `${publishes}: notice sweep-due`,
  ],
  "sync-members": [
    "objects change: ledger:head/",
    "objects create: ledger:plans/ ledger:runs/ ledger:undelivered/",
    "objects read: ledger:approvals/ ledger:classes/",
    `${publishes}: notice sheet-changed`,
    `${secret}: github-app-key`,
  ],
  "forward-quota-report": [
    "objects change: ledger:head/incidents/",
    `objects create: ${twice}`,
    `${publishes}: notice quota-scan-due report-arrived`,
  ],
  "transfer-vm": [
    "compute.instances.delete: transfer-*",
    "objects change: ledger:leases/",
    "objects create: bucket:prod-ours bucket:prod-theirs ledger:transfers/",
    "objects read: ledger:tools/",
    `${secret}: transfer-keys`,
  ],
};

const nameOf = (who: string): string =>
  who.replace(`@${project}.iam.gserviceaccount.com`, "").replace(".iam.gserviceaccount.com", "");

test("each identity may do what is written here, and nothing else", () => {
  const found = [...new Set(rights.map(({ who }) => who))].map((who) => [
    nameOf(who),
    tableOf(rights, who, project),
  ]);
  expect(Object.fromEntries(found)).toEqual(written);
});

/** Permissions that the cloud wants of whoever makes a machine, and no far end asks for. */
const besides = [
  "compute.disks.create",
  "compute.disks.setLabels",
  "compute.instances.setLabels",
  "compute.instances.setMetadata",
  "compute.instances.setServiceAccount",
  "compute.subnetworks.use",
  "compute.subnetworks.useExternalIp",
];

describe("the same as on a laptop", () => {
  const spelt = (some: { permission: string; on: string }[]) =>
    [
      ...new Set(
        some.map(({ permission, on }) =>
          // A list has no name that a condition could look at.
          permission === "compute.instances.list" ? permission : `${permission} on ${on}`,
        ),
      ),
    ].sort();
  const given = (email: string) =>
    spelt(rights.filter(({ who, permission }) => who === email && !besides.includes(permission)));
  const { remoteBuckets, replaceableBuckets } = deployedBy(settings);

  test.each([...functionNames])("%s", (name) => {
    expect(given(identityOf(name, project))).toEqual(spelt(grantsOf(rowOf(name), project, remoteBuckets)));
  });

  test("the machines", () => {
    expect(given(machineIdentity(project))).toEqual(
      spelt(machineGrants(project, remoteBuckets, replaceableBuckets)),
    );
  });
});

test("a right over the whole project is on names of ours by its condition, or reads what has no secrets", () => {
  const wide = rights.filter(
    ({ on, condition, who }) => on === `projects/${project}` && condition === undefined && who !== "allUsers",
  );
  expect([...new Set(wide.map(({ permission }) => permission))].sort()).toEqual([
    "compute.disks.list",
    "compute.instances.list",
    "compute.regions.get",
    "compute.subnetworks.get",
    "compute.zoneOperations.get",
    "logging.logEntries.create",
  ]);
});

test("machines and their disks are known by the beginning of their name alone", () => {
  const conditions = new Set(
    rights.flatMap(({ permission, condition }) =>
      permission.startsWith("compute.") ? (condition ?? []) : [],
    ),
  );
  expect([...conditions].sort()).toEqual([
    'resource.type == "compute.googleapis.com/Disk" && resource.name.extract("/disks/{name}").startsWith("transfer-")',
    'resource.type == "compute.googleapis.com/Instance" && resource.name.extract("/instances/{name}").startsWith("transfer-")',
  ]);
});

test("counted in docs/deploy.md: what functions hold between them; a machine has one right on machines", () => {
  const functions = new Set(functionNames.map((name) => identityOf(name, project)));
  const kinds = new Set(
    rights.flatMap(({ who, permission }) => (functions.has(who) ? [`${who} ${permission}`] : [])),
  );
  const page = readFileSync(join(import.meta.dirname, "../../docs/deploy.md"), "utf8");
  // Kinds of permission, each counted once a function, on however many things it is held.
  const said = /(\d+ functions hold \d+ permissions)/.exec(page)?.[1];
  expect({ "docs/deploy.md says": said }).toEqual({
    "docs/deploy.md says": `${functions.size} functions hold ${kinds.size} permissions`,
  });
  const machine = rights.filter(({ who }) => who === machineIdentity(project));
  expect(
    machine.map(({ permission }) => permission).filter((permission) => permission.startsWith("compute.")),
  ).toEqual(["compute.instances.delete"]);
});

describe("buckets of other projects", () => {
  test("get no binding, for a role of ours does not hold there", () => {
    const bindings = bindingsOf(settings, ["prod-theirs"]);
    const buckets = bindings.flatMap(({ on }) => (on.kind === "bucket" ? [on.name] : []));
    expect(new Set(buckets)).toEqual(new Set(["example-hub-ops-ledger", "prod-ours"]));
  });
});

test("an image of our own project may be used, and one of another needs no grant of ours", () => {
  const own = settingsWith();
  for (const { transfers } of Object.values(own.hubs))
    if (transfers !== undefined) transfers.machine.image = `projects/${project}/global/images/mover`;
  const rolesOf = (some: typeof settings) => bindingsOf(some).map(({ role }) => role);
  expect(rolesOf(own)).toContain("groundcrewImagesUse");
  expect(rolesOf(settings)).not.toContain("groundcrewImagesUse");
});

test("a hub without transfers changes nothing for the machines of the others", () => {
  const { hubs, ...rest } = settingsWith();
  const others = Object.values(hubs).map(({ transfers: _, ...hub }, n) => [`other-${n}`, hub]);
  const more = { ...rest, hubs: { ...hubs, ...Object.fromEntries(others) } };
  expect(bindingsOf(more)).toEqual(bindingsOf(settings));
});

test("no role of ours holds a right to change rights, or everything of a kind", () => {
  const held = Object.values(roles).flat();
  for (const permission of held) expect(permission).toMatch(/^[a-z]+\.[A-Za-z]+\.[A-Za-z]+$/);
  expect(held.filter((permission) => /IamPolicy|admin|\*/i.test(permission))).toEqual([]);
});
