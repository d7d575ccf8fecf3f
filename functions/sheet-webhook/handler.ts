// The door for "the sheet was edited": from the sheet's own script, signed, or from Drive, by channel. It verifies the raw
// bytes, says "look again" to the topic, and answers. It never reads the sheet and never believes what the caller says of it.
import type { IncomingHttpHeaders } from "node:http";
import { z } from "zod";
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import { HubName } from "../../shared/events.ts";
import { explain } from "../../shared/explain.ts";
import type { Log } from "../../shared/log.ts";
import type { Settings } from "../../shared/settings.ts";
import { channelToken, sameSecret, scriptSignature } from "../../shared/sheets/channel.ts";

/** A script's clock may be this far from ours; an older call is taken for a replay. */
const toleranceSeconds = 300;
/** The script sends a hub's name and nothing else. */
const maximumBytes = 4096;

export type SheetWebhookDeps = {
  log: Log;
  now: Clock;
  publish: Publish;
  secret: () => Promise<string>;
  settings: Settings;
};
type Call = { method: string; headers: IncomingHttpHeaders; raw: Buffer };
type Answer = { status: number; body: string };

const ScriptCall = z.strictObject({ hub: HubName });

export async function sheetWebhook(call: Call, deps: SheetWebhookDeps): Promise<Answer> {
  try {
    const refused = refuseEarly(call);
    if (refused !== undefined) return refused;
    const said =
      "x-goog-channel-id" in call.headers ? await fromDrive(call, deps) : await fromScript(call, deps);
    if ("status" in said) return said;
    await deps.publish("sheet-changed", { v: 1, hub: said.hub, why: said.why });
    deps.log("INFO", "sheet changed", { hub: said.hub, why: said.why });
    return { status: 204, body: "" };
  } catch (error) {
    deps.log("ERROR", "sheet change not published", { why: explain(error, "sheet-webhook").why });
    return { status: 503, body: "try again" };
  }
}

type Said = { hub: string; why: "edit" | "push" } | Answer;

function refuseEarly({ method, raw }: Call): Answer | undefined {
  if (method !== "POST") return { status: 405, body: "POST only" };
  if (raw.length > maximumBytes) return { status: 413, body: "too large" };
  return undefined;
}

async function fromScript(
  { headers, raw }: Call,
  { now, secret, settings }: SheetWebhookDeps,
): Promise<Said> {
  const timestamp = one(headers["x-groundcrew-timestamp"]);
  const signature = one(headers["x-groundcrew-signature"]);
  if (!/^\d{10}$/.test(timestamp) || !/^v1=[0-9a-f]{64}$/.test(signature)) return unauthenticated;
  if (!sameSecret(signature, `v1=${scriptSignature(await secret(), timestamp, raw)}`)) return unauthenticated;
  if (Math.abs(now().getTime() / 1000 - Number(timestamp)) > toleranceSeconds) return unauthenticated;
  if (!/^application\/json\s*(?:;|$)/i.test(one(headers["content-type"])))
    return { status: 415, body: "the content type must be application/json" };
  const body = ScriptCall.safeParse(jsonOf(raw));
  if (!body.success) return { status: 400, body: 'the body must be {"hub":"<name>"} and no more' };
  if (settings.hubs[body.data.hub]?.members === undefined)
    return { status: 404, body: "no such hub with members" };
  return { hub: body.data.hub, why: "edit" };
}

async function fromDrive({ headers }: Call, { secret, settings }: SheetWebhookDeps): Promise<Said> {
  const channelId = one(headers["x-goog-channel-id"]);
  if (!sameSecret(one(headers["x-goog-channel-token"]), channelToken(await secret(), channelId)))
    return unauthenticated;
  const hub = /^(.+)-\d+$/.exec(channelId)?.[1] ?? "";
  // The first message of a channel says only that it is open.
  if (one(headers["x-goog-resource-state"]) === "sync") return { status: 204, body: "" };
  if (settings.hubs[hub]?.members === undefined) return { status: 204, body: "" };
  return { hub, why: "push" };
}

const unauthenticated: Answer = { status: 401, body: "unauthenticated" };

/** A header that came once; a doubled one counts as missing. */
const one = (header: string | string[] | undefined): string => (typeof header === "string" ? header : "");

function jsonOf(raw: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
}
