// Mails to members from the sheet to the mailbox, over the real far ends on the movable clock: a story with each occasion once, however
// often, late or half a delivery comes.
import { writeFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { crashHarness } from "./crash-harness.ts";

const fresh = crashHarness();
const heading = "Name,Email,GitHub username,Membership tier,Membership expires";
/** Rows of the sheet by login: tier and last day. Nobody has the account of Typo. */
type Rows = Record<string, [tier: string, ends: string]>;
const sheetOf = (rows: Rows): string =>
  [
    heading,
    ...Object.entries(rows).map(
      ([login, [tier, ends]]) => `${login},${login}@example.org,${login},${tier},${ends}`,
    ),
    "",
  ].join("\n");

const sent = (mails: readonly string[]): string[] =>
  mails
    .map((text) => {
      const [, to = "", subject = ""] = [
        /^To: (.*)$/m.exec(text)?.[0],
        /^To: (.*)$/m.exec(text)?.[1],
        /^Subject: (.*(?:\r?\n .*)*)$/m.exec(text)?.[1],
      ];
      return `${to.trim().split("@")[0]}: ${subject.replace(/\s+/g, " ").trim()}`;
    })
    .sort();

test("each occasion is told once: to whom it concerns, when it has come, whatever befalls the deliveries", async () => {
  const hub = await fresh();
  const { clock, far } = hub;
  const day = (offset: number): string =>
    new Date(clock.now().getTime() + offset * 86_400_000).toISOString().slice(0, 10);
  const rows: Rows = {
    "ada-a": ["Research", ""],
    "bo-b": ["Education", day(60)],
    "cy-c": ["Public", ""],
    "typo-typo": ["Public", ""],
    "dee-d": ["Education", ""],
  };
  let id = 0;
  let before: string[] = [];
  /** Lets so many minutes pass, looks, looks again by the same message and by another, and gives the mails that came. */
  async function after(minutes: number, changes: Rows = {}, gone: string[] = []): Promise<string[]> {
    clock.moveBy(minutes * 60_000);
    Object.assign(rows, changes);
    for (const login of gone) delete rows[login];
    writeFileSync(hub.world.members, sheetOf(rows));
    id += 1;
    // Dies somewhere in the middle, and comes again.
    const fuse = { at: 3 + (id % 4), when: "after" } as const;
    await hub.deliver(`m${id}`, { fuse, why: "schedule" });
    clock.moveBy(4 * 60_000);
    for (const again of [`m${id}`, `m${id}`, `n${id}`]) await hub.deliver(again, { why: "schedule" });
    await far.pubsub.idle();
    const all = sent(hub.mails());
    const left = [...before];
    const news = all.filter((one) => {
      const at = left.indexOf(one);
      if (at !== -1) left.splice(at, 1);
      return at === -1;
    });
    before = all;
    return news;
  }
  const of = "Your access to sample-hub";
  expect(await after(0)).toEqual([
    `ada-a: ${of}: one step is left`,
    `bo-b: ${of}: one step is left`,
    `cy-c: ${of} has changed`,
  ]);
  expect(await after(20)).toEqual([]);
  expect(await after(20)).toEqual([`typo-typo: ${of}: which is your GitHub username?`]);

  far.github.people.accept("bo-b");
  expect(await after(3 * 24 * 60, { "cy-c": ["Education", ""] })).toEqual([
    `ada-a: ${of}: the invitation is still open`,
  ]);
  expect(await after(20)).toEqual([]);
  expect(await after(20)).toEqual([`cy-c: ${of} has changed`]);
  expect(await after(3 * 24 * 60 - 60)).toEqual([`ada-a: ${of}: the invitation ends on ${day(1)}`]);
  // The next invitation goes out with the end of the first: one mail says all.
  expect(await after(24 * 60)).toEqual([`ada-a: ${of}: one step is left`]);

  const ends = day(53 - 5 + 7);
  rows["bo-b"] = ["Education", ends];
  const membership = "Your membership of sample-hub ends";
  expect(await after((Date.parse(ends) - Date.parse(day(0))) / 60_000 - 29 * 24 * 60, {}, ["ada-a"])).toEqual(
    [],
  );
  expect(await after(40)).toContain(`bo-b: ${membership} on ${ends}`);
  expect(await after(23 * 24 * 60)).toEqual([`bo-b: ${membership} in 6 days`]);
  expect(await after(8 * 24 * 60)).toEqual([]);
  expect(await after(2 * 24 * 60)).toEqual([`bo-b: ${of} has ended`]);
  expect(await after(10 * 24 * 60)).toEqual([]);
});
