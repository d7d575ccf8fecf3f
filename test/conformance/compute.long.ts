// gcloud as a client of our Compute Engine: it finds a machine that our own client made, and takes it away.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { operatorIdentity } from "../../local/wire/identity.ts";
import { machineIdentity } from "../../shared/functions.ts";
import { computeHarness, order, project, sampleTransfers } from "../local/compute/harness.ts";
import { saySkipped } from "../skipped.ts";
import { gcloudEnv, isInstalled, run } from "./programs.ts";

const hasGcloud = isInstalled("gcloud");
if (!hasGcloud) saySkipped("test/conformance/compute.long.ts", "gcloud is not installed");

const mine = mkdtempSync(join(tmpdir(), "compute-client-"));
const harness = await computeHarness();
const token = join(mine, "token");
writeFileSync(token, harness.identities.mint(operatorIdentity(project), []).token);
afterAll(async () => {
  await harness.close();
  rmSync(mine, { recursive: true, force: true });
});
const gcloud = async (...parameters: string[]) =>
  run("gcloud", ["compute", "instances", ...parameters], {
    env: gcloudEnv({
      folder: join(mine, "gcloud"),
      project,
      tokenFile: token,
      services: { compute: `${harness.url}/compute/v1/` },
    }),
  });

(hasGcloud ? describe : describe.skip)("gcloud compute", () => {
  const { name, zone } = order();

  test("describes a machine as it was ordered, and takes it away", async () => {
    expect(await harness.adapter.make(order(), sampleTransfers())).toBe("made");
    const described = await gcloud("describe", name, `--zone=${zone}`, "--format=json");
    expect(z.looseObject({}).parse(JSON.parse(described.out))).toMatchObject({
      name,
      labels: { groundcrew: "transfer", hub: "sample", transfer: "t1" },
      scheduling: { provisioningModel: "SPOT", instanceTerminationAction: "DELETE" },
      serviceAccounts: [{ email: machineIdentity(project) }],
    });
    expect(await gcloud("delete", name, `--zone=${zone}`)).toMatchObject({ code: 0 });
    await harness.far.idle();
    expect(await gcloud("describe", name, `--zone=${zone}`)).toMatchObject({ code: 1 });
    expect(harness.far.machines()).toEqual([]);
  });

  // Google's description of today has one such parameter no more; the other means the places that have no machine.
  test("is refused a list, which it asks for with words that are not served", async () => {
    const { err } = await gcloud("list");
    expect(err).toContain("is not served here");
    expect(harness.far.violations.splice(0)).toEqual([
      expect.stringContaining("is not served the query word includeAllScopes of "),
    ]);
  });
});
