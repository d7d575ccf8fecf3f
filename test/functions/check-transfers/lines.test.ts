// Lines in which the daily look says how each thing stands that transfers need.
import { hash } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import {
  leftLine,
  networkLine,
  quotaLine,
  rcloneLine,
  refusedLine,
} from "../../../functions/check-transfers/lines.ts";
import type { Failure } from "../../../shared/failure.ts";

const now = new Date("2026-11-29T05:30:00Z");
const bytes = new TextEncoder().encode("a zip");
const release = { from: "release", version: "1.75.1", sha256: hash("sha256", bytes) } as const;

test("a refusal is to be mended; what passes is no news", () => {
  const failure = (lasts: Failure["lasts"]): Failure => ({
    service: "s3",
    cause: "c",
    lasts,
    explanation: { what: "w", why: "it said no", next: "let it in" },
  });
  expect(refusedLine("remote pod", failure("lasting"))).toEqual({
    about: "remote pod",
    state: "fail",
    says: "it said no",
    next: "let it in",
  });
  expect(refusedLine("remote pod", failure("settling")).state).toBe("fail");
  expect(refusedLine("remote pod", failure("transient")).state).toBe("unchecked");
});

describe("rclone", () => {
  test("of the settings is there, as it was released", () => {
    expect(rcloneLine(release, bytes)).toEqual({
      about: "rclone",
      state: "ok",
      says: "1.75.1 is staged, as its makers released it",
    });
  });
  test("is missing, or another", () => {
    expect(rcloneLine(release, undefined)).toMatchObject({
      state: "fail",
      next: expect.stringMatching(/deploys again/),
    });
    expect(rcloneLine(release, new Uint8Array(1))).toMatchObject({
      state: "fail",
      next: "compare transfers.rclone.sha256 in the settings with the release's own SHA256SUMS, delete tools/rclone-v1.75.1-linux-amd64.zip from the ledger's bucket, and deploy again",
    });
  });
  test("of an image is what only a machine can tell", () => {
    expect(rcloneLine({ ...release, from: "image" }, undefined).state).toBe("unchecked");
  });
});

test.each([
  ["reaches-google", "ok"],
  ["shut-in", "fail"],
  ["missing", "fail"],
] as const)("a subnetwork that is %s: %s", (is, state) => {
  const line = networkLine("regions/us-central1/subnetworks/default", is);
  expect([line.about, line.state]).toEqual(["network us-central1", state]);
});

test("quotas that are too small are named, with what may be wanted of them", () => {
  expect(quotaLine("us-central1", [], 4).state).toBe("ok");
  const small = [{ metric: "E2_CPUS", limit: 24, usage: 8, wanted: 32 }];
  expect(quotaLine("us-central1", small, 4)).toEqual({
    about: "quotas of us-central1",
    state: "fail",
    says: "they are too small for the 4 machines that the hub may have at a time: E2_CPUS is 24 (8 in use) and 32 may be wanted",
    next: "the project's owner asks for more (IAM & Admin, Quotas & System Limits), or limits.machines in the settings is made smaller",
  });
});

describe("what machines leave behind", () => {
  const machine = (transfer: string, minutesOld: number) => ({
    id: "1",
    name: `transfer-prod-${transfer}-0`,
    zone: "us-central1-a",
    status: "RUNNING",
    labels: { hub: "prod", transfer, shard: "0", attempt: "1" },
    createdAt: new Date(now.getTime() - minutesOld * 60_000).toISOString(),
  });
  const disk = (transfer: string, isAttached: boolean) => ({
    name: `transfer-prod-${transfer}-0`,
    zone: "us-central1-b",
    labels: { hub: "prod", transfer },
    isAttached,
  });
  const running = new Set(["open"]);

  test("is nothing while a transfer runs, the sweep has not come by, or a machine has its disk", () => {
    const machines = [machine("open", 999), machine("over", 30)];
    const disks = [disk("open", false), disk("over", true)];
    expect(leftLine({ machines, disks, running }, now).state).toBe("ok");
  });

  test("is named with the commands that delete it", () => {
    const found = { machines: [machine("over", 31)], disks: [disk("over", false)], running };
    expect(leftLine(found, now)).toEqual({
      about: "left behind",
      state: "fail",
      says: "what has outlived its transfer costs money: the machine transfer-prod-over-0 in us-central1-a, the disk transfer-prod-over-0 in us-central1-b",
      next: "gcloud compute instances delete transfer-prod-over-0 --zone=us-central1-a; gcloud compute disks delete transfer-prod-over-0 --zone=us-central1-b",
    });
  });
});
