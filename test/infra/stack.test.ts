// Rules for everything that a deployment makes, said over the whole graph: who is public, how events are delivered, and
// as whom things run. That no secret is in it is secrets.test.ts.
import { beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { deadLetterTopic, eventNames } from "../../shared/events.ts";
import {
  functionNames,
  identityOf,
  ledgerBucket,
  machineIdentity,
  pushIdentity,
  rowOf,
} from "../../shared/functions.ts";
import { notifications } from "../../shared/notifications.ts";
import { schedules } from "../../shared/schedules.ts";
import { addressOf, type Graph, project, settingsWith, stackOf } from "./graph.ts";
import { functionsIn, Member, nameOf, Subscription } from "./shapes.ts";

let graph: Graph;
beforeAll(async () => {
  graph = await stackOf(settingsWith(), { consoleOpen: true });
});

const functions = () => functionsIn(graph);
const subscriptions = () =>
  graph.of("pubsub/subscription:Subscription").map((one) => Subscription.parse(one));
const doors = functionNames.filter((name) => rowOf(name).kind === "door").sort();
const workers = functionNames.filter((name) => rowOf(name).kind === "worker").sort();
const names = (some: readonly { name: string }[]) => some.map(({ name }) => name).sort();

describe("who may call", () => {
  test("only doors are public: anybody is bound to nothing but them", () => {
    const bound = graph.resources.filter(({ inputs }) =>
      /allUsers|allAuthenticated/.test(JSON.stringify(inputs)),
    );
    expect(
      bound.map(({ type, inputs }) => [type, Member.parse(inputs).role, Member.parse(inputs).name]),
    ).toEqual(
      doors.map((name) => ["cloudrunv2/serviceIamMember:ServiceIamMember", "roles/run.invoker", name]),
    );
  });

  test("a worker is called by the push identity alone, and from inside", () => {
    const callers = graph.of("cloudrunv2/serviceIamMember:ServiceIamMember").map((one) => Member.parse(one));
    for (const name of workers)
      expect(callers.filter((caller) => caller.name === name).map(({ member }) => member)).toEqual([
        `serviceAccount:${pushIdentity(project)}`,
      ]);
    for (const { name, serviceConfig } of functions())
      expect([name, serviceConfig.ingressSettings]).toEqual([
        name,
        rowOf(nameOf(name)).kind === "door" ? "ALLOW_ALL" : "ALLOW_INTERNAL_ONLY",
      ]);
  });

  test("every bucket is closed to the public, by rights and by policy", () => {
    for (const bucket of graph.of("storage/bucket:Bucket"))
      expect(bucket).toMatchObject({ uniformBucketLevelAccess: true, publicAccessPrevention: "enforced" });
    expect(graph.of("storage/bucket:Bucket")).toHaveLength(2);
  });

  test("nothing may call a transfer's machine", () => {
    expect(graph.of("compute/firewall:Firewall")).toEqual([
      expect.objectContaining({
        direction: "INGRESS",
        priority: 0,
        denies: [{ protocol: "all" }],
        sourceRanges: ["0.0.0.0/0"],
        targetServiceAccounts: [machineIdentity(project)],
      }),
    ]);
  });

  test("machines without an address reach Google: their subnetwork is made with that, in a network of its own", () => {
    expect(graph.of("compute/network:Network")).toEqual([
      expect.objectContaining({ name: "groundcrew-transfers-us-central1", autoCreateSubnetworks: false }),
    ]);
    expect(graph.of("compute/subnetwork:Subnetwork")).toEqual([
      expect.objectContaining({
        name: "groundcrew-transfers",
        region: "us-central1",
        network: "groundcrew-transfers-us-central1-id",
        privateIpGoogleAccess: true,
      }),
    ]);
  });

  test("rclone is laid into the ledger's bucket, as its makers named it", () => {
    expect(graph.of("storage/bucketObject:BucketObject")).toContainEqual(
      expect.objectContaining({
        bucket: `${project}-ledger`,
        name: "tools/rclone-v1.75.1-linux-amd64.zip",
        contentType: "application/zip",
      }),
    );
  });

  test("a flood of calls starts a few instances and no more", () => {
    for (const { serviceConfig } of functions())
      expect(serviceConfig.maxInstanceCount).toBeLessThanOrEqual(5);
  });
});

describe("how events are delivered", () => {
  test("every worker has one subscription, to what it hears, and there is no other", () => {
    expect(subscriptions().map(({ name, topic }) => [name, topic])).toEqual(
      workers.map((name) => [name, `projects/${project}/topics/${rowOf(name).hears}`]),
    );
  });

  test("every subscription backs off, keeps a week, and never expires", () => {
    for (const subscription of subscriptions())
      expect(subscription).toMatchObject({
        expirationPolicy: { ttl: "" },
        messageRetentionDuration: "604800s",
        retryPolicy: { minimumBackoff: "10s", maximumBackoff: "600s" },
        ackDeadlineSeconds: rowOf(nameOf(subscription.name)).timeoutSeconds,
      });
  });

  test("every subscription has a dead letter, heard by record-dead-letter; its own is tried for ever", () => {
    for (const { name, deadLetterPolicy } of subscriptions())
      expect(deadLetterPolicy).toEqual(
        name === "record-dead-letter"
          ? undefined
          : { deadLetterTopic: `projects/${project}/topics/${deadLetterTopic}`, maxDeliveryAttempts: 100 },
      );
    expect(rowOf("record-dead-letter").hears).toBe(deadLetterTopic);
  });

  test("every push says who it is, to the audience that its receiver verifies, and no two share one", () => {
    const audiences = new Map(
      functions().map(({ name, serviceConfig }) => [
        name,
        serviceConfig.environmentVariables["GROUNDCREW_AUDIENCE"],
      ]),
    );
    for (const { name, pushConfig } of subscriptions())
      expect(pushConfig).toEqual({
        pushEndpoint: addressOf(name),
        oidcToken: { serviceAccountEmail: pushIdentity(project), audience: audiences.get(name) },
      });
    const heard = subscriptions().map(({ pushConfig }) => pushConfig.oidcToken.audience);
    expect(new Set(heard).size).toBe(workers.length);
    for (const name of doors) expect(audiences.get(name)).toBeUndefined();
  });

  test("a function has as long as its delivery", () => {
    for (const { name, serviceConfig } of functions())
      expect(serviceConfig.timeoutSeconds).toBe(rowOf(nameOf(name)).timeoutSeconds);
  });

  test("schedules are the table's, in UTC, with events that their topics take", () => {
    const Job = z.looseObject({
      name: z.string(),
      schedule: z.string(),
      timeZone: z.string(),
      pubsubTarget: z.object({ topicName: z.string(), data: z.string() }),
    });
    const look = '{"v":1,"hub":"prod","why":"schedule"}';
    const jobs = graph.of("cloudscheduler/job:Job").map((one) => Job.parse(one));
    expect(
      jobs.map(({ name, schedule, timeZone, pubsubTarget }) => [
        name,
        schedule,
        timeZone,
        pubsubTarget.topicName.replace(`projects/${project}/topics/`, ""),
        Buffer.from(pubsubTarget.data, "base64").toString(),
      ]),
    ).toEqual([
      ["consent-probe", "0 5 * * *", "Etc/UTC", "consent-due", '{"v":1}'],
      ["heartbeat-prod", "*/15 * * * *", "Etc/UTC", "sheet-changed", look],
      ["machine-sweep", "*/10 * * * *", "Etc/UTC", "sweep-due", '{"v":1}'],
      ["quota-scan-prod", "0 6 * * *", "Etc/UTC", "quota-scan-due", look],
      ["release-poll-prod", "17 * * * *", "Etc/UTC", "release-published", look],
      ["tick", "* * * * *", "Etc/UTC", "continue-due", '{"v":1}'],
      ["transfer-check-prod", "30 5 * * *", "Etc/UTC", "transfer-check-due", '{"v":1,"hub":"prod"}'],
      ["transfer-look-prod", "*/15 * * * *", "Etc/UTC", "transfer-request", look],
      ["watch-renewal-prod", "0 */12 * * *", "Etc/UTC", "watch-due", '{"v":1,"hub":"prod"}'],
    ]);
    expect(jobs).toHaveLength(Object.keys(schedules).length);
  });

  test("the ledger tells of new reports as the table says", () => {
    expect(graph.of("storage/notification:Notification")).toEqual(
      Object.values(notifications).map(({ prefix, on, publishes }) => ({
        bucket: ledgerBucket(project),
        topic: `projects/${project}/topics/${publishes}`,
        payloadFormat: "JSON_API_V1",
        eventTypes: [on],
        objectNamePrefix: prefix,
      })),
    );
  });
});

describe("as whom things run", () => {
  test("every function runs as itself, and is built by the builder: no default identity", () => {
    for (const { name, serviceConfig, buildConfig } of functions()) {
      expect(serviceConfig.serviceAccountEmail).toBe(identityOf(nameOf(name), project));
      expect(buildConfig.serviceAccount).toBe(
        `projects/${project}/serviceAccounts/groundcrew-build@${project}.iam.gserviceaccount.com`,
      );
    }
    const text = JSON.stringify(graph.resources);
    expect(text).not.toMatch(/compute@developer|@appspot\.|cloudbuild\.gserviceaccount/);
  });

  test("every identity that something runs as is made here, with a name that the cloud takes", () => {
    const made = graph
      .of("serviceaccount/account:Account")
      .map(({ accountId }) => z.string().parse(accountId));
    expect(made.sort()).toEqual([...functionNames, "groundcrew-build", "pubsub-push", "transfer-vm"].sort());
    for (const id of made) expect(id).toMatch(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
  });

  test("nobody has a key file, and nobody has a basic role", () => {
    expect(graph.resources.filter(({ type }) => /key/i.test(type))).toEqual([]);
    const given = graph.resources.flatMap(({ inputs }) => Member.safeParse(inputs).data?.role ?? []);
    expect(given.length).toBeGreaterThan(100);
    expect(given.filter((role) => /roles\/(owner|editor|viewer)$|admin/i.test(role))).toEqual([]);
  });

  test("no policy is replaced as a whole: what others granted stays", () => {
    expect(graph.resources.filter(({ type }) => /Iam(Policy|Binding)$/i.test(type))).toEqual([]);
  });
});

describe("names come from the tables", () => {
  test("topics, functions, archives by their content", () => {
    expect(
      names(graph.of("pubsub/topic:Topic").map((one) => z.looseObject({ name: z.string() }).parse(one))),
    ).toEqual([...eventNames, deadLetterTopic].sort());
    expect(names(functions())).toEqual([...functionNames].sort());
    for (const { name, buildConfig } of functions()) {
      expect(buildConfig).toMatchObject({ runtime: "nodejs24", entryPoint: name });
      const { bucket, object } = buildConfig.source.storageSource;
      expect(bucket).toBe(`${project}-functions`);
      expect(object).toMatch(new RegExp(`^functions/${name}-[0-9a-f]{16}\\.zip$`));
    }
  });

  test("the ledger is kept: nothing is lost for a week, and each folder is deleted after the days of the table", () => {
    const ledger = graph.of("storage/bucket:Bucket").find(({ name }) => name === ledgerBucket(project));
    expect(ledger).toMatchObject({
      forceDestroy: false,
      softDeletePolicy: { retentionDurationSeconds: 604_800 },
      lifecycleRules: [
        {
          action: { type: "Delete" },
          condition: { age: 90, matchesPrefixes: ["runs/", "plans/", "reports/"] },
        },
        {
          action: { type: "Delete" },
          condition: { age: 400, matchesPrefixes: ["approvals/", "notices/", "history/"] },
        },
        { action: { type: "Delete" }, condition: { age: 220, matchesPrefixes: ["classes/"] } },
        { action: { type: "Delete" }, condition: { age: 180, matchesPrefixes: ["undelivered/"] } },
        { action: { type: "Delete" }, condition: { age: 210, matchesPrefixes: ["resolved/"] } },
        { action: { type: "Delete" }, condition: { age: 30, matchesPrefixes: ["leases/"] } },
      ],
    });
  });

  const alerts = () => {
    const conditions = z.tuple([z.looseObject({ conditionThreshold: z.record(z.string(), z.unknown()) })]);
    const Alert = z.looseObject({ documentation: z.object({ content: z.string() }), conditions });
    return graph.of("monitoring/alertPolicy:AlertPolicy").map((one) => Alert.parse(one));
  };

  test("every function has an alert that says what people miss", () => {
    const said = alerts().map(({ documentation }) => documentation.content);
    for (const name of functionNames) expect(said.join("\n")).toContain(rowOf(name).impact);
    expect(said).toHaveLength(functionNames.length + 1);
  });

  test("half an hour without the minute's tick is told by the platform, for nothing of ours runs then", () => {
    const [one] = alerts().filter(({ documentation }) =>
      documentation.content.startsWith("Cloud Scheduler publishes nothing"),
    );
    expect(one?.conditions[0].conditionThreshold).toMatchObject({
      filter: `metric.type="pubsub.googleapis.com/subscription/push_request_count" AND resource.type="pubsub_subscription" AND resource.label.subscription_id="resume-work"`,
      comparison: "COMPARISON_LT",
      thresholdValue: 1,
      duration: "1800s",
      evaluationMissingData: "EVALUATION_MISSING_DATA_ACTIVE",
    });
  });
});
