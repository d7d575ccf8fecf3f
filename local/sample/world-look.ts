// Views of the sample hub outside the console: the sheet, the organisation's pages, the mailbox, Slack. Reads, and the two things
// that people do there: accept an invitation, and send an event late.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { Hono } from "hono";
import * as z from "zod";
import { keysOf } from "../../shared/closed.ts";
import { events, isEventName } from "../../shared/events.ts";
import type { GithubFarEnd } from "../github/far-end.ts";
import type { Cell } from "../google/cell.ts";
import { readTab } from "../google/tab.ts";
import type { LateEvents } from "../instance/late-events.ts";
import { readLines } from "../slack/log.ts";
import { failureKinds, farEndNames, farEnds } from "../wire/faults.ts";
import { spells } from "../wire/spells.ts";
import { readMail } from "./mail-file.ts";

export type WorldLookDeps = {
  folder: string;
  mailbox: string;
  slackLog: string;
  hubs: { hub: string; organisation: string; file: string }[];
  github: Pick<GithubFarEnd, "snapshot" | "people">;
  late: LateEvents;
  /** A folder for each bucket. */
  buckets: string;
};

const rowsShown = 12;
const membersShown = 300;
const pendingShown = 100;
const mailsShown = 10;
const postsShown = 5;
const namesShown = 60;

const Late = z.strictObject({
  topic: z.string(),
  payload: z.unknown(),
  afterSeconds: z
    .number()
    .positive()
    .max(366 * 24 * 3600),
});
const Accept = z.strictObject({ hub: z.string(), login: z.string().max(100) });

export function worldLook(deps: WorldLookDeps): Hono {
  const app = new Hono();
  app.get("/look", (c) => {
    const from = Math.max(0, Math.floor(Number(c.req.query("from") ?? 0)) || 0);
    const files = mailFiles(deps.mailbox);
    return c.json({
      folder: deps.folder,
      canFail: farEndNames.map((name) => ({ name, word: farEnds[name] })),
      spells: keysOf(spells).map((name) => ({ name, word: spells[name].word })),
      failures: keysOf(failureKinds).map((kind) => ({ kind, word: failureKinds[kind].word })),
      hubs: deps.hubs.map(({ hub, organisation, file }) => ({
        hub,
        organisation,
        file,
        ...sheetOf(file, from),
        ...organisationOf(organisation, deps),
      })),
      mailCount: files.length,
      mails: files.slice(0, mailsShown).flatMap((file) => {
        const mail = readMail(deps.mailbox, file);
        return mail === undefined ? [] : [{ file, at: mail.at, subject: mail.subject, to: mail.to }];
      }),
      slack: readLines(deps.slackLog, postsShown),
      late: deps.late.list(),
      buckets: foldersIn(deps.buckets),
    });
  });
  app.get("/mails/:file", (c) => {
    const file = mailFiles(deps.mailbox).find((name) => name === c.req.param("file"));
    const mail = file === undefined ? undefined : readMail(deps.mailbox, file);
    if (mail === undefined)
      return c.json(refused("there is no such mail", "the mailbox has no such file"), 404);
    return c.json({ file, ...mail });
  });
  app.get("/late", (c) => c.json({ late: deps.late.list() }));
  app.post("/late", async (c) => {
    const body = Late.safeParse(await c.req.json().catch(() => undefined));
    const topic = body.success && isEventName(body.data.topic) ? body.data.topic : undefined;
    const event =
      topic === undefined || !body.success ? undefined : events[topic].safeParse(body.data.payload);
    if (!body.success || topic === undefined || event?.success !== true)
      return c.json(
        refused(
          "the event was not sent",
          "it needs a topic, a payload that fits it, and afterSeconds up to a year's",
        ),
        400,
      );
    const { at } = deps.late.add({ topic, payload: event.data, afterSeconds: body.data.afterSeconds });
    return c.json({ ok: true, said: `it will be sent at ${at}` });
  });
  app.post("/accept", async (c) => {
    const body = Accept.safeParse(await c.req.json().catch(() => undefined));
    const hub = body.success ? deps.hubs.find((each) => each.hub === body.data.hub) : undefined;
    const pending = hub === undefined ? [] : deps.github.snapshot(hub.organisation).pending;
    const found = body.success ? pending.find(({ login }) => login === body.data.login) : undefined;
    if (hub === undefined || found?.login == null)
      return c.json(
        refused("nothing was accepted", "no invitation of this hub waits for this person any more"),
        409,
      );
    deps.github.people.accept(found.login, hub.organisation);
    return c.json({ ok: true, said: "accepted, as the invited person" });
  });
  return app;
}

const asTyped = (cell: Cell): string => (typeof cell === "string" ? cell : cell.shown);

function sheetOf(file: string, from: number) {
  const read = readTab(file);
  if ("unreadable" in read) return { rows: 0, headings: [], page: [], unreadable: read.unreadable };
  const [headings = [], ...rows] = read.cells.map((row) => row.map(asTyped));
  // Somebody may have deleted rows since: then the last ones there are.
  const first = from < rows.length ? from : Math.max(0, rows.length - rowsShown);
  return {
    rows: rows.length,
    headings,
    page: rows.slice(first, first + rowsShown).map((cells, index) => ({ row: first + index + 2, cells })),
  };
}

function organisationOf(organisation: string, { github }: WorldLookDeps) {
  const { teams, pending } = github.snapshot(organisation);
  return {
    teams: Object.entries(teams).map(([slug, members]) => ({
      slug,
      count: members.length,
      members: members.slice(0, membersShown),
    })),
    pendingCount: pending.length,
    pending: pending.slice(0, pendingShown).map(({ login, teams: slugs, createdAt }) => ({
      login,
      teams: slugs,
      createdAt,
    })),
  };
}

/** Lists what lies on top in each bucket; a whole walk would cost too much for a page that looks every two seconds. */
function foldersIn(folder: string) {
  return entriesOf(folder).flatMap((name) => {
    const names = entriesOf(join(folder, name));
    return [{ name, count: names.length, names: names.slice(0, namesShown) }];
  });
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter(({ name }) => !name.startsWith("."))
      .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
      .sort();
  } catch {
    return [];
  }
}

/** Newest first: their names begin with their time. */
function mailFiles(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /^[\w-]+\.eml$/.test(name))
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

const refused = (what: string, why: string) => ({
  error: { what, why, next: "look again at the sample hub" },
});
