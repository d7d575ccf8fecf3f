// Tests of the slips that people make in an end of a transfer: each refusal has the right form in it, and nothing of what was typed.
import { describe, expect, test } from "@jest/globals";
import { requestOf } from "../../../functions/run-transfer/request.ts";
import { sampleTransfers } from "../../local/compute/harness.ts";

const settings = {
  remotes: {
    persistent: { kind: "gcs" as const, bucket: "hub-persistent" },
    mirror: { kind: "gcs" as const, bucket: "hub-persistent" },
    scratch: { kind: "gcs" as const, bucket: "hub-scratch" },
    "pod-inbox": {
      ...{ kind: "s3" as const, bucket: "inbox", endpoint: "https://pod.example.org" },
      ...{ region: "us-east-1", provider: "Ceph" as const },
    },
  },
};
const saysOf = (from: string): string => {
  const asked = requestOf({ from, to: "scratch:there" }, settings);
  return "refused" in asked ? asked.refused : "taken";
};
const all = "the remotes are persistent, mirror, scratch, pod-inbox";

test.each([
  ["gs://hub-scratch/typed", 'the source is an address: write it as "scratch:<path>"'],
  [
    "gs://hub-persistent/typed",
    'the source is an address: write it as "persistent:<path>" or "mirror:<path>"',
  ],
  ["S3://inbox/typed", 'the source is an address: write it as "pod-inbox:<path>"'],
  ["https://pod.example.org/inbox/typed", 'the source is an address: write it as "pod-inbox:<path>"'],
  ["https://inbox.pod.example.org/typed", 'the source is an address: write it as "pod-inbox:<path>"'],
  [
    "https://console.cloud.google.com/storage/browser/hub-scratch/typed",
    'the source is an address: write it as "scratch:<path>"',
  ],
  [
    "gs://typed/x",
    `the source is an address, and of no bucket of the settings: an end is <remote>:<path>; ${all}`,
  ],
  ["hub-scratch/typed", 'the source begins with a bucket\'s name: write it as "scratch:<path>"'],
  ["hub-scratch:typed", 'the source names a bucket where its remote belongs: write it as "scratch:<path>"'],
  [
    "persistent/typed",
    'the source has no colon after its remote: write it as "persistent:<path>", or "persistent:" for all of it',
  ],
  [
    "persistent",
    'the source has no colon after its remote: write it as "persistent:<path>", or "persistent:" for all of it',
  ],
  [
    " persistent:typed",
    `the source names no remote of the settings; did you mean "persistent:<path>"?; ${all}`,
  ],
  [
    "Persistent:typed",
    `the source names no remote of the settings; did you mean "persistent:<path>"?; ${all}`,
  ],
  [
    "persistant:typed",
    `the source names no remote of the settings; did you mean "persistent:<path>"?; ${all}`,
  ],
  ["scrach/typed", `the source is not of the form "<remote>:<path>"; did you mean "scratch:<path>"?; ${all}`],
  ["typed:typed", `the source names no remote of the settings; ${all}`],
  [
    "persistent:typed\\typed",
    'the source has a backslash in its path: write it as "persistent:<path>", with / between its folders',
  ],
  [
    "persistent:typed ",
    'the source has a space at the beginning or the end of its path: write it as "persistent:<path>", with / between its folders',
  ],
  [
    "persistent: typed",
    'the source has a space at the beginning or the end of its path: write it as "persistent:<path>", with / between its folders',
  ],
])("%j", (typed, says) => {
  expect(saysOf(typed)).toBe(says);
  expect(saysOf(typed)).not.toContain("typed");
});

describe("a remote that has writers", () => {
  const shut = sampleTransfers();
  const inbox = shut.remotes["pod-inbox"];
  if (inbox !== undefined) inbox.writers = ["Mei Dahl", "bo.vega@example.org"];
  const ask = (by: string | undefined, ends = { from: "persistent:a", to: "pod-inbox:a" }) =>
    requestOf({ ...ends, by }, shut);

  test.each(["Mei Dahl", "mei dahl", "Bo.Vega@example.org"])("takes copies for %s", (by) => {
    expect(ask(by)).toMatchObject({ by, to: { remote: "pod-inbox" } });
  });

  test.each([
    ["Ada Berg", "who asks is none of them"],
    [undefined, "nobody has said who asks"],
  ])("refuses them for %s, with the reason and the names", (by, why) => {
    expect(ask(by)).toEqual({
      refused: `copies into pod-inbox are asked for by Mei Dahl, bo.vega@example.org alone, and ${why} (names are typed, and not proved: people keep this rule, it keeps nobody out)`,
    });
  });

  test("may be read by everybody", () => {
    expect(ask(undefined, { from: "pod-inbox:a", to: "persistent:a" })).toHaveProperty("to");
  });
});
