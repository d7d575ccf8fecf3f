// Sight of the sample hub through its door: the sheet, the organisation, the mails, Slack and the buckets; and what the invited do.
import { writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  lookAtSample,
  readMail,
  type SampleLook,
  type WorldClient,
} from "../../../functions/console/sample/hub.ts";
import { faultStore } from "../../../local/wire/faults.ts";
import { stoppedClock } from "../../../local/wire/movable-clock.ts";
import { type LookHarness, lookHarness, switchesOver } from "./look-harness.ts";

let look: LookHarness;
let world: WorldClient;
beforeEach(async () => {
  const clock = stoppedClock(new Date("2026-11-21T08:00:00Z"));
  look = await lookHarness(clock);
  world = switchesOver(look, { token: "the-token", clock, faults: faultStore() });
});
afterEach(() => look.close());

async function seenFrom(row: number): Promise<SampleLook> {
  const seen = await lookAtSample(world, row);
  if ("refused" in seen) throw new Error(seen.explanation.why);
  return seen;
}
const statusOf = async (method: string, path: string, body?: string): Promise<number> =>
  (await world({ method, path, ...(body === undefined ? {} : { body }) })).status;

test("the sheet a dozen rows at a time, the organisation, the mails newest first", async () => {
  const seen = await seenFrom(24);
  expect(seen.hubs).toEqual([
    {
      hub: "prod",
      organisation: "Sample-Hub",
      file: look.file,
      rows: 30,
      headings: ["Name", "Email", "GitHub username"],
      page: [26, 27, 28, 29, 30, 31].map((row) => ({
        row,
        cells: [`Person ${row}`, `p${row}@example.org`, `p-${row}`],
      })),
      teams: [
        { slug: "base", count: 2, members: ["ada-a", "Bo-B"] },
        { slug: "full", count: 1, members: ["Olga-Owner"] },
        { slug: "public", count: 0, members: [] },
        { slug: "hand-made", count: 1, members: ["cy-c"] },
      ],
      pendingCount: 2,
      pending: ["dee-d", "eve-e"].map((login) => ({
        login,
        teams: ["base"],
        createdAt: "2031-03-03T10:00:00.000Z",
      })),
    },
  ]);
  expect([seen.mailCount, seen.mails.map(({ subject }) => subject)]).toEqual([
    2,
    ["Zugang f\u00fcr S\u00f8ren \u2013 fast da", "The first"],
  ]);
  expect(seen.slack).toEqual({
    count: 2,
    posts: [
      {
        at: "2026-03-02T06:45:00.000Z",
        channel: "C0SAMPLEHUB",
        text: "prod: images 2026.03 are proposed\n\nhttps://github.com/o/r/pull/1?a=1&b=2",
      },
      {
        at: "2026-03-02T06:30:00.000Z",
        channel: "C0SAMPLEHUB",
        text: "prod: 3 removals wait for you\n\nbecause a <b>cell</b> is empty",
      },
    ],
  });
  expect(seen.canFail).toContainEqual({ name: "github", word: "GitHub" });
  expect(seen.failures).toContainEqual({ kind: "delay", word: "answers late" });
  expect(seen.buckets).toEqual([{ name: "scratch/", count: 2, names: ["notes.txt", "results/"] }]);
});

test("a sheet that cannot be read says why", async () => {
  writeFileSync(look.file, Buffer.from([0xff, 0xfe, 0x00]));
  const [hub] = (await seenFrom(0)).hubs;
  expect([hub?.rows, hub?.unreadable]).toEqual([0, "the sheet's file is not UTF-8: save it as CSV in UTF-8"]);
});

test("a mail as text, and only one of the mailbox", async () => {
  const mail = await readMail(world, "20260302T071500000Z-second-0b.eml");
  expect(mail).toEqual({
    file: "20260302T071500000Z-second-0b.eml",
    at: "2026-03-02T07:15:00.000Z",
    subject: "Zugang f\u00fcr S\u00f8ren \u2013 fast da",
    to: "ada@example.org",
    text: "Dear S\u00f8ren,\n\n\u2713 done = true\n",
  });
  for (const name of ["..%2Fmembers.csv", "nothing.eml", ".half.eml.new", "%2Fetc%2Fpasswd"])
    expect(await statusOf("GET", `/mails/${name}`)).toBe(404);
});

test("an invitation is accepted once, as the invited person", async () => {
  expect(await statusOf("POST", "/accept", '{"hub":"prod","login":"dee-d"}')).toBe(200);
  const { teams, pending } = look.organisation.snapshot();
  expect([teams["base"], pending.map(({ login }) => login)]).toEqual([["ada-a", "Bo-B", "dee-d"], ["eve-e"]]);
  for (const body of [
    '{"hub":"prod","login":"dee-d"}',
    '{"hub":"prod","login":"ada-a"}',
    '{"hub":"nowhere","login":"eve-e"}',
    '{"hub":"prod"}',
    "{",
  ])
    expect(await statusOf("POST", "/accept", body)).toBe(409);
});
