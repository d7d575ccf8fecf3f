// Twenty invented people whom one would recognise anywhere go through the flows while every far end fails, in words that name
// them. Their names, addresses and logins may stand in the sheet, in records of what was done and in their own mails;
// in no log line, no reason of a record and no error answer.
import { readFileSync, writeFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Instance } from "../../local/instance/instance.ts";
import { type FarEndName, farEndNames } from "../../local/wire/faults.ts";
import type { Run } from "../../shared/records.ts";
import { canary, canaryHub, told, whoIsStruck } from "./canary-hub.ts";

const hub = canaryHub();
let on: Instance;
const runs: Run[] = [];
const said: string[] = [];

beforeAll(async () => {
  on = await hub.start({ console: true, idle: true, port: 0, log: (line) => said.push(line) });
  await goThrough();
});
afterAll(() => hub.close());

/** Makes each far end fail: a few calls, spread over those that a pass makes. */
function failEverywhere(): void {
  const often: Partial<Record<FarEndName, number[]>> = {
    github: [2, 3, 5, 9],
    google: [1, 2, 3, 8, 12],
    storage: [2, 2, 5, 9, 14, 30],
  };
  for (const farEnd of farEndNames)
    for (const [index, at] of (often[farEnd] ?? [1, 2, 4]).entries())
      on.farEnds.faults.add({
        farEnd,
        at,
        ...whoIsStruck(farEnd, index),
        failure: { kind: "status", status: index % 2 === 0 ? 503 : 403, body: told },
      });
}

/** Four flows amid failing services, refused people and bad cells; then a plan on hold, and what nobody can deliver. */
/** Of the flows, and of the addresses that the console and its pages asked for: a test below types what it likes into one. */
let logged = "";

async function goThrough(): Promise<void> {
  failEverywhere();
  runs.push(...(await on.runOnce()));
  on.farEnds.faults.clear();
  // Mails that nobody can deliver, for good.
  for (const at of [5, 6, 7])
    on.farEnds.faults.add({
      farEnd: "google",
      match: "messages/send",
      at,
      failure: { kind: "status", status: 400, body: told },
    });
  runs.push(...(await on.runOnce()));
  // All but a few are gone from the sheet: nobody loses access without a person's word.
  const lines = readFileSync(hub.sheet, "utf8").split("\n");
  writeFileSync(hub.sheet, `${lines.filter((line) => !/canary-login-[1-2]\d/.test(line)).join("\n")}`);
  on.clock.moveBy(3_600_000);

  const notice = { v: 1, hub: "sample", key: "canary", subject: "Canary", text: "canary" };
  for (const [topic, data] of [
    ["notice", { ...notice, to: { mail: ["canary at canary.example.org"] } }],
    ["notice", { ...notice, to: { mail: ["canary.mail.1@canary.example.org"] }, canary: 1 }],
    ["notice", { ...notice, key: "Canary Key", to: "team" }],
    ["sheet-changed", { v: 2, hub: "sample", why: "canary" }],
    ["sheet-changed", { v: 1, hub: "canary-hub", why: "edit" }],
    ["sheet-changed", { v: 1, hub: "sample", why: "edit", "canary.mail.1@canary.example.org": 1 }],
    ["release-published", { v: 1, hub: "sample", why: "release", tag: "canary@canary" }],
    ["transfer-request", { v: 1, hub: "sample", id: "canary", from: 7, to: "canary" }],
    ["quota-scan-due", "canary.mail.1@canary.example.org"],
  ] as const)
    await on.farEnds.pubsub.publish(topic, typeof data === "string" ? data : JSON.stringify(data));
  runs.push(...(await on.runOnce()));
  logged = hub.log();
}

test("the flows have met what these tests are about", () => {
  expect(
    new Set(runs.filter(({ error }) => error !== undefined).map(({ flow }) => flow)).size,
  ).toBeGreaterThanOrEqual(4);
  expect(runs.map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining(["done", "held", "failed", "blocked"]),
  );
  expect(
    on.farEnds.github.snapshot("sample-hub").pending.filter(({ login }) => canary.test(login ?? "")).length,
  ).toBeGreaterThan(10);
  expect(hub.mailedTo().filter((to) => canary.test(to)).length).toBeGreaterThan(10);
});

test("no log line names anybody", () => {
  const lines = logged.split("\n");
  expect(lines.length).toBeGreaterThan(100);
  expect(lines.filter((line) => canary.test(line))).toEqual([]);
  expect(said.filter((line) => canary.test(line.replace(/^requests\/\S+/, "")))).toEqual([]);
  // Nor any of those whom the sample hub came with.
  const others = readFileSync(hub.sheet, "utf8")
    .split("\n")
    .slice(1, 21)
    .flatMap((line) => line.split(",").slice(0, 3));
  expect(others.filter((who) => who.length > 3 && logged.includes(who))).toEqual([]);
});

test("no reason of a run, an undelivered event or a plan on hold names anybody", () => {
  const reasons = hub.reasons(runs);
  expect(hub.undelivered().length).toBeGreaterThanOrEqual(9);
  expect(reasons.filter((reason) => canary.test(reason))).toEqual([]);
});

test("no secret of the hub stands in its log, which has the address of every request", async () => {
  // As a browser does: what stands behind the # of the printed address is not sent.
  expect((await fetch(on.url)).status).toBe(200);
  const form = new URLSearchParams({ token: on.token });
  const opened = await fetch(`${on.origin}/session`, { method: "POST", body: form, redirect: "manual" });
  const cookie = (opened.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
  for (const path of ["/", "/members", "/homes", "/images", "/transfers", "/runs", "/events", "/sample"])
    expect([path, (await fetch(`${on.origin}${path}`, { headers: { cookie } })).status]).toEqual([path, 200]);
  const log = hub.log();
  expect(log).toContain(`"requestUrl":"${on.origin}/runs"`);
  const secrets = hub.secrets();
  expect(secrets.length).toBeGreaterThanOrEqual(10);
  expect([...secrets, cookie.split("=")[1] ?? ""].filter((secret) => log.includes(secret))).toEqual([]);
  // Tokens of identities, and of pushes.
  expect(log).not.toMatch(/ya29\.|eyJ|ghs_|Bearer/);
});

test("no error answer of the console names anybody, whatever was typed", async () => {
  const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
    fetch(`${on.origin}${path}`, {
      redirect: "manual",
      ...init,
      headers: { authorization: `Bearer ${on.token}`, "content-type": "application/json", ...init.headers },
    });
  const post = (path: string, body: unknown): Promise<Response> =>
    ask(path, { method: "POST", body: JSON.stringify(body) });
  const answers = [
    await ask("/api/canary"),
    await ask("/canary"),
    await ask("/runs/2026-01-01/canary"),
    await ask("/undelivered/canary"),
    await ask("/plans/sample/canary"),
    await ask("/api/runs?limit=canary"),
    await ask("/api/canary", { headers: { authorization: "Bearer canary" } }),
    await post("/api/events", { topic: "canary", payload: {} }),
    await post("/api/events", {
      topic: "notice",
      payload: { v: 1, "canary.mail.1@canary.example.org": "canary" },
    }),
    await post("/api/events", { topic: "sheet-changed", payload: "canary" }),
    await ask("/api/events", { method: "POST", body: "{canary" }),
    await post("/api/flows/canary/run", {}),
    await post("/api/undelivered/canary/replay", {}),
  ];
  const bodies = await Promise.all(
    answers.map(async (answer) => [answer.status, await answer.text()] as const),
  );
  expect(bodies.filter(([status]) => status < 400)).toEqual([]);
  expect(bodies.filter(([, body]) => canary.test(body))).toEqual([]);
  // The platform keeps each address as it was asked for, whoever made it up.
  const ours = hub
    .log()
    .split("\n")
    .filter((line) => !line.includes('"httpRequest"'));
  expect(ours.join("\n")).not.toMatch(canary);
});
