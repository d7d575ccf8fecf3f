// Forty minutes without one of the services that we call: nothing is undelivered, and when it is over all is as it would have been.
import { beforeAll, test } from "@jest/globals";
import { expectMadeGood, type Suffered, suffered } from "./suffered.ts";

let ends: Suffered[];
beforeAll(async () => {
  ends = await suffered("down");
}, 600_000);

test.each([
  "github-down",
  "sheet-down",
  "gmail-down",
  "slack-down",
  "prometheus-down",
  "registry-down",
  "compute-down",
  "storage-down",
  "secrets-down",
])("%s", (name) => expectMadeGood(ends.find((one) => one.name === name)));
