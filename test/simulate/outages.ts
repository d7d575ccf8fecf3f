// Each service that we call is out of order for forty minutes, or wants to be left alone for that long, while its flow has work
// to do; on the movable clock. Prints a line of JSON for each: what became of it.
import { z } from "zod";
import type { Flow } from "./flow.ts";
import { takeOver } from "./wire.ts";

takeOver();
z.config({ jitless: true });
process.env["GCE_METADATA_HOST"] = "metadata.far";
process.env["METADATA_SERVER_DETECTION"] = "assume-present";
const { brokenAtTheEnd } = await import("./checks.ts");
const { drive } = await import("./driver.ts");
const { randomOf } = await import("./random.ts");
const { calm } = await import("./weather.ts");
const { notifier } = await import("./team.ts");
const { syncMembersFlow } = await import("./flows/sync-members.ts");
const { scanQuotasFlow } = await import("./flows/scan-quotas.ts");
const { bumpImageFlow } = await import("./flows/bump-image.ts");
const { runTransferFlow } = await import("./flows/run-transfer.ts");

const minutes = 40;
const notices = 10;

/** `host` and the beginning of the path say which calls it hits. */
type Outage = { name: string; flow: Flow; host: string; path?: RegExp; answer: () => Response | Error };

const google = (status: number, reason: string, headers: Record<string, string> = {}) =>
  Response.json(
    {
      error: {
        code: status,
        message: "not now",
        status: reason,
        errors: [{ message: "not now", domain: "global", reason }],
      },
    },
    { status, headers },
  );
const down = () => google(503, "backendError");
const later = { "retry-after": String(minutes * 60) };
const page = () =>
  new Response("<html>Unicorn!</html>", { status: 503, headers: { "content-type": "text/html" } });

/** The nine, as they are when nothing works. */
const nothingWorks: Outage[] = [
  { name: "GitHub", flow: syncMembersFlow, host: "github", answer: page },
  { name: "Sheets", flow: syncMembersFlow, host: "google", path: /^\/v4\/spreadsheets/, answer: down },
  {
    name: "Gmail",
    flow: syncMembersFlow,
    host: "google",
    path: /^\/gmail\//,
    answer: down,
  },
  { name: "Slack", flow: syncMembersFlow, host: "slack", answer: page },
  { name: "Prometheus", flow: scanQuotasFlow, host: "prometheus", answer: page },
  { name: "registry", flow: bumpImageFlow, host: "registry", answer: page },
  { name: "Compute", flow: runTransferFlow, host: "compute", answer: () => google(500, "backendError") },
  { name: "Storage", flow: syncMembersFlow, host: "storage", answer: down },
  { name: "Secret Manager", flow: syncMembersFlow, host: "secrets", answer: down },
];

/** Those that say for how long they want to be left alone. */
const limits: Outage[] = [
  {
    name: "GitHub's limit",
    flow: syncMembersFlow,
    host: "github",
    answer: () =>
      Response.json(
        { message: "API rate limit exceeded for installation ID 1." },
        { status: 403, headers: { ...later, "x-ratelimit-remaining": "0" } },
      ),
  },
  {
    name: "Sheets' limit",
    flow: syncMembersFlow,
    host: "google",
    path: /^\/v4\/spreadsheets/,
    answer: () => google(429, "RATE_LIMIT_EXCEEDED", later),
  },
  {
    name: "Gmail's limit",
    flow: syncMembersFlow,
    host: "google",
    path: /^\/gmail\//,
    answer: () => google(429, "rateLimitExceeded", later),
  },
  {
    name: "Slack's limit",
    flow: syncMembersFlow,
    host: "slack",
    answer: () => Response.json({ ok: false, error: "ratelimited" }, { status: 429, headers: later }),
  },
  {
    name: "the registry's limit",
    flow: bumpImageFlow,
    host: "registry",
    answer: () => Response.json({ errors: [{ code: "TOOMANYREQUESTS" }] }, { status: 429, headers: later }),
  },
];

async function suffer({ name, flow, host, path, answer }: Outage): Promise<object> {
  const random = randomOf(7);
  const harness = await flow.open(random, calm);
  const { world } = harness;
  try {
    const team = notifier(harness);
    const until = world.now().getTime() + minutes * 60_000;
    let refused = 0;
    world.strike.outage = (to, request) => {
      const hit = to === host && (path === undefined || path.test(new URL(request.url).pathname));
      if (!hit || world.now().getTime() >= until) return undefined;
      refused += 1;
      return answer();
    };
    for (let n = 0; n < notices; n += 1) {
      const to = n % 2 === 0 ? "team" : { mail: ["ada@example.org"] };
      world.announce("notice", {
        v: 1,
        hub: "prod",
        key: `outage/${n}`,
        to,
        subject: "Hello",
        text: "You are in.",
      });
    }
    for (let n = 0; n < 4; n += 1) harness.edit();
    world.announce(...harness.hint());
    const driven = await drive(
      { ...harness, steps: [20, 20], workers: { ...harness.workers, "send-notice": team.worker } },
      random,
    );
    return {
      name,
      refused,
      undelivered: world.records("undelivered/").map(({ text }) => text),
      broken: await brokenAtTheEnd(harness, driven),
      waiting: world.records("head/continue/").filter(({ metadata }) => metadata["published"] === "false")
        .length,
      posts: team.posts().length,
    };
  } finally {
    world.close();
  }
}

for (const outage of process.argv[2] === "limits" ? limits : nothingWorks)
  process.stdout.write(`${JSON.stringify(await suffer(outage))}\n`);
