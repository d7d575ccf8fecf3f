// Looks before a machine is made: where something lacks none is, and the team is told once what to mend.
import { afterEach, describe, expect, test } from "@jest/globals";
import { missingFor } from "../../../functions/run-transfer/preflight.ts";
import type { TransferSettings } from "../../../shared/settings.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";
import { sampleSettings } from "../../local/sample/sample-settings.ts";
import { asked, transferHarness } from "./harness.ts";
import { requestFor } from "./samples.ts";

const sample = sampleTransfers();
const release = { from: "release", version: "1.75.1", sha256: "0".repeat(64) } as const;
const named = { ...sample.machine, subnetwork: "regions/us-central1/subnetworks/default" };

function lackOf(
  settings: TransferSettings,
  there: { to?: string; subnetwork?: "reaches-google" | "shut-in" | "missing"; staged?: string[] } = {},
) {
  const { to = "scratch:b", subnetwork = "reaches-google", staged = [] } = there;
  const request = requestFor({ from: "persistent:a", to }, settings);
  const entries = staged.map((name) => ({ name, generation: "1", size: 1, metadata: {}, updated: "" }));
  return missingFor(request, settings, {
    ground: { subnetwork: async () => subnetwork },
    ledger: { list: async (prefix) => entries.filter(({ name }) => name.startsWith(prefix)) },
  });
}

describe("between two buckets of Google's, machines have no address of their own", () => {
  test("and nothing lacks where their subnetwork lets them reach Google", async () => {
    expect(await lackOf(sample)).toBeUndefined();
  });

  test("so that a subnetwork that shuts them in is refused, with the command that opens it", async () => {
    expect(await lackOf({ ...sample, machine: named }, { subnetwork: "shut-in" })).toEqual({
      why: "machines would reach nothing of Google's: the subnetwork default in us-central1 has no Private Google Access",
      next: "the project's owner switches it on: gcloud compute networks subnets update default --region=us-central1 --enable-private-ip-google-access",
    });
  });

  test("so is one that is not there: our own comes with a deployment, another is the settings' or the owner's to mend", async () => {
    expect((await lackOf({ ...sample, machine: named }, { subnetwork: "missing" }))?.next).toBe(
      "correct transfers.machine.subnetwork in the settings, or let the project's owner make it",
    );
    expect(await lackOf(sample, { subnetwork: "missing" })).toEqual({
      why: "the subnetwork groundcrew-transfers in us-central1, in which machines are to be, is not there",
      next: "the project's owner deploys again, which makes it",
    });
  });
});

test("with an end outside, machines have an address, and need nothing of their subnetwork", async () => {
  expect(await lackOf(sample, { to: "pod-inbox:b", subnetwork: "shut-in" })).toBeUndefined();
});

test("a release of rclone that the settings name has to be there; the image's own is not looked for", async () => {
  const settings = { ...sample, rclone: release };
  expect(await lackOf(settings)).toEqual({
    why: "machines would find no rclone: 1.75.1, which the settings name, is not in Groundcrew's bucket",
    next: "the project's owner deploys again, which brings it",
  });
  expect((await lackOf(settings, { staged: ["tools/rclone-v1.75.0-linux-amd64.zip"] }))?.why).toBeDefined();
  expect(await lackOf(settings, { staged: ["tools/rclone-v1.75.1-linux-amd64.zip"] })).toBeUndefined();
});

describe("a transfer whose machines could not work", () => {
  let on: Awaited<ReturnType<typeof transferHarness>>;
  afterEach(() => on.close());

  test("is not begun: no machine is made, and the team is told what to mend; asked for again, it copies", async () => {
    on = await transferHarness({ settings: sampleSettings() });
    on.networkIs("shut-in");
    const within = { ...asked, to: "scratch:b" };
    const said = await on.deliver(within);
    expect(said).toMatchObject({ outcome: "blocked", told: true });
    expect("title" in said && said.title).toMatch(/^transfer t1 was not begun: machines would reach nothing/);
    expect([on.made, on.listed, await on.state()]).toEqual([[], [], undefined]);
    const [[, notice] = []] = on.published;
    expect(notice).toMatchObject({
      subject: "Transfer t1 was not begun",
      text: expect.stringContaining("(to mend it: the project's owner switches it on: gcloud compute"),
    });
    on.networkIs("reaches-google");
    await on.deliver({ ...within, id: "t2" });
    expect((await on.state("t2"))?.state).toBe("running");
  });

  test("is told so by a plan as well", async () => {
    on = await transferHarness({ settings: sampleSettings() });
    on.networkIs("missing");
    expect(await on.deliver({ ...asked, to: "scratch:b", dryRun: true })).toMatchObject({
      outcome: "blocked",
      title: expect.stringMatching(/^plan: transfer t1: the subnetwork groundcrew-transfers/),
    });
    expect([...on.notices]).toEqual([]);
  });
});
