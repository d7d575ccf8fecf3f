// Forty minutes without one of the services that we call, or with one that wants to be left alone: nothing is undelivered, and
// when it is over all is as it would have been.
import { beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { playedBy } from "./played.ts";

const Suffered = z.strictObject({
  name: z.string(),
  refused: z.number(),
  undelivered: z.array(z.string()),
  broken: z.array(z.string()),
  waiting: z.number(),
  posts: z.number(),
});
let ends: z.infer<typeof Suffered>[];

beforeAll(async () => {
  // Two processes, for the machine that this has to be quick on has two cores.
  const both = await Promise.all([playedBy("outages.ts", "down"), playedBy("outages.ts", "limits")]);
  expect(both.map(({ code, out }) => (code === 0 ? "" : out))).toEqual(["", ""]);
  ends = both.flatMap(({ out }) => out.trim().split("\n")).map((line) => Suffered.parse(JSON.parse(line)));
}, 600_000);

const down = [
  "GitHub",
  "Sheets",
  "Gmail",
  "Slack",
  "Prometheus",
  "registry",
  "Compute",
  "Storage",
  "Secret Manager",
];
const limits = ["GitHub's limit", "Sheets' limit", "Gmail's limit", "Slack's limit", "the registry's limit"];

test.each([...down, ...limits])("%s", (name) => {
  const end = ends.find((one) => one.name === name);
  expect(end).toMatchObject({ undelivered: [], broken: [], waiting: 0 });
  expect(end?.refused).toBeGreaterThan(0);
  // Every message to the team got there, once.
  expect(end?.posts).toBeGreaterThanOrEqual(5);
});

test.each(limits)(
  "%s: what asks to be left alone is asked once, or twice by whoever was under way",
  (name) => {
    expect(ends.find((one) => one.name === name)?.refused).toBeLessThanOrEqual(2);
  },
);
