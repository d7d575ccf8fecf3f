// The door for "the sheet was edited": from the sheet's own script, signed, or from Drive, by channel. It verifies the raw
// bytes, says "look again" to the topic, and answers. It never reads the sheet and never believes what the caller says of it.
import * as z from "zod";
import type { Publish } from "../../shared/bus/publish.ts";
import type { Clock } from "../../shared/clock.ts";
import { explain } from "../../shared/delivery/explain.ts";
import {
  type Answer,
  type Call,
  jsonIn,
  notJson,
  once,
  refusedUnread,
  unauthenticated,
} from "../../shared/delivery/webhook.ts";
import { HubName } from "../../shared/events.ts";
import { bodyBytesOf, rowOf } from "../../shared/functions.ts";
import type { Log } from "../../shared/log.ts";
import type { Settings } from "../../shared/settings.ts";
import { channelToken, sameSecret, scriptSignature } from "../../shared/sheets/channel.ts";

/** A script's clock may be this far from ours; an older call is taken for a replay. */
const toleranceSeconds = 300;

export type SheetWebhookDeps = {
  log: Log;
  now: Clock;
  publish: Publish;
  secret: () => Promise<string>;
  settings: Settings;
};

const ScriptCall = z.strictObject({ hub: HubName });

export async function sheetWebhook(call: Call, deps: SheetWebhookDeps): Promise<Answer> {
  const unread = refusedUnread(call, bodyBytesOf(rowOf("sheet-webhook")));
  if (unread !== undefined) return unread;
  try {
    const said =
      "x-goog-channel-id" in call.headers ? await fromDrive(call, deps) : await fromScript(call, deps);
    if ("status" in said) return said;
    if (said.why === "trash") await deps.publish("watch-due", { v: 1, hub: said.hub });
    else await deps.publish("sheet-changed", { v: 1, hub: said.hub, why: said.why });
    deps.log("INFO", "sheet changed", { hub: said.hub, why: said.why });
    return { status: 204, body: "" };
  } catch (error) {
    deps.log("ERROR", "sheet change not published", { why: explain(error, "sheet-webhook").why });
    return { status: 503, body: "try again" };
  }
}

type Said = { hub: string; why: "edit" | "push" | "trash" } | Answer;

async function fromScript(call: Call, { now, secret, settings }: SheetWebhookDeps): Promise<Said> {
  const { headers, raw } = call;
  const timestamp = once(headers["x-groundcrew-timestamp"]);
  const signature = once(headers["x-groundcrew-signature"]);
  if (!/^\d{10}$/.test(timestamp) || !/^v1=[0-9a-f]{64}$/.test(signature)) return unauthenticated;
  if (!sameSecret(signature, `v1=${scriptSignature(await secret(), timestamp, raw)}`)) return unauthenticated;
  if (Math.abs(now().getTime() / 1000 - Number(timestamp)) > toleranceSeconds) return unauthenticated;
  const otherType = notJson(call);
  if (otherType !== undefined) return otherType;
  const body = ScriptCall.safeParse(jsonIn(raw));
  if (!body.success) return { status: 400, body: 'the body must be {"hub":"<name>"} and no more' };
  if (settings.hubs[body.data.hub]?.members === undefined)
    return { status: 404, body: "no such hub with members" };
  return { hub: body.data.hub, why: "edit" };
}

async function fromDrive({ headers }: Call, { secret, settings }: SheetWebhookDeps): Promise<Said> {
  const channelId = once(headers["x-goog-channel-id"]);
  if (!sameSecret(once(headers["x-goog-channel-token"]), channelToken(await secret(), channelId)))
    return unauthenticated;
  const hub = /^(.+)-\d+$/.exec(channelId)?.[1] ?? "";
  // The first message of a channel says only that it is open.
  const state = once(headers["x-goog-resource-state"]);
  if (state === "sync") return { status: 204, body: "" };
  if (settings.hubs[hub]?.members === undefined) return { status: 204, body: "" };
  // Into the trash, or out of it: renew-watch asks which.
  return { hub, why: state === "trash" || state === "untrash" ? "trash" : "push" };
}
