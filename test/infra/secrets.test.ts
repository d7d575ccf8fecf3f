// No secret is in anything that a deployment makes, said over the whole graph: where secrets are kept, and what a function is given.
import { beforeAll, expect, test } from "@jest/globals";
import { functionNames, rowOf } from "../../shared/functions.ts";
import { parseSettings } from "../../shared/settings/file.ts";
import { Settings } from "../../shared/settings.ts";
import { addressOf, type Graph, project, settingsWith, stackOf } from "./graph.ts";
import { functionsIn } from "./shapes.ts";

const settings = settingsWith();
let graph: Graph;
beforeAll(async () => {
  graph = await stackOf(settings, { consoleOpen: true });
});

const functions = () => functionsIn(graph);
const doors = functionNames.filter((name) => rowOf(name).kind === "door");
const workers = functionNames.filter((name) => rowOf(name).kind === "worker");

test("there are containers, the table's, and never a value", () => {
  const ids = graph.of("secretmanager/secret:Secret").map(({ secretId }) => secretId);
  expect(ids.sort()).toEqual([...new Set(functionNames.flatMap((name) => rowOf(name).secrets))].sort());
  expect(graph.resources.filter(({ type }) => /version/i.test(type))).toEqual([]);
});

test("a function's surroundings hold what compose reads, and refer to secrets by name", () => {
  const keys = Object.fromEntries(
    functions().map(({ name, serviceConfig }) => [
      name,
      Object.keys(serviceConfig.environmentVariables)
        .filter((key) => !["NODE_ENV", "GOOGLE_CLOUD_PROJECT", "GROUNDCREW_SETTINGS"].includes(key))
        .sort(),
    ]),
  );
  expect(keys).toEqual({
    ...Object.fromEntries(workers.map((name) => [name, ["GROUNDCREW_AUDIENCE"]])),
    ...Object.fromEntries(doors.map((name) => [name, []])),
    "renew-watch": ["GROUNDCREW_AUDIENCE", "GROUNDCREW_SHEET_WEBHOOK"],
    console: ["GROUNDCREW_CONSOLE_ORIGIN"],
  });
  const referred = functions().flatMap(({ name, serviceConfig }) =>
    serviceConfig.secretEnvironmentVariables.map((one) => [name, one]),
  );
  expect(referred).toEqual([
    [
      "console",
      { key: "GROUNDCREW_CONSOLE_TOKEN", secret: "console-token", version: "latest", projectId: project },
    ],
  ]);
  const watch = functions().find(({ name }) => name === "renew-watch");
  expect(watch?.serviceConfig.environmentVariables["GROUNDCREW_SHEET_WEBHOOK"]).toBe(
    addressOf("sheet-webhook"),
  );
});

test("the settings that a function is given are the settings", () => {
  for (const { serviceConfig } of functions())
    expect(
      Settings.parse(JSON.parse(serviceConfig.environmentVariables["GROUNDCREW_SETTINGS"] ?? "")),
    ).toEqual(settings);
});

test("what lies in the deployer's own environment stays there", async () => {
  const canary = "canary-7f3a9c";
  process.env["GITHUB_TOKEN"] = canary;
  process.env["GROUNDCREW_CONSOLE_TOKEN"] = canary;
  try {
    const { resources } = await stackOf(settings, { consoleOpen: true });
    expect(JSON.stringify(resources)).not.toContain(canary);
  } finally {
    delete process.env["GITHUB_TOKEN"];
    delete process.env["GROUNDCREW_CONSOLE_TOKEN"];
  }
});

test("a secret written into the settings is refused before anything is made", () => {
  const text = JSON.stringify({ ...settings, github: { appId: 1, privateKey: "canary" } });
  expect(parseSettings(text)).toMatchObject({ problems: [{ path: "github.privateKey" }] });
});
