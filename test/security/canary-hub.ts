// A sample hub with twenty invented people whom one would recognise anywhere, and all that may be kept or said of them.
import { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { makeWorld, worldFolder } from "../../local/sample/world.ts";
import type { FarEndName } from "../../local/wire/faults.ts";
import { folderOf } from "../../shared/quota/people.ts";
import { type Run, Undelivered } from "../../shared/records.ts";
import { sample } from "../flows/sample.ts";

const people = Array.from({ length: 20 }, (_, index) => ({
  name: `Canary Sångfågel ${index}`,
  login: `canary-login-${index}`,
  mail: `canary.mail.${index}@canary.example.org`,
}));
const bad = [
  "Canary Badmail,canary at canary.example.org,canary-bad-1,Research,",
  "Canary Badlogin,canary.bad.2@canary.example.org,canary bad 2,Research,",
  "Canary Badtier,canary.bad.3@canary.example.org,canary-bad-3,Canary tier,",
  "Canary Baddate,canary.bad.4@canary.example.org,canary-bad-4,Research,canary-day",
  "Canary Url,canary.bad.5@canary.example.org,https://github.com/canary-bad-5/canary,Research,",
  "Canary Formula,=canary@canary.example.org,@canary-bad-6,=CANARY(1),",
];
/** The words of whoever fails. */
export const told = JSON.stringify({
  error: {
    code: 403,
    message: "canary.fault@canary.example.org (canary-login-1) may not",
  },
  message: "canary-login-2 is canary.fault@canary.example.org",
});
/** Words that no log line, reason or refusal of the hub may hold. */
export const canary = /canary|s[åa]ngf/i;

/** Of the calls to storage only those that functions make: the sample hub itself lists and reads records too. */
export const whoIsStruck = (farEnd: FarEndName, turn: number): { match?: string } =>
  farEnd === "storage" ? { match: turn % 2 === 0 ? "POST" : "head" } : {};

/** Not started yet. */
export function canaryHub() {
  const hub = sample();
  const sheet = join(hub.folder, "members.csv");
  makeWorld(hub.folder, 20);
  const rows = people.map(({ name, mail, login }) => [name, mail, login, "Research", ""].join(","));
  appendFileSync(sheet, `${[...rows, ...bad].join("\n")}\n`);
  for (const { login } of people.slice(0, 4)) {
    const home = join(hub.folder, "homes", folderOf(login, "safe"));
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, "canary.nc"), Buffer.alloc(60_000, 1));
  }
  const request = (id: string, from: string): void =>
    writeFileSync(join(hub.folder, "requests", `${id}.yaml`), `from: ${from}\nto: scratch:canary\n`);
  writeFileSync(join(hub.folder, "requests", "first-copy.yaml"), "");
  request("no-remote", "canary-remote:canary.mail.1@canary.example.org");
  request("nothing-there", "persistent:canary/login-1");
  request("shell", '"persistent:$(canary)"');

  /** Every object of the ledger, whatever it is called. */
  const records = (): unknown[] =>
    readdirSync(worldFolder(hub.folder).ledger, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .flatMap((entry) => {
        try {
          return [JSON.parse(readFileSync(join(entry.parentPath, entry.name), "utf8"))];
        } catch {
          return [];
        }
      });
  return {
    ...hub,
    sheet,
    /** Every word of its secrets that nobody would write by chance. */
    secrets: (): string[] => {
      const { secrets } = worldFolder(hub.folder);
      return readdirSync(secrets).flatMap(
        (name) => readFileSync(join(secrets, name, "1"), "utf8").match(/[\w/+-]{16,}/g) ?? [],
      );
    },
    log: (): string => readFileSync(worldFolder(hub.folder).log, "utf8"),
    undelivered: (): Undelivered[] => records().flatMap((record) => Undelivered.safeParse(record).data ?? []),
    /** Lists the reasons that the ledger and these runs give, one JSON text each. */
    reasons: (runs: readonly Run[]): string[] =>
      [
        ...records().flatMap((record) => HasReason.safeParse(record).data?.reason ?? []),
        ...runs.map(({ title, error, outcome, flow }) => ({ flow, title, error, outcome })),
      ].map((reason) => JSON.stringify(reason)),
  };
}

const HasReason = z.looseObject({ reason: z.unknown() });
