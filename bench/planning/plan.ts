// Plans one transfer with the real code: both ends are listed, compared, and cut into the work of machines; what is kept of it goes
// nowhere.
import { decide } from "../../functions/run-transfer/decide.ts";
import { requestOf } from "../../functions/run-transfer/request.ts";
import { survey } from "../../functions/run-transfer/survey.ts";
import { describer, sumsAsker } from "../../shared/remotes/heads.ts";
import { remoteLister } from "../../shared/remotes/list.ts";
import { rangeFinder } from "../../shared/remotes/ranges.ts";
import { limitsOf } from "../../shared/settings/limits.ts";
import { Settings } from "../../shared/settings.ts";
import { storageClient } from "../../shared/storage-client.ts";
import { bytesOf } from "../figures.ts";

const [origin = ""] = process.argv.slice(2);
const now = new Date("2026-11-21T10:00:00Z");
const transfers = Settings.shape.hubs.valueType.shape.transfers.unwrap().parse({
  remotes: {
    source: { kind: "gcs", bucket: "source" },
    target: { kind: "s3", bucket: "target", endpoint: "https://target.example.org" },
  },
  machine: { zones: ["us-central1-a"], dollarsPerHour: 1 },
  rclone: { from: "image" },
  prices: { asOf: "2026-11-01" },
  limits: { machines: 32, hours: 100, dollars: 1e6, gigabytes: 1e6 },
});
const request = requestOf({ from: "source:set", to: "target:set" }, transfers);
if ("refused" in request) throw new Error(request.refused);
const endpoints = { storage: origin };
const stores = {
  storage: storageClient({ project: "p", endpoints }),
  keys: async () => "target key secret\n",
  s3Endpoint: origin,
};
const deps = {
  ground: { subnetwork: async () => "reaches-google" as const },
  list: remoteLister(stores),
  ranges: rangeFinder(stores),
  askSums: sumsAsker(stores),
  describe: describer(stores),
};
const of = { hub: "bench", id: "t1" };
const surveyed = await survey({ ...of, request, settings: transfers, deps }, async () => "created");
const limits = { ...limitsOf(undefined), dollarsPerDay: 1e6, dollarsPerMonth: 1e6, machines: 32 };
const circumstances = { source: undefined, target: undefined, earlier: [] };
const { plan, draft } = decide(
  { ...of, request, transfer: undefined, now, limits, survey: { ...surveyed, circumstances } },
  transfers,
);
if (draft === undefined) throw new Error(JSON.stringify(plan.refused));
const { user, system } = process.cpuUsage();
const { objects, already, lists = [] } = draft.transfer;
console.log(
  JSON.stringify({
    objects,
    already,
    lists: lists.length,
    seconds: (user + system) / 1e6,
    megabytes: bytesOf(process.pid, "VmHWM") / 2 ** 20,
  }),
);
