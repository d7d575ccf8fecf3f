// infra/main.ts as `pulumi up` runs it: by Pulumi's own runner for Node programs, in a process of its own, on the pinned Node and
// with the real archives. Only the engine at the other end of the wire is Pulumi's mock of it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import grpc from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { runtime } from "@pulumi/pulumi";
import * as z from "zod";
import { region } from "./graph.ts";

const root = join(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);

/** A method of a generated service: a request in, an answer out. */
type Answer = (request: unknown, callback: (error: unknown, answer?: unknown) => void) => void;
const Message = z.custom<new () => object>((value) => typeof value === "function");
const Service = z.object({ service: z.custom<grpc.ServiceDefinition>() });
const Mocked = z.object({
  MockMonitor: z.custom<new (mocks: runtime.Mocks) => Record<string, Answer | undefined>>(),
});

const Empty = Message.parse(require("google-protobuf/google/protobuf/empty_pb.js").Empty);
const RootResource = Message.parse(require("@pulumi/pulumi/proto/engine_pb.js").GetRootResourceResponse);
const SetRootResource = Message.parse(require("@pulumi/pulumi/proto/engine_pb.js").SetRootResourceResponse);
const monitorService = Service.parse({
  service: require("@pulumi/pulumi/proto/resource_grpc_pb.js").ResourceMonitorService,
}).service;
const engineService = Service.parse({
  service: require("@pulumi/pulumi/proto/engine_grpc_pb.js").EngineService,
}).service;
const { MockMonitor } = Mocked.parse(require("@pulumi/pulumi/runtime/mocks.js"));

const made: { type: string; name: string; inputs: Record<string, unknown> }[] = [];
const complaints: string[] = [];
const Log = z.object({ getSeverity: z.function(), getMessage: z.function() });

const server = new grpc.Server();
let address = "";
beforeAll(async () => {
  const monitor = new MockMonitor({
    newResource({ type, name, inputs }) {
      made.push({ type, name, inputs });
      return { id: name, state: { ...inputs, email: `${inputs.accountId}@example` } };
    },
    call: ({ inputs }) => ({ ...inputs, number: "1", emailAddress: "agent@example" }),
  });
  server.addService(
    monitorService,
    handlers(monitorService, (name) =>
      name === "registerResourceOutputs"
        ? (_request, callback) => callback(null, new Empty())
        : monitor[name]?.bind(monitor),
    ),
  );
  server.addService(
    engineService,
    handlers(engineService, (name) => (request, callback) => {
      if (name === "log") {
        const { getSeverity, getMessage } = Log.parse(request);
        const severity: unknown = getSeverity.call(request);
        if (Number(severity) > 1) complaints.push(String(getMessage.call(request)));
        callback(null, new Empty());
      } else callback(null, name === "getRootResource" ? new RootResource() : new SetRootResource());
    }),
  );
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  address = `127.0.0.1:${port}`;
});
afterAll(() => server.forceShutdown());

function handlers(
  service: grpc.ServiceDefinition,
  of: (name: string) => Answer | undefined,
): grpc.UntypedServiceImplementation {
  return Object.fromEntries(
    Object.keys(service).map((name): [string, grpc.handleUnaryCall<unknown, unknown>] => [
      name,
      (call, callback) => {
        const answer = of(name);
        if (answer === undefined) callback({ code: grpc.status.UNIMPLEMENTED });
        else
          answer(call.request, (error, value) =>
            callback(error === null ? null : { code: 13, details: String(error) }, value),
          );
      },
    ]),
  );
}

/** Runs the program and gives its exit code. */
async function run(config: Record<string, string>): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      join(root, "node_modules/@pulumi/pulumi/cmd/run"),
      `--monitor=${address}`,
      `--engine=${address}`,
      "--project=groundcrew",
      "--stack=prod",
      "--parallel=16",
      // As Pulumi does where `main` names a file.
      `--pwd=${join(root, "infra")}`,
      "main.ts",
    ],
    {
      cwd: root,
      stdio: ["ignore", "ignore", "inherit"],
      env: { PATH: process.env["PATH"] ?? "", PULUMI_CONFIG: JSON.stringify(config) },
    },
  );
  const [code] = await once(child, "exit");
  return code;
}

const folder = join(root, "node_modules/.cache/groundcrew/functions");

test("it makes the example's stack, with archives named by their content", async () => {
  rmSync(folder, { recursive: true, force: true });
  const config = { "groundcrew:settings": "groundcrew.example.yaml", "groundcrew:foreignBuckets": '["x"]' };
  expect([await run(config), complaints]).toEqual([0, []]);
  const functions = made.filter(({ type }) => type === "gcp:cloudfunctionsv2/function:Function");
  expect(functions.map(({ name }) => name).sort()).toEqual([
    "bump-image",
    "check-consent",
    "console",
    "forget-person",
    "forward-quota-report",
    "github-webhook",
    "record-dead-letter",
    "renew-watch",
    "resume-work",
    "scan-quotas",
    "send-notice",
    "sheet-webhook",
    "sync-members",
  ]);
  for (const { inputs } of functions) expect(inputs).toMatchObject({ location: region });
  const uploaded = made
    .filter(({ type }) => type === "gcp:storage/bucketObject:BucketObject")
    .map(({ inputs }) => String(inputs["name"]).replace("functions/", ""));
  expect(readdirSync(folder).sort()).toEqual(uploaded.sort());
  // Its own Stack resource comes beside those of ours.
  expect(made).toHaveLength(282);
});

test.each([
  [
    "mistakes are told by line and column",
    { "groundcrew:settings": "groundcrew.schema.json" },
    /groundcrew\.schema\.json:\d+:\d+: .*project.*is missing/,
  ],
  [
    "a file that is not there is told with what to do",
    { "groundcrew:settings": "nowhere.yaml" },
    /nowhere\.yaml cannot be read; .*pulumi config set groundcrew:settings <file>/,
  ],
  [
    "one bucket for a list is no list of one",
    { "groundcrew:settings": "groundcrew.example.yaml", "groundcrew:foreignBuckets": '"x"' },
    /groundcrew:foreignBuckets is no list/,
  ],
])("of the stack's values %s, and nothing is made", async (_what, config, complaint) => {
  made.length = 0;
  complaints.length = 0;
  expect(await run(config)).not.toBe(0);
  expect(complaints.join("\n")).toMatch(complaint);
  expect(made.filter(({ type }) => type.startsWith("gcp:"))).toEqual([]);
});
