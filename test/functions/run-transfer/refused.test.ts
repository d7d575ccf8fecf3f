// A transfer whose machines Compute Engine will not make: it ends with the cause, and does not ask a hundred times.
import { expect, test } from "@jest/globals";
import { operationFailure } from "../../../shared/compute/refusals.ts";
import { failed } from "../../../shared/failure.ts";
import { play } from "./story.ts";

const noImage = operationFailure("a transfer machine cannot be made", {
  code: "RESOURCE_NOT_FOUND",
  message: "The resource 'projects/example-hub/global/images/transfers' was not found",
});
const noRight = failed({
  service: "compute",
  cause: "permission",
  lasts: "settling",
  explanation: {
    what: "a transfer machine cannot be made",
    why: "the function's service account lacks the permission compute.subnetworks.use",
    next: "the project's owner deploys again",
  },
});

test("a lasting refusal ends it at once, with cause and cure in receipt and notice", async () => {
  const story = await play(undefined, new Set(), { refusal: noImage });
  expect(story).toMatchObject({
    state: "failed",
    receiptState: "failed",
    deliveries: 0,
    made: [],
    machinesLeft: [],
    notices: ["transfer/t1/ended"],
  });
  expect(story.said).toMatch(
    /^failed, because the image of the transfer machines is not there \(to mend it: correct transfers\.machine\.image/,
  );
});

test("rights that may be on their way get their minutes, and then it ends the same way", async () => {
  const story = await play(undefined, new Set(), { refusal: noRight });
  expect(story).toMatchObject({
    state: "failed",
    made: [],
    machinesLeft: [],
    notices: ["transfer/t1/ended"],
  });
  // A delivery a minute, for settlingMinutes.
  expect(story.deliveries).toBe(15);
  expect(story.said).toContain("lacks the permission compute.subnetworks.use");
});
