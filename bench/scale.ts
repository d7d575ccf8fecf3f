// Measures whether the pure parts keep their pace on a large hub: the time for ten times as much over the time for once as much.
// It is near 10 where the work is linear.

import { memberList } from "../functions/console/members/list.ts";
import { cutLists } from "../functions/run-transfer/cut.ts";
import { decide } from "../functions/sync-members/decide.ts";
import { MembersState } from "../shared/members/records.ts";
import { Settings } from "../shared/settings.ts";
import { memberRows } from "../shared/sheets/rows.ts";
import type { RemoteObject } from "../shared/transfers/records.ts";

export type Scale = { what: string; size: number; milliseconds: number; tenfold: number };

/** Work that goes by the square would take 100 times as long; sorting and a processor's caches account for the rest. */
const limit = 60;
const now = new Date("2026-11-21T10:00:00Z");
const day = "2026-11-21";
const settings = Settings.shape.hubs.valueType.shape.members.unwrap().parse({
  spreadsheet: "1SampleSpreadsheet",
  tiers: { Public: "public-access", Research: "full-access" },
});
const machine = {
  type: "m",
  vcpus: 8,
  memoryGB: 32,
  image: "projects/p/global/images/i",
  zones: ["us-central1-a"],
};
const cut = Settings.shape.hubs.valueType.shape.transfers.unwrap().parse({
  remotes: { scratch: { kind: "gcs", bucket: "scratch" } },
  machine: { ...machine, dollarsPerHour: 1 },
  prices: { asOf: "2026-11-01" },
  limits: {},
});
const heading = ["Name", "Email", "GitHub username", "Membership tier", "Membership expires"];

/** Every tenth row has three cells that cannot be used. */
const sheetOf = (people: number): string[][] => [
  heading,
  ...Array.from({ length: people }, (_, n) =>
    n % 10 === 0
      ? ["P", `p${n}@example.org`, `not a login ${n}`, "Reserch", "3/4/2027"]
      : ["P", `p${n}@example.org`, `person-${n}`, "Research", "2027-06-30"],
  ),
];

/** A hub in which one in a hundred has left, and whose refused rows may be anybody's. */
function hubOf(people: number): Parameters<typeof decide>[0] {
  const { rows, rejected, named, unreadable } = memberRows(sheetOf(people), settings, day);
  const members = rows.map(({ login }, id) => ({ id: id + 1, login }));
  return {
    rows: rows.slice(people / 100),
    rejected,
    named,
    unreadable,
    github: {
      teams: { "full-access": { id: 1, members }, "public-access": { id: 2, members: [] } },
      owners: [],
      pending: [],
      failed: [],
    },
    accounts: new Map(),
    state: headOf(rows),
    settings,
    today: day,
    now,
  };
}

const headOf = (rows: ReturnType<typeof memberRows>["rows"]): MembersState =>
  MembersState.parse({
    v: 1,
    at: now.toISOString(),
    goodRows: rows.length,
    people: rows.map(({ expires: _, ...row }) => ({ ...row, status: "in-team", since: now.toISOString() })),
    rejected: [],
    known: Object.fromEntries(rows.map(({ login }) => [login, { invitations: 0 }])),
    announce: {},
    unmanaged: [],
  });

const objectsOf = (count: number): RemoteObject[] => {
  let state = 1;
  return Array.from({ length: count }, (_, n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return { name: `object ${n}`, size: state };
  });
};

const parts: { what: string; size: number; prepare: (size: number) => () => unknown }[] = [
  {
    what: "read rows of a sheet",
    size: 1000,
    prepare: (size) => {
      const sheet = sheetOf(size);
      return () => memberRows(sheet, settings, day);
    },
  },
  {
    what: "decide on members",
    size: 1000,
    prepare: (size) => {
      const hub = hubOf(size);
      return () => decide(hub);
    },
  },
  {
    what: "find members for a page",
    size: 1000,
    prepare: (size) => {
      const head = headOf(memberRows(sheetOf(size), settings, day).rows);
      return () => memberList("prod", { ...head }, { text: "p9", limit: 100 });
    },
  },
  {
    what: "cut objects into lists",
    size: 100_000,
    prepare: (size) => {
      const copied = objectsOf(size);
      return () => cutLists({ copied, moved: [], unproved: [] }, cut);
    },
  },
];

/** The fastest of some: other work on the machine is not what is measured. */
function fastest(work: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const begun = performance.now();
    work();
    return performance.now() - begun;
  });
  return Math.min(...times);
}

export function benchScale(): Scale[] {
  return parts.map(({ what, size, prepare }) => {
    const once = fastest(prepare(size));
    const milliseconds = fastest(prepare(10 * size));
    return { what, size: 10 * size, milliseconds, tenfold: milliseconds / once };
  });
}

/** As a table for a terminal. */
export function scaleTable(scales: readonly Scale[]): string {
  const lines = scales.map(
    ({ what, size, milliseconds, tenfold }) =>
      `  ${what.padEnd(28)} ${size.toLocaleString("en").padStart(10)}: ${milliseconds.toFixed(1)} ms, ${tenfold.toFixed(1)} times a tenth of it${tenfold > limit ? `  OVER ITS LIMIT of ${limit}` : ""}`,
  );
  return [`Large hubs (limit: ${limit} times as long for ten times as much):`, ...lines].join("\n");
}

if (import.meta.main) console.log(scaleTable(benchScale()));
