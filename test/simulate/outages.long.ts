// Forty minutes without one of the services that we call: nothing is undelivered, and when it is over all is as it would have been.
import { beforeAll, test } from "@jest/globals";
import { expectMadeGood, type Suffered, suffered } from "./suffered.ts";

let ends: Suffered[];
beforeAll(async () => {
  ends = await suffered("down");
}, 600_000);

test.each([
  "GitHub",
  "Sheets",
  "Gmail",
  "Slack",
  "Prometheus",
  "registry",
  "Compute",
  "Storage",
  "Secret Manager",
])("%s", (name) => expectMadeGood(ends.find((one) => one.name === name)));
